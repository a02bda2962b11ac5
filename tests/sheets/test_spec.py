"""What is declared once is written, read back and documented: columns, settings, drop-downs."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conftest import AS_OF, small_plan
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.problems import PlanError
from xl_fzzf.model.record import ENTRY_FIELDS, ENTRY_LABELS, Record
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Blanks, MailSettings, Settings
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.model.target import parse_target
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec
from xl_fzzf.sheets.driving import write_driving
from xl_fzzf.sheets.entries import row_styles
from xl_fzzf.sheets.lists import (
    CITY_LIST_COLUMNS,
    LIST_COLUMNS,
    finding_lines,
    register_line,
    unmet_lines,
)
from xl_fzzf.sheets.round_reader import read_round
from xl_fzzf.sheets.settings_sheet import (
    DEADLINE,
    MAIL_SETTINGS,
    PERIOD,
    PLAN_SETTINGS,
    REPORTING_SETTINGS,
    ROUND_SETTINGS,
    SIGNING_SETTINGS,
    Setting,
    write_period,
    write_setting,
)
from xl_fzzf.sheets.shell_books import master_shell
from xl_fzzf.sheets.styles import STYLES

ALL_SETTINGS = (
    *(*PLAN_SETTINGS, PERIOD, DEADLINE, *SIGNING_SETTINGS),
    *(*REPORTING_SETTINGS, *ROUND_SETTINGS, *MAIL_SETTINGS),
)
DOCS = Path(__file__).parents[2] / "docs"
MAIL = MailSettings(
    city=("city@example.gov.cn", "two@example.gov.cn"),
    sender="fzb@example.gov.cn",
    allowed=("@city.example.gov.cn", "单位邮箱", "one@example.gov.cn"),
    smtp="smtp.example.gov.cn:465",
    imap="imap.example.gov.cn:993",
    limit=7,
)
SETTINGS = Settings(
    Period.parse("2019Q3"),
    date(2019, 10, 8),
    "张三 0817-1234567",
    True,
    Blanks.REPLACE,
    {},
    MAIL,
    "李四",
    "王五",
)
COMPUTED = {"unit", "task", "code", "text", "target", "previous", "status", "hint"}
"""What the tool itself writes into an area sheet."""


@pytest.fixture
def round_() -> Round:
    """A round in which nothing that the driving sheets hold is as it is by default."""
    plan = small_plan()
    reached: dict[str, Any] = {"contact": "李四", "email": "a@example.gov.cn", "aliases": ("原名",)}
    unit = replace(plan.units[-1], enforcement=True, confirmed=False, **reached)
    plan = replace(plan, units=(*plan.units[:-1], unit))
    more = {"due": date(2019, 11, 30), "weight": 2.5, "limit": 99.0, "numerator": "甲"}
    told: dict[str, Any] = {**more, "denominator": "乙", "scope": (plan.units[0].name, "执法")}
    first, *others = plan.areas
    task = first.tasks[0]
    targets = {next(iter(plan.kinds)): parse_target("≥ 1")}
    indicator = replace(task.indicators[0], targets=targets, total=plan.units[0].name, **told)
    task = replace(task, indicators=(indicator, *task.indicators[1:]))
    words: dict[str, Any] = {
        "signer": "测试区工作专班",
        "addressee": "市专班",
        "evidence": "测府〔2019〕1号",
    }
    plan = replace(plan, areas=(replace(first, tasks=(task, *first.tasks[1:])), *others), **words)
    return Round(plan, assign(plan), replace(SETTINGS, severities={"evidence": "warning"}))


@pytest.fixture
def book(round_: Round, tmp_path: Path) -> FileBook:
    """A new master with that round's driving sheets."""
    book = FileBook(tmp_path / "台账.xlsx", master_shell(round_.plan))
    write_driving(book, round_, [("evidence", "warning", "填“是”的有佐证材料")])
    return book


def test_the_driving_sheets_are_read_back_as_they_were_written(
    round_: Round, book: FileBook
) -> None:
    assert read_round(book, "台账.xlsx") == round_


def as_by_default(owner: Any) -> list[str]:
    """Fields of a dataclass that hold what they hold when nothing is said."""

    def default(field: Field[Any]) -> Any:
        return field.default if field.default_factory is MISSING else field.default_factory()

    return [each.name for each in fields(owner) if getattr(owner, each.name) == default(each)]


def test_nothing_that_is_read_back_could_have_been_left_out(round_: Round) -> None:
    assert as_by_default(next(iter(round_.plan.indicators.values()))) == []
    assert as_by_default(round_.plan.units[-1]) == []
    assert as_by_default(round_.settings) == []
    assert as_by_default(round_.settings.mail) == []


def test_every_field_that_the_sheets_drive_has_a_column_or_a_setting() -> None:
    indicator = {column.field for column in spec.INDICATOR_COLUMNS}
    assert indicator == {field.name for field in fields(Indicator)}
    assert {column.field for column in spec.UNIT_COLUMNS} == {field.name for field in fields(Unit)}
    assert {setting.field for setting in MAIL_SETTINGS} == {f.name for f in fields(MailSettings)}
    settings = {setting.field for setting in (PERIOD, DEADLINE, *SIGNING_SETTINGS, *ROUND_SETTINGS)}
    assert settings | {"severities", "mail"} == {field.name for field in fields(Settings)}
    plan = {setting.field for setting in PLAN_SETTINGS + REPORTING_SETTINGS}
    assert plan | {"kinds", "areas", "units"} == {field.name for field in fields(Plan)}


@pytest.mark.parametrize("setting", ALL_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_a_row_and_is_told_of(setting: Setting, book: FileBook) -> None:
    rows = {row[0]: row for row in book.read(spec.SETTINGS)}
    assert rows[setting.key][1] not in (None, "")
    assert rows[setting.key][2] == setting.note
    assert setting.note or setting in PLAN_SETTINGS
    if setting in MAIL_SETTINGS:
        assert f"| {setting.key} |" in (DOCS / "邮件.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "setting", (*SIGNING_SETTINGS, *ROUND_SETTINGS, *MAIL_SETTINGS), ids=lambda s: s.key
)
def test_a_setting_that_is_blank_has_its_default(setting: Setting, book: FileBook) -> None:
    write_setting(book, setting.key, None)
    read = read_round(book, "台账.xlsx").settings
    owner: Any = read.mail if setting in MAIL_SETTINGS else read
    plain: Any = MailSettings() if setting in MAIL_SETTINGS else Settings(read.period, AS_OF)
    assert getattr(owner, setting.field) == getattr(plain, setting.field)


@pytest.mark.parametrize(
    "typed", ["2019年7月12日", "2019-7-12", "2019/7/12", "2019.7.12", "20190712", 20190712]
)
def test_a_deadline_and_a_due_date_are_read_as_units_may_type_them(
    book: FileBook, typed: str | int
) -> None:
    write_setting(book, "报送截止", typed)
    grid = book.read(spec.INDICATORS)
    header = next(at for at, row in enumerate(grid) if "完成期限" in row)
    book.write(spec.INDICATORS, header + 2, grid[header].index("完成期限") + 1, [[typed]])
    read = read_round(book, "台账.xlsx")
    assert read.settings.deadline == date(2019, 7, 12)
    assert next(iter(read.plan.indicators.values())).due == date(2019, 7, 12)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("报告期", "三季度", "“报告期”："),
        ("报送截止", "月底", "“报送截止”：要填日期，例如 2019-09-30；填的是“月底”，现在不是日期"),
        (
            "报送截止",
            "10月8日",
            "“报送截止”：要填日期，例如 2019-09-30；填的是“10月8日”，没有写年份",
        ),
        ("分发可选任务", "要", "“分发可选任务”：要填 是 或 否，现在是“要”"),
        ("市级邮箱", "a@b、@example.gov.cn", "“市级邮箱”：邮箱“a@b”写法不对"),
        ("市级邮箱", "a@b、@example.gov.cn", "“市级邮箱”：邮箱“@example.gov.cn”写法不对"),
        ("SMTP 服务器", "smtp://a", "“SMTP 服务器”：“smtp://a”写法不对"),
        ("附件上限 MB", 0, "“附件上限 MB”：“0”不对，要填 1 至 1000 的整数"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(
    book: FileBook, key: str, value: Any, words: str
) -> None:
    write_setting(book, key, value)
    with pytest.raises(PlanError) as caught:
        read_round(book, "台账.xlsx")
    assert f"工作表“设置”，{words}" in str(caught.value)


def test_a_copy_is_turned_to_the_next_period(book: FileBook) -> None:
    settings = replace(SETTINGS, period=Period.parse("2019Q4"), deadline=date(2020, 1, 5))
    write_period(book, settings)
    read = read_round(book, "台账.xlsx").settings
    assert (read.period, read.deadline) == (settings.period, settings.deadline)


def test_other_headers_or_entries_are_another_version_of_the_layout() -> None:
    """Masters, returns and archives of this version hold just these: change both, or neither."""
    headers = "单位 任务 指标编号 指标 目标 上期值 分子 分母 完成值 完成情况 佐证材料 未达标原因及整改措施 整改时限 状态 校验提示"
    entries = "numerator denominator value narrative evidence reason deadline"
    assert spec.VERSION == "1"
    assert {column.header for column in spec.AREA_COLUMNS} == set(headers.split())
    assert tuple(entries.split()) == ENTRY_FIELDS


def test_every_column_of_an_area_is_an_entry_or_computed() -> None:
    columns = {column.field: column for column in spec.AREA_COLUMNS}
    assert columns.keys() == COMPUTED | set(ENTRY_FIELDS)
    entries = [column for column in spec.AREA_COLUMNS if column.field in ENTRY_FIELDS]
    assert {column.field: column.header for column in entries} == ENTRY_LABELS
    assert [column.field for column in entries] == list(ENTRY_FIELDS)
    assert all(hasattr(Record("", ""), field) for field in ENTRY_FIELDS)
    assert all(len(column.prompt) <= 255 for column in entries)


@pytest.mark.parametrize("kind", Kind)
def test_every_column_has_a_style_in_every_kind_of_row(kind: Kind) -> None:
    styles = row_styles(kind)
    assert styles.keys() == {column.field for column in spec.AREA_COLUMNS}
    assert set(styles.values()) <= STYLES.keys()
    entries = {field for field, style in styles.items() if style.startswith("entry")}
    assert entries == {*kind.values, "narrative", "evidence", "reason", "deadline"}


def test_headers_of_a_table_are_told_apart() -> None:
    for columns in (spec.AREA_COLUMNS, spec.INDICATOR_COLUMNS, spec.UNIT_COLUMNS):
        headers = [word for c in columns for word in (c.header, *c.also)]
        assert len(headers) == len(set(headers))
        assert len({column.field for column in columns}) == len(columns)


def test_drop_downs_offer_what_the_columns_take() -> None:
    plan = small_plan()
    book = load_workbook(BytesIO(master_shell(plan)))
    offered = {
        (sheet, str(rule.sqref).split(":")[0]): rule.formula1.strip('"').split(",")
        for sheet in (spec.INDICATORS, spec.UNITS)
        for rule in book[sheet].data_validations.dataValidation
    }
    assert offered == {
        (spec.INDICATORS, "D4"): [kind.label for kind in Kind],
        (spec.UNITS, "C4"): list(plan.kinds),
        (spec.UNITS, "D4"): ["是", "否"],
        (spec.UNITS, "H4"): ["是", "否"],
    }


def test_a_line_of_a_list_fills_every_column_of_it(round_: Round) -> None:
    plan = round_.plan
    record = Record(plan.units[0].code, next(iter(plan.indicators)), value=0)
    unmet = assess(plan, [record], 2019, date(2020, 1, 1))
    submission = Submission("甲.xlsx", "a" * 64, datetime(2019, 10, 9, 8))
    file = Judged(submission, Verdict.ACCEPTED, unit=plan.units[0])
    finding = Finding(rule="evidence", severity=Severity.WARNING, file="甲.xlsx")
    lines = {
        spec.REGISTER: register_line(file, [finding], SETTINGS.deadline),
        spec.FINDINGS: finding_lines([finding], lambda finding: ("", ""))[0],
        spec.UNMET: unmet_lines(unmet, AS_OF)[0],
    }
    for sheet, columns in LIST_COLUMNS.items():
        both = (*columns, *CITY_LIST_COLUMNS.get(sheet, ()))
        assert lines[sheet].keys() == {column.field for column in both}
    line = lines[spec.REGISTER]
    assert (line["timely"], line["warnings"], line["verdict"]) == ("逾期", 1, "已采用")
