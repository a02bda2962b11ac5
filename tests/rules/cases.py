"""For every rule a subject that passes and subjects that fail, with the field and value it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from tests.model.samples import JUSTICE, NEXT_YEAR, a_plan, a_task, an_indicator, assessed
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.merging import NOTHING, merge
from xl_fzzf.model.plan import Indicator, Kind
from xl_fzzf.model.record import Cell, ErrorCell, Record
from xl_fzzf.model.resolution import resolve
from xl_fzzf.model.submission import Row, SheetContent, Submission
from xl_fzzf.rules.files import FileCase
from xl_fzzf.rules.merging import Merged
from xl_fzzf.rules.structure import Structure

MEETINGS = an_indicator(Kind.COUNT, "≥ 2", "次")
RATE = an_indicator(Kind.RATE, "≥ 95%", "%")
RATING = an_indicator(Kind.SCORE, "高于上年", "分")
BUDGET = an_indicator(Kind.AMOUNT, "不低于上年", "万元")
YES_NO = an_indicator(Kind.YES_NO, code="1.2")
TEXT = an_indicator(Kind.TEXT, code="2.1", task="2")
INDICATORS = (MEETINGS, RATE, RATING, BUDGET, YES_NO, TEXT)

PLAN = a_plan(
    (a_task("1", "区司法局", MEETINGS, YES_NO),),
    (a_task("2", "区司法局", TEXT),),
    (a_task("3", "区财政局", an_indicator(Kind.TEXT, code="3.1", task="3")),),
)
FIRST, SECOND = "一、领域1", "二、领域2"
SHEETS = {"1.1": FIRST, "1.2": FIRST, "2.1": SECOND}


@dataclass(frozen=True)
class Case:
    """A subject with one root cause: the rule names this field and this value, once."""

    subject: Any
    field: str = ""
    value: str = ""


def a_record(indicator: Indicator, as_of: date = NEXT_YEAR, **entries: Cell) -> Assessment:
    return assessed(indicator, as_of, **entries)


def a_row(code: str, number: int = 5, unit: str = "区司法局", value: Cell = 2) -> Row:
    sheet = SECOND if code == "2.1" else FIRST
    return Row(unit, code, Record("", "", value=value, sheet=sheet, row=number))


GOOD_ROWS = (a_row("1.1", 5), a_row("1.2", 6, value="是"), a_row("2.1", 5, value="已开展"))
STAMP = {
    "kind": "return",
    "plan": PLAN.name,
    "version": "1",
    "period": "2019Q3",
    "unit": "区司法局",
}


def a_submission(*rows: Row, unreadable: str = "", **stamp: str) -> Submission:
    sheets = {
        name: SheetContent(name, {}, tuple(row for row in rows if row.record.sheet == name))
        for name in dict.fromkeys(row.record.sheet for row in rows)
    }
    given = {} if unreadable else {k: v for k, v in (STAMP | stamp).items() if v}
    received = datetime(2019, 9, 20)
    return Submission("填报表.xlsx", "0" * 64, received, unreadable, given, sheets)


def a_file(*rows: Row, **more: str) -> FileCase:
    return FileCase(a_submission(*(rows or GOOD_ROWS), **more), PLAN, "1", "2019Q3")


def a_structure(*rows: Row, **headers: tuple[str, ...]) -> Structure:
    submission = a_submission(*(rows or GOOD_ROWS))
    if headers:
        sheets = {name: replace(s, **headers) for name, s in submission.sheets.items()}
        submission = replace(submission, sheets={**submission.sheets, FIRST: sheets[FIRST]})
    resolution = resolve(PLAN, JUSTICE, [MEETINGS, YES_NO, TEXT], submission)
    return Structure(PLAN, submission, resolution, SHEETS)


def a_merge(typed: Cell, sent: Cell) -> Merged:
    master, submitted = Record("B01", "1.1", value=typed), Record("B01", "1.1", value=sent)
    return Merged(master, submitted, merge(MEETINGS, master, NOTHING, submitted).conflicts)


GOOD_COUNT = a_record(MEETINGS, value=2)
GOOD_RATE = a_record(RATE, numerator=19, denominator=20, value=0.95)
GOOD_YES = a_record(YES_NO, value="是", evidence="嘉府发〔2019〕1号")
GOOD_TEXT = a_record(TEXT, narrative="已开展")
GOOD_UNMET = a_record(MEETINGS, value=1, reason="人手不足,已补", deadline=date(2020, 1, 31))

PASSING: dict[str, list[Any]] = {
    **{code: [a_file()] for code in ("readable", "ours", "plan", "version", "period")},
    "unit": [a_file(), a_file(unit="司法局"), a_file(unit="B01")],
    "empty": [a_file(), a_file(a_row("1.1", value=0))],
    **{code: [a_structure()] for code in ("sheets", "headers", "missing-row")},
    **{code: [a_structure()] for code in ("duplicated-row", "repeated-row")},
    "unknown-row": [a_structure(*GOOD_ROWS, a_row("", 9))],
    "foreign-row": [a_structure(), a_structure(*GOOD_ROWS[:2], a_row("2.1", unit=""))],
    "conflict": [a_merge(3, 3.0), a_merge(3, None), a_merge(None, 3)],
    "number": [GOOD_COUNT, GOOD_RATE, a_record(MEETINGS, value="不适用"), a_record(MEETINGS)],
    "whole": [
        GOOD_COUNT,
        a_record(RATE, numerator=1.5, denominator=2),
        a_record(MEETINGS, value=-1.5),
    ],
    "range": [GOOD_COUNT, a_record(MEETINGS, value=0), a_record(MEETINGS, value=39_999)],
    "share": [GOOD_RATE, a_record(RATE, numerator=5, denominator=5)],
    "list": [GOOD_YES, a_record(YES_NO, value=" 否 "), a_record(YES_NO, value="不适用")],
    "words": [GOOD_TEXT, a_record(TEXT)],
    "date": [GOOD_UNMET, a_record(MEETINGS, deadline=datetime(2020, 1, 1)), a_record(MEETINGS)],
    "rate": [GOOD_RATE, a_record(RATE, numerator=19, denominator=20), a_record(RATE, value=1)],
    "required": [GOOD_COUNT, GOOD_TEXT, a_record(MEETINGS, value=0)],
    "unused": [GOOD_COUNT, GOOD_RATE, a_record(YES_NO, numerator=" ", value="是")],
    "unmet-plan": [GOOD_UNMET, GOOD_COUNT, a_record(MEETINGS, date(2019, 12, 31), value=1)],
    "evidence": [GOOD_YES, a_record(YES_NO, value="否"), GOOD_COUNT],
    "not-applicable": [
        a_record(MEETINGS, value="不适用", narrative="本单位不开会"),
        a_record(TEXT, narrative="不适用:本单位没有这项职责"),
    ],
}
FAILING: dict[str, list[Case]] = {
    "readable": [Case(a_file(unreadable="文件加了打开密码"))],
    "ours": [
        Case(a_file(kind="")),
        Case(a_file(kind="master"), value="master"),
        Case(a_file(kind="summary"), value="summary"),
    ],
    "plan": [Case(a_file(plan="另一方案"), value="另一方案")],
    "version": [Case(a_file(version="0"), value="0")],
    "period": [Case(a_file(period="2019Q2"), value="2019Q2")],
    "unit": [Case(a_file(unit="区审计局"), value="区审计局"), Case(a_file(unit=""))],
    "empty": [Case(a_file(a_row("1.1", value=None), a_row("1.2", value="")))],
    "sheets": [Case(a_structure(*GOOD_ROWS[:2]), value=FIRST)],
    "headers": [
        Case(a_structure(missing=("分子", "分母")), value="缺少"),
        Case(a_structure(duplicated=("完成值",)), value="重复出现"),
    ],
    "missing-row": [Case(a_structure(*GOOD_ROWS[1:]))],
    "duplicated-row": [Case(a_structure(*GOOD_ROWS, a_row("1.1", 9, value=3)), value="第 5、9 行")],
    "repeated-row": [Case(a_structure(*GOOD_ROWS, a_row("1.1", 9)))],
    "unknown-row": [
        Case(a_structure(*GOOD_ROWS, a_row("9.9", 9)), value="9.9"),
        Case(a_structure(*GOOD_ROWS, a_row("3.1", 9)), value="3.1"),
    ],
    "foreign-row": [Case(a_structure(*GOOD_ROWS, a_row("1.1", 9, "区财政局")), "unit", "区财政局")],
    "conflict": [Case(a_merge(5, 3), "value", "台账:完成值 5")],
    "number": [
        Case(a_record(MEETINGS, value="约3次"), "value", "约3次"),
        Case(a_record(MEETINGS, value=True), "value", "True"),
        Case(a_record(MEETINGS, value=date(2019, 9, 1)), "value", "2019-09-01"),
        Case(a_record(MEETINGS, value=time(1, 30)), "value", "01:30:00"),
        Case(a_record(MEETINGS, value=ErrorCell("#DIV/0!")), "value", "#DIV/0!"),
        Case(a_record(RATE, numerator="九", denominator=20), "numerator", "九"),
        Case(a_record(RATE, numerator=9, denominator="20件"), "denominator", "20件"),
        Case(a_record(RATING, denominator="八十", value=81), "denominator", "八十"),
    ],
    "whole": [Case(a_record(MEETINGS, value=2.5), "value", "2.5")],
    "range": [
        Case(a_record(MEETINGS, value=-1), "value", "-1"),
        Case(a_record(MEETINGS, value=-1.5), "value", "-1.5"),
        Case(a_record(MEETINGS, value=43_709.5), "value", "43709.5"),
        Case(a_record(MEETINGS, value=float("inf")), "value", "Infinity"),
        Case(a_record(RATING, denominator=80, value=1_001), "value", "1001"),
        Case(a_record(BUDGET, denominator=-5, value=10), "denominator", "-5"),
        Case(a_record(RATE, numerator=5, denominator=-10), "denominator", "-10"),
    ],
    "share": [
        Case(a_record(RATE, numerator=21, denominator=20), "numerator", "21/20"),
        Case(a_record(RATE, numerator=21, denominator=20, value=1.05), "numerator", "21/20"),
        Case(a_record(RATE, numerator=1, denominator=0), "numerator", "1/0"),
    ],
    "list": [
        Case(a_record(YES_NO, value="有"), "value", "有"),
        Case(a_record(YES_NO, value=1), "value", "1"),
        Case(a_record(YES_NO, value=ErrorCell("#N/A")), "value", "#N/A"),
    ],
    "words": [Case(a_record(TEXT, narrative=ErrorCell("#NAME?")), "narrative", "#NAME?")],
    "date": [
        Case(a_record(MEETINGS, value=2, deadline="年底"), "deadline", "年底"),
        Case(a_record(MEETINGS, value=2, deadline=20_191_220), "deadline", "20191220"),
    ],
    "rate": [
        Case(a_record(RATE, numerator=19, denominator=20, value=0.96), "value", "0.96"),
        Case(a_record(RATE, numerator=19, denominator=20, value="95%"), "value", "95%"),
    ],
    "required": [
        Case(a_record(MEETINGS), "value"),
        Case(a_record(YES_NO, value=" "), "value"),
        Case(a_record(TEXT, narrative=""), "narrative"),
        Case(a_record(RATE), "numerator"),
        Case(a_record(RATE, numerator=19), "denominator"),
        Case(a_record(RATE, denominator=20, value=0.95), "numerator"),
        Case(a_record(RATING, value=81), "denominator"),
    ],
    "unused": [
        Case(a_record(MEETINGS, value=2, numerator=1), "numerator", "1"),
        Case(a_record(TEXT, narrative="已开展", value="是"), "value", "是"),
    ],
    "unmet-plan": [
        Case(a_record(MEETINGS, value=1), "reason", "1"),
        Case(a_record(MEETINGS, value=1, reason="人手不足"), "deadline", "1"),
        Case(a_record(YES_NO, value="否", deadline=date(2020, 1, 31)), "reason", "否"),
        Case(a_record(RATE, numerator=1, denominator=2), "reason", "50%"),
    ],
    "evidence": [Case(a_record(YES_NO, value="是", evidence=" "), "evidence", "是")],
    "not-applicable": [
        Case(a_record(MEETINGS, value="不适用"), "narrative", "不适用"),
        Case(a_record(RATE, numerator=0, denominator=0, narrative="/"), "narrative", "不适用"),
        Case(a_record(TEXT, narrative="不适用。"), "narrative", "不适用"),
    ],
}
