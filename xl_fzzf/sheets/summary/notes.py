"""编制说明 of a summary: how it was made, what was left out and why, and from which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xl_fzzf.model.city import City
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.round import Registered, Standing
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.naming import numeral
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import BroadColumn, section, way_back
from xl_fzzf.sheets.page import Band, Filling, Page, Paper, Styled, Tile, depth
from xl_fzzf.sheets.summary.method import SHOWN, say_account, say_city_method, say_method

_WIDTHS = (6, 34, 18, 9, 18, 9, 9, 9, 9, 9, 70)
_LAST, _FINGERPRINTS = 9, 10
"""The last column that is printed, and that of the fingerprints, which only machines read."""

_METHOD = (
    BroadColumn(0, "", right=1),
    BroadColumn(2, "", right=_LAST),
    BroadColumn(_FINGERPRINTS, ""),
)
Fillings = tuple[Filling | Styled, ...]

_Section = tuple[str, Sequence[BroadColumn], Sequence[Fillings]]
"""A title, and a table with its lines."""


def notes_page(standing: Standing) -> Page:
    """编制说明 of a district: the method, the account, the files, what was accepted."""
    used = [_used_line(f) for f in standing.files if f.verdict == Verdict.ACCEPTED.label]
    columns = _file_columns("单位", _counts("及时", "读到", "采用", "未采用", "不计"))
    accepted: list[Fillings] = [
        (
            w.unit,
            w.indicator,
            f"{w.message}（填的是“{w.value}”）" if w.indicator and w.value else w.message,
            w.reason,
        )
        for w in standing.accepted
    ]
    return _page(
        ("统计口径和方法", _METHOD, _told(say_method(standing), standing.sha256)),
        (f"填报内容的去向：{say_account(standing)}", (), ()),
        (f"采用的文件 {len(used)} 份{_KEPT}", columns, _numbered(used)),
        _unused("单位", standing.files),
        _accepted("单位", "提醒和填报内容", accepted),
    )


def city_notes_page(city: City, findings: Sequence[Finding]) -> Page:
    """编制说明 of a city: the method, the summaries, what was accepted."""
    used = list(_district_lines(city))
    columns = _file_columns("区县", _counts("及时", "记录", "采用", "没采用", "错误"))
    accepted: list[Fillings] = [
        (
            f.unit,
            f.indicator,
            f.message if f.value in f.message else f"{f.message}（“{f.value}”）",
            f.waiver,
        )
        for f in findings
        if f.accepted
    ]
    return _page(
        ("统计口径和方法", _METHOD, _told(say_city_method(city), city.sha256)),
        (f"采用的汇总表 {len(used)} 份{_KEPT}", columns, _numbered(used)),
        _unused("区县", city.files),
        _accepted("区县", "提醒和内容", accepted),
    )


_KEPT = "（原件按指纹存放在“档案”文件夹）"


def _page(*sections: _Section) -> Page:
    blocks = [Band([Tile(0, layout.NOTES, "title")], 32), Band([way_back("back")])]
    for number, (title, columns, lines) in enumerate(sections, 1):
        blocks += [*section(f"{numeral(number)}、{title}", _LAST, columns, lines), Band()]
    paper = Paper(area=(depth(blocks) - 1, _LAST))
    return Page(layout.NOTES, [(width, "plain") for width in _WIDTHS], blocks, paper=paper)


def _told(method: Iterable[tuple[str, str]], sha256: str) -> list[Fillings]:
    """The method, with the whole fingerprint beside the line that says from what master it is."""
    return [(*line, sha256) if sha256 and sha256[:SHOWN] in line[1] else line for line in method]


def _numbered(lines: Iterable[Fillings]) -> list[Fillings]:
    return [(number, *line) for number, line in enumerate(lines, 1)]


def _used_line(file: Registered) -> Fillings:
    account = file.account
    counts = account.read, account.recorded, account.found, account.ignored
    return (*_file(file), file.timely, *counts, file.sha256)


def _district_lines(city: City) -> Iterator[Fillings]:
    files = {file.file: file for file in city.files}
    for district in city.districts:
        file, count = files[district.file], len(district.assessments)
        counts = count + district.excluded, count, district.excluded, district.errors
        yield (*_file(file), file.timely, *counts, file.sha256)


def _unused(whose: str, files: Iterable[Registered]) -> _Section:
    lines = [
        (*_file(file), file.reason, file.sha256)
        for file in files
        if file.verdict != Verdict.ACCEPTED.label
    ]
    columns = _file_columns(whose, [BroadColumn(5, "没有采用的原因", right=9)])
    return f"没有采用的文件 {len(lines)} 份", columns, _numbered(lines)


def _accepted(whose: str, what: str, lines: Sequence[Fillings]) -> _Section:
    columns = (
        BroadColumn(0, "序号", "center"),
        BroadColumn(1, whose),
        BroadColumn(2, "指标编号", "center"),
        BroadColumn(3, what, right=6),
        BroadColumn(7, "接受理由", right=_LAST),
    )
    return f"经核实接受的提醒 {len(lines)} 条", columns, _numbered(lines)


def _file_columns(whose: str, more: Iterable[BroadColumn]) -> list[BroadColumn]:
    return [
        BroadColumn(0, "序号", "center"),
        BroadColumn(1, "文件"),
        BroadColumn(2, whose, "center"),
        BroadColumn(3, "判定", "center"),
        BroadColumn(4, "收到时间", "center"),
        *more,
        BroadColumn(_FINGERPRINTS, "文件指纹（SHA-256）"),
    ]


def _counts(*headers: str) -> list[BroadColumn]:
    """What a file came to, in the columns behind those that every file has."""
    return [BroadColumn(left, header, "center") for left, header in enumerate(headers, 5)]


def _file(file: Registered) -> tuple[str, str, str, str]:
    return file.file, file.unit, file.verdict, file.received
