"""One file stops no round: whatever it holds, the others are taken, and it is named."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.receiving import SHEET, UNIT, Door, entered, repacked, replaced
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.model.record import ErrorCell
from xl_fzzf.model.submission import Mark, Verdict

LONG = "长" * 32_767
"""As much as Excel takes in one cell."""

Make = Callable[[bytes], bytes]


def text(cell: str, words: str) -> Make:
    tail = f'<c r="{cell}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
    return lambda data: entered(data, tail, cell)


def rows(count: int, code: str) -> Make:
    """Rows below the table, each with another value."""
    cell = '<row r="{at}"><c r="C{at}" t="inlineStr"><is><t>{code}</t></is></c><c r="I{at}"><v>{at}</v></c></row>'
    more = "".join(cell.format(at=at, code=code.format(at)) for at in range(100, 100 + count))
    return lambda data: repacked(data, {SHEET: replaced("</sheetData>", f"{more}</sheetData>")})


def format_code(data: bytes) -> bytes:
    """A number format of 40,000 characters that shows another value."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        styles = book.read("xl/styles.xml")
    own = styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0].count(b"<xf ")
    new = b'<xf numFmtId="900" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    code = f'<numFmt numFmtId="900" formatCode="{"&quot;啊&quot;" * 13_000}0%"/>'.encode()
    styles = styles.replace(b"</numFmts>", code + b"</numFmts>")
    data = repacked(data, {"xl/styles.xml": styles.replace(b"</cellXfs>", new + b"</cellXfs>")})
    return entered(data, f'<c r="I4" s="{own}"><v>3</v></c>')


def stamped(data: bytes) -> bytes:
    """A stamp whose period is 40,000 characters long."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = [n for n in book.namelist() if b"2019Q3</t>" in book.read(n) and "sheet" in n]
    return repacked(data, {parts[-1]: replaced("2019Q3</t>", f"{'期' * 40_000}</t>")})


def many_sheets(data: bytes) -> bytes:
    sheets = "".join(f'<sheet name="附{n}" sheetId="{n}" r:id="rIdx"/>' for n in range(900, 4900))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relation = f'<Relationship Id="rIdx" Type="{kind}" Target="worksheets/sheet99.xml"/>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return repacked(
        data,
        {
            "xl/workbook.xml": replaced("</sheets>", f"{sheets}</sheets>"),
            "xl/_rels/workbook.xml.rels": replaced(
                "</Relationships>", f"{relation}</Relationships>"
            ),
            "xl/worksheets/sheet99.xml": f'<worksheet xmlns="{main}"><sheetData/></worksheet>'.encode(),
        },
    )


HOSTILE: dict[str, Make] = {
    **{
        f"longest text in {cell}": text(cell, LONG) for cell in ("A4", "C4", "D4", "G4", "I4", "J4")
    },
    "zero-width blanks": text("I4", "\u200b" * 32_000 + "4"),
    "a hundred thousand zeros": text("I4", f"0.{'0' * 100_000}1"),
    "7,000 differing rows of one code": rows(7_000, "1.1"),
    "9,000 unknown codes": rows(9_000, "9.{}"),
    "20,000 rows": rows(20_000, "9.{}"),
    "a vast number format": format_code,
    "a vast stamp": stamped,
    "4,000 more sheets": many_sheets,
    "a day of the eleventh century": lambda data: entered(
        data, '<c r="M4" t="d"><v>1019-12-20T00:00:00</v></c>', "M4"
    ),
    "a day before all days": lambda data: entered(data, '<c r="M4"><v>-300000</v></c>', "M4"),
    "no number": lambda data: entered(data, '<c r="I4"><v>NaN</v></c>'),
}


@pytest.fixture
def take(workspace: Path) -> Callable[[bytes], Consolidation]:
    """A round of two returns, one of which is this file."""

    def consolidated(data: bytes) -> Consolidation:
        folder, name = workspace / "报送/2019Q3", "安福镇.xlsx"
        fill(workspace / "分发/2019Q3" / name, folder / name, GOOD)
        (folder / f"{UNIT}.xlsx").write_bytes(data)
        return consolidate(workspace / "台账-2019Q3.xlsx", None, AS_OF, datetime(2019, 10, 1, 9))

    return consolidated


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_whatever_one_file_holds_the_round_goes_on(
    make: Make, good: bytes, take: Callable[[bytes], Consolidation]
) -> None:
    result = take(make(good))
    files = {file.submission.file: file for file in result.files}
    assert files["安福镇.xlsx"].verdict is Verdict.ACCEPTED
    assert len(result.findings) <= 110
    assert all(len(finding.message) < 1_100 for finding in result.findings)
    again = open_master(result.master, writing=False)
    assert again.records["X02", "1.1"].value == 3
    shutil.copy(result.returns / f"{UNIT}.xlsx", result.master.parent)
    check_files(
        [result.master.parent / f"{UNIT}.xlsx"], result.master, result.master.parent, AS_OF, True
    )


def test_findings_of_one_kind_are_counted_and_cut(
    good: bytes, take: Callable[[bytes], Consolidation]
) -> None:
    findings = [f for f in take(rows(9_000, "9.{}")(good)).findings if f.rule == "unknown-row"]
    assert len(findings) == 101
    assert sum("另有 8900 处" in finding.message for finding in findings) == 1


def test_a_sheet_of_endless_rows_is_no_return(door: Door, good: bytes) -> None:
    checked = door(rows(20_000, "9.{}")(good))
    assert checked.verdict is Verdict.QUARANTINED and "填了 20003 行" in checked.reason


def test_long_answers_do_not_lock_the_master(workspace: Path) -> None:
    """A part that is nearly all one text deflates below a hundredth; it is ours, and no bomb."""
    folder = workspace / "报送/2019Q3"
    texts = dict.fromkeys(("narrative", "evidence", "reason"), LONG)
    for unit in ("金凤镇", "安福镇", "区财政局", "区司法局"):
        entries = {code: {**entry, **texts} for code, entry in GOOD.items()}
        fill(workspace / f"分发/2019Q3/{unit}.xlsx", folder / f"{unit}.xlsx", entries)
    master = workspace / "台账-2019Q3.xlsx"
    for _ in range(2):
        result = consolidate(master, None, AS_OF, datetime(2019, 10, 1, 9))
        assert all(file.verdict is Verdict.ACCEPTED for file in result.files)
    assert open_master(master, writing=False).records["X01", "1.1"].narrative == LONG


def test_relations_may_say_first_where_they_lead(door: Door, good: bytes) -> None:
    """As Google Sheets writes them."""

    def turned(part: bytes) -> bytes:
        return re.sub(
            rb'<Relationship (Id="\w+" Type="[^"]+") (Target="[^"]+")',
            rb"<Relationship \2 \1",
            part,
        )

    names = ("_rels/.rels", "xl/_rels/workbook.xml.rels")
    assert door(repacked(good, dict.fromkeys(names, turned))).records["1.1"].value == 3


AMBIGUOUS = {
    "a character reference in a number": '<c r="I4"><v>1&#48;</v></c>',
    "CDATA": '<c r="I4"><v><![CDATA[7]]></v></c>',
    "a comment in a number": '<c r="I4"><v>1<!-- x -->0</v></c>',
    "an instruction in a number": '<c r="I4"><v>1<?x y?>0</v></c>',
    "two values": '<c r="I4"><v>1</v><v>5</v></c>',
    "two texts": '<c r="I4" t="inlineStr"><is><t>3</t></is><is><t>4</t></is></c>',
    "a text that is not said to be one": '<c r="I4"><is><t>4</t></is></c>',
    "a text that is none": '<c r="I4" t="inlineStr"><v>4</v></c>',
    "a value and a text": '<c r="I4" t="inlineStr"><v>5</v><is><t>4</t></is></c>',
    "a cell twice": '<c r="I4"><v>1</v></c><c r="I4"><v>5</v></c>',
    "another's cell": '<x:c xmlns:x="urn:x" r="I4"><x:v>9</x:v></x:c>',
    "another's value": '<c r="I4"><x:v xmlns:x="urn:x">9</x:v></c>',
    "the text before the first": '<c r="I4" t="s"><v>-1</v></c>',
    "an error in other spacing": '<c r="I4" t = "e"><v>#DIV/0!</v></c>',
}


@pytest.mark.parametrize("cell", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_readers_read_differently_is_not_read(door: Door, good: bytes, cell: str) -> None:
    checked = door(entered(good, cell))
    assert checked.verdict is Verdict.QUARANTINED
    assert "单元格的写法少见" in checked.reason and "另存为" in checked.reason


def test_a_row_that_stands_there_twice_is_not_read(door: Door, good: bytes) -> None:
    again = '<row r="4"><c r="I4"><v>9</v></c></row></sheetData>'
    checked = door(repacked(good, {SHEET: replaced("</sheetData>", again)}))
    assert checked.verdict is Verdict.QUARANTINED


def test_errors_that_came_after_excel_2007_are_kept_as_what_they_are(
    door: Door, good: bytes
) -> None:
    value = door(entered(good, '<c r="I4" t="e"><f>A1#</f><v>#SPILL!</v></c>')).records["1.1"].value
    assert value == "#SPILL!" and isinstance(value, ErrorCell)


@pytest.mark.parametrize("before", [b"PK\3\4", b"PK", b"MZ"])
def test_bad_028_bytes_before_the_package(door: Door, good: bytes, before: bytes) -> None:
    assert door(before + bytes(60) + good).verdict is Verdict.QUARANTINED


@pytest.mark.parametrize("lie", ['<dimension ref="1:4"/>', '<dimension ref="A:A"/>'])
def test_bad_036_an_extent_of_whole_rows(door: Door, good: bytes, lie: str) -> None:
    change = {SHEET: lambda part: re.sub(rb"<dimension[^>]*/>", lie.encode(), part)}
    assert door(repacked(good, change)).records["1.1"].value == 3


def test_bad_038_a_whole_column_merged(door: Door, good: bytes) -> None:
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="P:P"/></mergeCells>'
    assert door(repacked(good, {SHEET: replaced("</sheetData>", merged)})).records["1.1"].value == 3


@pytest.mark.parametrize("tag", ["ht='0'", "hidden='1'", 'ht="0.0"'])
def test_bad_043_a_row_hidden_in_other_words(door: Door, good: bytes, tag: str) -> None:
    hidden = {
        SHEET: lambda part: re.sub(rb'<row [^>]*r="4"[^>]*>', f'<row r="4" {tag}>'.encode(), part)
    }
    checked = door(repacked(good, hidden))
    assert any(
        marked.mark is Mark.HIDDEN for marked in checked.submission.sheets["一、组织领导"].marks
    )
