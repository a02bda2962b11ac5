"""The city's summary workbook: total, districts, and every record behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import City, District
from xl_fzzf.model.district import NOT_REPORTED, REPORTED
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.plan import Kind
from xl_fzzf.model.record import ENTRY_FIELDS, fit
from xl_fzzf.model.status import Status, rate_value
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.book import Value
from xl_fzzf.sheets.book_file import FileBook
from xl_fzzf.sheets.city.lines import district_lines, say_city
from xl_fzzf.sheets.city.matrix import add_district_matrix
from xl_fzzf.sheets.lists import Line, finding_lines
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, add_stamp
from xl_fzzf.sheets.stamp import write_stamp
from xl_fzzf.sheets.styles import (
    SEVERITY_STYLES,
    SHARE_SCALE,
    STATUS_STYLES,
    VERDICT_STYLES,
)
from xl_fzzf.sheets.summary.cells import add_table, lines_needed, put_note, span, write, write_lines
from xl_fzzf.sheets.summary.charts import status_chart
from xl_fzzf.sheets.summary.tables import add_totals
from xl_fzzf.sheets.summary.words import say_date

_REPORTING = {REPORTED: STATUS_STYLES[Status.MET], NOT_REPORTED: STATUS_STYLES[Status.UNMET]}
_FINDINGS = tuple(c for c in layout.FINDING_COLUMNS if c.field not in ("waiver", "rule"))


def build_city_summary(
    city: City, files: Sequence[Line], findings: Sequence[Finding], made: date
) -> bytes:
    """The workbook's bytes; `files` are the lines of 报送登记, `made` the day that stands on it."""
    plan, settings = city.round.plan, city.round.settings
    shell = Shell(f"{plan.summary_title} {settings.period.label}", protect=False)
    _add_overview(shell, city, made)
    add_totals(shell, plan, city.indicators, layout.CITY_TOTAL_COLUMNS)
    add_district_matrix(shell, city)
    _add_files(shell, city, files)
    _add_findings(shell, findings)
    rows = [_data_row(district, a) for district in city.districts for a in district.assessments]
    _add_data(shell, len(rows))
    add_stamp(shell)
    # thousands of cells take XlsxWriter twice as long as the file adapter
    book = FileBook(Path("summary.xlsx"), shell.close())
    book.write(layout.DATA, HEADER_ROW + 1, 1, rows)
    stamp: dict[str, Value] = {
        "kind": layout.CITY_SUMMARY,
        "plan": plan.name,
        "version": layout.VERSION,
        "period": str(settings.period),
        "unit": plan.district,
        "created": made.isoformat(),
        "as_of": city.as_of,
        "deadline": settings.deadline,
    }
    write_stamp(book, stamp)
    return book.pack()


def _add_overview(shell: Shell, city: City, made: date) -> None:
    """总览: the sentences, every district in a line, and a bar for each."""
    columns, lines = layout.DISTRICT_COLUMNS, district_lines(city)
    marks = {"reported": _REPORTING}
    sheet = add_table(shell, layout.OVERVIEW, columns, len(lines), marks, freeze=2)
    plan, settings = city.round.plan, city.round.settings
    title = f"{plan.summary_title}({settings.period.label})"
    write(sheet, 0, 0, title, shell.style("title"))
    last = len(columns) - 1
    facts = f"统计日期 {say_date(city.as_of)}  ·  报送截止 {say_date(settings.deadline)}  ·  制表日期 {say_date(made)}"
    span(sheet, 1, (0, last), facts, shell.style("subtitle"))
    place, bottom = [column.field for column in columns].index("share"), len(lines) + HEADER_ROW - 1
    sheet.conditional_format(HEADER_ROW, place, bottom, place, SHARE_SCALE)
    row = write_lines(shell, sheet, columns, lines)
    for at, column in enumerate(columns):
        style = "total_share" if column.field in ("completeness", "share") else "total"
        write(sheet, row - 1, at, lines[-1].get(column.field), shell.style(style))
    width = sum(column.width for column in columns)
    for at, words in enumerate(say_city(city), row + 1):
        sheet.set_row(at, 21.0 * lines_needed(words, width, 13))
        span(sheet, at, (1, last), words, shell.style("sentence"))
        row = at
    if city.districts:
        _put_chart(shell, city, row + 2)


def _put_chart(shell: Shell, city: City, top: int) -> None:
    """The shares of the statuses by district; the numbers stand in the table."""
    columns = layout.DISTRICT_COLUMNS
    fields = [column.field for column in columns]
    places = {status: fields.index(status.name.lower()) for status in Status}
    rows = (HEADER_ROW, HEADER_ROW + len(city.expected) - 1)
    there = {district.unit.code: district.statuses for district in city.districts}
    counts = [there.get(unit.code, Counter[Status]()) for unit in city.expected]
    chart = status_chart(shell, rows, places, counts)
    chart.set_title({"name": "各区县状态构成(条内数字为项数)", "overlay": False})
    pixels = sum(int(column.width * 7 + 5) for column in columns) - 4
    chart.set_size({"width": pixels, "height": 60 + 40 * max(len(counts), 4)})
    sheet = shell.book.get_worksheet_by_name(layout.OVERVIEW)
    sheet.insert_chart(top, 0, chart)


def _add_files(shell: Shell, city: City, files: Sequence[Line]) -> None:
    """报送情况: every file, what became of it, and why."""
    columns, marks = layout.CITY_FILE_COLUMNS, {"verdict": VERDICT_STYLES}
    sheet = add_table(shell, layout.SUBMISSIONS, columns, len(files), marks)
    missing = "、".join(unit.name for unit in city.missing) or "没有"
    words = f"收到 {len(files)} 个文件,采用 {len(city.districts)} 份;没有可用汇总表的区县:{missing}"
    put_note(shell, sheet, columns, words)
    write_lines(shell, sheet, columns, files)


def _add_findings(shell: Shell, findings: Sequence[Finding]) -> None:
    marks = {"severity": SEVERITY_STYLES}
    sheet = add_table(shell, layout.FINDINGS, _FINDINGS, len(findings), marks)
    words = "“定位”是区县汇总表中的单元格;与自己的“数据”对不上的,市里按“数据”计算"
    put_note(shell, sheet, _FINDINGS, words)
    write_lines(shell, sheet, _FINDINGS, finding_lines(findings, lambda finding: ("", "")))


def _add_data(shell: Shell, count: int) -> None:
    """数据: the drill-down, a record a row; `_data_row` goes below the header."""
    columns, marks = layout.CITY_DATA_COLUMNS, {"status": STATUS_STYLES}
    sheet = add_table(shell, layout.DATA, columns, count, marks, freeze=5)
    words = f"全部 {count} 条记录,“出处”是区县汇总表的文件和行;打印时只印本页说明"
    put_note(shell, sheet, columns, words)
    sheet.print_area(0, 0, 1, len(columns) - 1)


def _data_row(district: District, assessment: Assessment) -> list[Value]:
    record, indicator = assessment.record, assessment.indicator
    values: dict[str, Value] = {
        "district": district.unit.name,
        "unit": assessment.unit.name,
        "task": int(indicator.task) if indicator.task.isdigit() else indicator.task,
        "code": indicator.code,
        "text": indicator.text,
        "target": assessment.target.text(indicator.measure),
        **{field: fit(getattr(record, field)) for field in ENTRY_FIELDS},
        "status": assessment.status.value,
        "source": f"{district.file} {record.sheet} 第 {record.row} 行",
    }
    if indicator.kind is Kind.RATE:
        values["value"] = rate_value(record)
    return [values.get(column.field) for column in layout.CITY_DATA_COLUMNS]
