"""Lists: 报送登记, 校验结果 and 未达标清单, whose rows the tool rewrites whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date

from xl_fzzf.model.assessment import Assessment, days_left
from xl_fzzf.model.finding import ACCEPTED, Finding, Severity, WaiverKey
from xl_fzzf.model.imprint import short_imprint
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.record import Cell, number, text
from xl_fzzf.model.resolution import NOTHING_READ, Account
from xl_fzzf.model.round import AcceptedWarning, Registered
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Timeliness, Verdict
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import line_height
from xl_fzzf.office.references import link
from xl_fzzf.office.tables import Columns, find_table
from xl_fzzf.sheets import city_spec
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area import LayoutError

Line = Mapping[str, Value]
"""A row by field."""

Locate = Callable[[Finding], tuple[str, str]]
"""Where to look for a finding in the workbook at hand: sheet and cell, empty where nowhere."""

LIST_COLUMNS: dict[str, Columns] = {
    layout.REGISTER: layout.REGISTER_COLUMNS,
    layout.FINDINGS: layout.FINDING_COLUMNS,
    layout.UNMET: layout.UNMET_COLUMNS,
}
CITY_LIST_COLUMNS: dict[str, Columns] = {
    layout.REGISTER: city_spec.CITY_REGISTER_COLUMNS,
    layout.FINDINGS: city_spec.CITY_FINDING_COLUMNS,
}
"""The lists of a district's master, and of a city's."""


def _columns(sheet: str) -> Columns:
    """A list's columns at any level, by any of their headers."""
    known = {column.field: column for column in LIST_COLUMNS[sheet]}
    for column in CITY_LIST_COLUMNS.get(sheet, ()):
        own = known.setdefault(column.field, column)
        known[column.field] = replace(own, also=(*own.also, column.header))
    return tuple(known.values())


_COUNTED = ("read", "found", "ignored")
"""Of a file's account, what stands in 报送登记."""


def write_list(book: FileBook, sheet: str, lines: Sequence[Line]) -> None:
    """Write a list's rows below its header, in place of those that stand there."""
    columns = _columns(sheet)
    grid = book.read(sheet) if sheet in book.sheet_names else []
    table = find_table(grid, columns, [column.field for column in columns[:2]])
    if table is None:
        headers = "、".join(column.header for column in columns)
        raise LayoutError(f"工作表“{sheet}”不见了，或缺少表头：{headers}。请从备份中恢复")
    count = max(len(lines), len(grid) - table.header)
    for run in table.runs():
        rows: list[list[Value]] = [[line.get(field) for field in run] for line in lines]
        rows += [[None] * len(run)] * (count - len(lines))
        if rows:
            book.write(sheet, table.first, table.columns[run[0]], rows)
    heights = (line_height(columns, line) for line in lines)
    book.set_heights(sheet, dict(enumerate(heights, table.first)))


def register(file: Judged, deadline: date) -> Registered:
    """What 报送登记 says of a received file, as it is read back."""
    submission = file.submission
    good = file.verdict in (Verdict.ACCEPTED, Verdict.SUPERSEDED)
    return Registered(
        file=submission.file,
        unit=file.unit_name,
        verdict=file.verdict.label,
        reason=file.reason,
        received=f"{submission.received:%Y-%m-%d %H:%M}",
        timely=Timeliness.of(file.is_late(deadline)).value if good else "",
        sha256=submission.sha256,
        account=file.account,
    )


def register_line(file: Judged, findings: Sequence[Finding], deadline: date) -> Line:
    """A received file's line of 报送登记, with how many records it holds and how much is at fault."""
    line = asdict(register(file, deadline))
    account = line.pop("account")
    open_ = (f for f in findings if f.file == file.submission.file and not f.accepted)
    own = Counter(finding.severity for finding in open_)
    return {
        **line,
        "records": file.size,
        "errors": own[Severity.ERROR],
        "warnings": own[Severity.WARNING],
        **{field: account[field] for field in _COUNTED},
        "imprint": short_imprint(file.submission.stamp.get("imprint", "")),
    }


def read_register(book: FileBook) -> Iterator[Registered]:
    """The received files of 报送登记, with what became of the entries of those that count."""
    for row in _rows(book, layout.REGISTER, ("file", "verdict")):
        account = NOTHING_READ
        if row.get("verdict") == Verdict.ACCEPTED.label:
            read, found, ignored = (int(number(row.get(field)) or 0) for field in _COUNTED)
            account = Account(read, read - found - ignored, found, ignored)
        fields = ("unit", "verdict", "reason", "received", "timely", "sha256")
        said = (text(row.get(field)) for field in fields)
        yield Registered(str(row["file"]), *said, account=account)  # a name may begin with a blank


def finding_lines(findings: Iterable[Finding], locate: Locate) -> list[Line]:
    """校验结果: one row a finding, with a link to the cell where it can be seen in this workbook.

    出处 says where it stands in its file; a finding that no cell here shows names that as its place.
    """
    lines: list[Line] = []
    for place, finding in enumerate(findings, 1):
        sheet, cell = locate(finding)
        where = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
        own: dict[str, Value] = {
            "number": place,
            "severity": finding.label,
            "place": link(sheet, cell, f"{sheet}!{cell}") if cell else where,
            "source": where if cell else "",
            "message": finding.told,
            "waiver": finding.waiver or None,
        }
        fields = (column.field for column in layout.FINDING_COLUMNS)
        lines.append({f: own[f] if f in own else getattr(finding, f) for f in fields})
    return lines


def read_waivers(book: FileBook) -> dict[WaiverKey, str]:
    """接受理由 beside every finding of 校验结果, as typed; empty where none is."""
    waivers: dict[WaiverKey, str] = {}
    for row in _rows(book, layout.FINDINGS, ("title", "waiver")):
        key = WaiverKey(*(text(row.get(f)) for f in ("title", "unit", "indicator", "value")))
        waivers[key] = waivers.get(key) or text(row.get("waiver"))
    return waivers


def read_accepted(book: FileBook) -> Iterator[AcceptedWarning]:
    """The warnings of 校验结果 that were accepted when it was written."""
    for row in _rows(book, layout.FINDINGS, ("title", "waiver")):
        if text(row.get("severity")) == ACCEPTED:
            fields = ("unit", "indicator", "message", "value", "waiver")
            yield AcceptedWarning(*(text(row.get(field)) for field in fields))


def _rows(book: FileBook, sheet: str, keys: Sequence[str]) -> Iterator[Mapping[str, Cell]]:
    """The rows of a list by field; none where the sheet or its header is lost."""
    grid = book.read(sheet) if sheet in book.sheet_names else []
    table = find_table(grid, _columns(sheet), keys)
    yield from (row for _, row in table.rows()) if table else ()


def unmet_lines(
    assessments: Iterable[Assessment],
    as_of: date,
    place: Callable[[Assessment], tuple[str, str]] | None = None,
) -> list[Line]:
    """未达标清单: every unmet record with gap, reason, measure, deadline and days left."""
    lines: list[Line] = []
    for assessment in assessments:
        if assessment.status is not Status.UNMET:
            continue
        record, indicator = assessment.record, assessment.indicator
        deadline = record.deadline
        sheet, cell = place(assessment) if place else ("", "")
        lines.append(
            {
                "number": len(lines) + 1,
                "unit": assessment.unit.name,
                "task": indicator.task,
                "code": indicator.code,
                "text": indicator.text,
                "target": assessment.target.text(indicator.measure),
                "value": assessment.shown_value,
                "gap": assessment.gap,
                "reason": text(record.reason) or "（未写）",
                "deadline": deadline
                if isinstance(deadline, date)
                else text(deadline) or "（未写）",
                "days": _days_left(deadline, as_of),
                "place": link(sheet, cell, f"{sheet}!{cell}") if cell else None,
            }
        )
    return lines


def _days_left(deadline: object, as_of: date) -> Value:
    left = days_left(deadline, as_of)
    return left if left is None or left >= 0 else f"逾期 {-left} 天"
