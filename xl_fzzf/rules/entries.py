"""Rules on how a unit typed its entries: texts that were read by the grammar, cells that carry a mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.normalising import Normalised, excused, normalise
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_LABELS, TEXT_FIELDS, Cell, ErrorCell, blank, number, text
from xl_fzzf.model.structure import Structure
from xl_fzzf.model.submission import Mark, Marked, SheetContent
from xl_fzzf.model.target import format_number
from xl_fzzf.rules.rule import Fault, Rules

_BESIDE = (*TEXT_FIELDS, "deadline")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Entered:
    """A record as it was typed in a file: what its texts were read as, and its cells' marks."""

    indicator: Indicator
    normalised: Normalised
    marks: tuple[Marked, ...] = ()

    def marked(self, mark: Mark) -> Iterator[Marked]:
        """The cells with a mark that the unit fills in; a rate's 完成值 is the tool's own formula."""
        fields = (*self.indicator.kind.answers, *_BESIDE)
        return (marked for marked in self.marks if marked.mark is mark and marked.field in fields)

    def value(self, field: str) -> Cell:
        """The value that was taken."""
        cell: Cell = getattr(self.normalised.record, field)
        return cell


def enter(structure: Structure, period_end: date) -> Iterator[Entered]:
    """A return's records as values, beside how they were typed; what is struck through is none."""
    marks = marks_by_place(structure.submission.sheets)
    for record in structure.resolution.records.values():
        indicator = structure.plan.indicators[record.indicator]
        own = tuple(marks[record.sheet, record.row])
        struck: dict[str, Any] = {
            mark.field: mark.detail
            for mark in own
            if mark.mark is Mark.STRUCK and mark.field not in indicator.kind.computed
        }
        typed = replace(record, **struck) if struck else record
        if structure.submission.excuse and record.sheet:
            typed = excused(typed, indicator, structure.submission.excuse)
        yield Entered(indicator, normalise(typed, indicator, period_end), own)


def marks_by_place(
    sheets: Mapping[str, SheetContent],
) -> defaultdict[tuple[str, int], list[Marked]]:
    """The marked cells by sheet and row."""
    places: defaultdict[tuple[str, int], list[Marked]] = defaultdict(list)
    for sheet in sheets.values():
        for marked in sheet.marks:
            places[sheet.name, marked.row].append(marked)
    return places


ENTRY_RULES: Rules[Entered] = Rules()


@ENTRY_RULES("uncalculated", Severity.ERROR, "公式都有计算结果")
def uncalculated(case: Entered) -> Iterator[Fault]:
    """未计算: a formula has no result in the file, so nothing was read."""
    for marked in case.marked(Mark.UNCALCULATED):
        yield Fault(
            f"{ENTRY_LABELS[marked.field]}是公式，但文件里没有计算结果",
            value=marked.detail,
            expected="直接填写的内容",
            remedy="请用 Excel 或 WPS 打开，看清结果后直接填写，保存再报送",
            field=marked.field,
        )


@ENTRY_RULES("formula-value", Severity.WARNING, "数字、选项、日期直接填写，不用公式")
def formula_value(case: Entered) -> Iterator[Fault]:
    """公式: a number, a choice or a date is the last result of a formula."""
    for marked in case.marked(Mark.FORMULA):
        value = case.value(marked.field)
        if blank(value) or isinstance(value, ErrorCell):
            continue
        if marked.field in (*case.indicator.kind.values, "deadline"):
            yield Fault(
                f"{ENTRY_LABELS[marked.field]}是公式，采用了文件里存的结果 {_shown(value)}",
                value=marked.detail or _shown(value),
                expected="直接填写的内容",
                remedy="请核对结果是否正确，并改为直接填写",
                field=marked.field,
            )


@ENTRY_RULES("struck", Severity.ERROR, "没有划掉（加删除线）的内容")
def struck(case: Entered) -> Iterator[Fault]:
    """删除线: a cell's text is struck through, wholly or in part; whether it is meant can't be known."""
    for marked in case.marked(Mark.STRUCK):
        used = "没有采用" if marked.field not in TEXT_FIELDS else "已照样注明"
        yield Fault(
            f"{ENTRY_LABELS[marked.field]}有加了删除线的内容，分不清是不是要删去，{used}",
            value=marked.detail,
            expected="没有删除线的内容",
            remedy="请把不要的内容删去，保留的取消删除线，再报送",
            field=marked.field,
        )


@ENTRY_RULES("disguised", Severity.WARNING, "屏幕上显示的就是单元格里的值")
def disguised(case: Entered) -> Iterator[Fault]:
    """显示不符: a cell's number format shows something else than its value."""
    for marked in case.marked(Mark.DISGUISED):
        value = _shown(case.value(marked.field))
        yield Fault(
            f"{ENTRY_LABELS[marked.field]}的实际值是 {value}，屏幕上显示的不是这样",
            value=marked.detail or value,
            expected=value,
            remedy="以实际值为准；请核对，并把单元格格式改为常规",
            field=marked.field,
        )


@ENTRY_RULES("normalised", Severity.INFO, "数字、日期、选项按规范写法填写")
def normalised(case: Entered) -> Iterator[Fault]:
    """写法: a text was read as a value; the text is kept beside it."""
    for field, typed in case.normalised.typed.items():
        taken, steps = case.value(field), "、".join(case.normalised.steps[field])
        label, shown = ENTRY_LABELS[field], f"“{_shown(typed)}”"
        yield Fault(
            f"{label}按空白处理，里面只有看不见的字符"
            if taken is None
            else f"{label}{shown}认作 {_shown(taken)}（{steps}）",
            value=typed if isinstance(typed, str) else text(typed),
            expected=_shown(taken) or "空白",
            remedy="如果认得不对，请改正后重新报送",
            field=field,
        )


def _shown(cell: Cell) -> str:
    figure = number(cell)
    return text(cell)[:_SHOWN] if figure is None else format_number(figure)
