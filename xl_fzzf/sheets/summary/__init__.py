"""The summary workbook (汇总表): what a leader reads and the next level consolidates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xl_fzzf.model.city import City
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.round import Standing
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.drawing import finish
from xl_fzzf.sheets.imprint import give_imprint
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.page import Page
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.stamp import write_stamp, write_summary_stamp
from xl_fzzf.sheets.summary.corrections import corrections_page
from xl_fzzf.sheets.summary.cover import Contents, cover_page
from xl_fzzf.sheets.summary.data import city_data_page, data_page, first_rows, sorted_records
from xl_fzzf.sheets.summary.district_matrix import district_matrix_page
from xl_fzzf.sheets.summary.districts import city_overview_page
from xl_fzzf.sheets.summary.matrix import matrix_page
from xl_fzzf.sheets.summary.notes import city_notes_page, notes_page
from xl_fzzf.sheets.summary.overview import overview_page
from xl_fzzf.sheets.summary.scores import scores_page
from xl_fzzf.sheets.summary.submissions import (
    city_submissions_page,
    findings_page,
    submissions_page,
)
from xl_fzzf.sheets.summary.totals import city_totals_page, totals_page
from xl_fzzf.sheets.summary.unmet import unmet_page

_CONTENTS: Contents = (
    (layout.OVERVIEW, "关键数字、文字说明、各领域进展、靠前和靠后的单位"),
    (layout.INDICATOR_TOTALS, "每个指标的汇总值、目标、状态和各状态单位数"),
    (layout.MATRIX, "每个单位、每个指标的状态，一张图看全"),
    (layout.UNMET, "逐条列出差距、原因、整改措施、时限和三色预警"),
    (layout.SUBMISSIONS, "各单位是否报送、是否及时，未采用的文件和原因"),
    (layout.SCORES, "各单位得分、名次、各领域完成度和计算办法"),
    (layout.NOTES, "统计口径、填报内容的去向、采用的文件"),
    (layout.DATA, "全部填报记录，供上级汇总（只在电子表格里）"),
)
_CITY_CONTENTS: Contents = (
    (layout.OVERVIEW, "各区县一行，全市合计，文字说明"),
    (layout.INDICATOR_TOTALS, "每个指标的市级值、目标、状态和各状态单位数"),
    (layout.DISTRICT_MATRIX, "每个区县、每个指标的值和状态"),
    (layout.SUBMISSIONS, "收到的文件，采用没有，为什么"),
    (layout.FINDINGS, "区县的汇总表与它自己的数据对不上的地方"),
    (layout.NOTES, "统计口径、没有计入的、采用的汇总表"),
    (layout.DATA, "全部填报记录和出处（只在电子表格里）"),
)


def build_summary(
    standing: Standing, made: date, printed: bool = False, imprint: str = ""
) -> bytes:
    """The bytes of a district's summary; `made` is the day that stands on it as 制表日期.

    `printed` leaves out 数据, which is not for paper, and links within the PDF; its `imprint`, as it
    stands on the cover, is that of the workbook.
    """
    pages = [
        *_front(standing, made, _CONTENTS, printed, imprint),
        overview_page(standing),
        totals_page(standing),
        matrix_page(standing),
        unmet_page(standing),
        submissions_page(standing),
        scores_page(standing),
        notes_page(standing),
    ]
    if not printed:
        pages.append(data_page(standing))
    return _build(layout.SUMMARY, standing, pages, made, printed)


def build_city_summary(
    city: City,
    files: Sequence[Line],
    findings: Sequence[Finding],
    made: date,
    printed: bool = False,
    imprint: str = "",
) -> bytes:
    """The bytes of a city's summary; `files` are the lines of 报送登记."""
    records = [] if printed else sorted_records(city)
    pages = [
        *_front(city, made, _CITY_CONTENTS, printed, imprint),
        city_overview_page(city, made),
        city_totals_page(city),
        district_matrix_page(city, first_rows(records)),
        city_submissions_page(city, files),
        findings_page(findings),
        city_notes_page(city, findings),
    ]
    if not printed:
        pages.append(city_data_page(records))
    return _build(layout.CITY_SUMMARY, city, pages, made, printed)


def _front(
    standing: Standing | City, made: date, contents: Contents, printed: bool, imprint: str
) -> list[Page]:
    """The cover, and behind it what an edition corrects."""
    edition = standing.edition
    if edition.number == 1:
        return [cover_page(standing, made, contents, printed, imprint)]
    contents = (
        (layout.CORRECTIONS, "与上一版不同的数字，原来是多少、现在是多少、为什么"),
        *contents,
    )
    return [cover_page(standing, made, contents, printed, imprint), corrections_page(edition)]


def _build(
    kind: str, standing: Standing | City, pages: Sequence[Page], made: date, printed: bool
) -> bytes:
    title = f"{standing.round.plan.summary_title} {standing.period.label}"
    book = finish(Shell(title, printed=printed), pages)
    write_summary_stamp(book, kind, standing, made)
    if isinstance(standing, Standing):
        write_stamp(book, {"run": standing.run})
    if not printed:
        give_imprint(book)
    return book.pack()
