"""BAD_INPUTS 16 to 34: zip files that lie, and parts that carry more than cells."""

from __future__ import annotations

import io
import random
import socket
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.receiving import SHEET, Door, entered, fields, repacked, replaced, zipped
from xl_fzzf.model.submission import Trait, Verdict
from xl_fzzf.office.xlsx.package import MAX_ENTRIES

BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


def refused(door: Door, data: bytes, *words: str) -> None:
    """The file is quarantined, and the reason says all this and what to do."""
    checked = door(data)
    assert checked.verdict is Verdict.QUARANTINED
    for word in (*words, "请"):
        assert word in checked.reason


def parts(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def test_bad_016_a_bomb_by_its_ratio(door: Door, good: bytes) -> None:
    refused(door, repacked(good, {"xl/media/image1.png": b"\0" * (20 << 20)}), "压缩得异常小")


def test_bad_016_blank_formatted_rows_are_no_bomb(door: Door, good: bytes) -> None:
    rows = "".join(
        f'<row r="{row}" s="5" customFormat="1">'
        + "".join(f'<c r="{letter}{row}" s="5"/>' for letter in "ABCDEFGHIJKLMNO")
        + "</row>"
        for row in range(7, 6_000)
    )
    checked = door(repacked(good, {SHEET: replaced("</sheetData>", rows + "</sheetData>")}))
    assert checked.verdict is Verdict.ACCEPTED


def test_bad_017_a_bomb_by_its_size(door: Door, good: bytes) -> None:
    refused(door, declaring(repacked(good, {"xl/media/a.bin": noise()}), "a.bin", 1 << 30), "过大")


def test_bad_018_endless_strings(door: Door, good: bytes) -> None:
    data = declaring(
        repacked(good, {"xl/sharedStrings.xml": noise()}), "sharedStrings.xml", 80 << 20
    )
    refused(door, data, "过多或过大")


def noise() -> bytes:
    """Twelve megabytes that don't deflate: the ratio tells nothing."""
    return random.Random(1).randbytes(12 << 20)


def declaring(data: bytes, part: str, size: int) -> bytes:
    """A package in whose directory a part has another size."""
    lying = bytearray(data)
    at = lying.index(b"PK\1\2", lying.rindex(part.encode()) - 46 - 40)
    lying[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(lying)


def test_bad_019_too_many_entries(door: Door, good: bytes) -> None:
    more = [(f"xl/media/{n}.png", b"") for n in range(MAX_ENTRIES)]
    refused(door, zipped(parts(good) + more), "过多")


@pytest.mark.parametrize("twin", [SHEET, SHEET.upper()])
def test_bad_020_double_names(door: Door, good: bytes, twin: str) -> None:
    refused(door, zipped([*parts(good), (twin, b"<worksheet/>")]), "重复")


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/evil.xml", "xl/../../evil.xml", "xl\\evil.xml", "C:/evil.xml"]
)
def test_bad_021_names_that_lead_elsewhere(door: Door, good: bytes, name: str) -> None:
    refused(door, repacked(good, {name: b"x"}), "指向别处")
    assert not list(door.folder.parent.rglob("evil.xml"))


def test_bad_022_a_stale_checksum(door: Door, good: bytes) -> None:
    data = bytearray(good)
    at = data.rindex(SHEET.encode()) - 46
    data[at + 16] ^= 0xFF
    refused(door, bytes(data), "已损坏", SHEET)


@pytest.mark.parametrize(
    "part", [BOOK, RELATIONS, "_rels/.rels", "xl/sharedStrings.xml", "xl/styles.xml", SHEET]
)
def test_bad_023_a_missing_part_is_named(door: Door, good: bytes, part: str) -> None:
    refused(door, repacked(good, {part: None}), "缺少", part)


@pytest.mark.parametrize(
    "part", [SHEET, BOOK, RELATIONS, "docProps/app.xml", "xl/theme/theme1.xml"]
)
def test_bad_024_a_doctype_in_any_part(door: Door, good: bytes, part: str) -> None:
    bombs = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    refused(
        door, repacked(good, {part: lambda data: data.replace(b"?>", b"?>" + bombs, 1)}), "DOCTYPE"
    )


def test_bad_025_an_external_entity_reads_nothing(door: Door, good: bytes, tmp_path: Path) -> None:
    (secret := tmp_path / "secret.txt").write_text("LEAKED")
    doctype = f'?><!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]>'
    data = repacked(good, {SHEET: replaced("?>", doctype)})
    checked = door(entered(data, '<c r="L4" t="inlineStr"><is><t>&b;</t></is></c>', "L4"))
    assert checked.verdict is Verdict.QUARANTINED
    assert "LEAKED" not in repr(checked)


@pytest.mark.parametrize("part", [SHEET, "docProps/app.xml"])
def test_bad_026_endless_nesting(door: Door, good: bytes, part: str) -> None:
    nest = b"".join(b"<a%d>" % (n % 977) for n in range(300_000))
    changes = {part: lambda data: data.replace(b"?>", b"?>" + nest, 1)}
    refused(door, repacked(good, changes, zipfile.ZIP_STORED), "嵌套过深")


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("UTF-16", "utf-16"), ("GBK", "gb18030"), ("gb2312", "gb18030"), ("UTF-8", "utf-8-sig")],
)
def test_bad_027_other_encodings_are_read(
    door: Door, good: bytes, declared: str, codec: str
) -> None:
    def change(data: bytes) -> bytes:
        return data.decode().replace('"UTF-8"', f'"{declared}"').encode(codec)

    checked = door(repacked(good, {SHEET: change, BOOK: change}))
    assert checked.verdict is Verdict.ACCEPTED
    assert fields(checked).narrative == "召开三次会议"


@pytest.mark.parametrize(("declared", "codec"), [("UTF-8", "gb18030"), ("Shift_JIS", "gb18030")])
def test_bad_027_a_wrong_encoding_is_refused(
    door: Door, good: bytes, declared: str, codec: str
) -> None:
    def change(data: bytes) -> bytes:
        return data.decode().replace('"UTF-8"', f'"{declared}"').encode(codec)

    refused(door, repacked(good, {SHEET: change}), "文字编码", SHEET)


def test_bad_028_zip_oddities(door: Door, good: bytes) -> None:
    commented = io.BytesIO(good)
    with zipfile.ZipFile(commented, "a") as package:
        package.comment = b"made by somebody"
    assert door(commented.getvalue()).verdict is Verdict.ACCEPTED
    assert door(_streamed(good)).verdict is Verdict.ACCEPTED
    refused(door, b"#!/bin/sh\n" + good, "不是")


def _streamed(data: bytes) -> bytes:
    """Written without seeking, so with data descriptors, and with zip64 fields."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.written += bytes(data)  # type: ignore[call-overload]
            return len(data)  # type: ignore[arg-type]

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts(data):
            with package.open(name, "w", force_zip64=True) as target:
                target.write(part)
    return stream.written


def trait(door: Door, data: bytes, trait: Trait) -> str:
    checked = door(data)
    assert checked.verdict is Verdict.ACCEPTED
    assert fields(checked).value == 3
    return checked.submission.traits[trait]


def test_bad_029_macros_are_named_and_not_run(door: Door, good: bytes) -> None:
    data = repacked(good, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert "宏" in trait(door, data, Trait.MACROS)


def test_bad_030_a_macro_sheet_of_excel_4(door: Door, good: bytes) -> None:
    refused(door, repacked(good, {"xl/macrosheets/sheet1.xml": b"<xm:macrosheet/>"}), "宏表")


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/embeddings/oleObject1.bin", "嵌入"),
        ("xl/activeX/activeX1.xml", "控件"),
        ("xl/media/image1.png", "图片"),
    ],
)
def test_bad_031_what_is_embedded_is_named(door: Door, good: bytes, part: str, what: str) -> None:
    assert what in trait(door, repacked(good, {part: b"<x/>"}), Trait.EMBEDDED)


@pytest.mark.parametrize(
    "part",
    ["xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/queryTables/queryTable1.xml"],
)
def test_bad_032_links_are_named_and_not_followed(door: Door, good: bytes, part: str) -> None:
    assert trait(door, repacked(good, {part: b"<x/>"}), Trait.LINKS)


@pytest.mark.parametrize("formula", ['WEBSERVICE("http://127.0.0.1:9/")', 'RTD("a",,"b")'])
def test_bad_033_what_fetches_is_named_and_its_cached_value_read(
    door: Door, good: bytes, formula: str
) -> None:
    data = entered(good, f'<c r="I4"><f>{formula}</f><v>3</v></c>')
    assert "网络" in trait(door, data, Trait.LINKS)


def test_bad_033_a_dde_link_is_a_link(door: Door, good: bytes) -> None:
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    assert trait(door, repacked(good, {"xl/externalLinks/externalLink1.xml": link}), Trait.LINKS)


def test_bad_034_nothing_is_fetched_from_the_network(door: Door, good: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.png"
        relation = f'<Relationship Id="r1" TargetMode="External" Type="x/image" Target="{url}"/>'
        more: dict[str, bytes | Callable[[bytes], bytes]] = {
            "xl/drawings/_rels/drawing1.xml.rels": f"<Relationships>{relation}</Relationships>".encode(),
            "xl/drawings/drawing1.xml": b"<wsDr/>",
            "_rels/.rels": replaced("</Relationships>", f"{relation}</Relationships>"),
        }
        assert door(repacked(good, {**more})).verdict is Verdict.ACCEPTED
        with pytest.raises(BlockingIOError):
            server.accept()
