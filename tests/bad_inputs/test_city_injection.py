"""Bad inputs 130–139 one level up: text from a district stays text in every output of the city."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.bad_inputs.payloads import PAYLOADS
from tests.bad_inputs.test_injection import CONTROL, HARMLESS, active, texts
from tests.conftest import small_plan
from tests.faces.test_cli import fzzf
from tests.jobs.districts import make_city, send
from xl_fzzf.model.record import fit
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.imprint import give_imprint
from xl_fzzf.sheets.stamp import write_stamp

NAMES = ('=HYPERLINK("http://evil.invalid/","点")', "<r><t>区</t></r>", "'甲\"&乙'!A1 \u202e反写")
"""The districts' own names, which stand in sentences, tables, links and the chart."""

FILES = ("=1+1.xlsx", "\x1b[31m红\u202excod.xlsx", '<b>&"x"\'!A1 _x003D_.xlsx')
_FIELDS = (12, 13, 14)
"""The columns 完成情况, 佐证材料 and 未达标原因 of 数据."""

_QUOTED = 4
"""The row of 数据 whose 指标 is another: it does not count, and the findings quote it."""

_EACH = 3 * 57


@dataclass
class Round:
    """A city's workspace, the texts in its districts' files, and what the command printed as JSON."""

    folder: Path
    sent: Sequence[str]
    printed: str

    @property
    def result(self) -> Any:
        return json.loads(self.printed)

    @property
    def pdf(self) -> Path:
        """A copy of the PDF of the first run."""
        return self.folder / "另存.pdf"

    @property
    def workbooks(self) -> dict[str, Path]:
        return {"master": Path(self.result["master"]), "summary": Path(self.result["summary"])}


def run(
    folder: Path,
    summaries: list[Path],
    names: Sequence[str],
    files: Sequence[str],
    said: list[str],
    *options: str,
) -> Round:
    """Consolidate summaries whose texts, units, names and files are these."""
    city = make_city(folder, small_plan(), names)
    texts = iter(said)
    sent: list[str] = []
    for summary, name, file in zip(summaries, names, files, strict=True):
        path = send(summary, city, file)
        book = FileBook.open(path)
        write_stamp(book, {"unit": name})
        for row in range(_QUOTED + 1, len(book.read("数据")) + 1):
            for column in _FIELDS:
                if text := next(texts, None):
                    book.write("数据", row, column, [[text]])
                    sent.append(text)
        rename_units(book, [text for text in said[::17] if text.strip()])
        book.write("数据", _QUOTED, 4, [[f"{said[0]}指标"]])
        give_imprint(book)
        book.save()
    printed = fzzf(city, "consolidate", "--as-of", "2019-09-30", "--json", *options, code=1)
    round_ = Round(city, sent, printed)
    if options:  # what is not asked for again gives way
        shutil.copy(round_.result["pdf"], round_.pdf)
    return round_


def rename_units(book: FileBook, names: Sequence[str]) -> None:
    """Call the first unit by a name of these in 数据 and in 报送情况, and the next one in 数据 only."""
    data, units = book.read("数据"), book.read("报送情况")
    known = list(dict.fromkeys(str(row[0]) for row in data[3:] if row[0]))
    new = dict(zip(known[:2], (f"{names[0]}单位", names[1]), strict=True))
    for number, row in enumerate(data[3:], 4):
        if row[0] in new:
            book.write("数据", number, 1, [[new[str(row[0])]]])
    for number, row in enumerate(units, 1):
        for column, cell in enumerate(row, 1):
            if cell == known[0]:
                book.write("报送情况", number, column, [[new[known[0]]]])


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, district_summaries: list[Path]
) -> list[Round]:
    return [
        run(
            tmp_path_factory.mktemp("恶") / "市",
            *(district_summaries, NAMES, FILES, list(PAYLOADS[at : at + _EACH])),
            *([] if at else ["--pdf"]),
        )
        for at in range(0, len(PAYLOADS), _EACH)
    ]


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory, district_summaries: list[Path]) -> Round:
    """The same round with a plain text in every place."""
    names, files = ("甲区", "乙区", "丙区"), ("甲.xlsx", "乙.xlsx", "丙.xlsx")
    folder = tmp_path_factory.mktemp("常") / "市"
    return run(folder, district_summaries, names, files, [HARMLESS] * _EACH)


def test_no_text_of_a_district_acts_in_the_city_s_workbooks(
    hostile: list[Round], harmless: Round
) -> None:
    assert sum(len(round_.sent) for round_ in hostile) == len(PAYLOADS)
    assert {district["district"] for district in hostile[0].result["districts"]} == set(NAMES)
    for round_ in hostile:
        for name, path in round_.workbooks.items():
            more = set(active(path)) - set(active(harmless.workbooks[name]))
            assert not more, (name, sorted(more)[:3])


def test_every_text_stands_in_the_city_s_data_as_it_was_sent(hostile: list[Round]) -> None:
    for round_ in hostile:
        rows = CalamineWorkbook.from_path(round_.result["summary"]).get_sheet_by_name("数据")
        stand = {str(cell).strip() for row in rows.to_python() for cell in row}
        lost = [t for t in round_.sent if str(fit(t)).strip() not in stand]
        assert not lost, lost[:3]


def test_a_district_s_name_stands_as_text(hostile: list[Round]) -> None:
    stand = texts(hostile[0].workbooks["summary"])
    assert NAMES[0] in stand and any(text.strip() == NAMES[1] for text in stand)


def test_no_escape_reaches_the_terminal_or_the_json(hostile: list[Round]) -> None:
    for round_ in hostile:
        for words in (round_.printed, fzzf(round_.folder, "consolidate", code=1)):
            assert not CONTROL.search(words), CONTROL.findall(words)
            assert not any(line.startswith("2019-09-30 错误") for line in words.splitlines())


def test_the_pdf_holds_no_link_out_of_it(hostile: list[Round]) -> None:
    command = ["pdfinfo", "-url", str(hostile[0].pdf)]
    assert (
        "evil.invalid"
        not in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
