"""verify: what the archive remembers, held against what lies there, in the master and in 上报."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.chain import Break, Head, Witness
from xl_fzzf.archive.driving import beginning_of
from xl_fzzf.archive.inventory import Inventory, what_is_kept
from xl_fzzf.archive.journal import BEGINNING, COLLECTED, RUNS, JournalError, find_head
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import ARCHIVE, UPWARD, Workspace, find_masters, master_path
from xl_fzzf.model.imprint import changed_sheets
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import grouped
from xl_fzzf.model.run import Job, Run
from xl_fzzf.model.submission import Submission
from xl_fzzf.office.altered import find_altered
from xl_fzzf.sheets.spec import STAMP
from xl_fzzf.sheets.submission import read_submission

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that is not as the archive remembers it; the file's path lies below the workspace.

    `sheet`, `cell`, `was` and `now` are "" where no cell is meant, `file` where the file is gone.
    """

    file: str
    words: str
    sheet: str = ""
    cell: str = ""
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was held against what, by how many there are of each, and what came out.

    `notes` say in Chinese what could not be held against anything. The last journals, `run_head` and
    `collected_head`, only somebody can vouch for who wrote down their hashes.
    """

    folder: Path
    runs: int
    collected: int
    originals: int
    states: int
    masters: int
    discrepancies: Sequence[Discrepancy]
    notes: Sequence[str]
    run_head: Head
    collected_head: Head

    @property
    def clean(self) -> bool:
        """Whether nothing was found to have changed."""
        return not self.discrepancies


def verify(folder: Path) -> Verification:
    """Check a workspace; writes nothing. Raises JobError where there is none, LedgerError."""
    archive = folder / ARCHIVE
    masters = find_masters(folder)
    if not (archive.is_dir() or masters):
        raise JobError(f"“{folder.resolve()}”里没有台账，也没有“档案”，没有可核验的")
    return _Verifier(folder, archive, masters).run()


class _Verifier:
    def __init__(self, folder: Path, archive: Path, masters: Sequence[Path]) -> None:
        self._folder, self._archive = folder, archive
        self._ledger = Ledger(archive)
        self._breaks = list(self._ledger.breaks)
        self._notes: list[str] = []
        self._inventory = Inventory(archive, what_is_kept(self._named()))
        self._masters = {str(Workspace.at(path).period): path for path in masters}

    def run(self) -> Verification:
        """Check all there is."""
        periods = dict.fromkeys([*self._masters, *self._ledger.periods()])
        runs = {period: self._ledger.runs(period) for period in periods}
        summaries = list(self._summaries())
        found = [
            *self._lost_beginnings(runs),
            *self._changed_masters(runs),
            *self._changed_outputs(runs),
            *self._changed_summaries(summaries),
        ]
        witnesses = [self._witness(submission) for submission in summaries]
        self._breaks += self._ledger.belied([w for w in witnesses if w])
        inventory = self._inventory
        if (self._archive / RUNS / BEGINNING).exists():
            self._notes.append(
                "有一次运行没有做完，或者正在进行：等它结束，或再汇总一次，然后重新核验"
            )
        self._notes += _say_strays(inventory.strays)
        return Verification(
            folder=self._folder,
            runs=sum(map(len, runs.values())),
            collected=len(self._ledger.collected()),
            originals=inventory.originals,
            states=inventory.states,
            masters=len(self._masters),
            discrepancies=[
                *(_of_archive(each) for each in (*self._breaks, *inventory.breaks)),
                *found,
            ],
            notes=self._notes,
            run_head=find_head(self._archive, RUNS),
            collected_head=find_head(self._archive, COLLECTED),
        )

    def _named(self) -> Iterator[tuple[str, str]]:
        try:
            yield from self._ledger.named()
        except JournalError as error:
            self._breaks.append(Break("", str(error)))

    def _lost_beginnings(self, runs: Mapping[str, Sequence[Run]]) -> Iterator[Discrepancy]:
        """Every period that was run has the driving sheets with which it began."""
        for period, own in runs.items():
            if own and beginning_of(self._archive, period) is None:
                yield Discrepancy("", f"{period} 开始时的驱动表不在档案里了")

    def _changed_masters(self, runs: Mapping[str, Sequence[Run]]) -> Iterator[Discrepancy]:
        for period, own in runs.items():
            path = master_path(self._folder, Period.parse(period))
            last = own[-1] if own else None
            if last is None or (path.exists() and not last.after):
                self._notes.append(f"{path.name}：还没有运行过，没有可以核对的指纹")
            elif not last.after:  # the period was withdrawn
                continue
            elif path.exists():
                when = f"第 {last.number} 次运行（{last.job.label}）以后"
                yield from self._changed(path, last.after, when)
            else:
                words = f"台账不在了；第 {last.number} 次运行以后的可用 fzzf restore 取回"
                yield Discrepancy(path.name, words)

    def _changed_outputs(self, runs: Mapping[str, Sequence[Run]]) -> Iterator[Discrepancy]:
        """What was approved and not opened again must lie where it was put."""
        for own in runs.values():
            signed = [run for run in own if run.job in (Job.APPROVE, Job.REOPEN)]
            if signed and signed[-1].job is Job.APPROVE:
                for name, sha256 in signed[-1].outputs.items():
                    path = self._folder / name
                    if path.suffix and path not in self._masters.values():
                        yield from self._changed(path, sha256, "定稿以后")

    def _summaries(self) -> Iterator[Submission]:
        """The summaries in 上报, of all periods."""
        for path in sorted((self._folder / UPWARD).rglob("*.xlsx")):
            name = path.relative_to(self._folder).as_posix()
            submission = read_submission(name, path.read_bytes(), "", datetime.min)
            if submission.imprint or submission.unreadable:
                yield submission

    def _changed_summaries(self, summaries: Sequence[Submission]) -> Iterator[Discrepancy]:
        """Those that say something else than when they were made."""
        for submission in summaries:
            stated = submission.stamp.get("imprint", "")
            if submission.unreadable:
                yield Discrepancy(submission.file, submission.unreadable)
            for sheet in changed_sheets(stated, submission.imprint) if stated else ():
                yield Discrepancy(
                    submission.file, "生成以后改过，与汇总表指纹不一致", sheet or STAMP
                )

    def _witness(self, submission: Submission) -> Witness | None:
        """What a summary knows of the runs before it."""
        try:
            head = Head.parse(submission.stamp.get("run", ""))
        except ValueError:
            return None
        return Witness(f"“{submission.file}”", head)

    def _changed(self, path: Path, sha256: str, when: str) -> Iterator[Discrepancy]:
        """What is different in a file since it had a hash."""
        name = path.relative_to(self._folder).as_posix()
        try:
            data = path.read_bytes()
        except OSError as error:
            yield Discrepancy(name, f"读不出来（{error.strerror or error}）")
            return
        if fingerprint(data) == sha256:
            return
        copy = self._inventory.kept.get(sha256)
        if copy is None:
            yield Discrepancy(name, f"{when}改过；那时的样子档案里没有完好的，说不出改了哪里")
            return
        for altered in find_altered(copy.read_bytes(), data, path.name):
            words, *place = altered
            yield Discrepancy(name, f"{when}，{words}", *place)


def _say_strays(names: Sequence[str]) -> Iterator[str]:
    """What no journal names, by the folder: what a run left that broke off, a summary that gave way."""
    for folder, strays in grouped(names, lambda name: name.split("/")[0]).items():
        inside = f"{ARCHIVE}/{folder}" if "/" in strays[0] else ARCHIVE
        shown = "、".join(Path(name).name for name in strays[:_SHOWN])
        more = " 等" if len(strays) > _SHOWN else ""
        yield f"{inside}：{len(strays)} 个文件没有记录提到：{shown}{more}"


def _of_archive(broken: Break) -> Discrepancy:
    return Discrepancy(f"{ARCHIVE}/{broken.name}" if broken.name else "", broken.words)
