"""For every rule a subject that passes and subjects that fail, with the field and value it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from tests.model.samples import FINANCE, JUSTICE, NEXT_YEAR, a_plan, a_task, an_indicator, assessed
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.comparison import Compared, Parts, Peers
from xl_fzzf.model.driving import Edit
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Blanked, find_differences
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.likeness import Twin
from xl_fzzf.model.lines import Followed
from xl_fzzf.model.merging import NOTHING, merge
from xl_fzzf.model.normalising import normalise
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator, Role
from xl_fzzf.model.record import Cell, ErrorCell, Record, blank, fit
from xl_fzzf.model.resolution import resolve
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.structure import Structure
from xl_fzzf.model.submission import Mark, Marked, Row, SheetContent, Submission, Trait
from xl_fzzf.rules.entries import Entered
from xl_fzzf.rules.files import FileCase
from xl_fzzf.rules.master import Conflict
from xl_fzzf.rules.submissions import Sending, Taken

MEETINGS = an_indicator(Kind.COUNT, "≥ 2", "次")
RATE = an_indicator(Kind.RATE, "≥ 95%", "%")
EXPENSES = an_indicator(Kind.RATE, "≥ 95%", "%", numerator="已支出经费", denominator="预算经费")
RATING = an_indicator(Kind.SCORE, "高于上年", "分")
BUDGET = an_indicator(Kind.AMOUNT, "不低于上年", "万元")
YES_NO = an_indicator(Kind.YES_NO, code="1.2", text="公开年度报告")
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


def a_record(indicator: Indicator, as_of: date = NEXT_YEAR, **entries: Any) -> Assessment:
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


def a_sheet(name: str, rows: Sequence[Row], *marks: Marked) -> SheetContent:
    answered = sum(not blank(entry) for row in rows for entry in row.record.entries())
    letters = {"code": "C", "value": "I"}
    return SheetContent(name, letters, tuple(rows), marks=marks, answered=answered)


def a_submission(*rows: Row, unreadable: str = "", **stamp: str) -> Submission:
    sheets = {
        name: a_sheet(name, [row for row in rows if row.record.sheet == name])
        for name in dict.fromkeys(row.record.sheet for row in rows)
    }
    given = {} if unreadable else {k: v for k, v in (STAMP | stamp).items() if v}
    received = datetime(2019, 9, 20)
    return Submission("填报表.xlsx", "0" * 64, received, unreadable, given, sheets)


def a_file(*rows: Row, **more: str) -> FileCase:
    return FileCase(a_submission(*(rows or GOOD_ROWS), **more), PLAN, "1", "2019Q3")


def a_named_file(name: str, unit: str = "区司法局") -> FileCase:
    return FileCase(replace(a_submission(*GOOD_ROWS, unit=unit), file=name), PLAN, "1", "2019Q3")


def a_file_with(trait: Trait, detail: str = "") -> FileCase:
    submission = replace(a_submission(*GOOD_ROWS), traits={trait: detail})
    return FileCase(submission, PLAN, "1", "2019Q3")


def asked(*rows: Row, codes: str) -> Structure:
    """A structure of a return that says which indicators it was sent out with."""
    case = a_structure(*rows)
    stamp = {
        **case.submission.stamp,
        "created": "2019-09-01",
        "indicators": codes.replace(" ", "\n"),
    }
    return replace(case, submission=replace(case.submission, stamp=stamp))


def a_structure(*rows: Row, **more: Any) -> Structure:
    """A structure with these rows; `more` changes the first sheet."""
    submission = a_submission(*(rows or GOOD_ROWS))
    if more:
        first = replace(submission.sheets[FIRST], **more)
        submission = replace(submission, sheets={**submission.sheets, FIRST: first})
    resolution = resolve(PLAN, JUSTICE, [MEETINGS, YES_NO, TEXT], submission)
    return Structure(PLAN, submission, resolution, SHEETS)


def says_nothing(words: str, *rows: Row) -> Structure:
    """A structure of a unit that says 本期无."""
    structure = a_structure(*rows)
    return replace(structure, submission=replace(structure.submission, nothing=words))


def says(code: str, words: str, number: int = 5, value: Cell = 2) -> Row:
    """A row with these words under 指标."""
    return replace(a_row(code, number, value=value), label=words)


def on_sheet(sheet: str, *rows: Row) -> tuple[Row, ...]:
    """The same rows on another sheet."""
    return tuple(replace(row, record=replace(row.record, sheet=sheet)) for row in rows)


def a_label(label: str, number: int = 9, value: Cell = 5) -> Row:
    """A row without unit and code, with words under 指标."""
    return replace(a_row("", number, "", value), label=label)


SENT = Sending(datetime(2019, 10, 9, 8), date(2019, 10, 5))
CHANGED = tuple(
    find_differences({"1.1": (None,) * 7}, {"1.1": (None, None, 3, "补报", *[None] * 3)})
)


def compared(indicator: Indicator = MEETINGS, value: Cell = 3, **against: Any) -> Compared:
    """A record beside last period's value, its peers, a twin or its parts."""
    entries: dict[str, Any] = (
        {"numerator": 1, "denominator": value} if indicator.kind is Kind.RATE else {}
    )
    record = entries or {"value": value, "denominator": value}
    text = "三月召开党组会专门研究,印发了任务清单并逐项分解到股室。"
    return Compared(a_record(indicator, narrative=text, **record), **against)


A_TWIN = assessed(MEETINGS, unit=FINANCE, value=2)
PEERS = Peers(12, 4.0, 5.0)


def a_finding(severity: Severity, waiver: str, rule: str = "range") -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        unit="区司法局",
        file="填报表.xlsx",
        sheet=FIRST,
        cell="I5",
        indicator="1.1",
        message="不能小于 0",
        value="-1",
        expected="0 以上",
        remedy="请改正",
        waiver=waiver,
    )


def a_round(period: str = "2019Q3", nobodys: str = "") -> Round:
    """A round in which every task but one is assigned as its own line says."""
    roles = {key: role for key, role in assign(PLAN).items() if key[1] != nobodys}
    return Round(PLAN, roles, Settings(Period.parse(period), date(2019, 10, 5)))


def settings(deadline: date) -> Settings:
    return Settings(Period.parse("2019Q3"), deadline)


def a_merge(typed: Cell, sent: Cell) -> Conflict:
    master, submitted = Record("B01", "1.1", value=typed), Record("B01", "1.1", value=sent)
    return Conflict(master, submitted, merge(MEETINGS, master, NOTHING, submitted).conflicts)


def an_entry(indicator: Indicator, *marks: tuple[str, Mark, str], **entries: Any) -> Entered:
    """A record as typed, with the marks of its cells: field, mark, detail."""
    typed = Record("B01", indicator.code, sheet=FIRST, row=5, **entries)
    cells = tuple(Marked(field, 5, mark, detail) for field, mark, detail in marks)
    return Entered(indicator, normalise(typed, indicator, date(2019, 9, 30)), cells)


GOOD_COUNT = a_record(MEETINGS, value=2)
GOOD_RATE = a_record(RATE, numerator=19, denominator=20, value=0.95)
GOOD_YES = a_record(YES_NO, value="是", evidence="嘉府发〔2019〕1号")
GOOD_TEXT = a_record(TEXT, narrative="已开展自查自纠")
GOOD_UNMET = a_record(MEETINGS, value=1, reason="人手不足,已补", deadline=date(2020, 1, 31))

PASSING: dict[str, list[Any]] = {
    **{code: [a_file()] for code in ("readable", "ours", "plan", "version", "period")},
    "unit": [a_file(), a_file(unit="司法局"), a_file(unit="B01")],
    "empty": [a_file(), a_file(a_row("1.1", value=0))],
    **{code: [a_structure()] for code in ("sheets", "headers")},
    "nothing-reason": [a_structure(), says_nothing("机构改革，职能已划出")],
    "nothing-filled": [
        a_structure(),
        says_nothing(
            "机构改革，职能已划出", a_row("1.1", value=None), a_row("1.2", 6, value="不适用")
        ),
    ],
    "missing-row": [
        a_structure(),
        a_structure(says("9.9", YES_NO.text), GOOD_ROWS[0], GOOD_ROWS[2]),
        a_structure(a_row("1.1", unit="区财政局"), *GOOD_ROWS[1:]),
    ],
    "added-row": [a_structure(), asked(*GOOD_ROWS, codes="1.1 1.2 2.1")],
    "dropped-row": [a_structure(*GOOD_ROWS, a_row("9.9", 9)), asked(*GOOD_ROWS, codes="1.1 9.9")],
    **{code: [a_structure()] for code in ("duplicated-row", "repeated-row")},
    "name": [
        a_file(),
        a_named_file("嘉陵区司法局 填报表(终稿2).xlsx"),
        a_named_file("2019Q3/区财政局转来/区司法局.xlsx"),
        a_named_file("区司法局关于金凤镇的情况.xlsx"),
        a_named_file("赴金凤镇调研 填报表.xlsx"),
        a_named_file("报区司法局 第三季度填报表.xlsx", unit="区财政局"),
        a_named_file("呈送嘉陵区司法局.xlsx", unit="区财政局"),
        a_named_file("致司法局(区财政局).xlsx", unit="区财政局"),
        a_named_file("金凤镇中学普法.xlsx", unit="区财政局"),
        a_named_file("司法局.xlsx"),
        a_named_file("法治政府建设工作填报表(1).xlsx"),
    ],
    **{trait: [a_file()] for trait in Trait},
    "accounting": [a_structure(), a_structure(*GOOD_ROWS, a_row("", 9, unit="", value=1))],
    "two-sheets": [
        a_structure(),
        a_structure(*GOOD_ROWS, *on_sheet("一、领域1 (2)", a_row("1.1", 5))),
    ],
    "renamed-sheet": [a_structure(), a_structure(*GOOD_ROWS, *on_sheet("备注", a_row("", 3, "")))],
    "merged": [
        a_structure(),
        a_structure(marks=(Marked("reason", 5, Mark.MERGED), Marked("unit", 6, Mark.MERGED))),
    ],
    "total-row": [a_structure(), a_structure(*GOOD_ROWS, a_label("合计生育政策宣传次数"))],
    "hidden": [a_structure(), a_structure(marks=(Marked("value", 5, Mark.FORMULA),))],
    "late": [SENT],
    "duplicate": [SENT],
    "two-files": [SENT],
    "resubmitted": [SENT],
    "blanked": [SENT],
    "withdrawn": [Taken("区司法局.xlsx", there=True)],
    "fallen": [
        compared(),
        compared(previous=3.0),
        compared(previous=2.0),
        compared(value="约1次", previous=3.0),
        compared(value=None, previous=3.0),
    ],
    "last-year": [
        compared(RATING, value=80, final=80.0),
        compared(RATING, value=80),
        compared(RATING, value=None, final=80.0),
    ],
    "outlier": [
        compared(value=12, peers=PEERS),
        compared(value=19, peers=PEERS),
        compared(value=1, peers=PEERS),
        compared(value=0, peers=PEERS),
        compared(value=-40, peers=PEERS),
    ],
    "alike": [compared()],
    "past-deadline": [compared(), compared(value=1)],
    "fallen-part": [compared(RATE)],
    "total": [
        compared(parts=Parts({"value": 3.0}, True)),
        compared(value=5, parts=Parts({"value": 3.0}, False)),
        compared(value=None, parts=Parts({"value": 3.0}, True)),
    ],
    "deadline": [settings(date(2019, 9, 30)), settings(date(2019, 10, 5))],
    "year": [a_round(), a_round("2019")],
    "nobody": [a_round()],
    "line": [a_round()],
    "edited": [Edit("指标", ("1.1",), "目标", "≥ 2 次", "≥ 2 次")],
    "waiver": [
        a_finding(Severity.WARNING, "经核实属实"),
        a_finding(Severity.ERROR, ""),
        a_finding(Severity.INFO, "知道了", rule="waiver"),
    ],
    "unknown-row": [
        a_structure(*GOOD_ROWS, a_row("", 9, value=None)),
        a_structure(*GOOD_ROWS, a_row("注：截至9月30日", 9, unit="", value=None)),
        a_structure(*GOOD_ROWS, a_row("", 9, unit="填表人:张三", value="电话")),
    ],
    "misplaced-row": [
        a_structure(),
        a_structure(a_row("1.1"), says("1.2", " 公开 年度报告", value="是"), GOOD_ROWS[2]),
    ],
    "altered-row": [a_structure(says("1.1", "指标"), *GOOD_ROWS[1:])],
    "foreign-row": [a_structure(), a_structure(*GOOD_ROWS[:2], a_row("2.1", unit=""))],
    "conflict": [a_merge(3, 3.0), a_merge(3, None), a_merge(None, 3)],
    "uncalculated": [
        an_entry(MEETINGS, value=2),
        an_entry(RATE, ("value", Mark.UNCALCULATED, "G5/H5"), numerator=1, denominator=2),
        an_entry(MEETINGS, ("numerator", Mark.UNCALCULATED, "1+1"), value=2),
    ],
    "formula-value": [
        an_entry(RATE, ("value", Mark.FORMULA, "G5/H5"), numerator=1, denominator=2, value=0.5),
        an_entry(TEXT, ("narrative", Mark.FORMULA, "A1"), narrative="已开展自查自纠"),
        an_entry(MEETINGS, ("value", Mark.FORMULA, "1/0"), value=ErrorCell("#DIV/0!")),
    ],
    "struck": [
        an_entry(MEETINGS, value=2),
        an_entry(MEETINGS, ("numerator", Mark.STRUCK, "【划掉：2】"), value=2),
        an_entry(RATE, ("value", Mark.STRUCK, "【划掉：0.5】"), numerator=1, denominator=2),
    ],
    "disguised": [an_entry(MEETINGS, ("value", Mark.HIDDEN, ""), value=2)],
    "normalised": [
        an_entry(MEETINGS, value="约3次"),
        an_entry(TEXT, narrative="　　全角空格开头的段落"),
    ],
    "none-word": [
        a_record(MEETINGS, value=0),
        a_record(MEETINGS, value="不适用", narrative="无执法职责"),
        a_record(YES_NO, value="否"),
        a_record(TEXT, narrative="无违法行政行为发生"),
        a_record(MEETINGS, value=2, evidence="无"),
    ],
    "number": [GOOD_COUNT, GOOD_RATE, a_record(MEETINGS, value="不适用"), a_record(MEETINGS)],
    "whole": [
        GOOD_COUNT,
        a_record(RATE, numerator=1.5, denominator=2),
        a_record(MEETINGS, value=-1.5),
    ],
    "range": [
        GOOD_COUNT,
        a_record(RATE, numerator=9_999_999, denominator=9_999_999),
        a_record(MEETINGS, value=0),
        a_record(MEETINGS, value=39_999),
    ],
    "share": [GOOD_RATE, a_record(RATE, numerator=5, denominator=5)],
    "whole-share": [
        GOOD_RATE,
        a_record(EXPENSES, numerator=12.5, denominator=20.5),
        a_record(MEETINGS, value=2.5),
        a_record(RATE, numerator=-1.5, denominator=20),
    ],
    "half-skipped": [
        a_record(RATE, numerator="不适用", denominator="不适用"),
        a_record(RATE, numerator="不适用"),
        a_record(RATE, numerator=0, denominator=0),
    ],
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
        a_record(RATE, numerator=0, denominator=0),
    ],
    "zero-denominator": [
        a_record(RATE, numerator=0, denominator=0, narrative="本期没有应报备的文件"),
        a_record(RATE, numerator=1, denominator=0),
        a_record(RATING, denominator=0, value=80),
    ],
    "long-text": [a_record(TEXT, narrative="字" * 2_000)],
    "short-text": [
        GOOD_TEXT,
        GOOD_YES,
        GOOD_UNMET,
        a_record(YES_NO, value="否", evidence="有"),
        a_record(MEETINGS, value=2, narrative="好", reason="无"),
        a_record(TEXT, narrative="不适用"),
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
    "missing-row": [
        Case(a_structure(*GOOD_ROWS[1:])),
        Case(asked(*GOOD_ROWS[1:], codes="1.1 1.2 2.1")),
    ],
    "added-row": [Case(asked(*GOOD_ROWS[1:], codes="1.2 2.1"), value="2019-09-01 的填报表")],
    "dropped-row": [
        Case(asked(*GOOD_ROWS, a_row("9.9", 9), codes="1.1 9.9"), value="2019-09-01 的填报表")
    ],
    "duplicated-row": [Case(a_structure(*GOOD_ROWS, a_row("1.1", 9, value=3)), value="第 5、9 行")],
    "repeated-row": [Case(a_structure(*GOOD_ROWS, a_row("1.1", 9)))],
    "unknown-row": [
        Case(a_structure(*GOOD_ROWS, a_row("9.9", 9)), value="9.9"),
        Case(a_structure(*GOOD_ROWS, a_row("3.1", 9)), value="3.1"),
        Case(a_structure(*GOOD_ROWS, a_row("9.9", 9, unit="", value=None)), value="9.9"),
        Case(a_structure(*GOOD_ROWS, a_row("备注", 9, unit="")), value="备注"),
    ],
    "misplaced-row": [
        Case(a_structure(says("1.1", "公开年度报告"), *GOOD_ROWS[1:]), "code", "公开年度报告")
    ],
    "altered-row": [Case(a_structure(says("1.1", "开会次数"), *GOOD_ROWS[1:]), "text", "开会次数")],
    "foreign-row": [Case(a_structure(*GOOD_ROWS, a_row("1.1", 9, "区财政局")), "unit", "区财政局")],
    "name": [
        Case(a_named_file("金凤镇.xlsx"), value="金凤镇.xlsx"),
        Case(a_named_file("报送/区 财政局(终稿).xlsx"), value="区 财政局(终稿).xlsx"),
        Case(a_named_file("嘉陵区司法局.xlsx", unit="区财政局"), value="嘉陵区司法局.xlsx"),
        Case(a_named_file("季报区司法局.xlsx", unit="区财政局"), value="季报区司法局.xlsx"),
    ],
    **{trait: [Case(a_file_with(trait, "工作表“附表”"), value="工作表“附表”")] for trait in Trait},
    "accounting": [Case(a_structure(answered=9), value="10 ≠ 3")],
    "two-sheets": [
        Case(
            a_structure(*GOOD_ROWS, *on_sheet("一、领域1 (2)", a_row("1.1", 5, value=7))),
            value=f"{FIRST}、一、领域1 (2)",
        )
    ],
    "nothing-reason": [Case(says_nothing("无"), value="无")],
    "nothing-filled": [Case(says_nothing("机构改革，职能已划出"), "value", "机构改革，职能已划出")],
    "renamed-sheet": [
        Case(a_structure(*on_sheet("第一部分", *GOOD_ROWS[:2]), GOOD_ROWS[2]), value="第一部分")
    ],
    "merged": [
        Case(a_structure(marks=(Marked("value", 5, Mark.MERGED, "I5:I6"),)), "value", "2"),
    ],
    "total-row": [
        Case(a_structure(*GOOD_ROWS, a_label("合 计:")), value="合 计:"),
        Case(a_structure(*GOOD_ROWS, a_row("", 9, unit="小计")), value="小计"),
        Case(a_structure(*GOOD_ROWS, a_row("总计", 9)), value="总计"),
    ],
    "hidden": [
        Case(
            a_structure(marks=tuple(Marked("value", row, Mark.HIDDEN) for row in range(5, 15))),
            *("value", "I5、I6、I7、I8、I9、I10、I11、I12 等 10 处"),
        )
    ],
    "late": [Case(replace(SENT, late=True), value="2019-10-09")],
    "duplicate": [Case(replace(SENT, equal="区司法局.xlsx"), value="区司法局.xlsx")],
    "two-files": [Case(replace(SENT, replaced=("a.xlsx", "b.xlsx")), value="a.xlsx、b.xlsx")],
    "resubmitted": [
        Case(
            replace(SENT, previous="区司法局.xlsx", differences=CHANGED),
            value="1.1 完成值：空 → 3；1.1 完成情况：空 → 补报",
        ),
        Case(replace(SENT, previous="区司法局.xlsx")),
    ],
    "blanked": [
        Case(
            replace(
                SENT, blanked=Blanked((("1.1", "value"),), ("a.xlsx",), kept), sha256="3f" * 32
            ),
            value="文件指纹 3f3f3f3f3f3f3f3f",
        )
        for kept in (True, False)
    ],
    "withdrawn": [Case(Taken("区司法局.xlsx", there=False), value="区司法局.xlsx")],
    "fallen": [
        Case(compared(value=2, previous=3.0), "value", "2"),
        Case(compared(BUDGET, value=99.5, previous=100.0), "value", "99.5"),
    ],
    "last-year": [Case(compared(RATING, value=79, final=80.0), "denominator", "79")],
    "outlier": [
        Case(compared(value=20, peers=PEERS), "value", "20"),
        Case(compared(RATE, value=900, peers=Peers(9, 12.0, 10.0)), "denominator", "900"),
        Case(compared(RATING, value=8.1, peers=Peers(9, 81.0, 5.0)), "value", "8.1"),
    ],
    "fallen-part": [Case(compared(RATE, fell={"denominator": 5.0}), "denominator", "3")],
    "past-deadline": [
        Case(
            Compared(
                a_record(MEETINGS, value=1, deadline=date(2019, 6, 1)), ended=date(2019, 9, 30)
            ),
            "deadline",
            "2019-06-01",
        )
    ],
    "alike": [
        Case(
            compared(twin=Twin(A_TWIN, 1, 1.0)),
            *("narrative", "三月召开党组会专门研究,印发了任务清单并逐项分解到股室。"),
        )
    ],
    "total": [
        Case(compared(value=3, parts=Parts({"value": 4.0}, False)), "value", "3"),
        Case(compared(value=5, parts=Parts({"value": 4.0}, True)), "value", "5"),
        Case(
            compared(RATE, value=9, parts=Parts({"numerator": 1.0, "denominator": 8.0}, True)),
            *("denominator", "9"),
        ),
    ],
    "deadline": [Case(settings(date(2019, 9, 29)), value="2019-09-29")],
    "year": [Case(a_round("2020Q1"), value="2019")],
    "line": [
        Case(
            replace(a_round(), followed=Followed(corrected={("B02", "1"): Role.LEAD})),
            value="B02 1",
        )
    ],
    "nobody": [Case(a_round(nobodys="2"), value=TEXT.text)],
    "edited": [
        Case(Edit("指标", ("1.1",), "目标", "≥ 2 次", "≥ 4 次"), value="≥ 4 次"),
        Case(Edit("单位", ("区水务局",), "", "", "有"), value="有"),
    ],
    "waiver": [
        Case(a_finding(Severity.ERROR, "先放过"), value="先放过"),
        Case(a_finding(Severity.INFO, "知道了"), value="知道了"),
    ],
    "conflict": [Case(a_merge(5, 3), "value", "台账：完成值 5")],
    "uncalculated": [
        Case(an_entry(MEETINGS, ("value", Mark.UNCALCULATED, "SUM(A1:A9)")), "value", "SUM(A1:A9)"),
        Case(an_entry(TEXT, ("narrative", Mark.UNCALCULATED, "A1")), "narrative", "A1"),
    ],
    "formula-value": [
        Case(an_entry(MEETINGS, ("value", Mark.FORMULA, "1+1"), value=2), "value", "1+1"),
        Case(an_entry(YES_NO, ("value", Mark.FORMULA, ""), value="是"), "value", "是"),
        Case(
            an_entry(MEETINGS, ("deadline", Mark.FORMULA, "TODAY()"), deadline=date(2019, 12, 1)),
            *("deadline", "TODAY()"),
        ),
    ],
    "struck": [
        Case(
            an_entry(MEETINGS, ("value", Mark.STRUCK, "【划掉：3】4"), value="【划掉：3】4"),
            "value",
            "【划掉：3】4",
        ),
        Case(
            an_entry(MEETINGS, ("reason", Mark.STRUCK, "【划掉：忙】"), reason="【划掉：忙】"),
            "reason",
            "【划掉：忙】",
        ),
    ],
    "disguised": [
        Case(an_entry(MEETINGS, ("value", Mark.DISGUISED, "200%"), value=2), "value", "200%"),
        Case(an_entry(RATE, ("numerator", Mark.DISGUISED, ""), numerator=2), "numerator", "2"),
    ],
    "normalised": [
        Case(an_entry(MEETINGS, value="３次"), "value", "３次"),
        Case(an_entry(MEETINGS, value="\u00a0"), "value", "\u00a0"),
        Case(an_entry(YES_NO, value="√"), "value", "√"),
        Case(an_entry(YES_NO, value=True), "value", "TRUE"),
        Case(an_entry(RATE, value="95%", numerator=19, denominator=20), "value", "95%"),
        Case(an_entry(MEETINGS, deadline=20_191_220.0), "deadline", "20191220"),
        Case(an_entry(YES_NO, value="是 "), "value", "是 "),
        Case(an_entry(MEETINGS, deadline="十月九日"), "deadline", "十月九日"),
        Case(an_entry(TEXT, narrative="\u3000不适用:无职责"), "narrative", "\u3000不适用:无职责"),
    ],
    "none-word": [
        *(
            Case(a_record(MEETINGS, value=word), "value", word)
            for word in ("无", "/", "同上", "N/A")
        ),
        Case(a_record(RATE, numerator="—", denominator=20), "numerator", "—"),
        Case(a_record(YES_NO, value="暂无"), "value", "暂无"),
        Case(a_record(TEXT, narrative="无"), "narrative", "无"),
        Case(a_record(MEETINGS, value=2, deadline="/"), "deadline", "/"),
    ],
    "number": [
        Case(a_record(MEETINGS, value="约3次"), "value", "约3次"),
        Case(a_record(MEETINGS, value=True), "value", "TRUE"),
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
        Case(a_record(BUDGET, denominator=5, value=13_800_138_000), "value", "13800138000"),
        Case(a_record(RATE, numerator=5, denominator=20_190_930), "denominator", "20190930"),
        Case(
            a_record(RATE, numerator=511_304_199_001_011_000, denominator=1),
            "numerator",
            "511304199001011000",
        ),
        Case(a_record(BUDGET, denominator=-5, value=10), "denominator", "-5"),
        Case(a_record(RATE, numerator=5, denominator=-10), "denominator", "-10"),
    ],
    "share": [
        Case(a_record(RATE, numerator=21, denominator=20), "numerator", "21/20"),
        Case(a_record(RATE, numerator=21, denominator=20, value=1.05), "numerator", "21/20"),
        Case(a_record(RATE, numerator=1, denominator=0), "numerator", "1/0"),
    ],
    "whole-share": [
        Case(a_record(RATE, numerator=19.5, denominator=20), "numerator", "19.5"),
        Case(a_record(RATE, numerator=20, denominator=20.5), "denominator", "20.5"),
    ],
    "half-skipped": [
        Case(
            a_record(RATE, numerator="不适用", denominator=20, narrative="没有这类事项"),
            "denominator",
            "20",
        ),
        Case(
            a_record(RATING, denominator="不适用", value=85, narrative="上年没有评估"),
            "value",
            "85",
        ),
    ],
    "list": [
        Case(a_record(YES_NO, value="有"), "value", "有"),
        Case(a_record(YES_NO, value=1), "value", "1"),
        Case(a_record(YES_NO, value=ErrorCell("#N/A")), "value", "#N/A"),
    ],
    "words": [
        Case(a_record(TEXT, narrative=ErrorCell("#NAME?")), "narrative", "#NAME?"),
        Case(a_record(TEXT, narrative="字" * 32_768), "narrative", "字" * 20),
        Case(a_record(MEETINGS, value=2, evidence=fit("字" * 40_000)), "evidence", "字" * 20),
    ],
    "date": [
        Case(a_record(MEETINGS, value=2, deadline="年底"), "deadline", "年底"),
        Case(a_record(MEETINGS, value=2, deadline=20_191_220), "deadline", "20191220"),
        Case(a_record(MEETINGS, value=2, deadline=date(9999, 12, 31)), "deadline", "9999-12-31"),
        Case(a_record(MEETINGS, value=2, deadline=date(2017, 9, 9)), "deadline", "2017-09-09"),
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
        Case(a_record(TEXT, narrative="已开展自查自纠", value="是"), "value", "是"),
    ],
    "unmet-plan": [
        Case(a_record(MEETINGS, value=1), "reason", "1"),
        Case(a_record(MEETINGS, value=1, reason="人手不足"), "deadline", "1"),
        Case(a_record(MEETINGS, value=1, reason="/", deadline=date(2020, 1, 31)), "reason", "1"),
        Case(a_record(YES_NO, value="否", deadline=date(2020, 1, 31)), "reason", "否"),
        Case(a_record(RATE, numerator=1, denominator=2), "reason", "50%"),
    ],
    "evidence": [
        Case(a_record(YES_NO, value="是", evidence=" "), "evidence", "是"),
        Case(a_record(YES_NO, value="是", evidence="无"), "evidence", "是"),
    ],
    "not-applicable": [
        Case(a_record(MEETINGS, value="不适用"), "narrative", "不适用"),
        Case(a_record(MEETINGS, value="不适用", narrative="无"), "narrative", "不适用"),
        Case(a_record(TEXT, narrative="不适用。"), "narrative", "不适用"),
        Case(a_record(TEXT, narrative="不适用\uff1a无"), "narrative", "不适用"),
    ],
    "zero-denominator": [
        Case(a_record(RATE, numerator=0, denominator=0), "denominator", "0"),
        Case(a_record(RATE, numerator=0, denominator=0, narrative="/"), "denominator", "0"),
    ],
    "long-text": [
        Case(a_record(TEXT, narrative="字" * 2_001), "narrative", "字" * 20),
        Case(a_record(MEETINGS, value=2, reason="字" * 9_000), "reason", "字" * 20),
    ],
    "short-text": [
        *(Case(a_record(TEXT, narrative=t), "narrative", t) for t in ("好", "已完成", "详见附件")),
        Case(a_record(YES_NO, value="是", evidence="有"), "evidence", "有"),
        Case(a_record(YES_NO, value="是", evidence="见附件"), "evidence", "见附件"),
        Case(a_record(MEETINGS, value=1, reason="忙", deadline=date(2020, 1, 31)), "reason", "忙"),
    ],
}
