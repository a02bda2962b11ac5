"""Record a run in the archive: what was received, what was found, and which records changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.saving import Saved
from xl_fzzf.desk.versions import build_versions
from xl_fzzf.model.cell_json import storable
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.run import Contents, Job, Receipt, Run, Version
from xl_fzzf.rules.submissions import Before, Earlier
from xl_fzzf.sheets.area import Key
from xl_fzzf.sheets.origins import Origins


def receiver(ledger: Ledger, now: datetime) -> Callable[[str, datetime], datetime]:
    """When a file was received, by its hash and its time in the folder.

    The earlier of that time and the one when these bytes were first seen; never in the future,
    which begins after the latest run where the clock has jumped back.
    """
    present = max(now, ledger.last_moment).replace(microsecond=0)

    def received(sha256: str, modified: datetime) -> datetime:
        return min(modified, ledger.first_received(sha256) or present, present)

    return received


def earlier_files(ledger: Ledger, period: str) -> Before:
    """What the ledger knows of the files that earlier runs of a period accepted."""

    def before(unit: Unit, sha256: str) -> Earlier | None:
        sent = ledger.last_submission(period, unit.code, but=sha256)
        return Earlier(sent.receipt.file, sent.records) if sent else None

    return before


@dataclass(frozen=True, slots=True)
class Done:
    """What a job did: with which files and findings, and whence the master's records now are.

    `known` are the versions from which files that are not among `files` are known; those of the
    last run by default.
    """

    job: Job
    at: datetime
    as_of: date
    origins: Origins
    files: Sequence[Judged] = ()
    findings: Sequence[Finding] = ()
    note: str = ""
    known: Mapping[Key, Version] | None = None


def record_run(ledger: Ledger, master: Master, saved: Saved, done: Done) -> None:
    """Record what a job did to a master that it saved; raises JobError.

    Where the result stands beside a master that could not be written no record has changed.
    """
    period, number = str(master.workspace.period), ledger.next_number
    changes: Iterable[Version] = ()
    if saved.holder is None:
        latest = ledger.latest(period)
        known = latest if done.known is None else done.known
        versions = build_versions(master, done.origins, done.files, known, latest)
        changes = latest.changed(versions)
    run = Run(
        number,
        period,
        done.job,
        done.at,
        done.as_of,
        saved.before,
        saved.after,
        done.note,
        output="" if saved.holder is None else saved.output.name,
    )
    contents = Contents([_receipt(file) for file in done.files], done.findings, list(changes))
    try:
        ledger.write_run(run, contents)
    except OSError as error:
        raise JobError(
            f"“{saved.output.name}”已经写好,但运行记录没有写进“档案”({error.strerror or error})。"
            "请检查磁盘是否已满、文件夹能否写入,然后再运行一次 fzzf consolidate 补记"
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
