"""Rules on a return's sheets, headers and rows, and the account of what was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Plan, fold
from xl_fzzf.model.record import ENTRY_LABELS, blank, grouped, text
from xl_fzzf.model.resolution import is_total_word, mistaken_for
from xl_fzzf.model.structure import Structure, sheets_of
from xl_fzzf.model.submission import Mark
from xl_fzzf.rules.rule import Fault, Rules

_RESTORE = "请用下发的填报表重新填报，或从中复制回来"
_SHOWN = 20
_MOST_SHOWN = 8
"""So many cells or codes are named in one finding."""


STRUCTURE_RULES: Rules[Structure] = Rules()


@STRUCTURE_RULES("accounting", Severity.ERROR, "读到的每一项填报内容都有去向", fixed=True)
def accounting(case: Structure) -> Iterator[Fault]:
    """对账: the entries read are not those recorded, named by a finding, or ignored; the program's fault."""
    account = case.resolution.account
    if not account.balanced:
        found = f"采用 {account.recorded}、有问题 {account.found}、不计 {account.ignored}"
        yield Fault(
            f"对账不平：读到 {account.read} 项填报内容，去向却是{found}；为免漏项，整份文件没有采用",
            value=f"{account.read} ≠ {account.recorded + account.found + account.ignored}",
            expected="读到的每一项都有去向",
            remedy="这是程序的问题，请把这份文件交给技术人员；急用时请重新下载填报表填写",
        )


@STRUCTURE_RULES("sheets", Severity.ERROR, "应有的工作表都在")
def sheets(case: Structure) -> Iterator[Fault]:
    """工作表: a sheet with records is missing, unreadable, or lies on its side."""
    for name in case.absent:
        turned = name in case.submission.sheets
        yield Fault(
            f"工作表“{name}”行列颠倒了，没有读" if turned else f"缺少工作表“{name}”",
            value="转置的表" if turned else "、".join(case.submission.sheets) or "没有领域表",
            expected=name,
            remedy=f"{'请把表转回来' if turned else '工作表不能删除'}。{_RESTORE}",
            sheet=name,
        )


@STRUCTURE_RULES("two-sheets", Severity.ERROR, "没有两张内容不同的同一领域表")
def two_sheets(case: Structure) -> Iterator[Fault]:
    """两张工作表: two sheets hold the same indicators with different entries; neither is taken."""
    for names, codes in case.twice.items():
        yield Fault(
            f"工作表“{'”和“'.join(names)}”都有指标 {_listed(codes)} 的内容，而且不同，无法判断用哪一张",
            value="、".join(names),
            expected="每个领域一张工作表",
            remedy="请只保留正确的一张",
            sheet=names[-1],
        )


@STRUCTURE_RULES("renamed-sheet", Severity.WARNING, "工作表没有改名")
def renamed_sheets(case: Structure) -> Iterator[Fault]:
    """改名的工作表: a sheet's records stand under another name; they are taken."""
    taken = {name for names in case.twice for name in names}
    for name, home in case.homes.items():
        if home not in case.submission.sheets and name not in taken:
            yield Fault(
                f"工作表“{home}”改名成了“{name}”，按指标编号照常读取",
                value=name,
                expected=home,
                remedy="请把工作表名改回来",
                sheet=name,
            )


@STRUCTURE_RULES("headers", Severity.ERROR, "应有的列都在，没有重复")
def headers(case: Structure) -> Iterator[Fault]:
    """表头: a column's header is missing or stands twice."""
    for sheet in case.submission.sheets.values():
        for what, headers in (("缺少", sheet.missing), ("重复出现", sheet.duplicated)):
            if headers:
                names = "、".join(headers)
                yield Fault(
                    f"{what}列“{names}”",
                    value=what,
                    expected=f"表头“{names}”出现一次",
                    remedy="请恢复表头文字；多余的列请删除或改名",
                    sheet=sheet.name,
                )


@STRUCTURE_RULES("missing-row", Severity.ERROR, "应填的指标都有一行")
def missing_rows(case: Structure) -> Iterator[Fault]:
    """缺行: a record's row was deleted (sheets that are missing altogether are one fault, not many)."""
    for indicator in case.lost:
        sheet, shown = case.sheets[indicator.code], indicator.code in case.elsewhere
        if not shown and sheet not in case.absent and sheet not in case.uncoded:
            yield Fault(
                f"缺少指标 {indicator.code} 这一行",
                expected=f"{indicator.code} {indicator.text}"[:40],
                remedy=f"行不能删除。{_RESTORE}",
                sheet=sheet,
                indicator=indicator.code,
            )


@STRUCTURE_RULES("duplicated-row", Severity.ERROR, "每个指标只有一行")
def duplicated_rows(case: Structure) -> Iterator[Fault]:
    """重复行: one indicator stands in several rows that differ; none of them is taken."""
    for code, rows in case.resolution.duplicated.items():
        if len(sheets_of(rows)) > 1:
            continue
        numbers = _listed([str(row.record.row) for row in rows])
        yield Fault(
            f"指标 {code} 有 {len(rows)} 行（第 {numbers} 行），内容不同，无法判断用哪一行",
            value=f"第 {numbers} 行",
            expected="每个指标一行",
            remedy="请只保留正确的一行",
            indicator=code,
            sheet=rows[1].record.sheet,
            row=rows[1].record.row,
        )


@STRUCTURE_RULES("repeated-row", Severity.WARNING, "没有内容相同的重复行")
def repeated_rows(case: Structure) -> Iterator[Fault]:
    """相同的行: indicators stand in several equal rows; each counts once (one fault a pair of sheets)."""
    repeated = case.resolution.repeated

    def place(code: str) -> tuple[str, ...]:
        names = sheets_of(repeated[code])
        return names if len(names) > 1 else (*names, code)

    for codes in grouped(repeated, place).values():
        rows = repeated[codes[0]]
        if sheets_of(rows) in case.twice:
            continue
        yield Fault(
            f"指标 {_listed(codes)} 重复出现 {len(rows)} 行，内容相同，只算一次",
            expected="每个指标一行",
            remedy="请删除重复的行",
            indicator=codes[0],
            sheet=rows[1].record.sheet,
            row=rows[1].record.row,
        )


@STRUCTURE_RULES("unknown-row", Severity.ERROR, "没有方案以外的指标编号")
def unknown_rows(case: Structure) -> Iterator[Fault]:
    """多余行: a row's indicator is none that the unit reports on."""
    dropped = case.dropped
    for row in case.resolution.unknown:
        if row.record.sheet in case.uncoded or row in dropped:
            continue
        if row.code or any(not blank(entry) for entry in row.record.entries()):
            yield Fault(
                f"{_unknown(case.plan, row.code)}，这一行没有采用",
                value=row.code,
                expected="填报表下发时的指标编号",
                remedy="请核对指标编号；自己加的说明行请写在表的下方，不要填指标编号",
                sheet=row.record.sheet,
                row=row.record.row,
            )


@STRUCTURE_RULES("misplaced-row", Severity.ERROR, "指标编号与同一行的指标对得上")
def misplaced_rows(case: Structure) -> Iterator[Fault]:
    """编号错位: a row's code is one indicator's, its words are another's; it is not taken."""
    for row in case.resolution.misplaced:
        other = mistaken_for(row, case.plan)
        if other:
            yield Fault(
                f"指标编号是 {row.code}，同一行的指标却是 {other.code} 的（“{other.text[:_SHOWN]}”），"
                "分不清填的是哪一个，这一行没有采用",
                value=row.label,
                expected=case.plan.indicators[row.code].text,
                remedy="请核对这一行填的是哪个指标，把指标编号和指标改回下发时的样子",
                indicator=row.code,
                field="code",
                sheet=row.record.sheet,
                row=row.record.row,
            )


@STRUCTURE_RULES("altered-row", Severity.WARNING, "指标的文字没有改过")
def altered_rows(case: Structure) -> Iterator[Fault]:
    """指标改字: the words of a row's indicator are not the plan's, nor another indicator's."""
    for row in case.own_rows:
        words = case.plan.indicators[row.code].text
        if row.label and fold(row.label) != fold(words) and not mistaken_for(row, case.plan):
            yield Fault(
                "指标的文字与方案不同，填的内容已按指标编号采用",
                value=row.label,
                expected=words,
                remedy="请核对填的是不是这个指标；文字请改回下发时的样子",
                indicator=row.code,
                field="text",
                sheet=row.record.sheet,
                row=row.record.row,
            )


@STRUCTURE_RULES("foreign-row", Severity.ERROR, "没有别的单位的行")
def foreign_rows(case: Structure) -> Iterator[Fault]:
    """别的单位: a row names another unit."""
    for row in case.resolution.foreign:
        yield Fault(
            f"这一行的单位“{row.unit}”不是“{case.resolution.unit.name}”，没有采用",
            value=row.unit,
            expected=case.resolution.unit.name,
            remedy="每份填报表只填本单位；单位改名的，请汇总单位在单位名录里加别名",
            indicator=row.code,
            field="unit",
            sheet=row.record.sheet,
            row=row.record.row,
        )


def _unknown(plan: Plan, code: str) -> str:
    if not code:
        return "这一行没有指标编号"
    return f"指标编号“{code}”{'不由本单位填报' if code in plan.indicators else '不在方案里'}"


@STRUCTURE_RULES("merged", Severity.ERROR, "合并单元格下面没有内容")
def merged(case: Structure) -> Iterator[Fault]:
    """合并单元格: a value lies under a merged cell, where nobody sees it; it is not taken."""
    for covered in case.resolution.covered:
        yield Fault(
            f"{ENTRY_LABELS[covered.field]}被合并单元格盖住了，下面的内容没有采用",
            value=text(covered.value),
            expected="不合并的单元格",
            remedy="请取消合并，核对后在各自的单元格里填写",
            indicator=covered.row.code,
            field=covered.field,
            sheet=covered.row.record.sheet,
            row=covered.row.record.row,
        )


@STRUCTURE_RULES("total-row", Severity.WARNING, "没有合计、小计行")
def total_rows(case: Structure) -> Iterator[Fault]:
    """合计行: a row of totals among the records; it is not counted."""
    for row in case.resolution.totals:
        words = next(w for w in (row.label, row.unit, row.code) if is_total_word(w))
        yield Fault(
            f"“{words}”行不是填报内容，没有计入",
            value=words,
            expected="只有指标行",
            remedy="请删除合计行；合计由汇总单位自动算",
            sheet=row.record.sheet,
            row=row.record.row,
        )


@STRUCTURE_RULES("hidden", Severity.WARNING, "隐藏的行、列里没有内容")
def hidden(case: Structure) -> Iterator[Fault]:
    """隐藏的行列: entries stand in hidden or filtered rows or columns; they are taken (one fault a sheet)."""
    for sheet in case.submission.sheets.values():
        marks = [mark for mark in sheet.marks if mark.mark is Mark.HIDDEN]
        if marks:
            cells = [sheet.cell(mark.field, mark.row) for mark in marks]
            more = f" 等 {len(cells)} 处" if len(cells) > _MOST_SHOWN else ""
            yield Fault(
                "隐藏（或筛选掉）的行、列里有填报内容，已照常采用",
                value=f"{'、'.join(cells[:_MOST_SHOWN])}{more}",
                expected="全部显示",
                remedy="请取消隐藏和筛选，核对这些单元格",
                field=marks[0].field,
                sheet=sheet.name,
                row=marks[0].row,
            )


def _listed(codes: Sequence[str]) -> str:
    return "、".join(codes[:_MOST_SHOWN]) + ("等" if len(codes) > _MOST_SHOWN else "")
