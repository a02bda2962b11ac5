"""Open what may hold several files, at any depth: mails, Outlook's .msg and winmail.dat, zip archives.

`FORMATS` lists them: how each is known, and what yields the files in it. A new one is one entry.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import NamedTuple

from xl_fzzf.mail.attachment import DEEPEST, Attachment
from xl_fzzf.mail.header_text import decoded
from xl_fzzf.mail.incoming import Machine, Mail, attachments, described, parse
from xl_fzzf.mail.outlook import (
    TNEF,
    is_msg,
    load_msg,
    msg_attachments,
    msg_described,
    tnef_attachments,
)

CRASHED = "内容不正常，拆邮件的程序中止了，请人工打开"
_MOST_FILES = 500
"""Files in one mail; what comes after them is listed as left out."""
_MOST_BYTES = 256 << 20
"""Bytes of all files in one mail, unpacked."""
_MOST_SHRUNK = 1000
"""Above this ratio an archive is no archive but a bomb; text is packed to a hundredth at most."""
_MOST_HEADERS = 2000
_ZIP, _RAR, _SEVEN = b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_OFFICE = (b"[Content_Types].xml", b"mimetype", b"_rels/")
_BROKEN = "邮件内容不完整或不正常，没有拆开，请人工打开"
_TOO_MUCH = "邮件里的文件太多或展开后太大，从这个文件起没有取出，请人工处理"


class _RefusedError(Exception):
    """A file that is not opened; the message says why."""


class Format(NamedTuple):
    """A kind of file that holds others: how it is known, what is in it, and what to say where it's broken."""

    matches: Callable[[Attachment], bool]
    attachments: Callable[[bytes], Iterable[Attachment]]
    fault: str = ""


def open_mail(name: str, data: bytes) -> Mail:
    """Take a mail apart, by what it is; any other file is one attachment, or all that are packed in it.

    What can't be opened is a mail with a fault. Raises MemoryError, and ModuleNotFoundError where a
    library is missing.
    """
    fault = CRASHED + "（{}）"
    try:
        if is_msg(data):
            fault = ".msg 文件读不出来（{}），请在 Outlook 里另存为 .eml 后再收"
            message = load_msg(data)
            return _filled(msg_described(message), msg_attachments(message))
        if name.lower().endswith(".eml"):
            return open_eml(data)
        return _filled(Mail(is_mail=False), [Attachment(name, data)])
    except (MemoryError, ModuleNotFoundError):
        raise
    except Exception as error:  # the libraries assert and unpack what they find
        return Mail(fault=fault.format(type(error).__name__))


def open_eml(data: bytes) -> Mail:
    """Take an Internet mail apart; one that can't be has a fault, and of a bounce nothing is attached."""
    try:
        message = parse(data)
        if not 0 < len(message.keys()) <= _MOST_HEADERS:
            return Mail(fault="不是邮件文件")
        mail = described(message)
        return mail if mail.machine is Machine.BOUNCE else _filled(mail, attachments(message))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return Mail(fault=_BROKEN)


def _filled(mail: Mail, files: Iterable[Attachment]) -> Mail:
    """A mail with all files, unpacked; the first one beyond the limits is named and no more is unpacked."""
    found: list[Attachment] = []
    size = 0
    for file in chain.from_iterable(map(unpack, files)):
        size += len(file.data)
        if len(found) == _MOST_FILES or size > _MOST_BYTES:
            found.append(Attachment(file.name, b"", file.within, fault=_TOO_MUCH))
            break
        found.append(file)
    return replace(mail, attachments=tuple(found))


def unpack(file: Attachment) -> Iterator[Attachment]:
    """The file, or those that are packed in it; one that can't be opened comes as it is, with a fault."""
    if file.fault:
        yield file
        return
    if len(file.within) >= DEEPEST:
        yield replace(file, fault="一层套一层太深，没有拆开，请人工处理")
        return
    format_ = next((format_ for format_ in FORMATS if format_.matches(file)), None)
    if format_ is None:
        yield file
        return
    try:
        for inner in format_.attachments(file.data):
            within = (*file.within, file.name, *inner.within)
            yield from unpack(replace(inner, within=within))
    except (MemoryError, ModuleNotFoundError):
        raise
    except _RefusedError as error:
        yield replace(file, fault=str(error))
    except Exception as error:  # the libraries raise whatever the bytes make them raise
        yield replace(file, fault=format_.fault.format(type(error).__name__))


def _is_archive(file: Attachment) -> bool:
    """A zip archive and no Office or OpenDocument file, which are zipped, too."""
    if not file.data.startswith(_ZIP) or file.data[30:60].startswith(_OFFICE):
        return False
    try:
        with zipfile.ZipFile(BytesIO(file.data)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False  # a damaged workbook, most likely: for the reader to judge


def _zipped(data: bytes) -> Iterator[Attachment]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        size = sum(info.file_size for info in infos)
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise _RefusedError("压缩包设了密码，请对方去掉密码后重发")
        if len(infos) > _MOST_FILES or size > min(_MOST_BYTES, len(data) * _MOST_SHRUNK):
            raise _RefusedError("压缩包里文件太多或展开后太大，没有拆开，请人工处理")
        for info in infos:
            yield Attachment(_zip_name(info), archive.read(info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return decoded(info.filename.encode("cp437"), "utf-8")
    except UnicodeEncodeError:
        return info.filename


def _not_unpacked(data: bytes) -> Iterator[Attachment]:
    raise _RefusedError("是 RAR 或 7z 压缩包，请解压后把里面的文件放进“报送”文件夹")


FORMATS = (
    Format(
        lambda file: file.data.startswith(TNEF),
        tnef_attachments,
        "winmail.dat 拆不开（{}），请对方用“纯文本”或“HTML”格式重发",
    ),
    Format(_is_archive, _zipped, "压缩包已损坏或格式不常见（{}），请对方重发"),
    Format(lambda file: file.data.startswith((_RAR, _SEVEN)), _not_unpacked),
    Format(
        lambda file: is_msg(file.data),
        lambda data: msg_attachments(load_msg(data)),
        "附带的 .msg 邮件读不出来（{}），请人工打开",
    ),
    Format(
        lambda file: file.name.lower().endswith(".eml"),
        lambda data: attachments(parse(data)),
        _BROKEN,
    ),
)
"""Looked through from the top; what none matches is a plain file."""
