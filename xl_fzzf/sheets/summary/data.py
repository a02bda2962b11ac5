"""数据 of a summary: all records in the layout of the area sheets, for the next level up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import City, District
from xl_fzzf.model.record import fit
from xl_fzzf.model.round import Standing
from xl_fzzf.office.book import Value
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets import city_spec
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area_writer import record_line
from xl_fzzf.sheets.common_blocks import LISTED, heading, list_page
from xl_fzzf.sheets.page import Listing, Page, Paper
from xl_fzzf.sheets.spec import HEADER_ROW
from xl_fzzf.sheets.styles import STATUS_STYLES, STYLES, Style

_HIGHLIGHTS = {"status": STATUS_STYLES}

Records = Sequence[tuple[District, Assessment]]
"""All records of a city, each with its district."""

FirstRows = Mapping[tuple[str, str], int]
"""The row (from 1) where a district's records of an indicator begin, by both codes."""


def data_page(standing: Standing) -> Page:
    """数据 of a district; 校验提示 names the records that are no part of a sum."""
    columns, lines = layout.AREA_COLUMNS, list(map(_line, standing.assessments))
    words = "版式与台账的领域表相同，供上级汇总；打印时只印本页说明，要印明细请清除打印区域"
    blocks = (
        *heading("数据（全部填报记录）", columns, f"共 {len(lines)} 条，{words}"),
        Listing(columns, lines, _HIGHLIGHTS, ruled=False, bulk=True),
    )
    styles = [(column.width, _style(column)) for column in columns]
    return Page(layout.DATA, styles, blocks, paper=_paper(columns), freeze=(HEADER_ROW, 4))


def _style(column: Column) -> Style:
    number_format = "yyyy-mm-dd" if column.field == "deadline" else column.number_format
    return {**STYLES["plain"], "num_format": number_format}


def city_data_page(records: Records) -> Page:
    """数据 of a city: the drill-down, a record a row."""
    columns = city_spec.CITY_DATA_COLUMNS
    note = f"全部 {len(records)} 条记录，“出处”是区县汇总表的文件和行；打印时只印本页说明"
    lines = [_district_line(district, assessment) for district, assessment in records]
    listing = Listing(columns, lines, _HIGHLIGHTS, frozen=5, ruled=False, bulk=True)
    return list_page(layout.DATA, note, listing, paper=_paper(columns))


def sorted_records(city: City) -> Records:
    """All records by district and indicator, so that a link into 数据 finds its units together."""
    order = {code: place for place, code in enumerate(city.round.plan.indicators)}
    return [
        (district, assessment)
        for district in city.districts
        for assessment in sorted(district.assessments, key=lambda a: order[a.indicator.code])
    ]


def first_rows(records: Records) -> FirstRows:
    """Where in 数据 the records begin that a link is to lead to."""
    rows: dict[tuple[str, str], int] = {}
    for row, (district, assessment) in enumerate(records, HEADER_ROW + 1):
        rows.setdefault((district.unit.code, assessment.indicator.code), row)
    return rows


def _paper(columns: Columns) -> Paper:
    """Only the note is for paper."""
    return replace(LISTED, area=(1, len(columns) - 1))


def _line(assessment: Assessment) -> dict[str, Value]:
    line: dict[str, Value] = {name: fit(cell) for name, cell in record_line(assessment).items()}
    return {**line, "hint": layout.TOTAL_MARK if assessment.is_total else None}


def _district_line(district: District, assessment: Assessment) -> dict[str, Value]:
    record = assessment.record
    source = f"{district.file} {record.sheet} 第 {record.row} 行"
    return {"district": district.unit.name, **_line(assessment), "source": source}
