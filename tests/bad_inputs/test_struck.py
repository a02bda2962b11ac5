"""Text that is struck through, wholly or in part: told at its cell, and no value is read from it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.libreoffice import Office
from tests.receiving import AREA, Change, Door, as_xlsb, record, repacked, replaced, wide
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.submission import Mark, Verdict

STRUCK, PLAIN = InlineFont(strike=True), InlineFont(b=True)
PARTLY = CellRichText(TextBlock(STRUCK, "3"), TextBlock(PLAIN, "4"))
WORDS = CellRichText(TextBlock(STRUCK, "已完成"), TextBlock(PLAIN, "正在推进，十月底前完成归档"))


def typed(data: bytes, entries: dict[str, Any]) -> bytes:
    """The good return with entries of its first record typed over, by header."""
    book = load_workbook(io.BytesIO(data), rich_text=True)
    sheet: Any = book[AREA]
    header = next(row for row in sheet.iter_rows(max_row=10) if "完成值" in [c.value for c in row])
    columns = {cell.value: cell.column for cell in header}
    for name, value in entries.items():
        cell = sheet.cell(header[0].row + 1, columns[name])
        cell.value = value[0] if isinstance(value, tuple) else value
        if isinstance(value, tuple):
            cell.font = Font(strike=True)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def found(judged: Judged) -> list[tuple[str, str]]:
    """What is told of struck cells: the value and the rule, in order."""
    assert judged.verdict is Verdict.ACCEPTED, judged.reason
    return [(f.value, f.severity.value) for f in judged.findings if f.rule == "struck"]


def value_of(judged: Judged) -> Any:
    return judged.records["1.1"].value


def test_bad_140_a_number_of_which_a_digit_is_struck_is_no_number(door: Door, good: bytes) -> None:
    judged = door(typed(good, {"完成值": PARTLY}))
    assert found(judged) == [("【划掉：3】4", "error")]
    assert value_of(judged) == "【划掉：3】4"
    assert not [f for f in judged.findings if f.rule == "normalised"]


def test_a_number_that_is_struck_out_is_not_taken(door: Door, good: bytes) -> None:
    judged = door(typed(good, {"完成值": (3,)}))
    assert found(judged) == [("【划掉：3】", "error")]
    assert value_of(judged) == "【划掉：3】"


def test_words_keep_what_is_struck_in_them_and_say_so(door: Door, good: bytes) -> None:
    judged = door(typed(good, {"完成情况": WORDS, "佐证材料": ("嘉府办〔2019〕1号",)}))
    told = ["【划掉：已完成】正在推进，十月底前完成归档", "【划掉：嘉府办〔2019〕1号】"]
    assert {value for value, _ in found(judged)} == set(told)
    assert judged.records["1.1"].narrative == told[0]


def test_runs_that_are_not_struck_are_a_text_as_any_other(door: Door, good: bytes) -> None:
    runs = CellRichText(TextBlock(InlineFont(strike=False), "3"), TextBlock(PLAIN, "4"))
    judged = door(typed(good, {"完成值": runs}))
    assert found(judged) == []
    assert value_of(judged) == 34


def test_a_part_of_a_text_that_is_struck_in_xlsb(door: Door, good: bytes) -> None:
    """The string 34 of two runs, of which the first has the font that strikes through."""
    fonts = record(43, b"\xdc\0\0\0") + record(43, b"\xdc\0\x08\0")
    styles = record(278) + record(615, b"\0" * 4) + record(616) + fonts
    styles += record(617, b"\x01\0\0\0") + record(47, b"\0" * 16) + record(618) + record(279)
    runs = (2).to_bytes(4, "little") + b"\0\0\x01\0" + b"\x01\0\0\0"
    strings = record(159, b"\x01\0\0\0" * 2) + record(19, b"\x01" + wide("34") + runs) + record(160)
    row = record(0, (6).to_bytes(4, "little") + b"\0" * 13)
    for column, words in ((0, "金凤镇"), (2, "1.1")):
        row += record(6, column.to_bytes(4, "little") + b"\0" * 4 + wide(words))
    row += record(7, (8).to_bytes(4, "little") + b"\0" * 8)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    named = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.bin"/></Relationships>'
    changes: dict[str, Change] = {
        "xl/styles.bin": styles,
        "xl/sharedStrings.bin": strings,
        "xl/_rels/workbook.bin.rels": replaced("</Relationships>", named),
    }
    judged = door(repacked(as_xlsb(good, {AREA: row}), changes), "金凤镇.xlsb")
    assert not judged.submission.unreadable
    marks = judged.submission.sheets[AREA].marks
    assert [(m.row, m.detail) for m in marks if m.mark is Mark.STRUCK] == [(7, "【划掉：3】4")]


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_other_programs_and_formats_say_it_too(
    door: Door, good: bytes, office: Office, tmp_path: Path, suffix: str
) -> None:
    """As LibreOffice saves it; of parts of a cell .xls is not asked."""
    source = tmp_path / "原.xlsx"
    source.write_bytes(typed(good, {"完成值": (3,), "完成情况": WORDS}))
    target = tmp_path / f"金凤镇.{suffix}"
    with office.open(source) as book:
        book.save_as(target)
    judged = door(target.read_bytes(), target.name)
    values = [value for value, _ in found(judged)]
    assert "【划掉：3】" in values
    assert value_of(judged) == "【划掉：3】"
    assert ("【划掉：已完成】正在推进，十月底前完成归档" in values) == (suffix != "xls")
