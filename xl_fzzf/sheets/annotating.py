"""Annotate a return: what a check found, in 校验提示, in 校验结果 and in notes beside the cells.

校验提示 stays alive: beside the swatches of the hidden stamp sheet a copy keeps what was found and the
entries that it was found in; as long as a row's entries are those, its hint is what was found, and
afterwards its own formula speaks again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import SEVERITY_ORDER, Finding, Severity
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, ErrorCell, fit, grouped
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.office.book import SWATCH_COLUMN, SWATCH_SHEET, Formula, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter, column_number, reference
from xl_fzzf.sheets.area import read_area, write_entries
from xl_fzzf.sheets.hints import hint, hint_formula
from xl_fzzf.sheets.lists import finding_lines, write_list
from xl_fzzf.sheets.readiness import Part, Told, write_readiness
from xl_fzzf.sheets.spec import BANNER, FINDINGS, LISTS

_Places = Mapping[str, tuple[SheetContent, int]]
"""Sheet and row by indicator code."""

_KEPT = SWATCH_COLUMN + 3
"""The column of the stamp sheet, from 1, with what was found; the entries stand to its right."""


def annotate_return(
    book: FileBook, assessments: Sequence[Assessment], findings: Sequence[Finding], own: bool
) -> None:
    """Write findings into a return, which then opens on 校验结果.

    In the `own` file of a unit the notes stand at their very cells. What is for the coordinator only
    stays out of it.
    """
    findings = [replace(finding, aside="") for finding in findings]
    places = dict(_find_places(book))
    told = _write_hints(book, assessments, findings, places)
    write_readiness(book, [_part(book, sheet, rows) for sheet, rows in told.items()], fresh=False)
    book.add_comments(_notes(findings, places, own))
    if FINDINGS in book.sheet_names:
        lines = finding_lines(findings, lambda finding: _locate(finding, places))
        write_list(book, FINDINGS, lines)
        book.write(FINDINGS, *BANNER, [[_banner(findings)]])
        book.open_on(FINDINGS)


def can_be_annotated(book: FileBook) -> bool:
    """Whether a unit's own file still has the sheet in which the annotations are kept."""
    return SWATCH_SHEET in book.sheet_names


def _find_places(book: FileBook) -> Iterator[tuple[str, tuple[SheetContent, int]]]:
    for sheet in book.sheet_names:
        content = read_area(sheet, book.read(sheet)) if sheet not in LISTS else None
        if content is not None and not content.missing:
            yield from ((row.code, (content, row.record.row)) for row in content.rows)


def _locate(finding: Finding, places: _Places) -> tuple[str, str]:
    """Sheet and cell of what a finding is about; empty where its record does not stand."""
    if finding.indicator not in places:
        return "", ""
    content, row = places[finding.indicator]
    return content.name, content.cell(finding.field or "code", row)


def _write_hints(
    book: FileBook, assessments: Sequence[Assessment], findings: Sequence[Finding], places: _Places
) -> dict[str, list[Told]]:
    """Write 校验提示 beside every record, and what it depends on into the stamp sheet.

    Returns what the rows of each sheet now say.
    """
    told: dict[str, list[Told]] = defaultdict(list)
    groups = grouped(findings, lambda finding: finding.indicator)
    kept: list[list[Value]] = []
    for assessment in assessments:
        indicator = assessment.indicator
        if indicator.code not in places:
            continue
        content, row = places[indicator.code]
        cells = {field: f"{letter}{row}" for field, letter in content.letters.items()}
        live = hint_formula(indicator, cells)
        shown = Formula(live, hint(assessment.record, indicator, assessment.status))
        if own := groups.get(indicator.code):
            found = fit(_words(own))
            entries = _entries_of(book, content, row, indicator.kind.computed, own)
            values = (entries.get(field) for field in ENTRY_FIELDS)
            kept.append([found, *(None if isinstance(v, ErrorCell) else fit(v) for v in values)])
            shown = Formula(_until_changed(len(kept), entries, cells, live), str(found))
        write_entries(book, content, row, {"hint": shown})
        told[content.name].append(Told(str(shown.cached), assessment.status))
    if kept:
        book.write(SWATCH_SHEET, 1, _KEPT, kept)
    return told


def _words(findings: Sequence[Finding]) -> str:
    """What a row's findings say; where none is an error, the first words tell how much they weigh."""
    words = "；".join(dict.fromkeys(f"{f.message}。{f.remedy}" for f in findings))
    worst = min((finding.severity for finding in findings), key=lambda s: SEVERITY_ORDER[s])
    return words if worst is Severity.ERROR else f"{worst.label}：{words}"


def _part(book: FileBook, sheet: str, told: Sequence[Told]) -> Part:
    content = read_area(sheet, book.read(sheet))
    assert content
    rows = [row.record.row for row in content.rows]
    cells = {name: f"${content.letters[name]}$" for name in ("hint", "status")}
    hints, statuses = (f"{cell}{min(rows)}:{cell}{max(rows)}" for cell in cells.values())
    return Part(sheet, hints, statuses, told)


def _entries_of(
    book: FileBook, content: SheetContent, row: int, computed: Sequence[str], own: Sequence[Finding]
) -> dict[str, Cell]:
    """A row's entries as they stand; a computed one only where it was found to be typed over."""
    line, typed_over = book.read(content.name)[row - 1], {finding.field for finding in own}
    places = {field: column_number(content.letters[field]) - 1 for field in ENTRY_FIELDS}
    return {
        field: line[place] if place < len(line) else None
        for field, place in places.items()
        if field not in computed or field in typed_over
    }


def _until_changed(
    row: int, entries: Mapping[str, Cell], cells: Mapping[str, str], live: str
) -> str:
    """What was found, from that row of the stamp sheet, while the entries are as they were; else `live`."""

    def kept(place: int) -> str:
        return reference(SWATCH_SHEET, f"${column_letter(_KEPT + place)}${row}")

    same = (
        f"ISERROR({cells[field]})"
        if isinstance(entries[field], ErrorCell)
        else f"EXACT({cells[field]},{kept(place)})"
        for place, field in enumerate(ENTRY_FIELDS, 1)
        if field in entries
    )
    return f"IF(IFERROR(AND({','.join(same)}),FALSE),{kept(0)},{live})"


def _banner(findings: Sequence[Finding]) -> str:
    """How much was found, and what to do about it."""
    counts = Counter(finding.severity for finding in findings)
    if not counts[Severity.ERROR] and not counts[Severity.WARNING]:
        return "没有要改的。"
    return (
        f"错误 {counts[Severity.ERROR]} 处，提醒 {counts[Severity.WARNING]} 处。请就在这个文件里改："
        "点“定位”跳到那一格，“校验提示”空了就是改好了；保存后把这个文件发回汇总单位。"
    )


def _notes(findings: Sequence[Finding], places: _Places, own: bool) -> dict[str, dict[str, str]]:
    """What to write beside cells, by sheet: in the unit's own file at the very cell, else at the row."""
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in findings:
        at = (finding.sheet, finding.cell) if own else _locate(finding, places)
        before = notes[at[0]].get(at[1])
        notes[at[0]][at[1]] = f"{before}\n{finding.note}" if before else finding.note
    return notes
