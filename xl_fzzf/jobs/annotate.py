"""Annotate: a copy of a unit's own file with the findings in 校验提示 and 校验结果."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from xl_fzzf.jobs.checking import CheckedFile
from xl_fzzf.jobs.workspace import JobError, Workspace
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.record import fit
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.book import Value
from xl_fzzf.sheets.book_file import FileBook
from xl_fzzf.sheets.lists import finding_lines, write_list
from xl_fzzf.sheets.package import BookError


def annotate_copy(
    path: Path, checked: CheckedFile, findings: Sequence[Finding], workspace: Workspace
) -> Path:
    """Write the copy into 退回; the unit's own file is not touched. Raises JobError for .xls, .ods."""
    try:
        book = FileBook.open(path)
    except BookError:
        raise JobError(
            f"“{path.name}”不是 .xlsx,不能写入批注。请用 Excel 或 WPS 另存为 .xlsx 后再试"
        ) from None
    hints = _hints(findings)
    for content in checked.submission.sheets.values():
        if "hint" in content.letters:
            column = layout.column_number(content.letters["hint"])
            for row in content.rows:
                hint = hints.get((content.name, row.record.row))
                book.write(content.name, row.record.row, column, [[hint]])
    if layout.FINDINGS in book.sheet_names:
        lines = finding_lines(findings, lambda finding: (finding.sheet, finding.cell))
        write_list(book, layout.FINDINGS, lines)
    workspace.sent_back.mkdir(parents=True, exist_ok=True)
    copy = workspace.sent_back / f"{path.stem}.xlsx"
    book.save_as(copy)
    return copy


def _hints(findings: Sequence[Finding]) -> dict[tuple[str, int], Value]:
    """校验提示 by sheet and row: what is wrong and what to do."""
    messages: dict[tuple[str, int], list[str]] = defaultdict(list)
    for finding in findings:
        number = "".join(character for character in finding.cell if character.isdigit())
        if number:
            messages[finding.sheet, int(number)].append(f"{finding.message}。{finding.remedy}")
    return {place: fit(";".join(dict.fromkeys(found))) for place, found in messages.items()}
