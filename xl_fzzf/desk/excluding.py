"""Files that the coordinator left out (不采用): they don't count, and what counted before does again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import find_original
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.submission import Verdict


class Exclusions:
    """What was left out of a period's rounds, by hash, and what stands in its place."""

    def __init__(self, ledger: Ledger, workspace: Workspace) -> None:
        self._ledger, self._archive = ledger, workspace.archive
        self._period = str(workspace.period)
        self._left_out = ledger.excluded(self._period)

    def turn(self, file: Judged) -> Judged:
        """A judged file, which does not count if it is left out."""
        receipt = self._left_out.get(file.submission.sha256)
        return file.turned(Verdict.EXCLUDED, receipt.reason) if receipt else file

    def in_their_place(self, files: Sequence[Judged]) -> Iterator[tuple[Path, str]]:
        """Originals, with names, of units whose file is left out and of which none counts now.

        Of each the one that an earlier run took last, and that does not lie among the `files`.
        """
        units = {receipt.unit for receipt in self._left_out.values()}
        units |= {f.unit.code for f in files if f.unit and f.verdict is Verdict.EXCLUDED}
        counted = {file.unit.code for file in files if file.unit and file.counts}
        there = {file.submission.sha256 for file in files}
        names = {file.submission.file for file in files}
        for unit in sorted(units - counted - {""}):
            for receipt in self._ledger.accepted(self._period, unit):
                path = find_original(self._archive, receipt.sha256)
                if path and receipt.sha256 not in there:
                    name = Path(receipt.file)
                    taken = name.with_stem(f"{name.stem}（取自档案）")
                    yield path, str(taken if receipt.file in names else name)
                    break
