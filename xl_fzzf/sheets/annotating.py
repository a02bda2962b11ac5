"""Annotate a return: what a check found, in 校验提示, in 校验结果 and in notes beside the cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from xl_fzzf.model.finding import Finding
from xl_fzzf.model.record import fit
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.area import read_area, write_entries
from xl_fzzf.sheets.lists import finding_lines, write_list
from xl_fzzf.sheets.spec import FINDINGS, LISTS

_Places = dict[str, tuple[SheetContent, int]]
"""Sheet and row by indicator code."""


def annotate_return(book: FileBook, findings: Sequence[Finding], own: bool) -> None:
    """Write findings into a return; in the `own` file of a unit the notes stand at their very cells.

    What is for the coordinator only stays out of it.
    """
    findings = [replace(finding, aside="") for finding in findings]
    places = _write_hints(book, findings)
    if FINDINGS in book.sheet_names:
        lines = finding_lines(findings, lambda finding: _locate(finding, places))
        write_list(book, FINDINGS, lines)
    book.add_comments(_notes(findings, places, own))


def _write_hints(book: FileBook, findings: Sequence[Finding]) -> _Places:
    """Write 校验提示 beside every record; returns where the records stand."""
    messages: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        messages[finding.indicator].append(f"{finding.message}。{finding.remedy}")
    places: _Places = {}
    for sheet in book.sheet_names:
        content = read_area(sheet, book.read(sheet)) if sheet not in LISTS else None
        if content is None or "hint" not in content.letters:
            continue
        for row in content.rows:
            hint = "；".join(dict.fromkeys(messages.get(row.code, [])))
            write_entries(book, content, row.record.row, {"hint": fit(hint)})
            places[row.code] = (content, row.record.row)
    return places


def _locate(finding: Finding, places: _Places) -> tuple[str, str]:
    """Sheet and cell of what a finding is about; empty where its record does not stand."""
    if finding.indicator not in places:
        return "", ""
    content, row = places[finding.indicator]
    return content.name, content.cell(finding.field or "code", row)


def _notes(findings: Sequence[Finding], places: _Places, own: bool) -> dict[str, dict[str, str]]:
    """What to write beside cells, by sheet: in the unit's own file at the very cell, else at the row."""
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in findings:
        at = (finding.sheet, finding.cell) if own else _locate(finding, places)
        message = f"[{finding.severity.label}] {finding.message}。{finding.remedy}"
        before = notes[at[0]].get(at[1])
        notes[at[0]][at[1]] = f"{before}\n{message}" if before else message
    return notes
