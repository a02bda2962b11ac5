"""The marks of entry cells: what an area sheet's cells hold beyond values, as far as it matters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from xl_fzzf.model.record import ENTRY_FIELDS, Cell, blank, text
from xl_fzzf.model.submission import Mark, Marked, Row, SheetContent, strike
from xl_fzzf.office.looks.look import Look, SheetLook, Span
from xl_fzzf.office.looks.number_formats import shown_otherwise
from xl_fzzf.office.references import column_letter, column_number

_LONGEST = 80


def build_marks(content: SheetContent, look: Look) -> tuple[Marked, ...]:
    """The marks of the entry cells in the rows of an area sheet."""
    fields = {
        column_number(content.letters[name]): name
        for name in ENTRY_FIELDS
        if name in content.letters
    }
    rows = {row.record.row: row for row in content.rows}
    marking = _Marking(fields, rows, look.sheet(content.name, frozenset(fields)))
    return tuple(sorted(set(marking.marks()), key=lambda mark: (mark.row, mark.field, mark.mark)))


@dataclass(slots=True)
class _Marking:
    fields: Mapping[int, str]
    rows: Mapping[int, Row]
    look: SheetLook

    def marks(self) -> Iterator[Marked]:
        yield from self.formulas()
        if self.look.hidden_rows or self.look.hidden_columns:
            yield from self.hidden()
        for span in self.look.merges:
            yield from self.merged(span)
        yield from self.disguised()
        yield from self.struck()

    def formulas(self) -> Iterator[Marked]:
        for (row, column), formula in self.look.formulas.items():
            if column in self.fields and row in self.rows:
                open_ = (row, column) in self.look.uncalculated
                mark = Mark.UNCALCULATED if open_ else Mark.FORMULA
                yield Marked(self.fields[column], row, mark, formula[:_LONGEST])

    def hidden(self) -> Iterator[Marked]:
        columns = self.look.hidden_columns & self.fields.keys()
        for row in self.rows:
            whole = row in self.look.hidden_rows
            for column in self.fields if whole else columns:
                if not blank(self.value(row, column)):
                    where = f"第 {row} 行" if whole else f"{column_letter(column)} 列"
                    yield Marked(self.fields[column], row, Mark.HIDDEN, where)

    def merged(self, span: Span) -> Iterator[Marked]:
        """Values under a merged cell: its first one is what programs show."""
        columns = [column for column in self.fields if span.left <= column <= span.right]
        for row, column in product(self.between(span), columns):
            if (row, column) != (span.top, span.left) and not blank(self.value(row, column)):
                yield Marked(self.fields[column], row, Mark.MERGED, str(span))

    def between(self, span: Span) -> Collection[int]:
        if span.bottom - span.top < len(self.rows):
            return [row for row in range(span.top, span.bottom + 1) if row in self.rows]
        return [row for row in self.rows if span.top <= row <= span.bottom]

    def disguised(self) -> Iterator[Marked]:
        for (row, column), code in self.look.formats.items():
            if (row, column) in self.look.formulas and "%" in code:
                continue  # a formula is a mark already
            known = row in self.rows and column in self.fields
            if known and (shown := shown_otherwise(code, self.value(row, column))):
                yield Marked(self.fields[column], row, Mark.DISGUISED, shown)

    def struck(self) -> Iterator[Marked]:
        for (row, column), words in self.look.struck.items():
            if row in self.rows and column in self.fields:
                value = self.value(row, column)
                if not blank(value):
                    yield Marked(
                        self.fields[column], row, Mark.STRUCK, words or strike(text(value))
                    )

    def value(self, row: int, column: int) -> Cell:
        value: Cell = getattr(self.rows[row].record, self.fields[column])
        return value
