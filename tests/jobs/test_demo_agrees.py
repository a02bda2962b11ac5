"""A summary's figures are the same wherever they stand, and what the raw returns come to."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl.utils.cell import range_boundaries
from python_calamine import CalamineWorkbook

from xl_fzzf.desk.printing import print_in_office
from xl_fzzf.faces.words.standing import report_json
from xl_fzzf.faces.words.telling import json_text
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.jobs.report import Report, report

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
Row = dict[str, Any]


class Said:
    """The second round's report: what its workbook, its PDF and its JSON say."""

    def __init__(self, consolidation: Consolidation, made: Report) -> None:
        self.folder = consolidation.master.parent
        day = made.standing.as_of
        printed = report(consolidation.master, day, day, print_in_office)
        pdf = printed.printed.pdf
        assert pdf
        self.json = json.loads(json_text(report_json(printed)))
        book = CalamineWorkbook.from_path(printed.summary)
        self.grids: dict[str, Any] = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
        self.charts = list(_charts(printed.summary))
        text = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True
        ).stdout.decode()
        self.pages = [re.sub(r"\s", "", page) for page in text.split("\f")]
        self.links = re.findall(rb"/Subtype/Link.*?(/Dest|/A<<)", pdf.read_bytes())
        fonts = ["pdffonts", str(pdf)]
        self.fonts = subprocess.run(fonts, check=True, capture_output=True).stdout.decode()

    def rows(self, sheet: str, key: str, first: int = 3) -> list[Row]:
        """The rows of a table whose header stands in that row, up to the first without a key."""
        header, *lines = self.grids[sheet][first - 1 :]
        found = [{str(n): value for n, value in zip(header, line, strict=True)} for line in lines]
        return list(takewhile(lambda row: row[key] != "", found))

    def words(self, sheet: str) -> str:
        """All that stands on a sheet."""
        return "\n".join(str(cell) for row in self.grids[sheet] for cell in row if cell != "")


def _charts(summary: Path) -> Iterator[list[tuple[str, list[float]]]]:
    """Every chart's series: where the values come from, and the values that it shows itself."""
    with ZipFile(summary) as package:
        for name in sorted(n for n in package.namelist() if n.startswith("xl/charts/chart")):
            tree = etree.parse(io.BytesIO(package.read(name)))
            yield [
                (
                    values.findtext(f".//{CHART}f"),
                    [float(v.text) for v in values.iterfind(f".//{CHART}pt/{CHART}v")],
                )
                for values in tree.iterfind(f".//{CHART}val")
            ]


@pytest.fixture(scope="module")
def said(demo_rounds: list[tuple[Consolidation, Report]]) -> Said:
    return Said(*demo_rounds[-1])


def used_files(said: Said) -> list[Path]:
    """The files that 编制说明 says were used, held to their fingerprints."""
    lines = [row for row in said.grids["编制说明"] if row[3] == "已采用"]
    folder = said.folder / "报送/2019Q4"
    for row in lines:
        assert hashlib.sha256((folder / row[1]).read_bytes()).hexdigest() == row[10]
    return [folder / row[1] for row in lines]


def raw_records(files: Sequence[Path]) -> Iterator[Row]:
    """The rows of the area sheets of raw returns, by header text."""
    for file in files:
        book = CalamineWorkbook.from_path(file)
        for name in book.sheet_names:
            grid: Any = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            top = next((at for at, row in enumerate(grid) if {"指标编号", "分子"} <= {*row}), None)
            for row in grid[top + 1 :] if top is not None else ():
                line = dict(zip(grid[top], row, strict=True))
                if line["单位"] and line["指标编号"]:
                    yield line


def figure(value: object) -> float | None:
    """A number as staff typed it: 3, "3次", "９５%"."""
    if isinstance(value, float):
        return value
    found = re.fullmatch(r"\s*([\d.,]+)\s*(%|[^\d\s]*)\s*", str(value))
    return None if not found else float(found[1].replace(",", "")) / (100 if found[2] == "%" else 1)


def test_district_values_are_what_the_raw_returns_come_to(said: Said) -> None:
    files = used_files(said)
    assert len(files) == said.json["reporting"]["reported"] > 90
    records = {(r["单位"], r["指标编号"]): r for r in raw_records(files)}
    faulty = {
        (row["单位"], row["指标编号"])
        for row in said.rows("数据", "单位")
        if row["状态"] in ("有误", "不适用", "待填")
    }
    values: dict[str, list[Row]] = defaultdict(list)
    for (unit, code), row in records.items():
        if (unit, code) not in faulty:
            values[code].append(row)
    told = {item["code"]: item for item in said.json["indicators"]}
    checked = Counter[str]()
    for line in said.rows("指标汇总", "指标编号"):
        code, kind = line["指标编号"], line["类型"]
        own = values[code]
        if kind == "文字":
            expected = None
        elif kind == "是否":
            answers = [row["完成值"] for row in records.values() if row["指标编号"] == code]
            yes, no = answers.count("是"), answers.count("否")
            expected = yes / (yes + no) if yes + no else None
        elif kind == "比率":
            above, below = (sum(figure(r[name]) or 0 for r in own) for name in ("分子", "分母"))
            expected = above / below if below else None
        else:
            figures = [found for r in own if (found := figure(r["完成值"])) is not None]
            total = sum(figures) if figures else None
            expected = total / len(figures) if kind == "分值" and total is not None else total
        shown = None if line["汇总值"] == "—" else line["汇总值"]
        assert shown == told[code]["value"]
        assert shown == expected or shown == pytest.approx(expected, rel=1e-12), line
        checked[kind] += 1
    assert {*checked} == {"文字", "是否", "比率", "计数", "分值", "金额"}
    assert checked.total() == len(told) == 93


def test_counts_agree_in_sheets_prose_charts_json_and_pdf(said: Said) -> None:
    data = said.rows("数据", "单位")
    status = Counter(row["状态"] for row in data)
    assert status == Counter(said.json["status"]) and status.total() == 6294
    share = status["达标"] / (status.total() - status["不适用"])
    assert said.json["met_share"] == share
    reporting, before = said.json["reporting"], said.json["before"]
    cards = said.words("总览").splitlines()
    assert f"{reporting['reported']} / {reporting['expected']}" in cards
    for figure_ in (said.json["completeness"], said.json["timeliness"], share):
        assert str(figure_) in cards and f"{figure_:.1%}" in said.pages[1]
    prose = "".join(said.json["words"])
    for words in said.json["words"]:
        assert words in said.words("总览") and words in said.pages[1]
    points = round(round(share * 100, 1) - round(before["met_share"] * 100, 1), 1)
    for words in (
        f"应报单位{reporting['expected']}个\uff0c已报{reporting['reported']}个",
        f"应填事项{status.total()}项\uff0c已填{status.total() - status['待填']}项",
        f"达标{status['达标']}项\uff0c达标率{share:.1%}",
        f"推进中{status['推进中']}项、未达标{status['未达标']}项",
        f"达标率由{before['met_share']:.1%}变为{share:.1%}\uff0c提高{points}个百分点",
        f"未达标由{before['status']['未达标']}项变为{status['未达标']}项",
    ):
        assert words in prose
    matrix = Counter(cell for row in said.grids["单位矩阵"][4:] for cell in row)
    short = {
        "达": "达标",
        "推": "推进中",
        "未": "未达标",
        "待": "待填",
        "误": "有误",
        "免": "不适用",
    }
    assert {word: matrix[letter] for letter, word in short.items()} == status
    unmet = list(said.rows("未达标清单", "单位"))
    assert len(unmet) == status["未达标"]
    assert Counter(row["预警"] for row in unmet) == Counter(said.json["alerts"])
    assert sum(row["未达标"] for row in said.rows("指标汇总", "指标编号")) == status["未达标"]


def test_the_charts_show_what_the_json_says_sorted(said: Said) -> None:
    shares, kinds, tasks = said.charts
    for where, shown in (series for chart in said.charts for series in chart):
        bounds: Any = range_boundaries(where.split("!")[1])
        left, top, _, bottom = bounds
        grid: Any = said.grids["总览"]
        assert shown == [row[left - 1] for row in grid[top - 1 : bottom]]
    then, now = (values for _, values in shares)
    areas = sorted((area["met_share"] for area in said.json["areas"]), reverse=True)
    assert now == areas and then != now
    ((_, _), (_, by_kind)), ((_, unmet),) = kinds, tasks
    assert by_kind == sorted(by_kind, reverse=True) and unmet == sorted(unmet, reverse=True)
    assert 0 < sum(unmet) <= said.json["status"]["未达标"]


def test_scores_and_missing_units_agree(said: Said) -> None:
    scores = {row["单位"]: (row["得分"], row["名次"]) for row in said.rows("考核得分", "单位")}
    assert Counter(scores.values()) == Counter(
        ("—" if u["score"] is None else u["score"], u["rank"]) for u in said.json["units"]
    )
    silent = [r["单位"] for r in said.rows("报送情况", "单位") if r["是否报送"] == "未报"]
    assert silent == said.json["reporting"]["missing"]


def test_the_pdf_has_official_fonts_or_what_stands_in_and_links_within_itself(said: Said) -> None:
    assert re.search("Serif|SimSun|FangSong|FZXiaoBiaoSong", said.fonts)
    assert "南充市嘉陵区法治政府建设工作进展情况汇总表" in said.pages[0]
    assert said.links and all(link.startswith(b"/Dest") for link in said.links)
    assert not any("数据" in page[:4] for page in said.pages), "the records are not for paper"
