"""What an archive keeps, held against its names and against what the journals say that it keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from xl_fzzf.archive.chain import Break
from xl_fzzf.archive.driving import BEGINS
from xl_fzzf.archive.journal import BEGINNING, COLLECTED, LAST, RUNS, find_journals
from xl_fzzf.archive.originals import ORIGINALS, STATES, fingerprint

_HEX = "[0-9a-f]"
_KEPT = re.compile(
    rf"(?:{ORIGINALS}/({_HEX}{{2}})/(?=\1)|(?!{ORIGINALS}/)[^/]+/(?:.+_)?)(?P<hash>{_HEX}{{64}})(?:\.[0-9a-z]+)*"
    rf"|{STATES}/.+_\d{{8}}-\d{{6}}_(?P<digits>{_HEX}{{12}})\.[0-9a-z]+"
)
"""A file that is called by its hash, or by the first digits of it."""

_NOTES = frozenset({f"{RUNS}/{BEGINNING}", f"{RUNS}/{LAST}", f"{COLLECTED}/{LAST}", "运行.lock"})


class Inventory:
    """What was found: `kept` files by their hashes, what is wrong, and what no journal names.

    `named` maps each hash that must be there to what has it, in Chinese. `strays` are no harm: a run
    that broke off leaves some, and so does whoever puts a file there.
    """

    def __init__(self, archive: Path, named: Mapping[str, str]) -> None:
        self.originals = self.states = 0
        self.kept: dict[str, Path] = {}
        self.breaks: list[Break] = []
        self.strays: list[str] = []
        self._named, self._missing = named, dict(named)
        journals = {p for folder in (RUNS, COLLECTED) for _, p in find_journals(archive, folder)}
        for path in sorted(archive.rglob("*")):
            if path.is_file() and path not in journals:
                self._check(path, path.relative_to(archive).as_posix())
        self.breaks += (Break("", f"{what}不在档案里了") for what in self._missing.values())

    def _check(self, path: Path, name: str) -> None:
        self.originals += name.startswith(f"{ORIGINALS}/")
        self.states += name.startswith(f"{STATES}/")
        if match := _KEPT.fullmatch(name):
            self._check_bytes(path, name, match["hash"] or match["digits"])
        elif name not in _NOTES:
            self.strays.append(name)

    def _check_bytes(self, path: Path, name: str, stated: str) -> None:
        try:
            sha256 = fingerprint(path.read_bytes())
        except OSError as error:
            self.breaks.append(Break(name, f"读不出来（{error.strerror or error}）"))
            return
        if sha256.startswith(stated):
            if path.name.startswith(BEGINS):  # of a period: no run names it
                return
            self.kept.setdefault(sha256, path)
            if self._missing.pop(sha256, None) is None and sha256 not in self._named:
                self.strays.append(name)
            return
        meant = [known for known in self._named if known.startswith(stated)]
        what = "、".join(self._missing.pop(known, "") or self._named[known] for known in meant)
        self.breaks.append(
            Break(name, f"内容与文件名里的指纹不一致，被改动过（{what or '没有记录提到它'}）")
        )


def what_is_kept(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What has each hash, by whom it is named first; no hash, nothing kept."""
    kept: dict[str, str] = {}
    for sha256, what in named:
        if sha256:
            kept.setdefault(sha256, what)
    return kept
