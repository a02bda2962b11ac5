"""The text of header fields and file names as mail programs really write it: RFC 2047, RFC 2231, raw GBK."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from email.message import Message
from itertools import groupby
from urllib.parse import unquote

_WORD = re.compile(r"=\?([\w.:+-]+)(?:\*[\w-]+)?\?([bBqQ])\?([^?\s]*)\?=")
_WORDS = re.compile(rf"{_WORD.pattern}(?:\s*{_WORD.pattern})*")
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ADDRESS = re.compile(r"[^<>,]*<\s*([^<>,\s]+@[^<>,\s]+)\s*>|([^<>,\s]+@[^<>,\s]+)")
_BYTES = re.compile("[\udc80-\udcff]")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "hz"}


def raw_header(mail: Message, name: str) -> str:
    """The first header of that name as it stands in the mail, "" without one."""
    return next(iter(_raw_headers(mail, name)), "")


def _raw_headers(mail: Message, name: str) -> list[str]:
    return [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]


def sender_address(mail: Message) -> str:
    """The one address in From; "" where there is none, or more than one.

    It is found before anything is decoded: an encoded name may hold what looks like an address.
    """
    fields = _raw_headers(mail, "From")
    if len(fields) != 1:
        return ""
    plain = _ASIDE.sub("", re.sub(r"\r?\n[ \t]*", " ", fields[0])).strip()
    match = _ADDRESS.fullmatch(plain)
    return (match[1] or match[2]) if match else ""


def header_text(raw: str) -> str:
    """A header's text, encoded words decoded, raw bytes read as UTF-8 or GBK; line folds undone."""
    return _WORDS.sub(_words_text, _raw_bytes(re.sub(r"\r?\n[ \t]*", " ", raw)))


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
            name = header_text(found)
            # Some web mailers write %E5%8C%BA without saying that they do.
            plain = unquote(name, errors="surrogateescape")
            return (name if plain.isascii() or _BYTES.search(plain) else plain).strip()
    return ""


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text: by the charset that is named, else by the one that fits."""
    for name in (_WIDER.get(charset.lower(), charset), "utf-8", "gb18030"):
        try:
            return data.decode(codecs.lookup(name).name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("gb18030", "replace")


def _words_text(words: re.Match[str]) -> str:
    """Encoded words in a row; the end of one may cut a character in two."""
    return "".join(
        decoded(b"".join(_word_bytes(word[2], word[3]) for word in alike), charset)
        for charset, alike in groupby(_WORD.finditer(words[0]), lambda word: word[1].lower())
    )


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
