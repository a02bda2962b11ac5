"""Every rule on a district's summary: what it passes, what it finds and where, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest

from tests.model.samples import FINANCE, JUSTICE, a_plan, a_task, an_indicator
from xl_fzzf.model.district import Summary, Tables
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import Cell, Record
from xl_fzzf.model.submission import ListContent, Mark, Marked, Row, SheetContent, Submission
from xl_fzzf.model.target import parse_target
from xl_fzzf.rules import CITY_RULES
from xl_fzzf.rules.files import SUMMARY_FILE_RULES, FileCase
from xl_fzzf.rules.rule import Fault, run_rules
from xl_fzzf.rules.summaries import SUMMARY_RULES

DISTRICT = Unit("D01", "嘉陵区", "区县")
PLAN = a_plan(
    (
        a_task(
            "1",
            "区司法局",
            an_indicator(Kind.RATE, "≥ 95%", "%", targets={"乡镇": parse_target("≥ 90%", "%")}),
            an_indicator(Kind.YES_NO, code="1.2", text="有没有"),
        ),
    ),
    units=(DISTRICT,),
)
TOTAL_MARK = "合计"
Line = dict[str, Any]


class Parts:
    """The tables of a summary that agrees with itself, to be spoiled: lines by field."""

    def __init__(self) -> None:
        self.data: list[Line] = [
            self.record(JUSTICE, "1.1", numerator=9, denominator=10, value=0.9, status="推进中"),
            self.record(FINANCE, "1.1", numerator=10, denominator=10, value=1, status="达标"),
            self.record(JUSTICE, "1.2", value="是", status="达标"),
            self.record(FINANCE, "1.2", status="待填"),
        ]
        self.totals: list[Line] = [
            self.total("1.1", "≥ 95%", 0.95, 19, 20, "达标", met=1, under_way=1),
            self.total("1.2", "是", 1.0, 1, 1, "推进中", met=1, missing=1),
        ]
        self.units: list[Line] = [self.sender("区司法局", 2), self.sender("区财政局", 1)]
        self.marks: tuple[Marked, ...] = ()

    @staticmethod
    def record(unit: Unit, code: str, **more: Cell) -> Line:
        words = {"text": PLAN.indicators[code].text, "target": "≥ 95%" if code == "1.1" else "是"}
        return {"unit": unit.name, "code": code, "hint": "", **words, **more}

    @staticmethod
    def total(
        code: str, target: str, value: Cell, above: Cell, below: Cell, status: str, **counts: int
    ) -> Line:
        fields = ("met", "under_way", "unmet", "missing", "invalid", "not_applicable")
        return {
            "code": code,
            "target": target,
            "value": value,
            "numerator": above,
            "denominator": below,
            "status": status,
            **dict.fromkeys(fields, 0),
            **counts,
        }

    @staticmethod
    def sender(name: str, filled: int) -> Line:
        return {
            "unit": name,
            "kind": "区级部门",
            "reported": "已报",
            "expected": 2,
            "filled": filled,
        }

    def summary(self) -> Summary:
        rows = [self.row(number, line) for number, line in enumerate(self.data, 4)]
        data = SheetContent("数据", {}, tuple(rows), marks=self.marks)
        named = {"数据": self.data, "指标汇总": self.totals, "报送情况": self.units}
        stated, totals, units = (lined(name, lines) for name, lines in named.items())
        return Summary(PLAN, DISTRICT, Tables(data, stated, totals, units, TOTAL_MARK))

    @staticmethod
    def row(number: int, line: Line) -> Row:
        entries = {f: line.get(f) for f in ("numerator", "denominator", "value")}
        record = Record("", "", sheet="数据", row=number, **entries)
        return Row(line["unit"], line["code"], record, line["hint"])


def lined(name: str, lines: Iterable[Line]) -> ListContent:
    return ListContent(name, {}, tuple(enumerate(lines, 4)))


def spoiled(change: Callable[[Parts], object]) -> Summary:
    parts = Parts()
    change(parts)
    return parts.summary()


def typed(table: str, line: int, **cells: Cell) -> Callable[[Parts], object]:
    return lambda parts: getattr(parts, table)[line].update(cells)


def removed(table: str, *lines: int) -> Callable[[Parts], object]:
    def remove(parts: Parts) -> None:
        kept = [x for place, x in enumerate(getattr(parts, table)) if place not in lines]
        setattr(parts, table, kept)

    return remove


def marked(mark: Mark) -> Callable[[Parts], object]:
    return lambda parts: setattr(parts, "marks", (Marked("value", 4, mark, "=1+1"),))


def a_file(lacking: tuple[str, ...] = (), unreadable: str = "", **stamp: str) -> FileCase:
    own = {"kind": "summary", "version": "1", "period": "2019Q3", "unit": "嘉陵区", **stamp}
    submission = Submission("汇总表.xlsx", "", datetime(2019, 10, 1), unreadable, own)
    return FileCase(submission, PLAN, "1", "2019Q3", "summary", lacking)


FILES: dict[str, tuple[FileCase, str]] = {
    "summary-readable": (a_file(unreadable="文件加了打开密码", kind=""), ""),
    "summary-ours": (a_file(kind="return"), "return"),
    "summary-version": (a_file(version="0"), "0"),
    "summary-period": (a_file(period="2019Q2"), "2019Q2"),
    "summary-district": (a_file(unit="营山县"), "营山县"),
    "summary-tables": (a_file(lacking=("没有工作表“数据”",)), ""),
}
IMPRINT = "summary-imprint"
"""The one rule that asks what the sheets say; see tests/jobs/test_imprint.py."""
SPOILED: dict[str, list[tuple[Callable[[Parts], object], str, int, str, str]]] = {
    "summary-plan": [(lambda p: [x.update(text="别的") for x in p.data], "数据", 0, "", "")],
    "summary-totals": [
        (typed("totals", 0, value=0.99), "指标汇总", 4, "value", "0.99"),
        (typed("totals", 0, numerator=18.9), "指标汇总", 4, "numerator", "18.9"),
        (typed("totals", 0, value="95%"), "指标汇总", 4, "value", "95%"),
        (typed("totals", 1, missing=0), "指标汇总", 5, "missing", "0"),
        (removed("totals", 1), "指标汇总", 0, "", ""),
    ],
    "summary-due": [
        (
            typed("totals", 0, target="≥ 95%\n期限 2019-06-30"),
            *("指标汇总", 4, "target", "2019-06-30"),
        )
    ],
    "summary-kind": [(typed("units", 1, kind="管委会"), "报送情况", 5, "kind", "管委会")],
    "summary-judged": [(typed("totals", 0, status="未达标"), "指标汇总", 4, "status", "未达标")],
    "summary-units": [
        (typed("units", 1, filled=2), "报送情况", 5, "filled", "2"),
        (typed("units", 1, expected=3), "报送情况", 5, "expected", "3"),
        (removed("units", 1), "报送情况", 0, "", "区财政局"),
        (lambda p: p.units.append(p.sender("金凤镇", 0)), "报送情况", 6, "expected", "2"),
    ],
    "summary-status": [(typed("data", 1, status="推进中"), "数据", 5, "status", "推进中")],
    "summary-share": [(typed("data", 0, value=0.91), "数据", 4, "value", "0.91")],
    "summary-repeated": [(lambda p: p.data.append(dict(p.data[3])), "数据", 7, "code", "1.2")],
    "summary-marked": [
        (marked(Mark.FORMULA), "数据", 4, "value", "=1+1"),
        (marked(Mark.DISGUISED), "数据", 4, "value", "=1+1"),
    ],
    "summary-foreign": [
        (lambda p: [x.update(text="别的") for x in p.data[2:]], "数据", 6, "code", "1.2"),
        (lambda p: p.data.append({**p.data[3], "code": "9.9"}), "数据", 8, "code", "9.9"),
    ],
    "summary-target": [
        (lambda p: [x.update(target="≥ 90%") for x in p.data[:2]], "数据", 4, "target", "≥ 90%")
    ],
    "summary-absent": [(removed("data", 2, 3), "数据", 0, "", "1")],
}
EVERY_SPOILED = [
    pytest.param(code, *case, id=f"{code}-{number}")
    for code, cases in SPOILED.items()
    for number, case in enumerate(cases, 1)
]


def found(code: str, subject: Any) -> list[Fault]:
    return list(CITY_RULES[code].check(subject))


def test_every_rule_has_a_failing_case() -> None:
    assert set(FILES) | set(SPOILED) | {IMPRINT} == set(CITY_RULES)


def test_a_summary_that_agrees_with_itself_makes_no_finding() -> None:
    summary = Parts().summary()
    assert len(summary.statements) == 4
    assert list(run_rules(SUMMARY_FILE_RULES, a_file(), {})) == []
    assert list(run_rules(SUMMARY_RULES, summary, {})) == []
    assert found("summary-plan", summary) == []


@pytest.mark.parametrize("code", FILES)
def test_a_file_that_is_kept_out_has_one_reason(code: str) -> None:
    case, value = FILES[code]
    ((rule, _, fault),) = run_rules(SUMMARY_FILE_RULES, case, {})
    assert (rule, fault.value) == (code, value)
    assert fault.message and fault.expected and "请" in fault.remedy


@pytest.mark.parametrize(("code", "change", "sheet", "row", "field", "value"), EVERY_SPOILED)
def test_a_disagreement_is_found_at_its_cell_and_says_what_to_do(
    code: str, change: Callable[[Parts], object], sheet: str, row: int, field: str, value: str
) -> None:
    first = found(code, spoiled(change))[0]
    assert (first.sheet, first.row, first.field, first.value) == (sheet, row, field, value)
    assert first.message and "请" in first.remedy
    assert not any(word in first.message + first.expected for word in ("None", "nan"))


def test_a_county_s_kind_of_unit_is_the_city_s_of_that_name() -> None:
    summary = spoiled(typed("units", 0, kind="县级部门"))
    assert found("summary-kind", summary) == []
    assert {each.unit.kind for each in summary.statements} == {"区级部门"}


def test_the_district_s_own_total_is_no_part_of_its_sum() -> None:
    def own_total(parts: Parts) -> None:
        parts.data[1]["hint"] = TOTAL_MARK

    totals = spoiled(own_total).recomputed
    assert (totals["1.1"].numerator, totals["1.1"].denominator) == (9.0, 10.0)


def test_another_target_of_the_district_is_told_and_its_own_total_still_agrees() -> None:
    def lower(parts: Parts) -> None:
        for line in (*parts.data[:2], parts.totals[0]):
            line["target"] = "≥ 90%"
        parts.data[0]["status"] = "达标"
        parts.totals[0].update(met=2, under_way=0)

    rules = [rule for rule, _, _ in run_rules(SUMMARY_RULES, spoiled(lower), {})]
    assert rules == ["summary-target"]
