"""How a return as a whole is spoilt: its rows, its sheets, the file; and what is done to it that is no fault."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

from tests.judge.seeding import Return, Seed, Sheet

Damage = Callable[[Return], Seed]
DAMAGES: dict[str, Damage] = {}
"""By kind; each spoils a return that is filled in, and saves it."""


def damage(kind: str) -> Callable[[Damage], Damage]:
    def add(spoil: Damage) -> Damage:
        DAMAGES[kind] = spoil
        return spoil

    return add


def _rows(form: Return, least: int = 2) -> tuple[Sheet, list[str]]:
    """A sheet with some rows, and their codes in a mixed order."""
    sheet = max(form.sheets, key=lambda each: len(each.rows))
    codes = list(sheet.rows)
    assert len(codes) >= least
    form.chance.shuffle(codes)
    return sheet, codes


def _seed(
    form: Return, *rules: str, sheet: Sheet | None = None, cells: tuple[str, ...] = ()
) -> Seed:
    form.save()
    title = sheet.sheet.title if sheet else ""
    return Seed("", form.path.name, (), rules, frozenset((title, c) for c in cells), title)


@damage("two rows' codes exchanged")
def _swapped(form: Return) -> Seed:
    sheet, (one, other, *_) = _rows(form)
    sheet.put(one, "code", other)
    sheet.put(other, "code", one)
    return _seed(
        form, "misplaced-row", cells=(sheet.at(one, "code"), sheet.at(other, "code")), sheet=sheet
    )


@damage("two rows' words exchanged")
def _words(form: Return) -> Seed:
    sheet, (one, other, *_) = _rows(form)
    first, second = (sheet.cell(code, "text").value for code in (one, other))
    sheet.put(one, "text", second)
    sheet.put(other, "text", first)
    return _seed(
        form, "misplaced-row", cells=(sheet.at(one, "code"), sheet.at(other, "code")), sheet=sheet
    )


@damage("words of an indicator changed")
def _altered(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    cell = sheet.put(code, "text", "开展工作的情况")
    return _seed(form, "altered-row", sheet=sheet, cells=(cell,))


@damage("a code mistyped")
def _mistyped(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    return _seed(form, "unknown-row", sheet=sheet, cells=(sheet.put(code, "code", "9.99"),))


@damage("a code cleared")
def _uncoded(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    return _seed(form, "unknown-row", sheet=sheet, cells=(sheet.put(code, "code", None),))


@damage("another unit in a row")
def _foreign(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    other = next(unit for unit in form.plan.units if unit is not form.unit)
    return _seed(form, "foreign-row", sheet=sheet, cells=(sheet.put(code, "unit", other.name),))


@damage("a row deleted")
def _deleted(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    for cell in sheet.sheet[sheet.rows[code]]:
        cell.value = None
    return _seed(form, "missing-row", sheet=sheet)


def _copy_row(sheet: Sheet, code: str, change: Any = None) -> str:
    for name, column in sheet.columns.items():
        sheet.sheet.cell(sheet.below, column).value = copy(sheet.cell(code, name).value)
    if change is not None:
        sheet.sheet.cell(sheet.below, sheet.columns["narrative"]).value = change
    return sheet.at(code, "code").rstrip("0123456789") + str(sheet.below)


@damage("a row twice, different")
def _twice(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    cell = _copy_row(sheet, code, "另外一种说法，与上面的一行不同")
    return _seed(form, "duplicated-row", sheet=sheet, cells=(cell,))


@damage("a row twice, equal")
def _equal(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    return _seed(form, "repeated-row", sheet=sheet, cells=(_copy_row(sheet, code),))


@damage("a row of totals")
def _total(form: Return) -> Seed:
    sheet, _ = _rows(form)
    sheet.sheet.cell(sheet.below, sheet.columns["text"]).value = "合计"
    sheet.sheet.cell(sheet.below, sheet.columns["value"]).value = 99
    return _seed(form, "total-row", sheet=sheet)


@damage("two cells merged")
def _merged(form: Return) -> Seed:
    sheet, _ = _rows(form)
    one, other = sorted(sheet.rows.values())[:2]
    column = sheet.columns["narrative"]
    letter = sheet.at(next(iter(sheet.rows)), "narrative").rstrip("0123456789")
    sheet.sheet.merge_cells(start_row=one, end_row=other, start_column=column, end_column=column)
    sheet.sheet._cells[other, column] = sheet.sheet._cells.pop((other, column))
    text = "合并以后盖住的这一格，里面还有原来填的文字"
    sheet.sheet._cells[other, column] = type(sheet.sheet.cell(one, column))(
        sheet.sheet, row=other, column=column, value=text
    )
    return _seed(form, "merged", sheet=sheet, cells=(f"{letter}{other}",))


@damage("a row hidden")
def _hidden(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    sheet.sheet.row_dimensions[sheet.rows[code]].hidden = True
    return _seed(form, "hidden", sheet=sheet)


@damage("a sheet deleted")
def _no_sheet(form: Return) -> Seed:
    sheet, _ = _rows(form)
    form.book.remove(sheet.sheet)
    return _seed(form, "sheets", sheet=sheet)


@damage("a sheet renamed")
def _renamed(form: Return) -> Seed:
    sheet, _ = _rows(form)
    sheet.sheet.title = "第一部分"
    return _seed(form, "renamed-sheet", sheet=sheet)


@damage("a sheet twice, different")
def _copied(form: Return) -> Seed:
    sheet, (code, *_) = _rows(form)
    form.book.copy_worksheet(sheet.sheet)
    sheet.put(code, "narrative", "复制以后又改了的一种说法，与原来的不同")
    return _seed(form, "two-sheets", "repeated-row")


@damage("a sheet of one's own")
def _extra(form: Return) -> Seed:
    form.book.create_sheet("附表")["A1"] = "明细"
    return _seed(form, "extra-sheets")


@damage("a sheet hidden")
def _hidden_sheet(form: Return) -> Seed:
    sheet, _ = _rows(form)
    sheet.sheet.sheet_state = "hidden"
    return _seed(form, "hidden-sheets")


def _header(name: str, becomes: str | None) -> Damage:
    def spoil(form: Return) -> Seed:
        sheet, _ = _rows(form)
        sheet.sheet.cell(sheet.header, sheet.columns[name]).value = becomes
        return _seed(form, "headers", sheet=sheet)

    return spoil


for _name, _becomes in (
    ("code", "编号和名称"),
    ("unit", "填报的部门"),
    ("value", None),
    ("narrative", "其他"),
    ("evidence", None),
    ("deadline", "时间"),
    ("numerator", "甲"),
):
    DAMAGES[f"header of {_name} {'cleared' if _becomes is None else 'renamed'}"] = _header(_name, _becomes)  # fmt: skip


@damage("a header twice")
def _two_headers(form: Return) -> Seed:
    sheet, _ = _rows(form)
    column = max(sheet.columns.values()) + 1
    sheet.sheet.cell(sheet.header, column).value = "完成情况"
    return _seed(form, "headers", sheet=sheet)


def _stamped(key: str, value: str, rule: str) -> Damage:
    def spoil(form: Return) -> Seed:
        for row in form.book["_fzzf"].iter_rows():
            if row[0].value == key:
                row[1].value = value
        return _seed(form, rule)

    return spoil


for _key, _value in {
    "period": "2018",
    "plan": "别的方案",
    "version": "0",
    "unit": "没有的局",
}.items():
    DAMAGES[f"stamp says another {_key}"] = _stamped(_key, _value, _key)
DAMAGES["stamp says no kind"] = _stamped("kind", "", "ours")


@damage("nothing filled in")
def _empty(form: Return) -> Seed:
    for sheet in form.sheets:
        for code in sheet.rows:
            for name in ("numerator", "denominator", "value", "narrative", "evidence"):
                sheet.put(code, name, None)
    return _seed(form, "empty")


@damage("cut off")
def _cut(form: Return) -> Seed:
    seed = _seed(form, "readable")
    form.path.write_bytes(form.path.read_bytes()[:20_000])
    return seed


@damage("a text called a workbook")
def _no_book(form: Return) -> Seed:
    form.path.write_text("单位,指标编号,完成值\n")
    return Seed("", form.path.name, (), ("readable",))


@damage("a comment")
def _comment(form: Return) -> Seed:
    from openpyxl.comments import Comment

    sheet, (code, *_) = _rows(form)
    sheet.cell(code, "narrative").comment = Comment("请领导审阅", "填表人")
    return _seed(form, "comments")


@damage("named after another unit")
def _named(form: Return) -> Seed:
    form.save()
    other = next(
        unit for unit in reversed(form.plan.units) if not form.path.with_stem(unit.name).exists()
    )
    path = form.path.rename(form.path.with_stem(f"{other.name}（填报）"))
    return Seed("", path.name, (), ("name",))


@damage("a copy under another unit's name")
def _misnamed_copy(form: Return) -> Seed:
    form.save()
    other = next(
        unit for unit in reversed(form.plan.units) if not form.path.with_stem(unit.name).exists()
    )
    path = Path(shutil.copy2(form.path, form.path.with_stem(f"{other.name}（抄）")))
    return Seed("", path.name, (), ("name",))


@damage("two different files")
def _two_files(form: Return) -> Seed:
    form.save()
    again = form.path.with_stem(f"{form.path.stem}（终稿）")
    sheet, (code, *_) = _rows(form)
    sheet.put(code, "narrative", "终稿里改过的一种说法，以这一份为准")
    form.book.save(again)
    os.utime(form.path, (1_575_000_000, 1_575_000_000))
    return Seed("", again.name, (), ("two-files",))


@damage("no fault: named after whom it goes to")
def _recipient(form: Return) -> Seed:
    form.save()
    path = form.path.rename(form.path.with_stem(f"报区司法局 {form.chance.randint(1, 99)}"))
    return Seed("", path.name)


@damage("no fault: a note in the column of codes")
def _note(form: Return) -> Seed:
    sheet, _ = _rows(form)
    sheet.sheet.cell(
        sheet.below, sheet.columns["code"]
    ).value = "注：数据截至12月31日，由办公室汇总"
    return _seed(form)


@damage("no fault: sorted upside down")
def _sorted(form: Return) -> Seed:
    sheet, _ = _rows(form)
    rows = sorted(sheet.rows.values())
    lines = {r: [c.value for c in sheet.sheet[r]] for r in rows}
    for row, other in zip(rows, reversed(rows), strict=True):
        for cell, value in zip(sheet.sheet[row], lines[other], strict=True):
            cell.value = None if str(value).startswith("=") else value
    return _seed(form)


@damage("no fault: columns and rows of one's own")
def _own_columns(form: Return) -> Seed:
    sheet, _ = _rows(form)
    sheet.sheet.cell(sheet.header, max(sheet.columns.values()) + 4).value = "我们的备注"
    sheet.sheet.cell(sheet.below, sheet.columns["text"]).value = "以上情况属实"
    return _seed(form)
