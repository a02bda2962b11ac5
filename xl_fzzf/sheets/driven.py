"""The driving sheets in words, as a round's master holds them: what is kept of them, and what was edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xl_fzzf.model.driving import Driven, Edit, find_edits
from xl_fzzf.model.finding import LABEL_OF_SEVERITY
from xl_fzzf.model.record import Cell, text
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import Value
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.driving import indicator_row, task_rows, unit_row
from xl_fzzf.sheets.forms import DrivingColumn
from xl_fzzf.sheets.settings_sheet import MAIL_SETTINGS, setting_rows
from xl_fzzf.sheets.spec import RULE_COLUMNS, SETTING_COLUMNS

_VALUE, _LEVEL = SETTING_COLUMNS[1].header, RULE_COLUMNS[1].header
_PRIVATE = {c.header for c in layout.UNIT_COLUMNS if c.field in ("contact", "email", "confirmed")}
_MAIL = {setting.key for setting in MAIL_SETTINGS}
_NAME = layout.UNIT_COLUMNS[1].header


def drive(round_: Round, city: bool) -> Driven:
    """What drives a round, in the words of its sheets; how a cell was typed makes no difference."""
    plan = round_.plan
    assigned: dict[str, dict[str, str]] = {unit.code: {} for unit in plan.units}
    for (unit, task), role in round_.assignments.items():
        assigned[unit][f"任务 {task}"] = role.label
    settings = {key: _cells([(_VALUE, value)]) for key, value, _ in setting_rows(round_, city)}
    levels = {
        rule: {_LEVEL: LABEL_OF_SEVERITY[severity]}
        for rule, severity in round_.settings.severities.items()
    }
    return {
        layout.TASKS: {number: _line(layout.TASK_COLUMNS, row) for number, row in task_rows(plan)},
        layout.INDICATORS: {
            code: _line(layout.INDICATOR_COLUMNS, indicator_row(indicator))
            for code, indicator in plan.indicators.items()
        },
        layout.UNITS: {u.code: _line(layout.UNIT_COLUMNS, unit_row(u)) for u in plan.units},
        layout.ASSIGNMENTS: assigned,
        layout.SETTINGS: settings | levels,
    }


def find_edited(before: Driven, after: Driven) -> list[Edit]:
    """What was edited in the driving sheets; units are called by their names."""
    units = {**before.get(layout.UNITS, {}), **after.get(layout.UNITS, {})}

    def label(sheet: str, row: str) -> str:
        if sheet in (layout.UNITS, layout.ASSIGNMENTS):
            return units.get(row, {}).get(_NAME, row)
        return row

    return list(find_edits(before, after, label))


def is_public(edit: Edit) -> bool:
    """Whether an edit is anybody's business but the office's: no addresses, no mail servers."""
    return edit.column not in _PRIVATE and not _MAIL.issuperset(edit.rows)


def _line(columns: Sequence[DrivingColumn], row: Sequence[Value]) -> dict[str, str]:
    return _cells(zip((column.header for column in columns), row, strict=True))


def _cells(cells: Iterable[tuple[str, Value]]) -> dict[str, str]:
    words = {}
    for header, value in cells:
        cell: Cell = value  # type: ignore[assignment]  # a driving sheet holds no formulas
        if text(cell):
            words[header] = text(cell)
    return words
