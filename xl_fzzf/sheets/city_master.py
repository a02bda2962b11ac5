"""The city's master: the sheets that drive its round, and what the last consolidation came to."""

from __future__ import annotations

from xl_fzzf.model.city import City
from xl_fzzf.model.plan import Plan
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import city_spec
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import guide, tiles
from xl_fzzf.sheets.drawing import write_bands
from xl_fzzf.sheets.page import Band, Page, Styled
from xl_fzzf.sheets.shell_books import driving_pages, received_pages, start_shell
from xl_fzzf.sheets.styles import STYLES
from xl_fzzf.sheets.summary.districts import district_lines
from xl_fzzf.sheets.summary.prose import say_city

_COLUMNS = city_spec.DISTRICT_COLUMNS
_FIGURES = 12
"""The header row of the districts' table on 总览, from 1; what stands above is the guide."""

_STEPS = (
    "一、改驱动表：“单位”表列区县（类别“区县”，可加别名），“指标”表是市里的目标和期限，“设置”表是报告期和报送截止。",
    "二、收表：各区县用 fzzf report 生成的汇总表（.xlsx）原样放进“报送”文件夹（按报告期分文件夹），不用改名。",
    "三、汇总：在本文件夹运行 fzzf consolidate。每份汇总表按它自己的“数据”重新计算，与它的“指标汇总”对不上的列入“校验结果”。",
    "四、看结果：下面是各区县的情况；“上报”文件夹里的市级汇总表有市级值、区县矩阵和全部记录。",
)


def city_shell(plan: Plan) -> bytes:
    """An empty city master: 总览 with the guide, the driving sheets and the lists, without rows."""
    pages = (
        _overview_page(plan),
        *driving_pages(plan, assigned=False),
        *received_pages(city_spec.CITY_REGISTER_COLUMNS, city_spec.CITY_FINDING_COLUMNS),
    )
    return start_shell(f"{plan.name} 市级台账", pages).close()


def _overview_page(plan: Plan) -> Page:
    columns = [(c.width, {**STYLES["plain"], "num_format": c.number_format}) for c in _COLUMNS]
    title = f"{plan.district}{plan.subject}工作市级台账"
    blocks = guide(title, plan.name, _STEPS, len(columns) - 1)
    return Page(layout.OVERVIEW, columns, blocks, tab="#C00000")


def write_city(book: FileBook, city: City) -> None:
    """Write the districts' table and sentences into 总览, in place of those that stand there."""
    bands = [Band(tiles([column.header for column in _COLUMNS], "header"))]
    for line in district_lines(city):
        cells = (Styled(line.get(column.field), _style(column.field)) for column in _COLUMNS)
        bands.append(Band(tiles(cells, "center")))
    others = [Styled(None, None)] * (len(_COLUMNS) - 1)
    bands += [Band(tiles([words, *others], "plain")) for words in say_city(city)]
    bands += [Band()] * (len(book.read(layout.OVERVIEW)) - _FIGURES + 1 - len(bands))
    write_bands(book, layout.OVERVIEW, bands, len(_COLUMNS), _FIGURES)


def _style(field: str) -> str:
    if field == "as_of":
        return "date"
    return "percent" if field in ("completeness", "share") else "center"
