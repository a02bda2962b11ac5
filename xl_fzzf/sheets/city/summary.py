"""The city's summary workbook: cover, total, districts, notes, and every record behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import City, District
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.record import fit
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import Column
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area import record_line
from xl_fzzf.sheets.city.matrix import add_district_matrix
from xl_fzzf.sheets.city.overview import add_overview
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.lists import Line, finding_lines
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, add_stamp
from xl_fzzf.sheets.stamp import write_summary_stamp
from xl_fzzf.sheets.styles import SEVERITY_STYLES, STATUS_STYLES, VERDICT_STYLES
from xl_fzzf.sheets.summary.cells import add_table, put_note, write_lines
from xl_fzzf.sheets.summary.cover import cover_page
from xl_fzzf.sheets.summary.notes import city_notes_page
from xl_fzzf.sheets.summary.tables import add_totals

CONTENTS = (
    (layout.OVERVIEW, "各区县一行,全市合计,文字说明"),
    (layout.INDICATOR_TOTALS, "每个指标的市级值、目标、状态和各状态单位数"),
    (layout.DISTRICT_MATRIX, "每个区县、每个指标的值和状态(A3)"),
    (layout.SUBMISSIONS, "收到的文件,采用没有,为什么"),
    (layout.FINDINGS, "区县的汇总表与它自己的数据对不上的地方"),
    (layout.NOTES, "统计口径、没有计入的、文件指纹"),
    (layout.DATA, "全部填报记录和出处(只在电子表格里)"),
)
_AS_CITY = {
    "unit": Column("unit", "区县", 14),
    # a place in the district's file: no link leads there, and it shall not look like one
    "place": Column("where", "定位", 20),
}
_FINDINGS = tuple(
    _AS_CITY.get(column.field, column)
    for column in layout.FINDING_COLUMNS
    if column.field not in ("waiver", "rule")
)
_Record = tuple[District, Assessment]


def build_city_summary(
    city: City,
    files: Sequence[Line],
    findings: Sequence[Finding],
    made: date,
    printed: bool = False,
) -> bytes:
    """The workbook's bytes; `files` are the lines of 报送登记, `made` the day that stands on it.

    `printed` leaves out 数据, which is not for paper.
    """
    plan, settings = city.round.plan, city.round.settings
    shell = Shell(f"{plan.summary_title} {settings.period.label}", protect=False, printed=printed)
    records = [] if printed else _sorted_records(city)
    draw(shell, cover_page(city, made, CONTENTS, printed))
    add_overview(shell, city, made)
    add_totals(shell, plan, city.indicators, layout.CITY_TOTAL_COLUMNS)
    add_district_matrix(shell, city, _first_rows(records))
    _add_files(shell, city, files)
    _add_findings(shell, findings)
    draw(shell, city_notes_page(city, findings))
    if not printed:
        _add_data(shell, len(records))
    add_stamp(shell)
    # thousands of cells take XlsxWriter twice as long as the file adapter
    book = FileBook(Path("summary.xlsx"), shell.close())
    if records:
        book.write(layout.DATA, HEADER_ROW + 1, 1, [_data_row(*record) for record in records])
    write_summary_stamp(book, layout.CITY_SUMMARY, city.round, city.as_of, made)
    return book.pack()


def _sorted_records(city: City) -> list[_Record]:
    """All records by district and indicator, so that a link into 数据 finds its units together."""
    order = {code: place for place, code in enumerate(city.round.plan.indicators)}
    return [
        (district, assessment)
        for district in city.districts
        for assessment in sorted(district.assessments, key=lambda a: order[a.indicator.code])
    ]


def _first_rows(records: Sequence[_Record]) -> Mapping[tuple[str, str], int]:
    """Where in 数据 a district's records of an indicator begin, by the codes of both."""
    rows: dict[tuple[str, str], int] = {}
    for row, (district, assessment) in enumerate(records, HEADER_ROW + 1):
        rows.setdefault((district.unit.code, assessment.indicator.code), row)
    return rows


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
    lines = finding_lines(findings, lambda finding: ("", ""))
    write_lines(shell, sheet, _FINDINGS, [{**line, "where": line["place"]} for line in lines])


def _add_data(shell: Shell, count: int) -> None:
    """数据: the drill-down, a record a row; `_data_row` goes below the header."""
    columns, marks = layout.CITY_DATA_COLUMNS, {"status": STATUS_STYLES}
    sheet = add_table(shell, layout.DATA, columns, count, marks, freeze=5)
    words = f"全部 {count} 条记录,“出处”是区县汇总表的文件和行;打印时只印本页说明"
    put_note(shell, sheet, columns, words)
    sheet.print_area(0, 0, 1, len(columns) - 1)


def _data_row(district: District, assessment: Assessment) -> list[Value]:
    record = assessment.record
    line = {field: fit(cell) for field, cell in record_line(assessment).items()}
    line["district"] = district.unit.name
    line["source"] = f"{district.file} {record.sheet} 第 {record.row} 行"
    return [line.get(column.field) for column in layout.CITY_DATA_COLUMNS]
