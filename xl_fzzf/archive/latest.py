"""The newest version of every record, as the ledger finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xl_fzzf.archive.journal import decode_version, encode_version
from xl_fzzf.model.run import Change, Version

Key = tuple[str, str]


class Latest(Mapping[Key, Version]):
    """Records by key, each as its newest version, which is decoded only when it is asked for."""

    def __init__(self, rows: dict[Key, tuple[str, int, int]]) -> None:
        self._rows = rows

    def __getitem__(self, key: Key) -> Version:
        return decode_version(*self._rows[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def follow(self, version: Version) -> Change | None:
        """A version as a change to the one here; None where it says the same."""
        change = encode_version(version)
        row = self._rows.get(change.key)
        if row is None:
            return change
        content, run, _ = row
        return None if content == change.content else change._replace(replaced=run)
