"""BAD_INPUTS 60–84: what people type, through a real file and a real consolidation, into the master."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.building import build_plan
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Cell, ErrorCell, Record, text
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book import Formula
from xl_fzzf.office.book_file import FileBook

NOW = datetime(2019, 10, 1, 9)
SHEET = "一、全部"
COMMA, PERCENT, SLASH = "\uff0c", "\uff05", "\uff0f"
KINDS: dict[str, dict[str, str]] = {
    "count": {"measure": "次", "target": "≥ 2"},
    "rate": {"measure": "%", "target": "≥ 95%"},
    "amount": {"measure": "万元", "target": "不低于上年"},
    "score": {"measure": "分", "target": "高于上年"},
    "yes_no": {},
    "text": {},
}


def shown(cell: Any) -> str:
    """A cell as a finding quotes it."""
    return cell if isinstance(cell, str) else text(cell)


@dataclass(frozen=True)
class Typed:
    """What is typed into a record's cells, what the master then holds, and the rules that speak."""

    number: int
    kind: str
    entries: dict[str, Any]
    field: str
    held: Any
    rules: frozenset[str]


def typed(number: int, kind: str, entries: dict[str, Any], held: Any, *rules: str) -> Typed:
    return Typed(number, kind, entries, next(iter(entries)), held, frozenset(rules))


def count(number: int, text: Any, held: Any, *rules: str) -> Typed:
    return typed(number, "count", {"value": text}, held, *rules)


def refused(number: int, *texts: Any) -> Iterator[Typed]:
    """Texts in a number cell that stay what they are, with one error."""
    return (count(number, text, text, "number") for text in texts)


def read(number: int, **texts: float) -> Iterator[Typed]:
    return (count(number, text, value, "normalised") for text, value in texts.items())


def share(number: int, stated: Any, *rules: str) -> Typed:
    """完成值 of a rate is computed: what was typed there is only held against 19/20."""
    entries = {"value": stated, "numerator": 19, "denominator": 20}
    return Typed(number, "rate", entries, "numerator", 19, frozenset(rules))


def answer(number: int, text: Any, held: Any, *rules: str) -> Typed:
    return typed(number, "yes_no", {"value": text, "evidence": "嘉府办〔2019〕1号"}, held, *rules)


def day(number: int, text: Any, held: Any, *rules: str) -> Typed:
    return typed(number, "count", {"deadline": text, "value": 2}, held, *rules)


def words(number: int, text: str, *rules: str) -> Typed:
    return typed(number, "text", {"narrative": text}, text, *rules)


CASES: tuple[Typed, ...] = (
    share(60, "95%", "normalised"),
    share(60, "96%", "normalised", "rate"),
    share(61, f"９５{PERCENT}", "normalised"),
    share(62, 95, "rate"),
    share(62, 0.95),
    *(share(62, text, "rate") for text in ("95", "0.95", "1", "100", 1, 100)),
    share(63, "150%", "normalised", "rate"),
    count(63, -3, -3, "range"),
    count(63, "-3", -3, "normalised", "range"),
    typed(63, "rate", {"numerator": 3, "denominator": 2}, 3, "share"),
    *refused(64, "九十五", "百分之九十五"),
    share(64, "百分之九十五", "rate"),
    *refused(65, "约95%", "95%左右", ">90", "90-95"),
    share(65, "约95%", "rate"),
    *read(66, **{"3\u00a0次": 3, "\u200b3": 3, "\u30003\u3000": 3, "3\t": 3}),
    share(66, "95\u00a0%", "normalised"),
    *read(67, **{"1,234": 1234, f"１{COMMA}２３４": 1234, "1 234": 1234, "1\u00a0234": 1234}),
    *refused(67, "1.234,5", "12 34", "1,23", "1\n234"),
    *read(68, **{"1.2万": 12000, "3千": 3000, "3次": 3}),
    *refused(68, "¥1,200", "12元"),
    typed(68, "amount", {"value": "120万元", "denominator": 100}, 120, "normalised"),
    typed(68, "amount", {"value": "120万", "denominator": 100}, "120万", "number"),
    typed(68, "amount", {"value": "1200000元", "denominator": 100}, "1200000元", "number"),
    *refused(69, "0012", "511304199001011234"),
    count(69, 511304199001011000.0, 511304199001011000.0, "range"),
    count(69, "13800138000", 13800138000.0, "normalised", "range"),
    typed(69, "amount", {"value": 13800138000, "denominator": 100}, 13800138000, "range"),
    typed(69, "rate", {"denominator": 20190930, "numerator": 3}, 20190930, "range"),
    *refused(70, "1_000", "nan", "inf", "-inf", "1e5", "٩٥", "0x1F", "½"),
    *(
        count(71, word, word, "none-word")
        for word in ("/", "无", "—", "-", "暂无", "N/A", "null", "空", "同上", SLASH)
    ),
    answer(71, "无", "无", "none-word"),
    words(71, "无", "none-word"),
    day(71, "/", "/", "none-word"),
    *refused(71, "O"),
    count(71, 0, 0),
    typed(71, "count", {"value": "不适用", "narrative": "本单位没有执法职责"}, "不适用"),
    count(71, "不适用", "不适用", "not-applicable"),
    *(count(72, text, None, "required") for text in (None, "", " ", Formula('""', ""))),
    *(count(72, text, None, "normalised", "required") for text in ("'", "\u00a0", "\u3000\u200b")),
    typed(72, "text", {"narrative": "\u3000"}, None, "normalised", "required"),
    *(
        day(73, text, date(2019, 9, 9), "normalised")
        for text in ("2019年9月9日", "2019.9.9", "2019/9/9", "20190909", "二〇一九年九月九日")
    ),
    day(73, "12月20日", date(2019, 12, 20), "normalised"),
    day(73, date(2019, 9, 9), date(2019, 9, 9)),
    *(day(73, text, text, "date") for text in ("9月9日", "19-9-9", "二〇一九年九月", "43717")),
    *(day(74, text, text, "date") for text in ("2019-02-30", "1900-02-29", "9999-12-31")),
    day(74, date(9999, 12, 31), date(9999, 12, 31), "date"),
    day(74, date(2091, 12, 20), date(2091, 12, 20), "date"),
    day(75, "03/04/2019", "03/04/2019", "date"),
    *(answer(76, text, "是", "normalised") for text in (True, "√", "☑", "TRUE", "y", "是\u3000")),
    *(answer(76, text, text, "list") for text in (1, "R", "☒", "有", "是的")),
    answer(76, "是", "是"),
    words(80, "行一\x01\x1f行二,内容完整"),
    words(80, "标签_x000D_写在文字里的"),
    words(80, "换行一\n换行二,内容完整"),
    *(
        words(81, text)
        for text in (
            "已完成\U0001f600\U0001f468\u200d\U0001f469的工作",
            "\U00020000\U0002a6d6扩展汉字的名称",
            "e\u0301\u0323组合符号的文字",
            "\u202e反写的文字内容\u202c",
            "\u3000\u3000段落开头空两格",
        )
    ),
    count(82, "-0", 0, "normalised"),
    count(82, 1e308, 1e308, "range"),
    count(82, 2.9999999999999996, 2.9999999999999996),
    count(82, 2.99999999999, 2.99999999999, "whole"),
    typed(82, "score", {"value": 0.1 + 0.2, "denominator": 0.3}, 0.1 + 0.2),
    count(82, 12345678901234567.0, 12345678901234567.0, "range"),
    *refused(82, "12345678901234567", "1e308"),
    *refused(83, "#N/A", "#DIV/0!"),
    words(83, "#N/A是文字不是错误"),
)


def indicator(place: int, case: Typed) -> dict[str, Any]:
    return {
        "code": f"1.{place}",
        "text": f"第{case.number}种",
        "kind": case.kind,
        **KINDS[case.kind],
    }


class Round:
    """One unit's return with every case as an indicator of its own, consolidated."""

    def __init__(self, folder: Path) -> None:
        listed = [indicator(place, case) for place, case in enumerate(CASES, 1)]
        task = {"number": 1, "text": "全部。", "responsible": "甲局", "indicators": listed}
        plan = build_plan(
            {
                "name": "写法方案",
                "subject": "测试",
                "summary_title": "汇总",
                "district": "甲区",
                "coordinator": "甲局",
                "year": 2019,
                "period": "2019Q3",
                "kinds": {"部门": ["部门"]},
                "areas": [{"number": 1, "name": "全部", "tasks": [task]}],
                "roster": {"units": [{"code": "1", "name": "甲局", "kind": "部门"}]},
            },
            "values",
        )
        self.workspace = init(folder, plan, Period.parse("2019Q3"), AS_OF)
        (blank,) = distribute(self.workspace.master, AS_OF, NOW).files
        entries = {f"1.{place}": case.entries for place, case in enumerate(CASES, 1)}
        self.file = fill(blank, self.workspace.incoming / "甲局.xlsx", entries)
        self.result = consolidate(self.workspace.master, None, AS_OF, NOW)
        self.records = open_master(self.workspace.master, writing=False).records

    def record(self, place: int) -> Record:
        return self.records["1", f"1.{place}"]

    def findings(self, place: int) -> list[Finding]:
        found = [f for f in self.result.findings if f.indicator == f"1.{place}"]
        return [f for f in found if f.rule not in OTHERS]


OTHERS = {"alike", "outlier", "fallen", "short-text"}
"""Rules that compare units and periods, or weigh words: they are not about one value."""


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return Round(tmp_path_factory.mktemp("写法") / "甲 区")


def holds(consolidated: Round, number: int) -> None:
    """Every case of a number: the master's cell, the rules that spoke, and where they say it is."""
    cases = [(place, case) for place, case in enumerate(CASES, 1) if case.number == number]
    assert cases
    for place, case in cases:
        held = getattr(consolidated.record(place), case.field)
        findings = consolidated.findings(place)
        assert same(held, case.held), (case, held)
        assert {f.rule for f in findings} == case.rules, (case, findings)
        assert all(f.file == "甲局.xlsx" and f.sheet == SHEET and f.cell for f in findings)
        for finding in findings:
            assert (finding.severity is Severity.INFO) == (finding.rule == "normalised")
            if finding.rule == "normalised":
                assert finding.value in map(shown, case.entries.values())


def same(held: Cell, expected: Any) -> bool:
    if expected is None:
        return held in (None, "")
    if isinstance(expected, date):
        return isinstance(held, date) and (held.year, held.month, held.day) == (
            *(expected.year, expected.month, expected.day),
        )
    number = isinstance(expected, (int, float))
    kinds = (int, float) if number else (str,)
    return isinstance(held, kinds) and not isinstance(held, (bool, ErrorCell)) and held == expected


def test_bad_060_a_share_as_text_is_a_share(consolidated: Round) -> None:
    holds(consolidated, 60)


def test_bad_061_full_width_signs_are_read(consolidated: Round) -> None:
    holds(consolidated, 61)


def test_bad_062_a_share_without_its_sign_is_held_against_the_parts(consolidated: Round) -> None:
    holds(consolidated, 62)


def test_bad_063_more_than_all_or_less_than_nothing(consolidated: Round) -> None:
    holds(consolidated, 63)


def test_bad_064_numbers_in_characters_are_no_numbers(consolidated: Round) -> None:
    holds(consolidated, 64)


def test_bad_065_vague_numbers_are_no_numbers(consolidated: Round) -> None:
    holds(consolidated, 65)


def test_bad_066_spaces_of_every_kind(consolidated: Round) -> None:
    holds(consolidated, 66)


def test_bad_067_groups_of_three_only(consolidated: Round) -> None:
    holds(consolidated, 67)


def test_bad_068_units_only_the_indicators_own(consolidated: Round) -> None:
    holds(consolidated, 68)


def test_bad_069_what_is_an_identity_is_no_quantity(consolidated: Round) -> None:
    holds(consolidated, 69)


def test_bad_070_what_only_a_program_would_call_a_number(consolidated: Round) -> None:
    holds(consolidated, 70)


def test_bad_071_blank_zero_none_and_not_applicable_differ(consolidated: Round) -> None:
    holds(consolidated, 71)


def test_bad_072_what_nobody_can_see_is_blank(consolidated: Round) -> None:
    holds(consolidated, 72)


def test_bad_073_dates_as_people_write_them(consolidated: Round) -> None:
    holds(consolidated, 73)


def test_bad_074_days_that_are_none_or_can_not_be_meant(consolidated: Round) -> None:
    holds(consolidated, 74)


def test_bad_075_day_and_month_that_can_be_swapped(consolidated: Round) -> None:
    holds(consolidated, 75)


def test_bad_076_ticks_and_words_for_yes(consolidated: Round) -> None:
    holds(consolidated, 76)


def test_bad_080_control_characters_are_kept(consolidated: Round) -> None:
    holds(consolidated, 80)


def test_bad_081_every_sign_is_kept_as_it_came(consolidated: Round) -> None:
    holds(consolidated, 81)


def test_bad_082_numbers_are_kept_to_the_last_digit(consolidated: Round) -> None:
    holds(consolidated, 82)


def test_bad_083_a_text_that_looks_like_an_error_is_a_text(consolidated: Round) -> None:
    holds(consolidated, 83)
    place = next(n for n, case in enumerate(CASES, 1) if case.entries.get("value") == "#N/A")
    assert not isinstance(consolidated.record(place).value, ErrorCell)


def test_every_case_belongs_to_a_test() -> None:
    tested = {int(name[9:12]) for name in globals() if name.startswith("test_bad_")}
    assert {case.number for case in CASES} <= tested


def test_what_was_typed_is_kept_beside_the_value(consolidated: Round) -> None:
    (file,) = consolidated.result.files
    informed = {
        (f.indicator, f.value) for f in consolidated.result.findings if f.rule == "normalised"
    }
    assert {(code, shown(cell)) for (code, _), cell in file.normalised.items()} == informed
    for (code, name), cell in file.normalised.items():
        case = CASES[int(code.removeprefix("1.")) - 1]
        assert case.entries[name] == cell and "normalised" in case.rules
    raw = {row.code: row.record for row in file.submission.sheets[SHEET].rows}
    assert all(getattr(raw[code], name) == cell for (code, name), cell in file.normalised.items())


def test_a_spreadsheet_agrees_on_every_status_of_the_master(
    consolidated: Round, office: Office
) -> None:
    ours = {a.indicator.code: a.status.value for a in consolidated.result.assessments}
    with office.open(consolidated.workspace.master) as book:
        book.recalculate()
        rows = book.values(SHEET)
    header = next(row for row in rows if "指标编号" in row)
    code, status = header.index("指标编号"), header.index("状态")
    theirs = {row[code]: row[status] for row in rows if row[code] in ours}
    assert theirs == ours


def test_a_second_run_on_the_same_file_changes_nothing(consolidated: Round) -> None:
    before = {code: record.entries() for code, record in consolidated.records.items()}
    again = consolidate(consolidated.workspace.master, None, AS_OF, NOW)
    after = open_master(consolidated.workspace.master, writing=False).records
    assert {code: record.entries() for code, record in after.items()} == before
    assert again.findings == consolidated.result.findings


def test_the_units_annotated_copy_says_what_was_read(workspace: Path) -> None:
    sent = fill(
        workspace / "分发/2019Q3/区司法局.xlsx",
        workspace / "报送/2019Q3/区司法局.xlsx",
        GOOD | {"1.1": {"value": "３次"}},
    )
    (result,) = check_files([sent], None, workspace, AS_OF, True)
    assert result.clean and result.copy
    hints = [row[10] for row in FileBook.open(result.copy).read("一、组织领导")]
    assert any("“３次”认作 3" in str(hint) for hint in hints)


def test_what_staff_type_into_the_master_is_not_normalised(workspace: Path) -> None:
    path = workspace / "台账-2019Q3.xlsx"
    master = open_master(path)
    sheet, cell = master.cell(("B01", "1.1"), "value")
    master.book.write(sheet, int(cell[1:]), 9, [["３次"]])
    master.book.save()
    result = run(workspace)
    assert [(f.rule, f.value, f.file) for f in own(result)] == [("number", "３次", path.name)]
    assert open_master(path, writing=False).records["B01", "1.1"].value == "３次"
    assert result.statuses[Status.INVALID] == 1


def run(workspace: Path) -> Consolidation:
    return consolidate(workspace / "台账-2019Q3.xlsx", None, AS_OF, NOW)


def own(result: Consolidation) -> list[Finding]:
    """The findings on values; those on when a file came are others' business."""
    return [finding for finding in result.findings if finding.indicator]


def filled(workspace: Path, entries: dict[str, dict[str, Any]], unit: str = "区司法局") -> Path:
    target = workspace / f"报送/2019Q3/{unit}.xlsx"
    return fill(workspace / f"分发/2019Q3/{unit}.xlsx", target, GOOD | entries)


def test_formulas_without_a_result_are_one_error_and_no_blank(workspace: Path) -> None:
    sent = filled(workspace, {"1.1": {"value": Formula("SUM(1,2)", 31337.0)}})
    edit_part(sent, "<v>31337</v>", "")
    result = run(workspace)
    assert [(f.rule, f.cell, f.value) for f in own(result)] == [("uncalculated", "I4", "SUM(1,2)")]
    assert open_master(result.master, writing=False).records["B01", "1.1"].value in (None, "")


def test_a_formulas_result_is_taken_with_a_warning(workspace: Path) -> None:
    filled(workspace, {"1.1": {"value": Formula("1+2", 3.0)}})
    result = run(workspace)
    assert [(f.rule, f.cell, f.severity) for f in own(result)] == [
        ("formula-value", "I4", Severity.WARNING)
    ]
    assert open_master(result.master, writing=False).records["B01", "1.1"].value == 3
    assert result.clean


def test_a_number_that_shows_as_something_else_is_taken_with_a_warning(workspace: Path) -> None:
    sent = filled(workspace, {})
    book = FileBook.open(sent)
    book.write("一、组织领导", 4, 9, [[3]], [["percent"]])
    book.save()
    result = run(workspace)
    assert [(f.rule, f.cell, f.expected) for f in own(result)] == [("disguised", "I4", "3")]
    assert open_master(result.master, writing=False).records["B01", "1.1"].value == 3
    assert result.clean


def edit_part(path: Path, found: str, replacement: str) -> None:
    """Replace text that stands in one part of a package, as another program might have written it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    hits = [name for name, data in parts.items() if found.encode() in data]
    assert len(hits) == 1
    parts[hits[0]] = parts[hits[0]].replace(found.encode(), replacement.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


@pytest.mark.parametrize("name", ["司法局", " 区 司法局", "区\u3000司法局\u200b"])
def test_bad_077_a_units_alias_is_its_name(workspace: Path, name: str) -> None:
    sent = filled(workspace, {})
    rename_rows(sent, name)
    assert run(workspace).clean


@pytest.mark.parametrize("name", ["区司法周", "市司法局", "區司法局", "区司法局(法治办)"])
def test_bad_077_a_name_that_only_looks_alike_is_not_taken(workspace: Path, name: str) -> None:
    sent = filled(workspace, {})
    rename_rows(sent, name)
    result = run(workspace)
    assert not result.clean
    assert name in {finding.value for finding in result.findings}
    assert open_master(result.master, writing=False).records["B01", "1.1"].value in (None, "")


def rename_rows(path: Path, name: str) -> None:
    book = FileBook.open(path)
    book.write("一、组织领导", 4, 1, [[name]] * 3)
    book.save()


def test_bad_078_a_unit_that_is_not_in_the_roster_is_kept_out(workspace: Path) -> None:
    sent = filled(workspace, {})
    book = FileBook.open(sent)
    rows = book.read("_fzzf")
    place = next(n for n, row in enumerate(rows, 1) if row[0] == "unit")
    book.write("_fzzf", place, 2, [["区审计局"]])
    book.save()
    result = run(workspace)
    assert [file.verdict for file in result.files] == [Verdict.QUARANTINED]
    assert [(f.rule, f.value) for f in result.findings if f.rule == "unit"] == [
        ("unit", "区审计局")
    ]


def test_bad_079_a_text_too_long_for_a_cell_is_an_error_and_says_where_it_is_whole(
    workspace: Path,
) -> None:
    sent = filled(workspace, {"1.3": {"narrative": "占位文字"}})
    edit_part(sent, "占位文字", "长" * 33_000)
    kept = sent.read_bytes()
    result = run(workspace)
    assert [(f.rule, f.severity) for f in own(result)] == [("words", Severity.ERROR)]
    held = open_master(result.master, writing=False).records["B01", "1.3"].narrative
    assert isinstance(held, str)
    assert len(held) == 32_767 and held.endswith("全文见原件）")
    assert kept in [path.read_bytes() for path in (workspace / "档案").rglob("*") if path.is_file()]


def test_bad_079_a_text_longer_than_the_form_takes_is_kept_with_a_warning(workspace: Path) -> None:
    filled(workspace, {"1.3": {"narrative": "长" * 2_001}})
    result = run(workspace)
    assert [(f.rule, f.severity) for f in own(result)] == [("long-text", Severity.WARNING)]
    assert open_master(result.master, writing=False).records["B01", "1.3"].narrative == "长" * 2_001


def test_bad_080_a_carriage_return_is_a_line_end(workspace: Path) -> None:
    filled(workspace, {"1.3": {"narrative": "第一行的内容\r\n第二行\r第三行"}})
    result = run(workspace)
    held = open_master(result.master, writing=False).records["B01", "1.3"].narrative
    assert held == "第一行的内容\n第二行\n第三行"
    assert result.clean
