"""All journals of an archive, read, and their chain checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from xl_fzzf.archive.chain import Break, Link, Witness, find_breaks
from xl_fzzf.archive.journal import (
    COLLECTED,
    LAST,
    RUNS,
    CollectedJournal,
    Journal,
    JournalError,
    find_journals,
    link_of,
    read_last,
)

_KINDS = {RUNS: "运行记录", COLLECTED: "收件记录"}
_Told = TypeVar("_Told", Journal, CollectedJournal)


class Journals:
    """The journals of runs and of what was collected; `breaks` say what is wrong with any.

    Raises LedgerError where a newer program wrote one.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self.breaks: list[Break] = []
        self.runs, self._links = self._read(RUNS, Journal)
        self.collected, mails = self._read(COLLECTED, CollectedJournal)
        known = [Witness(f"第 {j.run.number} 次运行", j.collected) for j in self.runs[-1:]]
        self._check(RUNS, self._links)
        self._check(COLLECTED, mails, known)

    def _read(self, folder: str, read: Callable[[Path], _Told]) -> tuple[list[_Told], list[Link]]:
        """What journals tell, each number once; a copy that a synchronised folder made is left out."""
        told: dict[int, _Told] = {}
        links: dict[int, Link] = {}
        for number, path in find_journals(self._archive, folder):
            try:
                if number in told:
                    raise JournalError(f"记录“{path.name}”没有收进报送档案（编号已经有了）")
                told[number] = read(path)
            except JournalError as error:
                self.breaks.append(Break(f"{folder}/{path.name}", str(error)))
            if number not in links or links[number].previous is None:
                links[number] = link_of(number, path, told.get(number))
        return list(told.values()), list(links.values())

    def _check(self, folder: str, links: Sequence[Link], known: Sequence[Witness] = ()) -> None:
        """Check a folder's chain, its end by what is noted of it and by what else knows it."""
        try:
            last = [Witness(f"“{LAST}”", read_last(self._archive, folder))] if links else []
        except JournalError as error:
            self.breaks.append(Break(f"{folder}/{LAST}", str(error)))
            last = []
        found = find_breaks(links, [*known, *last])
        self.breaks += (_placed(folder, broken) for broken in found)

    def belied(self, witnesses: Sequence[Witness]) -> Iterator[Break]:
        """What the runs' journals are not, by those who know the hash of one, beyond what is told."""
        told = {broken.number for broken in find_breaks(self._links)}
        for broken in find_breaks(self._links, witnesses):
            if broken.number not in told:
                yield _placed(RUNS, broken)


def _placed(folder: str, broken: Break) -> Break:
    name = f"{folder}/{broken.name}" if broken.name else ""
    return Break(name, f"{_KINDS[folder]}{broken.words}", broken.number)
