"""The city's master: the sheets that drive its round, and what the last consolidation came to."""

from __future__ import annotations

from xl_fzzf.model.city import City
from xl_fzzf.model.plan import Plan
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.common_blocks import guide
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.page import Page
from xl_fzzf.sheets.shell import Shell, add_stamp
from xl_fzzf.sheets.shell_books import add_driving_sheets, add_received_lists
from xl_fzzf.sheets.summary.districts import district_lines
from xl_fzzf.sheets.summary.prose import formal, say_city

_FIGURES = 12
"""The header row of the districts' table on 总览, from 1; what stands above is the guide."""

_STEPS = (
    "一、改驱动表:“单位”表列区县(类别“区县”,可加别名),“指标”表是市里的目标和期限,“设置”表是报告期和报送截止。",
    "二、收表:各区县用 fzzf report 生成的汇总表(.xlsx)原样放进“报送”文件夹(按报告期分文件夹),不用改名。",
    "三、汇总:在本文件夹运行 fzzf consolidate。每份汇总表按它自己的“数据”重新计算,与它的“指标汇总”对不上的列入“校验结果”。",
    "四、看结果:下面是各区县的情况;“上报”文件夹里的市级汇总表有市级值、区县矩阵和全部记录。",
)


def city_shell(plan: Plan) -> bytes:
    """An empty city master: 总览 with the guide, the driving sheets and the lists, without rows."""
    shell = Shell(f"{plan.name} 市级台账", protect=False)
    draw(shell, _overview(plan))
    add_driving_sheets(shell, plan, assigned=False)
    add_received_lists(shell)
    add_stamp(shell)
    return shell.close()


def _overview(plan: Plan) -> Page:
    columns = [
        (column.width, {**styles.STYLES["plain"], "num_format": column.number_format})
        for column in layout.DISTRICT_COLUMNS
    ]
    title = f"{plan.district}法治政府建设市级台账"
    blocks = guide(title, plan.name, _STEPS, len(columns) - 1)
    return Page(layout.OVERVIEW, columns, blocks, tab="#C00000")


def write_city(book: FileBook, city: City) -> None:
    """Write the districts' table and sentences into 总览."""
    columns, lines = layout.DISTRICT_COLUMNS, district_lines(city)
    rows: list[list[Value]] = [[column.header for column in columns]]
    rows += [[line.get(column.field) for column in columns] for line in lines]
    looks: list[list[str | None]] = [["header"] * len(columns)]
    looks += [[_look(column.field) for column in columns]] * len(lines)
    rows += [[words, *[None] * (len(columns) - 1)] for words in map(formal, say_city(city))]
    looks += [["plain", *[None] * (len(columns) - 1)]] * (len(rows) - len(looks))
    standing = len(book.read(layout.OVERVIEW)) - _FIGURES + 1
    rows += [[None] * len(columns)] * (standing - len(rows))
    looks += [["plain"] * len(columns)] * (len(rows) - len(looks))
    book.write(layout.OVERVIEW, _FIGURES, 1, rows, looks)


def _look(field: str) -> str:
    return "percent" if field in ("completeness", "share") else "center"
