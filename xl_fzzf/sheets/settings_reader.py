"""设置 read back: what can't be used of it is told by its row and its 项目, all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from xl_fzzf.model.finding import SEVERITY_OF_LABEL
from xl_fzzf.model.period import Period
from xl_fzzf.model.problems import Place, Problems
from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.model.settings import MailSettings, Settings
from xl_fzzf.sheets.driving_tables import say_sheet
from xl_fzzf.sheets.forms import WORDS
from xl_fzzf.sheets.settings_sheet import (
    DEADLINE,
    KIND_PREFIX,
    MAIL_SETTINGS,
    PERIOD,
    PLAN_SETTINGS,
    REPORTING_SETTINGS,
    ROUND_SETTINGS,
    SIGNING_SETTINGS,
    Setting,
)
from xl_fzzf.sheets.spec import SETTINGS

_SHEET = Place(say_sheet(SETTINGS))
_PLAN = PLAN_SETTINGS + REPORTING_SETTINGS
_KEYS = frozenset(
    each.key
    for each in (*_PLAN, PERIOD, DEADLINE, *SIGNING_SETTINGS, *ROUND_SETTINGS, *MAIL_SETTINGS)
)


def read_plan_settings(values: Mapping[str, Cell]) -> dict[str, Any]:
    """What 设置 says of the plan, by field, for `build_plan`."""
    raw = {setting.field: setting.form.read(values.get(setting.key)) for setting in _PLAN}
    kinds = {
        key.removeprefix(KIND_PREFIX): WORDS.read(value)
        for key, value in values.items()
        if key.startswith(KIND_PREFIX)
    }
    place = Place(_SHEET.words, headers={setting.field: setting.key for setting in _PLAN})
    return {"where": place, **raw, "kinds": kinds}


def read_values(
    rows: Iterable[tuple[int, Mapping[str, Cell]]],
    before: Mapping[str, Mapping[str, str]],
    problems: Problems,
) -> dict[str, Cell]:
    """What 设置 says, by 项目; a setting that stands twice is a problem.

    So is one whose row is gone that said something at the last run (`before`).
    """
    values: dict[str, Cell] = {}
    places: dict[str, list[Place]] = defaultdict(list)
    for row, cells in rows:
        key = text(cells.get("key"))
        values.setdefault(key, cells.get("value"))
        places[key].append(Place(_SHEET.words, row))
    for key, own in places.items():
        if len(own) > 1 and (key in _KEYS or key.startswith(KIND_PREFIX)):
            problems.add(own[0], key, f"有 {len(own)} 行，不知道该用哪一行，请只留一行", *own[1:])
    for key in sorted(_KEYS & before.keys() - values.keys()):
        for was in before[key].values():
            problems.add(_SHEET, key, f"这一行不见了，上次运行时是“{was}”。项目名改了的请改回来")
            problems.mute(_SHEET.words, key)
    if not any(key.startswith(KIND_PREFIX) for key in values):
        problems.add(_SHEET, "项目", "没有单位类别，应有“类别 乡镇”这样的行")
        problems.mute(_SHEET.words, "kinds")
    return values


def mute_settings(problems: Problems) -> None:
    """Tell nothing of single settings where the sheet is told of as a whole."""
    for name in (*_KEYS, "kinds"):
        problems.mute(_SHEET.words, name)


def read_settings(
    values: Mapping[str, Cell],
    rules: Iterable[tuple[int, Mapping[str, Cell]]],
    known: Collection[str],
    problems: Problems,
) -> Settings | None:
    """The settings of a round; what can't be used of them is a problem. None where there is no period.

    `rules` are the rows of the rules by number, `known` the rules that can be set; without any all can.
    """
    more = _read_fields((*SIGNING_SETTINGS, *ROUND_SETTINGS), values, problems)
    more["severities"] = _read_severities(rules, known, problems)
    more["mail"] = MailSettings(**_read_fields(MAIL_SETTINGS, values, problems))
    deadline, why = _read_deadline(values)
    try:
        period: Period = PERIOD.form.read(values.get(PERIOD.key))
    except ValueError as error:
        problems.add(_SHEET, PERIOD.key, str(error))
        return None
    if deadline is None:
        problems.add(_SHEET, DEADLINE.key, f"要填日期，例如 {period.end}{why}")
    return Settings(period, deadline or period.end, **more)


def _read_deadline(values: Mapping[str, Cell]) -> tuple[date | None, str]:
    """The deadline, or words that say why what stands there is none."""
    cell = values.get(DEADLINE.key)
    try:
        return DEADLINE.form.read(cell), ""
    except ValueError as error:
        return None, f"；填的是“{text(cell)}”，{error}"


def _read_fields(
    settings: Sequence[Setting], values: Mapping[str, Cell], problems: Problems
) -> dict[str, Any]:
    """The settings that are filled in, by field."""
    fields = {}
    for setting in settings:
        cell = values.get(setting.key)
        if blank(cell):
            continue
        try:
            fields[setting.field] = setting.form.read(cell)
        except ValueError as error:
            for fault in error.args:
                problems.add(_SHEET, setting.key, fault)
    return fields


def _read_severities(
    rules: Iterable[tuple[int, Mapping[str, Cell]]], known: Collection[str], problems: Problems
) -> dict[str, str]:
    severities: dict[str, str] = {}
    places: dict[str, Place] = {}
    for row, values in rules:
        place, rule, label = (
            Place(_SHEET.words, row),
            text(values.get("rule")),
            text(values.get("severity")),
        )
        if known and rule not in known:
            near = "、".join(f"“{name}”" for name in get_close_matches(rule, known, 1))
            hint = f"，是不是{near}" if near else ""
            problems.add(place, "规则", f"没有可以调整的规则“{rule}”{hint}")
        elif label not in SEVERITY_OF_LABEL:
            words = "、".join(SEVERITY_OF_LABEL)
            problems.add(place, "级别", f"“{label}”不对，可填 {words}")
        elif rule in severities:
            message = f"“{rule}”有几行，不知道该用哪一行，请只留一行"
            problems.add(places[rule], "规则", message, place)
        else:
            severities[rule], places[rule] = SEVERITY_OF_LABEL[label], place
    return severities
