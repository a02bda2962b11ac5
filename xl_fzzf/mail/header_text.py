"""The text of header fields and file names as mail programs really write it: RFC 2047, RFC 2231, raw GBK."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from email.message import Message
from urllib.parse import unquote_to_bytes

_WORD = re.compile(r"=\?([\w.:+-]+)(?:\*[\w-]+)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ADDRESS = re.compile(r"[^<>,]*<\s*([^<>,\s]+@[^<>,\s]+)\s*>|([^<>,\s]+@[^<>,\s]+)")
_BYTES = re.compile("[\udc80-\udcff]")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "hz"}


def raw_header(mail: Message, name: str) -> str:
    """The first header of that name as it stands in the mail, "" without one."""
    fields = ((key.lower(), value) for key, value in mail.raw_items())
    return next((str(value) for key, value in fields if key == name.lower()), "")


def sender_address(mail: Message) -> str:
    """The one address in From; "" where there is none, or more than one.

    It is found before anything is decoded: an encoded name may hold what looks like an address.
    """
    fields = [str(value) for key, value in mail.raw_items() if key.lower() == "from"]
    if len(fields) != 1:
        return ""
    plain = _ASIDE.sub("", re.sub(r"\r?\n[ \t]*", " ", fields[0])).strip()
    match = _ADDRESS.fullmatch(plain)
    return (match[1] or match[2]) if match else ""


def header_text(raw: str) -> str:
    """A header's text, encoded words decoded, raw bytes read as UTF-8 or GBK; line folds undone."""
    unfolded = re.sub(r"\r?\n[ \t]*", " ", raw)
    if not _WORD.search(unfolded):
        return _raw_bytes(unfolded)
    joined = _BETWEEN.sub(r"\1\2", unfolded)
    pieces: list[tuple[str, bytes | str]] = []
    end = 0
    for match in _WORD.finditer(joined):
        if match.start() > end:
            pieces.append(("", joined[end : match.start()]))
        charset, data = match[1].lower(), _word_bytes(match[2], match[3])
        # A character may be cut in two by the end of an encoded word.
        if pieces and pieces[-1][0] == charset and match.start() == end:
            data = bytes(pieces.pop()[1]) + data  # type: ignore[arg-type]
        pieces.append((charset, data))
        end = match.end()
    pieces.append(("", joined[end:]))
    return "".join(
        _raw_bytes(piece) if isinstance(piece, str) else decoded(piece, charset)
        for charset, piece in pieces
    )


def file_name(part: Message) -> str:
    """The file name that a part says it has, decoded; "" where it says none."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        scratch = Message()
        scratch[header] = _raw_bytes(raw_header(part, header))
        found = scratch.get_param(parameter, header=header)
        if isinstance(found, tuple):
            charset, _, text = found
            return decoded(text.encode("latin-1", "replace"), charset or "utf-8").strip()
        if found:
            return _unpercented(header_text(found)).strip()
    return ""


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text: by the charset that is named, else by the one that fits."""
    for name in (_WIDER.get(charset.lower(), charset), "utf-8", "gb18030"):
        try:
            return data.decode(codecs.lookup(name).name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("gb18030", "replace")


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("ascii", "replace"), header=True)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text.encode("ascii", "replace")


def _raw_bytes(text: str) -> str:
    """Bytes above 127 that stand in a header as they are."""
    if not _BYTES.search(text):
        return text
    return decoded(text.encode("utf-8", "surrogateescape"), "utf-8")


def _unpercented(name: str) -> str:
    """Some web mailers write %E5%8C%BA without saying that they do."""
    if not _PERCENT.search(name):
        return name
    try:
        text = unquote_to_bytes(name).decode()
    except UnicodeDecodeError:
        return name
    return name if text.isascii() else text
