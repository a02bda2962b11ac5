"""What every Book does, the one on disk and the one in a running Excel alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tests.bad_inputs.payloads import PAYLOADS
from tests.excel import actions, cells_of, do_actions, open_in_excel, rules_of
from tests.libreoffice import Office
from tests.office.test_book_file import OTHER, OTHER_PART, SHEET, rewrite, write_decorated
from xl_fzzf.model.record import ErrorCell, fit
from xl_fzzf.office.book import KEEP, Formula, Validation, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.book_live import LiveBook
from xl_fzzf.office.xlsx.package import BookError

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

Save = Callable[[], Path]
Opened = tuple[FileBook, Save]
TEMPTING = (
    *("=1+1", "+1", "-x", "@SUM(A1)", "1-2", "3/4", "1.5", " 7", "50%", "¥3", "(5)", "1e5", "0012"),
    *(
        "TRUE",
        "false",
        "#N/A",
        "9月9日",
        "二〇一九年",
        "三月",
        "１２",
        "5 1/2",
        "'x",
        "''",
        "12:30",
    ),
    *("2019-09-09T00:00:00Z", "Jan 5", "嘉府办〔2019〕1号", "第1次\n第2次", "召开三次会议"),
)
"""Texts that Excel takes for a formula, a number, a date, a truth value or an error when typed."""


def plain(text: str) -> bool:
    """Whether a text holds no control characters, of which LibreOffice drops some."""
    return all(character >= " " for character in text)


def from_file(path: Path) -> Opened:
    book = FileBook.open(path)

    def save() -> Path:
        book.save()
        return path

    return book, save


def from_excel(path: Path) -> Opened:
    excel = open_in_excel(path)
    book = LiveBook(excel, path)

    def save() -> Path:
        book.save()
        copy = path.with_name("Excel.xlsx")
        do_actions(excel, path, copy)
        copy.replace(path)
        book.verify()
        return path

    return book, save


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_decorated(target := tmp_path / "台账.xlsx")
    return target


@pytest.fixture(params=[from_file, from_excel])
def opened(request: pytest.FixtureRequest, path: Path) -> Opened:
    pair: Opened = request.param(path)
    return pair


def cell(path: Path, place: str, sheet: str = SHEET) -> object:
    found = cells_of(path).get((sheet, place))
    return found[1] if found else None


def test_sheets_and_values_read_as_they_stand(path: Path) -> None:
    failed = '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    rewrite(path, OTHER_PART, lambda text: text.replace("</row>", failed, 1))
    for open_book in (from_file, from_excel):
        book, _ = open_book(path)
        assert book.sheet_names == [SHEET, OTHER, "_fzzf"]
        assert book.read(SHEET)[2][:5] == ["第2行", 2, 3, "留 ", ""]
        assert isinstance(book.read(OTHER)[0][2], ErrorCell)


def test_what_is_written_stands_there_and_the_rest_stays(opened: Opened, path: Path) -> None:
    before = cells_of(path)
    book, save = opened
    book.write(SHEET, 2, 2, [[7, KEEP, "<改>&"], [None, 2.5, True]])
    book.write(SHEET, 20, 1, [[date(2019, 12, 20), Formula("B2*2", 14), ErrorCell("#N/A")]])
    book.write(SHEET, 21, 1, [["", KEEP, "后来"]])
    book.write(SHEET, 21, 3, [["更后来"]])
    after = cells_of(save())
    written = {"B2": 7, "D2": "<改>&", "C3": 2.5, "D3": True, "C20": "#N/A", "C21": "更后来"}
    assert {place: after[SHEET, place][1] for place in written} == written
    assert cell(path, "B3") is None and cell(path, "B20") == "=B2*2"
    assert cell(path, "A20") in (43819, datetime(2019, 12, 20))
    touched = {(SHEET, place) for place in (*written, "B3", "A20", "B20", "A21")}
    assert {k: v for k, v in after.items() if k not in touched} == {
        k: v for k, v in before.items() if k not in touched
    }


def test_what_was_written_is_read_before_it_is_saved(opened: Opened) -> None:
    book, save = opened
    book.write(OTHER, 3, 2, [["新", 5]])
    assert book.read(OTHER)[2] == ["", "新", 5]
    save()
    assert book.read(OTHER)[2] == ["", "新", 5]


@pytest.mark.parametrize("text", TEMPTING)
def test_text_stays_text(opened: Opened, text: str) -> None:
    book, save = opened
    book.write(OTHER, 5, 1, [[text]])
    assert cells_of(save())[OTHER, "A5"][:2] == ("s", text)


def test_no_text_from_a_unit_acts_in_excel(opened: Opened) -> None:
    texts = [text for text in PAYLOADS if not ILLEGAL_CHARACTERS_RE.search(text)]
    book, save = opened
    book.write(OTHER, 1, 4, [[text] for text in texts])
    after = cells_of(save())
    kinds = {after[OTHER, f"D{row}"][0] for row in range(1, len(texts) + 1)}
    assert kinds == {"s"} and len(texts) > 180


def test_cells_take_the_format_of_a_swatch(opened: Opened, path: Path) -> None:
    book, save = opened
    day = date(2019, 12, 20)
    book.write(SHEET, 2, 1, [["", day, 5, KEEP]], [["strong", "day", None, "day"]])
    book.write(OTHER, 5, 1, [["粗", "粗"], ["粗", day]], [["strong"] * 2, ["strong", "day"]])
    before, after = cells_of(path), cells_of(save())
    strong, formatted = (before["_fzzf", place][2] for place in ("E3", "E4"))
    looks = {place: after[OTHER, place][2] for place in ("A5", "B5", "A6", "B6")}
    assert looks == {"A5": strong, "B5": strong, "A6": strong, "B6": formatted}
    assert after[SHEET, "B2"][1:] == (datetime(2019, 12, 20), formatted)
    for place in ("C2", "D2"):
        assert after[SHEET, place][2:] == before[SHEET, place][2:]


def test_data_validation_is_added(opened: Opened, path: Path) -> None:
    book, save = opened
    before = rules_of(path)
    book.validate(
        SHEET,
        [
            Validation(("D2:D4", "D6"), "list", '"是,否"', "题", "选", "请选"),
            Validation(("E1",), "date", "DATE(2000,1,1)", "时限", "日期", "请填日期"),
            Validation(("F2",), "custom", "LEN(F2)<=9", "", "", ""),
        ],
    )
    assert rules_of(save()) == sorted(
        [
            *before,
            (SHEET, "D2:D4", "None", "list", '"是,否"'),
            (SHEET, "D6", "None", "list", '"是,否"'),
            (SHEET, "E1", "greaterThanOrEqual", "date", "DATE(2000,1,1)"),
            (SHEET, "F2", "None", "custom", "LEN(F2)<=9"),
        ]
    )


def test_what_is_too_long_or_too_early_for_a_cell_is_written_as_it_fits(opened: Opened) -> None:
    book, save = opened
    long, early = "长" * 32_768, datetime(1019, 12, 20)
    book.write(SHEET, 1, 1, [[long, early, Formula('"甲"', long)]])
    written = FileBook.open(save()).read(SHEET)[0]
    assert written[:2] == [fit(long), "1019-12-20"]
    assert len(str(fit(long))) == 32_767


@pytest.mark.parametrize("value", [float("nan"), Formula("\0", 1)])
def test_what_a_cell_cannot_hold_is_refused_and_nothing_changes(
    opened: Opened, path: Path, value: Value
) -> None:
    before = cells_of(path)
    book, save = opened
    for sheet, row, values, styles in (
        (SHEET, 1, [[value]], None),
        (SHEET, 1_048_576, [[1], [2]], None),
        (SHEET, 1, [[1]], [["unknown"]]),
        ("没有", 1, [[1]], None),
    ):
        with pytest.raises((ValueError, KeyError)):
            book.write(sheet, row, 1, values, styles)
    assert cells_of(save()) == before


def test_a_spreadsheet_takes_what_is_typed_for_us_as_it_is_meant(
    path: Path, office: Office
) -> None:
    """LibreOffice is typed to as Excel is, so that the `'` is put where it has to be."""
    texts = (*TEMPTING, *filter(plain, PAYLOADS), "是", "不适用", "推行一窗通办", "达标")
    book = LiveBook(excel := open_in_excel(path), path)
    book.write(OTHER, 1, 1, [[text] for text in texts])
    book.save()
    (action,) = actions(excel, "setValues")
    typed = {f"A{row}": line[0] for row, line in enumerate(action["values"], 1)}
    with office.open(path) as workbook:
        workbook.key_in(OTHER, typed)
        assert [row[0] for row in workbook.values(OTHER, f"A1:A{len(texts)}")] == list(texts)
        workbook.key_in(OTHER, {f"B{row}": text for row, text in enumerate(texts, 1)})
        raw = [row[0] for row in workbook.values(OTHER, f"B1:B{len(texts)}")]
    misread = sum(text != shown for text, shown in zip(texts, raw, strict=True))
    assert misread > 20, "typed without it, LibreOffice too takes many for something else"


def test_formulas_that_show_nothing_and_arrays_are_left_alone(path: Path) -> None:
    """They read like empty cells, which may be written over; but these may not."""
    quiet = '<c r="C5" t="str"><f>""</f><v></v></c>'
    array = '<c r="C6" t="str"><f t="array" ref="C6:C7">""</f><v></v></c>'
    rows = f'<row r="5">{quiet}</row><row r="6">{array}</row><row r="7"><c r="C7"/></row>'
    rewrite(path, OTHER_PART, lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"))
    excel = open_in_excel(path)
    book = LiveBook(excel, path)
    line: list[Value] = ["左", KEEP, KEEP, KEEP, "右"]
    book.write(OTHER, 4, 1, [line] * 5)
    book.save()
    covered = [
        (row, column)
        for action in actions(excel, "setValues")
        for row in range(action["start_row"] + 1, action["start_row"] + action["row_count"] + 1)
        for column in range(
            action["start_column"] + 1, action["start_column"] + action["column_count"] + 1
        )
    ]
    assert {(5, 3), (6, 3), (7, 3)}.isdisjoint(covered)
    assert {(row, column) for row in range(4, 9) for column in (1, 5)} <= set(covered)


@pytest.mark.parametrize(
    ("written", "saved"), [(3, "3"), ("1-2", datetime(2026, 1, 2)), ("9", 9), (True, "TRUE")]
)
def test_what_excel_saved_otherwise_than_written_is_found(
    path: Path, written: Value, saved: Value
) -> None:
    """A cell formatted as text, for one, takes every number as a text."""
    book = LiveBook(open_in_excel(path), path)
    book.write(OTHER, 7, 3, [[written]])
    file = FileBook.open(path)
    file.write(OTHER, 7, 3, [[saved]], [["day"]] if isinstance(saved, datetime) else None)
    file.save()
    with pytest.raises(BookError, match=rf"{OTHER}!C7.*{written}"):
        book.verify()
