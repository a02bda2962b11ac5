"""Save a master, its states kept, and record the run that changed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.driving import keep_driven
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_state
from xl_fzzf.archive.storage import write_whole
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import Holder, find_holder
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.record_versions import build_versions
from xl_fzzf.model.cell_json import storable
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.record import Key
from xl_fzzf.model.run import Contents, Job, Receipt, Run, Version
from xl_fzzf.sheets.origins import Origins, write_origins


@dataclass(frozen=True, slots=True)
class Done:
    """What a job did: with which files and findings, and whence the master's records now are.

    `known` are the versions from which files that are not among `files` are known; those of the
    last run by default. `outputs` are the files that it makes: hashes by paths within the workspace.
    `by` and `reviewed_by` are who approved.
    """

    job: Job
    at: datetime
    as_of: date
    origins: Origins
    files: Sequence[Judged] = ()
    findings: Sequence[Finding] = ()
    note: str = ""
    known: Mapping[Key, Version] | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to: the master's hashes, and what holds it if `output` is a file beside it."""

    output: Path
    before: str
    after: str
    holder: Holder | None = None


Fix = Callable[[Saved], Mapping[str, str]]
"""What an act writes once the master is saved: the hashes of its files by their paths in the workspace."""


def _nothing(saved: Saved) -> Mapping[str, str]:
    return {}


def save(
    master: Master, ledger: Ledger, done: Done, aside: bool = False, fix: Fix = _nothing
) -> Saved:
    """Keep the master as it is on disk, write it whole, keep it as it is then, and record the run.

    A master that is open in another program is not touched: the result goes into a dated file
    beside it if `aside`, or JobError is raised; also where the run could not be recorded. What `fix`
    writes is recorded with the run.
    """
    write_origins(master.book, done.origins, master.origins)
    path, archive = master.workspace.master, master.workspace.archive
    stood, data = path.read_bytes(), master.book.pack()
    keep_state(archive, path, stood, done.at)
    before = fingerprint(stood)
    holder = None if master.book.live else find_holder(path)
    if holder is None:
        before = ledger.begin(before, fingerprint(data))
        try:
            master.book.save()
        except PermissionError:  # Windows: the file is open in a program that left no lock file
            holder = Holder()
    if holder is None:
        if master.book.live:  # Excel has written the file, in its own way
            data = path.read_bytes()
        keep_state(archive, path, data, done.at)
        saved = Saved(path, before, fingerprint(data))
    elif aside:
        output = path.with_name(f"{path.stem} 汇总结果 {done.at:%Y%m%d-%H%M%S}{path.suffix}")
        write_whole(output, data)
        saved = Saved(output, fingerprint(stood), fingerprint(stood), holder)
    else:
        raise JobError(f"“{path.name}”{holder}")
    _record(master, ledger, saved, done, fix(saved))
    return saved


def note(master: Master, ledger: Ledger, done: Done) -> None:
    """Record a job that leaves the master as it is on disk, which is kept; raises JobError."""
    path = master.workspace.master
    stood = path.read_bytes()
    keep_state(master.workspace.archive, path, stood, done.at)
    sha256 = fingerprint(stood)
    _record(master, ledger, Saved(path, sha256, sha256), done)


def bring_back(master: Master, ledger: Ledger, data: bytes, done: Done) -> None:
    """Put a kept state in the place of a master, which is kept as well, and record the run.

    Raises JobError where the master is open.
    """
    path, archive = master.workspace.master, master.workspace.archive
    before = ""
    if path.exists():
        stood = path.read_bytes()
        keep_state(archive, path, stood, done.at)
        before = fingerprint(stood)
    before = ledger.begin(before, fingerprint(data))
    try:
        write_whole(path, data)
    except PermissionError:
        raise JobError(f"“{path.name}”{Holder()}") from None
    _record(master, ledger, Saved(path, before, fingerprint(data)), done)


def _record(
    master: Master,
    ledger: Ledger,
    saved: Saved,
    done: Done,
    outputs: Mapping[str, str] | None = None,
) -> None:
    """Record what a job did; raises JobError."""
    run = Run(
        ledger.next_number,
        str(master.workspace.period),
        done.job,
        done.at,
        done.as_of,
        saved.before,
        saved.after,
        done.note,
        output=saved.output.name if saved.holder else "",
        outputs={**done.outputs, **(outputs or {})},
        driving=keep_driven(master.workspace.archive, master.driven),
        by=done.by,
        reviewed_by=done.reviewed_by,
    )
    changes: list[Version] = []
    if not saved.holder:  # a result that stands beside the master changes no record
        latest = ledger.latest(str(master.workspace.period))
        known = latest if done.known is None else done.known
        versions = build_versions(master, done.origins, done.files, known, latest)
        changes += latest.changed(versions)
    contents = Contents([_receipt(file) for file in done.files], done.findings, changes)
    try:
        ledger.write_run(run, contents)
    except OSError as error:
        raise JobError(
            f"“{saved.output.name}”已经写好，但运行记录没有写进“档案”（{error.strerror or error}）。"
            "请检查磁盘是否已满、文件夹能否写入，然后再运行一次 fzzf consolidate 补记"
        ) from error


def _receipt(file: Judged) -> Receipt:
    submission = file.submission
    return Receipt(
        storable(submission.file),
        submission.sha256,
        file.unit.code if file.unit else "",
        file.verdict.value,
        file.reason,
        submission.received,
        {storable(name): dict(sheet.letters) for name, sheet in submission.sheets.items()},
    )
