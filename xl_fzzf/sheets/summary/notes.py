"""编制说明 of a summary: how it was made, what was left out and why, and from which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xl_fzzf.model.city import City
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.round import Registered, Standing
from xl_fzzf.model.submission import Verdict
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import BroadColumn, section, way_back
from xl_fzzf.sheets.page import Band, Filling, Page, Styled, Tile
from xl_fzzf.sheets.summary.method import say_account, say_city_method, say_method

_WIDTHS = (7, 32, 18, 10, 18, 8, 8, 8, 8, 8, 52)
_LAST = len(_WIDTHS) - 1
_METHOD = BroadColumn(0, 1, ""), BroadColumn(2, _LAST, "")
_FINGERPRINT = 64
"""Hexadecimal digits; they are printed small, on one line."""

Fillings = Sequence[Filling | Styled]


def notes_page(standing: Standing) -> Page:
    """编制说明 of a district: the method, the account, the files, what was accepted."""
    used = [file for file in standing.files if file.verdict == Verdict.ACCEPTED.label]
    counts = ("及时", "读到", "采用", "未采用", "不计")
    accepted = [
        (number, w.unit, w.indicator, f"{w.message}(填的是“{w.value}”)", w.reason)
        for number, w in enumerate(standing.accepted, 1)
    ]
    return _page(
        section("一、统计口径和方法", _LAST, _METHOD, say_method(standing)),
        section(f"二、填报内容的去向:{say_account(standing)}", _LAST),
        _used(f"三、采用的文件 {len(used)} 份", "单位", counts, map(_used_line, used)),
        _unused("四", "单位", standing.files),
        _accepted("五", "单位", "提醒和填报内容", accepted),
    )


def city_notes_page(city: City, findings: Sequence[Finding]) -> Page:
    """编制说明 of a city: the method, the summaries, what was accepted."""
    counts = ("及时", "记录", "采用", "没采用", "错误")
    accepted = [
        (number, f.unit, f.indicator, f"{f.message}(“{f.value}”)", f.waiver)
        for number, f in enumerate((f for f in findings if f.accepted), 1)
    ]
    title = f"二、采用的汇总表 {len(city.districts)} 份"
    return _page(
        section("一、统计口径和方法", _LAST, _METHOD, say_city_method(city)),
        _used(title, "区县", counts, _district_lines(city)),
        _unused("三", "区县", city.files),
        _accepted("四", "区县", "提醒和内容", accepted),
    )


def _page(*sections: Sequence[Band]) -> Page:
    first, *others = sections
    blocks = [Band([Tile(0, layout.NOTES, "title")], 32), Band([way_back("back")]), *first]
    for bands in others:
        blocks += [Band(), *bands]
    return Page(layout.NOTES, [(width, "plain") for width in _WIDTHS], blocks)


def _used(title: str, whose: str, counts: Sequence[str], lines: Iterable[Fillings]) -> list[Band]:
    """The files that count; `lines` say of each what the headers of `counts` ask, and who sent it."""
    more = [
        BroadColumn(column, column, header, "center") for column, header in enumerate(counts, 5)
    ]
    numbered = [(number, *line) for number, line in enumerate(lines, 1)]
    title += "(原件按指纹存放在“档案”文件夹)"
    return section(title, _LAST, _file_columns(whose, more), numbered)


def _used_line(file: Registered) -> Fillings:
    account = file.account
    counts = account.read, account.recorded, account.found, account.ignored
    return (*_file(file), file.timely, *counts, _fingerprint(file.sha256))


def _district_lines(city: City) -> Iterator[Fillings]:
    files = {file.file: file for file in city.files}
    for district in city.districts:
        file, count = files[district.file], len(district.assessments)
        counts = count + district.excluded, count, district.excluded, district.errors
        yield (*_file(file), file.timely, *counts, _fingerprint(file.sha256))


def _unused(heading: str, whose: str, files: Iterable[Registered]) -> list[Band]:
    kept_out = [file for file in files if file.verdict != Verdict.ACCEPTED.label]
    lines = [
        (number, *_file(file), file.reason, _fingerprint(file.sha256))
        for number, file in enumerate(kept_out, 1)
    ]
    columns = _file_columns(whose, [BroadColumn(5, 9, "没有采用的原因")])
    return section(f"{heading}、没有采用的文件 {len(lines)} 份", _LAST, columns, lines)


def _accepted(heading: str, whose: str, what: str, lines: Sequence[Fillings]) -> list[Band]:
    columns = (
        *(
            BroadColumn(0, 0, "序号", "center"),
            BroadColumn(1, 1, whose),
            BroadColumn(2, 2, "指标编号", "center"),
        ),
        *(BroadColumn(3, 9, what), BroadColumn(10, 10, "接受理由")),
    )
    return section(f"{heading}、经核实接受的提醒 {len(lines)} 条", _LAST, columns, lines)


def _file_columns(whose: str, more: Iterable[BroadColumn]) -> list[BroadColumn]:
    headers = ("序号", "文件", whose, "判定", "收到时间")
    styles = ("center", "text", "center", "center", "center")
    columns = map(BroadColumn, range(5), range(5), headers, styles)
    return [*columns, *more, BroadColumn(_LAST, _LAST, "文件指纹(SHA-256)")]


def _file(file: Registered) -> tuple[str, str, str, str]:
    return file.file, file.unit, file.verdict, file.received


def _fingerprint(digits: str) -> Filling | Styled:
    return Styled(digits, "fingerprint") if len(digits) == _FINGERPRINT else digits
