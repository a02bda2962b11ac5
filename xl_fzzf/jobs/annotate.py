"""Annotate: a copy of a unit's own file with the findings in 校验提示 and 校验结果."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.returns import ReturnWriter
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.round import Round
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.xlsx.zipped import BookError
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.filling import write_hints
from xl_fzzf.sheets.lists import finding_lines, write_list


def annotate_copy(
    path: Path,
    checked: Judged,
    assessments: Sequence[Assessment],
    findings: Sequence[Finding],
    round_: Round,
    workspace: Workspace,
    as_of: date,
) -> Path:
    """Write the copy into 退回; the unit's own file is not touched.

    A file that isn't .xlsx is copied into a fresh return with all its entries.
    """
    make_folder(workspace.sent_back)
    copy = workspace.sent_back / f"{path.stem}.xlsx"
    try:
        book = FileBook.open(path)
    except BookError:
        assert checked.unit is not None
        ReturnWriter(round_, as_of).write(copy, checked.unit, list(assessments))
        book = FileBook.open(copy)
    messages: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        messages[finding.indicator].append(f"{finding.message}。{finding.remedy}")
    places = write_hints(book, lambda code: ";".join(dict.fromkeys(messages.get(code, []))))
    if layout.FINDINGS in book.sheet_names:
        lines = finding_lines(findings, lambda finding: places.get(finding.indicator, ("", "")))
        write_list(book, layout.FINDINGS, lines)
    notes = _notes(findings, places, own=book.path == path)
    book.add_comments(notes)
    write_whole(copy, book.pack())
    return copy


def _notes(
    findings: Sequence[Finding], places: dict[str, tuple[str, str]], own: bool
) -> dict[str, dict[str, str]]:
    """What to write beside cells, by sheet: in the unit's own file at the very cell, else at the row."""
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in findings:
        at = (finding.sheet, finding.cell) if own else places.get(finding.indicator, ("", ""))
        message = f"[{finding.severity.label}] {finding.message}。{finding.remedy}"
        before = notes[at[0]].get(at[1])
        notes[at[0]][at[1]] = f"{before}\n{message}" if before else message
    return notes
