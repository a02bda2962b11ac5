"""exclude and include: leave one received file out of the consolidations to come, for a reason, or take it in again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.saving import Done, note
from xl_fzzf.desk.signing import changing
from xl_fzzf.desk.workspace import Workspace, received_files
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.run import Job, Receipt
from xl_fzzf.model.submission import Submission, Verdict

_PRINT = re.compile("[0-9a-fA-F]{6,64}")
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A file that was left out or taken in again; `unit` is a name, "" where no run knows whose it is.

    `instead` is the unit's file, by name, that counts again in its place, "" if there is none.
    """

    master: Path
    file: str
    sha256: str
    unit: str
    reason: str
    excluded: bool
    instead: str
    notices: Sequence[str]


def exclude(path: Path, which: str, reason: str, now: datetime) -> Exclusion:
    """Leave a received file out, named by its name or the beginning of its fingerprint.

    Raises JobError where there is no such file, more than one, or no reason.
    """
    if not reason.strip():
        raise JobError(f"没有写原因，“{which}”没有改动。请写明：fzzf exclude 文件 --reason 原因")
    with changing(Workspace.at(path)):
        choice = _Choice(path)
        receipt = choice.find(which)
        if receipt.sha256 in choice.left_out:
            raise JobError(f"“{receipt.file}”已经是不采用的，没有改动")
        return choice.record(receipt, Job.EXCLUDE, reason.strip(), now)


def include(path: Path, which: str, now: datetime) -> Exclusion:
    """Take a file in again that was left out; raises JobError where it is not."""
    with changing(Workspace.at(path)):
        choice = _Choice(path)
        receipt = choice.find(which)
        if receipt.sha256 not in choice.left_out:
            raise JobError(f"“{receipt.file}”没有被设为不采用，没有改动")
        return choice.record(receipt, Job.INCLUDE, choice.left_out[receipt.sha256].reason, now)


class _Choice:
    """The files among which one is named: those that lie in 报送, and those that the runs received."""

    def __init__(self, path: Path) -> None:
        self._workspace = Workspace.at(path)
        self._ledger = Ledger(self._workspace.archive)
        self._period = str(self._workspace.period)
        self._master: Master = open_master(path, writing=False, kinds=LEVELS)
        self.left_out = self._ledger.excluded(self._period)

    def find(self, which: str) -> Receipt:
        """The file that is meant; what lies in 报送 comes before what once lay there."""
        for files in (list(self._lying()), self._ledger.received(self._period)):
            found = {file.sha256: file for file in reversed(files) if _is_meant(which, file)}
            if len(found) > 1:
                listed = "、".join(f"{f.file}（指纹 {f.sha256[:_SHOWN]}）" for f in found.values())
                raise JobError(f"“{which}”说的是哪一份不能确定：{listed}。请写文件指纹的前几位")
            if found:
                return next(iter(found.values()))
        raise JobError(
            f"没有收到过“{which}”，没有改动。请照“报送登记”里的文件名写，或写文件指纹的前几位"
        )

    def _lying(self) -> Iterator[Receipt]:
        folder = self._workspace.incoming
        known = {receipt.sha256: receipt for receipt in self._ledger.received(self._period)}
        for path, ignored in received_files(folder) if folder.is_dir() else ():
            if not ignored:
                data = path.read_bytes()
                sha256 = fingerprint(data)
                keep_original(self._workspace.archive, sha256, path.suffix, data)
                moment = datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)
                own = known.get(sha256)
                name = str(path.relative_to(folder))
                yield Receipt(name, sha256, own.unit if own else "", "", "", moment)

    def record(self, receipt: Receipt, job: Job, reason: str, now: datetime) -> Exclusion:
        """Record what was decided."""
        master, ledger = self._master, self._ledger
        unit = master.round.plan.unit_by_code.get(receipt.unit)
        submission = Submission(receipt.file, receipt.sha256, receipt.received)
        judged = Judged(submission, Verdict.EXCLUDED, reason, unit)
        day = ledger.course(self._period).day or now.date()
        note(master, ledger, Done(job, now, day, master.origins, [judged], note=_say(judged)))
        rest = Ledger(self._workspace.archive).accepted(self._period, receipt.unit)
        others = (each.file for each in rest if each.sha256 != receipt.sha256)
        return Exclusion(
            self._workspace.master,
            receipt.file,
            receipt.sha256,
            judged.unit_name,
            reason,
            job is Job.EXCLUDE,
            next(others, "") if job is Job.EXCLUDE else "",
            ledger.notices,
        )


def _is_meant(which: str, file: Receipt) -> bool:
    names = (file.file, Path(file.file).name)
    return (
        which in names
        or Path(which).name == names[1]
        or bool(_PRINT.fullmatch(which) and file.sha256.startswith(which.lower()))
    )


def _say(file: Judged) -> str:
    return f"{file.submission.file}：{file.reason}"
