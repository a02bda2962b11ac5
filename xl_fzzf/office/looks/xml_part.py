"""XML parts of a received package as plain UTF-8, without what XML can hide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xl_fzzf.office.xlsx.package import Package

_MOST_XML = 64 << 20
"""Bytes that are read of one file; a return has a quarter of a megabyte."""

_DEEPEST = 256
_STEP = 1 << 16
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile(rb"<!(?!--|\[CDATA\[)")
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_CODECS = {"gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"} | dict.fromkeys(
    ("utf-16", "utf-16le", "utf-16be"), "utf-8"
)
"""Where the bytes don't show UTF-16 they can't be, whatever is declared."""
_UTF16 = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}


def plain_parts(package: Package, more: Sequence[str] = ()) -> dict[str, bytes]:
    """All XML parts as plain UTF-8, and `more` parts as they are; BookError for too much."""
    xml = [part for part in package if part.endswith((".xml", ".rels", ".vml"))]
    if sum(package.info(part).file_size for part in (*xml, *more)) > _MOST_XML:
        raise package.abnormal("内容过多或过大")
    plain = {part: _plain(package, part) for part in xml}
    return plain | {part: package.data(part) for part in more}


def _plain(package: Package, part: str) -> bytes:
    """A part as UTF-8; BookError where it can't be, or has a DOCTYPE, an entity or endless nesting."""
    data = package.data(part)
    head = data[:200]
    if head[:2] in _UTF16 or (b"encoding" in head and b'encoding="UTF-8"' not in head):
        data = _recoded(package, part, data)
    if b"<!" in data and _FORBIDDEN.search(data):
        raise package.abnormal(f"{part} 里有不允许的 DOCTYPE 或实体")
    if len(data) > _STEP and _depth(data) > _DEEPEST:
        raise package.abnormal(f"{part} 嵌套过深")
    return data.removeprefix(b"\xef\xbb\xbf")


def _recoded(package: Package, part: str, data: bytes) -> bytes:
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    codec = _UTF16.get(data[:2]) or _CODECS.get(name, name)
    if codec in _UTF8:
        return data
    if codec not in (*_UTF16.values(), *_CODECS.values()):
        raise package.abnormal(f"{part} 的文字编码 {name} 少见")
    try:
        return _DECLARATION.sub("", data.decode(codec), count=1).encode()
    except UnicodeError:
        raise package.abnormal(f"{part} 的文字编码有误") from None


def _depth(data: bytes) -> int:
    """How deep elements are nested, looked at every 64 KiB: what fits between does no harm."""
    depth = deepest = 0
    for start in range(0, len(data), _STEP):
        chunk = data[start : start + _STEP]
        closed = chunk.count(b"</")
        other = chunk.count(b"<?") + chunk.count(b"<!")
        depth += chunk.count(b"<") - other - 2 * closed - chunk.count(b"/>")
        deepest = max(deepest, depth)
    return deepest
