"""Rules on a return's rows: those that are missing, stand twice, are nobody's, or hide something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.record import ENTRY_LABELS, blank, text
from xl_fzzf.model.resolution import is_total_word
from xl_fzzf.model.submission import Mark
from xl_fzzf.rules.rule import Fault, Rule
from xl_fzzf.rules.structure import MOST_SHOWN, RESTORE, Structure, sheets_of


def missing_rows(case: Structure) -> Iterator[Fault]:
    """缺行: a record's row was deleted (sheets that are missing altogether are one fault, not many)."""
    for indicator in case.resolution.missing:
        sheet = case.sheets[indicator.code]
        if sheet not in case.absent:
            yield Fault(
                f"缺少指标 {indicator.code} 这一行",
                expected=_short(indicator),
                remedy=f"行不能删除。{RESTORE}",
                sheet=sheet,
                indicator=indicator.code,
            )


def duplicated_rows(case: Structure) -> Iterator[Fault]:
    """重复行: one indicator stands in several rows that differ; none of them is taken."""
    for code, rows in case.resolution.duplicated.items():
        if len(sheets_of(rows)) > 1:
            continue
        numbers = "、".join(str(row.record.row) for row in rows)
        yield Fault(
            f"指标 {code} 有 {len(rows)} 行(第 {numbers} 行),内容不同,无法判断用哪一行",
            value=f"第 {numbers} 行",
            expected="每个指标一行",
            remedy="请只保留正确的一行",
            indicator=code,
            sheet=rows[1].record.sheet,
            row=rows[1].record.row,
        )


def repeated_rows(case: Structure) -> Iterator[Fault]:
    """重复行: indicators stand in several equal rows; each counts once (one fault a pair of sheets)."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, rows in case.resolution.repeated.items():
        names = sheets_of(rows)
        groups[names if len(names) > 1 else (*names, code)].append(code)
    for codes in groups.values():
        rows = case.resolution.repeated[codes[0]]
        listed = "、".join(codes[:MOST_SHOWN]) + ("等" if len(codes) > MOST_SHOWN else "")
        yield Fault(
            f"指标 {listed} 重复出现 {len(rows)} 行,内容相同,只算一次",
            expected="每个指标一行",
            remedy="请删除重复的行",
            indicator=codes[0],
            sheet=rows[1].record.sheet,
            row=rows[1].record.row,
        )


def total_rows(case: Structure) -> Iterator[Fault]:
    """合计行: a row of totals among the records; it is not counted."""
    for row in case.resolution.totals:
        words = next(w for w in (row.label, row.unit, row.code) if is_total_word(w))
        yield Fault(
            f"“{words}”行不是填报内容,没有计入",
            value=words,
            expected="只有指标行",
            remedy="请删除合计行;合计由汇总单位自动算",
            sheet=row.record.sheet,
            row=row.record.row,
        )


def unknown_rows(case: Structure) -> Iterator[Fault]:
    """多余行: a row's indicator is none that the unit reports on."""
    for row in case.resolution.unknown:
        if row.code or any(not blank(entry) for entry in row.record.entries()):
            yield Fault(
                f"{_unknown(case.plan, row.code)},这一行没有采用",
                value=row.code,
                expected="填报表下发时的指标编号",
                remedy="请核对指标编号;自己加的说明行请写在表的下方,不要填指标编号",
                sheet=row.record.sheet,
                row=row.record.row,
            )


def _unknown(plan: Plan, code: str) -> str:
    if not code:
        return "这一行没有指标编号"
    return f"指标编号“{code}”{'不由本单位填报' if code in plan.indicators else '不在方案里'}"


def foreign_rows(case: Structure) -> Iterator[Fault]:
    """别的单位: a row names another unit."""
    for row in case.resolution.foreign:
        yield Fault(
            f"这一行的单位“{row.unit}”不是“{case.resolution.unit.name}”,没有采用",
            value=row.unit,
            expected=case.resolution.unit.name,
            remedy="每份填报表只填本单位;单位改名的,请汇总单位在单位名录里加别名",
            indicator=row.code,
            field="unit",
            sheet=row.record.sheet,
            row=row.record.row,
        )


def merged(case: Structure) -> Iterator[Fault]:
    """合并单元格: a value lies under a merged cell, where nobody sees it; it is not taken."""
    for covered in case.resolution.covered:
        yield Fault(
            f"{ENTRY_LABELS[covered.field]}被合并单元格盖住了,下面的内容没有采用",
            value=text(covered.value),
            expected="不合并的单元格",
            remedy="请取消合并,核对后在各自的单元格里填写",
            indicator=covered.row.code,
            field=covered.field,
            sheet=covered.row.record.sheet,
            row=covered.row.record.row,
        )


def hidden(case: Structure) -> Iterator[Fault]:
    """隐藏的行列: entries stand in hidden or filtered rows or columns; they are taken (one fault a sheet)."""
    for sheet in case.submission.sheets.values():
        marks = [mark for mark in sheet.marks if mark.mark is Mark.HIDDEN]
        if marks:
            cells = [sheet.cell(mark.field, mark.row) for mark in marks]
            more = f" 等 {len(cells)} 处" if len(cells) > MOST_SHOWN else ""
            yield Fault(
                "隐藏(或筛选掉)的行、列里有填报内容,已照常采用",
                value=f"{'、'.join(cells[:MOST_SHOWN])}{more}",
                expected="全部显示",
                remedy="请取消隐藏和筛选,核对这些单元格",
                field=marks[0].field,
                sheet=sheet.name,
                row=marks[0].row,
            )


def _short(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.text}"[:40]


ROW_RULES: dict[str, Rule[Structure]] = {
    "missing-row": Rule(Severity.ERROR, "应填的指标都有一行", missing_rows),
    "duplicated-row": Rule(Severity.ERROR, "每个指标只有一行", duplicated_rows),
    "repeated-row": Rule(Severity.WARNING, "没有内容相同的重复行", repeated_rows),
    "unknown-row": Rule(Severity.ERROR, "没有方案以外的指标编号", unknown_rows),
    "foreign-row": Rule(Severity.ERROR, "没有别的单位的行", foreign_rows),
    "merged": Rule(Severity.ERROR, "合并单元格下面没有内容", merged),
    "total-row": Rule(Severity.WARNING, "没有合计、小计行", total_rows),
    "hidden": Rule(Severity.WARNING, "隐藏的行、列里没有内容", hidden),
}
