"""Ways to damage a return: its bytes, its package, its XML. Each takes a package and a source of chance."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress

Parts = dict[str, bytes]
Damage = Callable[[bytes, random.Random], bytes]


def unpack(data: bytes) -> Parts:
    """A package's parts by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts: Parts) -> bytes:
    """Parts as a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            _put(package, name, data)
    return out.getvalue()


def _put(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    """A part without the time of its writing: the same seed makes the same bytes."""
    package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    """A few bits of the file are wrong."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The file ends too early."""
    return data[: chance.randrange(len(data))]


def zero_tail(data: bytes, chance: random.Random) -> bytes:
    """The file's end was never synced."""
    at = chance.randrange(len(data))
    return data[:at] + bytes(len(data) - at)


def swap_blocks(data: bytes, chance: random.Random) -> bytes:
    """A block of the file stands where another should."""
    size = chance.randint(16, 4096)
    a, b = (chance.randrange(len(data)) for _ in range(2))
    return data[:a] + data[b : b + size] + data[a + size :]


def insert_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes before, inside or after the package."""
    at = chance.choice((0, len(data), chance.randrange(len(data))))
    return data[:at] + chance.randbytes(chance.randint(1, 300)) + data[at:]


def drop_part(data: bytes, chance: random.Random) -> bytes:
    """A part is missing."""
    parts = unpack(data)
    del parts[chance.choice(sorted(parts))]
    return pack(parts)


def rename_part(data: bytes, chance: random.Random) -> bytes:
    """A part has another name."""
    parts = unpack(data)
    name = chance.choice(sorted(parts))
    new = chance.choice(
        (name.upper(), "../" + name, name.replace("/", "\\"), "/" + name, name + "x")
    )
    return pack({new if key == name else key: value for key, value in parts.items()})


def double_part(data: bytes, chance: random.Random) -> bytes:
    """A part stands in the package twice."""
    parts = unpack(data)
    name = chance.choice(sorted(parts))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        _put(package, chance.choice((name.upper(), name.replace("xl/", "xL/"))), parts[name])
    return out.getvalue()


def swap_parts(data: bytes, chance: random.Random) -> bytes:
    """Two parts change places."""
    parts = unpack(data)
    a, b = chance.sample(sorted(parts), 2)
    parts[a], parts[b] = parts[b], parts[a]
    return pack(parts)


_TAG = re.compile(rb"<[^<>]+>")
_ATTRIBUTE = re.compile(rb'\s[\w:]+="[^"]*"')
_VALUES = (b"", b"-1", b"0", b"1", b"999999999999", b"NaN", b"1e308", b"XFD1048576", b"A0", b"s", b"e", b"b", b"str", b"n",
           b"inlineStr", b"d", b"true", b"../x", b"http://evil.invalid/", b"rId999")  # fmt: skip
_INSERTED = (
    b'<c r="XFD1048576"><v>1</v></c>', b"<f>1+1</f>", b'<f t="shared" si="0"/>', b'<v>7</v>', b'<c r="I5" t="e"><v>#N/A</v></c>',
    b'<mergeCells count="1"><mergeCell ref="A:XFD"/></mergeCells>', b'<mergeCell ref="I4:I9"/>', b"<!-- x -->", b"<![CDATA[7]]>",
    b'<row r="4" hidden="1">', b"</row>", b"</c>", b"&e;", b"&#0;", b"&#x1F600;", b"<a>" * 500, b"\xff\xfe", b"\x00",
)  # fmt: skip


def _edit_xml(data: bytes, chance: random.Random, edit: Callable[[bytes], bytes]) -> bytes:
    parts = unpack(data)
    sheets = [name for name in parts if "worksheets/sheet" in name and name.endswith(".xml")]
    others = [name for name in parts if name.endswith((".xml", ".rels"))]
    name = chance.choice(sheets if chance.random() < 0.7 else others)
    parts[name] = edit(parts[name])
    return pack(parts)


def drop_tag(data: bytes, chance: random.Random) -> bytes:
    """A tag is missing."""

    def edit(xml: bytes) -> bytes:
        tag = chance.choice(list(_TAG.finditer(xml)))
        return xml[: tag.start()] + xml[tag.end() :]

    return _edit_xml(data, chance, edit)


def double_tag(data: bytes, chance: random.Random) -> bytes:
    """A tag stands twice."""

    def edit(xml: bytes) -> bytes:
        tag = chance.choice(list(_TAG.finditer(xml)))
        return xml[: tag.end()] + tag[0] + xml[tag.end() :]

    return _edit_xml(data, chance, edit)


def change_attribute(data: bytes, chance: random.Random) -> bytes:
    """An attribute has another value, or none."""

    def edit(xml: bytes) -> bytes:
        found = list(_ATTRIBUTE.finditer(xml))
        if not found:
            return xml
        attribute = chance.choice(found)
        name = attribute[0].partition(b"=")[0]
        new = chance.choice((b"", name + b'="' + chance.choice(_VALUES) + b'"'))
        return xml[: attribute.start()] + new + xml[attribute.end() :]

    return _edit_xml(data, chance, edit)


def insert_xml(data: bytes, chance: random.Random) -> bytes:
    """Something stands between two tags that doesn't belong there."""

    def edit(xml: bytes) -> bytes:
        tag = chance.choice(list(_TAG.finditer(xml)))
        return xml[: tag.end()] + chance.choice(_INSERTED) + xml[tag.end() :]

    return _edit_xml(data, chance, edit)


def add_doctype(data: bytes, chance: random.Random) -> bytes:
    """A part declares entities."""

    def edit(xml: bytes) -> bytes:
        doctype = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        at = xml.find(b"?>") + 2
        return xml[:at] + doctype + xml[at:]

    return _edit_xml(data, chance, edit)


def change_encoding(data: bytes, chance: random.Random) -> bytes:
    """A part says or has another encoding."""
    name = chance.choice(("utf-16", "gbk", "utf-7", "latin-1", "utf-8-sig"))

    def edit(xml: bytes) -> bytes:
        return (
            xml.decode("utf-8", "replace").encode(name, "replace")
            if chance.random() < 0.7
            else (xml.replace(b"UTF-8", name.encode()))
        )

    return _edit_xml(data, chance, edit)


def swap_digits(data: bytes, chance: random.Random) -> bytes:
    """The file says another number: no reader can know, all must agree."""

    def edit(xml: bytes) -> bytes:
        found = list(re.finditer(rb"<v>(\d)", xml))
        if not found:
            return xml
        place = chance.choice(found).start(1)
        return xml[:place] + str(chance.randrange(10)).encode() + xml[place + 1 :]

    return _edit_xml(data, chance, edit)


DAMAGES: tuple[Damage, ...] = (
    flip_bits, cut, zero_tail, swap_blocks, insert_bytes, drop_part, rename_part, double_part, swap_parts,
    drop_tag, double_tag, change_attribute, insert_xml, add_doctype, change_encoding, swap_digits,
)  # fmt: skip


_NO_LONGER_A_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    *(KeyError, ValueError, IndexError, EOFError, OSError),
)
"""What a second way meets that needs a whole package after the first."""


def damage(data: bytes, seed: int) -> tuple[str, bytes]:
    """One damaged copy: what was done to it, and its bytes; the same for the same seed."""
    chance = random.Random(seed)
    names = []
    for _ in range(1 if chance.random() < 0.8 else 2):
        way = chance.choice(DAMAGES)
        with suppress(*_NO_LONGER_A_PACKAGE):
            data = way(data, chance)
        names.append(way.__name__)
    return "+".join(names), data
