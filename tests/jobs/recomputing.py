"""A round computed anew from a plan file and typed answers, by nothing that the program is made of.

What 编制说明 promises, in a few plain functions: statuses, scores with their ranks, and the totals of
every indicator. It reads the plan file itself; who has which task is given to it.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

Answers = Mapping[tuple[str, str], Mapping[str, Any]]
"""By unit's name and 指标编号, what was typed under 分子, 分母, 完成值, 完成情况; what is absent is blank."""

Compare = Callable[[float, float], bool]

DONE, UNDER_WAY, UNMET = "达标", "推进中", "未达标"
BLANK, WRONG, SKIPPED = "待填", "有误", "不适用"
_YEARS: dict[str, Compare] = {"高于上年": operator.gt, "不低于上年": operator.ge}
_SIGNS: dict[str, Compare] = {
    "≥": operator.ge,
    ">": operator.gt,
    "≤": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


@dataclass(frozen=True)
class Total:
    """A line of 指标汇总."""

    value: float | None
    above: float | None
    below: float | None
    status: str
    counts: Mapping[str, int]


class Recomputed:
    """One period: `year` is the period's, `answers` what came in, `as_of` the 统计日期."""

    def __init__(
        self,
        file: Path,
        roles: Mapping[str, tuple[str, Collection[str], Collection[str]]],
        year: int,
        as_of: date,
        answers: Answers,
    ) -> None:
        plan = tomllib.loads(file.read_text(encoding="utf-8"))
        self.year, self.as_of, self.answers, self.roles = year, as_of, answers, roles
        self.units: list[dict[str, Any]] = plan["roster"]["units"]
        self.items: dict[str, dict[str, Any]] = {}
        for mark, tasks in (
            *(("", area["tasks"]) for area in plan["areas"]),
            ("保", plan["safeguards"]),
        ):
            for task in tasks:
                for item in task["indicators"]:
                    self.items[item["code"]] = {**item, "task": f"{mark}{task['number']}"}
        self.statuses = {
            (unit["name"], code): self._status(unit, item)
            for unit in self.units
            for code, item in self.items.items()
            if self._reports(unit, item)
        }

    def _reports(self, unit: dict[str, Any], item: dict[str, Any]) -> bool:
        lead, required, _ = self.roles[item["task"]]
        leads, scope = unit["code"] == lead, item.get("scope", [])
        return (leads or unit["code"] in required) and (
            not scope
            or unit["name"] in scope
            or unit["kind"] in scope
            or ("牵头" in scope and leads)
            or ("执法" in scope and unit.get("enforcement", False))
        )

    def due(self, item: dict[str, Any]) -> date:
        """In a later year the same day of that year."""
        day: date = item.get("due", date(self.year, 12, 31))
        return day.replace(year=self.year)

    def _numbers(self, unit: dict[str, Any], item: dict[str, Any]) -> list[float] | str:
        """The numbers that were typed, or the status where they are none that can be used."""
        typed = self.answers.get((unit["name"], item["code"]), {})
        fields = {"count": ("完成值",), "rate": ("分子", "分母")}
        cells = [typed.get(field) for field in fields.get(item["kind"], ("分母", "完成值"))]
        if "不适用" in cells:
            return SKIPPED
        most = item.get("limit", {"count": 39_999, "score": 1_000}.get(item["kind"], 9_999_999))
        for cell in cells:
            if isinstance(cell, str) or (cell is not None and not 0 <= cell <= most):
                return WRONG
            if cell is not None and item["kind"] == "count" and cell != int(cell):
                return WRONG
        return BLANK if None in cells else [float(cell) for cell in cells if cell is not None]

    def _status(self, unit: dict[str, Any], item: dict[str, Any]) -> str:
        typed = self.answers.get((unit["name"], item["code"]), {})
        late = UNMET if self.as_of > self.due(item) else UNDER_WAY
        if item["kind"] == "text":
            words = typed.get("完成情况")
            return BLANK if not words else WRONG if words == "无" else DONE
        if item["kind"] == "yes_no":
            answer = typed.get("完成值")
            known = {None: BLANK, "是": DONE, "否": late, "不适用": SKIPPED}
            return known.get(answer, WRONG)
        numbers = self._numbers(unit, item)
        if isinstance(numbers, str):
            return numbers
        if item["kind"] == "rate":
            above, below = numbers
            if above > below:
                return WRONG
            if below == 0:
                return SKIPPED
        return DONE if meets(self.target(unit, item), _value(item, numbers), numbers[0]) else late

    def target(self, unit: dict[str, Any], item: dict[str, Any]) -> str:
        """A unit's target, as it is written."""
        return str(item.get("targets", {}).get(unit["kind"]) or item.get("target", ""))

    @property
    def scores(self) -> dict[str, tuple[float, int]]:
        """Every unit's score and rank."""
        scores = {}
        for unit in self.units:
            weights = attained = 0.0
            for code, item in self.items.items():
                status = self.statuses.get((unit["name"], code), SKIPPED)
                if status != SKIPPED:
                    weights += item.get("weight", 1)
                    attained += item.get("weight", 1) * self._attained(unit, item, status)
            scores[unit["name"]] = round(100 * attained / weights, 2)
        better = sorted(scores.values(), reverse=True)
        return {name: (score, better.index(score) + 1) for name, score in scores.items()}

    def _attained(self, unit: dict[str, Any], item: dict[str, Any], status: str) -> float:
        numbers = self._numbers(unit, item) if item["kind"] not in ("yes_no", "text") else ""
        if status in (DONE, WRONG) or isinstance(numbers, str):
            return float(status == DONE)
        wanted = re.match(r"(≥|>|=)?\s*([\d.]+)(%?)", self.target(unit, item))
        if not wanted:
            return 0.0
        share = _value(item, numbers) / (float(wanted[2]) / (100 if wanted[3] else 1))
        if wanted[1] == "=" and share > 1:
            return max(2 - share, 0.0)
        return min(share, 1.0)

    def gather(self, code: str) -> tuple[Counter[str], list[list[float]], tuple[int, int]]:
        """Of an indicator: how many have which status, the numbers that count, how many 是 and 否."""
        item = self.items[code]
        units = [unit for unit in self.units if (unit["name"], code) in self.statuses]
        counts = Counter(self.statuses[unit["name"], code] for unit in units)
        parts = [
            numbers
            for unit in units
            if unit["name"] != item.get("total")
            and self.statuses[unit["name"], code] in (DONE, UNDER_WAY, UNMET)
            and item["kind"] not in ("yes_no", "text")
            and isinstance(numbers := self._numbers(unit, item), list)
        ]
        said = [typed.get("完成值") for (_, own), typed in self.answers.items() if own == code]
        return counts, parts, (said.count("是"), said.count("否"))


def total(code: str, *districts: Recomputed) -> Total:
    """An indicator over all units of one district, or of several."""
    item, late = (
        districts[0].items[code],
        districts[0].as_of > districts[0].due(districts[0].items[code]),
    )
    gathered = [district.gather(code) for district in districts]
    counts = sum((counts for counts, _, _ in gathered), Counter[str]())
    parts = [numbers for _, own, _ in gathered for numbers in own]
    yes, no = (sum(said[n] for _, _, said in gathered) for n in (0, 1))
    value, above, below = _roll_up(item, parts, (yes, yes + no))
    return Total(
        value, above, below, _overall(item, counts, value, below, len(parts), late), counts
    )


def _overall(
    item: dict[str, Any],
    counts: Counter[str],
    value: float | None,
    below: float | None,
    parts: int,
    late: bool,
) -> str:
    """达标 once every unit is in, and their value or every one of them meets the target."""
    lacking = counts[BLANK] + counts[WRONG]
    asked = counts.total() - counts[SKIPPED]
    if not asked:
        return SKIPPED
    if lacking == asked:
        return WRONG if counts[WRONG] else BLANK
    whole = item["kind"] in ("rate", "score") or item.get("target") in _YEARS
    if value is not None and whole:
        last = (below or 0.0) / (parts if item["kind"] == "score" else 1)
        met = meets(item.get("target", ""), value, last)
    else:
        met = not counts[UNMET] and not counts[UNDER_WAY]
    if met and not lacking:
        return DONE
    return UNMET if late or counts[UNMET] else UNDER_WAY


def _value(item: dict[str, Any], numbers: list[float]) -> float:
    return numbers[0] / numbers[1] if item["kind"] == "rate" else numbers[-1]


def _roll_up(
    item: dict[str, Any], parts: list[list[float]], answered: tuple[int, int]
) -> tuple[float | None, float | None, float | None]:
    if item["kind"] == "yes_no":
        yes, asked = answered
        return (yes / asked if asked else None), float(yes), float(asked)
    if not parts:
        return None, None, None
    first, last = sum(numbers[0] for numbers in parts), sum(numbers[-1] for numbers in parts)
    if item["kind"] == "count":
        return last, None, None
    if item["kind"] == "rate":
        return first / last, first, last
    return (last / len(parts) if item["kind"] == "score" else last), last, first


def meets(target: str, value: float, last: float) -> bool:
    """Whether a value meets a target as it is written; `last` is last year's."""
    if target in _YEARS:
        return _YEARS[target](value, last)
    if not target:
        return True
    sign, number, percent = re.match(r"(≥|>|≤|<|=)?\s*([\d.]+)(%?)", target).groups()  # type: ignore[union-attr]
    return _SIGNS[sign or "≥"](value, float(number) / (100 if percent else 1))
