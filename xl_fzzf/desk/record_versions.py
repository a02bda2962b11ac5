"""A master's records as versions: what each says, and the file, sheet and row that it came from."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from xl_fzzf.desk.master import Master
from xl_fzzf.model.cell_json import storable
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.merging import NOTHING, typed_fields
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Key, Record, blank
from xl_fzzf.model.run import Source, Version
from xl_fzzf.model.submission import Verdict
from xl_fzzf.sheets.origins import Origin, Origins

_Entries = tuple[Cell, ...]


class _Given(NamedTuple):
    """What a file gave for a record: its hash, the entries as they compare, and those as typed."""

    sha256: str = ""
    entries: _Entries = NOTHING
    raw: Mapping[str, Cell] = {}


def build_versions(
    master: Master,
    origins: Origins,
    files: Sequence[Judged],
    known: Mapping[Key, Version],
    latest: Container[Key],
) -> Iterator[Version]:
    """Every record of a master that says anything, or did in `latest`, and whence it came.

    `known` are the versions from which a file that is not among `files` is known.
    """
    accepted = {f.unit.code: f for f in files if f.unit and f.verdict is Verdict.ACCEPTED}
    for key in master.expected:
        record, origin = master.records[key], origins.get(key)
        if origin or key in latest or not all(map(blank, record.entries())):
            yield build_version(master, record, origin, known, accepted.get(key[0]))


def build_version(
    master: Master,
    record: Record,
    origin: Origin | None,
    known: Mapping[Key, Version],
    file: Judged | None = None,
) -> Version:
    """A record as it stands, with the place that its entries came from."""
    indicator, key = master.round.plan.indicators[record.indicator], record.key
    stands = record.entries()
    given = _given(key, origin, known, file) if origin else _Given()
    typed = typed_fields(indicator, stands, origin.entries) if origin else frozenset()
    entries = _plain(stands)
    if indicator.kind.is_ratio:
        entries = _uncomputed(entries, given.entries)
    if origin is None:
        return Version(*key, entries)
    both = zip(ENTRY_FIELDS, given.entries, strict=True) if typed else ()
    sent = {name: cell for name, cell in both if name in typed}
    source = Source(storable(origin.file), given.sha256, origin.sheet, origin.row)
    older = {name: each for name, each in origin.older.items() if name not in typed}
    return Version(*key, entries, source, sent, given.raw, older)


def _given(key: Key, origin: Origin, known: Mapping[Key, Version], file: Judged | None) -> _Given:
    code = key[1]
    given = file.records.get(code) if file else None
    if file and given and given.sheet:
        raw = file.normalised
        typed = {name: raw[code, name] for name in ENTRY_FIELDS if (code, name) in raw}
        return _Given(file.submission.sha256, _plain(given.entries()), typed)
    version = known.get(key)
    sha256 = version.source.sha256 if version else ""
    if version and version.source == (storable(origin.file), sha256, origin.sheet, origin.row):
        return _Given(sha256, version.submitted, version.raw)
    return _Given()


def _uncomputed(entries: _Entries, given: _Entries) -> _Entries:
    """A rate's 完成值 is a formula in the master: it counts as the file gave it, or not at all."""
    numerator, denominator, _, *rest = entries
    value = given[2] if given[:2] == entries[:2] else None
    return (numerator, denominator, value, *rest)


def _plain(cells: _Entries) -> _Entries:
    """Entries as they compare, whichever program wrote the cells."""
    return tuple([(cell or None) if type(cell) is str else _plain_cell(cell) for cell in cells])


def _plain_cell(cell: Cell) -> Cell:
    if cell is None:
        return None
    if isinstance(cell, str):  # a failed formula
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):
        return cell.date()
    return cell
