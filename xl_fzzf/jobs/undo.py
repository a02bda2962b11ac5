"""undo: a master as it was before its last consolidation, which is kept as well."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.jobs.restore import Restoration, read_runs, restore
from xl_fzzf.model.run import Job


def undo(path: Path, as_of: date, now: datetime) -> Restoration:
    """Restore the state before the last consolidation that is not undone yet; raises JobError."""
    standing = fingerprint(path.read_bytes())
    runs = [
        run
        for run in read_runs(path).runs
        if run.job is Job.CONSOLIDATE and run.before not in ("", run.after)
    ]
    undone = next((at for at, run in enumerate(runs) if run.before == standing), len(runs))
    if not undone:
        raise JobError(
            "这一期没有可以撤销的汇总。其他各次运行前后的台账,用 fzzf restore 查看和恢复"
        )
    return restore(path, runs[undone - 1].number, True, as_of, now)
