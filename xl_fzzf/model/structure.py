"""A return's structure: its sheets, headers and rows held against what its unit must report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from xl_fzzf.model.plan import Area, Indicator, Plan, Unit, fold
from xl_fzzf.model.record import grouped
from xl_fzzf.model.resolution import Resolution, resolve
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Row, Submission


@dataclass(frozen=True)
class Structure:
    """A submission with its resolution; `sheets` maps the indicators wanted to their sheet names."""

    plan: Plan
    submission: Submission
    resolution: Resolution
    sheets: Mapping[str, str]

    @cached_property
    def asked(self) -> frozenset[str]:
        """The indicators that the return asked for when it was sent out; none where it does not say."""
        return frozenset(self.submission.stamp.get("indicators", "").splitlines())

    @property
    def added(self) -> list[Indicator]:
        """What the unit must report by now and was not asked for in this return."""
        missing = self.resolution.missing
        return [item for item in missing if self.asked and item.code not in self.asked]

    @property
    def lost(self) -> list[Indicator]:
        """What it was asked for and whose row is not there."""
        return [item for item in self.resolution.missing if item not in self.added]

    @property
    def dropped(self) -> list[Row]:
        """Rows that it was asked for and no longer has to report."""
        return [row for row in self.resolution.unknown if row.code in self.asked]

    @property
    def absent(self) -> dict[str, None]:
        """Sheets that should hold records of the unit and are not there, or can't be read."""
        read = self.submission.sheets
        return dict.fromkeys(
            self.sheets[item.code]
            for item in self.lost
            if self.sheets[item.code] not in read or read[self.sheets[item.code]].transposed
        )

    @property
    def own_rows(self) -> Iterator[Row]:
        """The rows that are the unit's records."""
        records = self.resolution.records.values()
        taken = {(record.sheet, record.row) for record in records if record.sheet}
        rows = chain.from_iterable(sheet.rows for sheet in self.submission.sheets.values())
        return (row for row in rows if (row.record.sheet, row.record.row) in taken)

    @property
    def elsewhere(self) -> frozenset[str]:
        """Codes of indicators whose row is there, though under another unit or by its words only."""
        by_words = {fold(self.plan.indicators[code].text): code for code in self.sheets}
        words = (by_words.get(fold(row.label), "") for row in self.resolution.unknown)
        return frozenset((*words, *(row.code for row in self.resolution.foreign)))

    @property
    def uncoded(self) -> frozenset[str]:
        """Sheets without the column 指标编号: none of their rows can be read."""
        sheets = self.submission.sheets.values()
        return frozenset(sheet.name for sheet in sheets if "code" not in sheet.letters)

    @property
    def homes(self) -> dict[str, str]:
        """Sheets whose name is none of the unit's, and the sheet whose records most of their rows are."""
        homes = {}
        for name, sheet in self.submission.sheets.items():
            if name not in self.sheets.values():
                rows = Counter(self.sheets[r.code] for r in sheet.rows if r.code in self.sheets)
                if rows:
                    homes[name] = max(rows, key=lambda home: rows[home])
        return homes

    @property
    def twice(self) -> dict[tuple[str, ...], list[str]]:
        """Sheets that hold the same indicators with different entries, and these indicators."""
        duplicated = self.resolution.duplicated
        groups = grouped(duplicated, lambda code: sheets_of(duplicated[code]))
        return {names: codes for names, codes in groups.items() if len(names) > 1}


def build_structure(
    submission: Submission, round_: Round, unit: Unit, area_sheet: Callable[[Area], str]
) -> Structure:
    """A unit's return held against what it must report."""
    plan, expected = round_.plan, list(round_.indicators_of(unit))
    resolution = resolve(plan, unit, expected, submission)
    names = {item.code: area_sheet(plan.area_of[item.code]) for item in expected}
    return Structure(plan, submission, resolution, names)


def sheets_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """The sheets on which rows stand, each once."""
    return tuple(dict.fromkeys(row.record.sheet for row in rows))
