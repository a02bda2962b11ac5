"""The records of a period as some run left them: their newest versions, decoded when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xl_fzzf.archive.journal import Change, decode_version, encode_version
from xl_fzzf.model.record import Key
from xl_fzzf.model.run import Version


class Latest(Mapping[Key, Version]):
    """Records by key, each as its newest version, which is decoded only when it is asked for."""

    def __init__(self, changes: Mapping[Key, Change]) -> None:
        self._changes = changes

    def __getitem__(self, key: Key) -> Version:
        return decode_version(self._changes[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._changes)

    def __len__(self) -> int:
        return len(self._changes)

    def changed(self, versions: Iterable[Version]) -> Iterator[Version]:
        """Those that say something else than the ones here, with the run that they replace."""
        for version in versions:
            known = self._changes.get(version.key)
            if known is None:
                yield version
            elif known.content != encode_version(version):
                yield version._replace(replaced=known.run)
