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
    messages: dict[tuple[str, int], list[str]] = defaultdict(list)
    for finding in findings:
        row = "".join(character for character in finding.cell if character.isdigit())
        if finding.sheet in checked.submission.sheets and row:
            messages[finding.sheet, int(row)].append(f"{finding.message}。{finding.remedy}")
    for content in checked.submission.sheets.values():
        if "hint" not in content.letters:
            continue
        column = layout.column_number(content.letters["hint"])
        for row in content.rows:
            number = row.record.row
            hint = ";".join(dict.fromkeys(messages.get((content.name, number), [])))
            book.write(content.name, number, column, [[fit(hint) or None]])
    if layout.FINDINGS in book.sheet_names:
        lines = finding_lines(findings, lambda finding: (finding.sheet, finding.cell))
        write_list(book, layout.FINDINGS, lines)
    workspace.sent_back.mkdir(parents=True, exist_ok=True)
    copy = workspace.sent_back / f"{path.stem}.xlsx"
    book.save_as(copy)
    return copy
