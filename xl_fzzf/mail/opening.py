"""Open what may hold several files: mails, Outlook's winmail.dat and .msg, zip archives."""

from __future__ import annotations

import zipfile
from io import BytesIO

from xl_fzzf.mail.header_text import decoded
from xl_fzzf.mail.parcel import DEEPEST, MOST_BYTES, MOST_FILES, Enclosure, Room

_ZIP, _RAR, _SEVEN = b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"
_TNEF = b"\x78\x9f\x3e\x22"
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_OFFICE = (b"[Content_Types].xml", b"mimetype", b"_rels/")
_MOST_SHRUNK = 1000
"""Above this ratio an archive is no archive but a bomb; text is packed to a hundredth at most."""


def add_file(room: Room, enclosure: Enclosure) -> None:
    """Add a file, or those that are packed in it."""
    from xl_fzzf.mail.eml import add_nested
    from xl_fzzf.mail.msg import add_msg, is_msg

    data, name = enclosure.data, enclosure.name
    if len(enclosure.within) >= DEEPEST:
        room.add(_failed(enclosure, "一层套一层太深,没有拆开,请人工处理"))
    elif data.startswith(_TNEF):
        _add_tnef(room, enclosure)
    elif is_archive(data):
        _add_zip(room, enclosure)
    elif data.startswith((_RAR, _SEVEN)):
        room.add(_failed(enclosure, "是 RAR 或 7z 压缩包,请解压后把里面的文件放进“报送”文件夹"))
    elif is_msg(data):
        add_msg(room, enclosure)
    elif name.lower().endswith(".eml"):
        add_nested(room, enclosure)
    else:
        room.add(enclosure)


def is_archive(data: bytes) -> bool:
    """Whether bytes are a zip archive and no Office or OpenDocument file, which are zipped, too."""
    return data.startswith(_ZIP) and not data[30:60].startswith(_OFFICE) and not _is_office(data)


def _is_office(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return True  # a damaged workbook, most likely: for the reader to judge


def _add_zip(room: Room, enclosure: Enclosure) -> None:
    within = (*enclosure.within, enclosure.name)
    try:
        with zipfile.ZipFile(BytesIO(enclosure.data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            reason = _refusal(infos, len(enclosure.data))
            if reason:
                room.add(_failed(enclosure, reason))
                return
            for info in infos:
                add_file(room, Enclosure(_zip_name(info), archive.read(info), within))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        room.add(_failed(enclosure, f"压缩包已损坏或格式不常见({type(error).__name__}),请对方重发"))


def _refusal(infos: list[zipfile.ZipInfo], packed: int) -> str:
    size = sum(info.file_size for info in infos)
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        return "压缩包设了密码,请对方去掉密码后重发"
    if len(infos) > MOST_FILES or size > min(MOST_BYTES, packed * _MOST_SHRUNK):
        return "压缩包里文件太多或展开后太大,没有拆开,请人工处理"
    return ""


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return decoded(info.filename.encode("cp437"), "utf-8")
    except UnicodeEncodeError:
        return info.filename


def _add_tnef(room: Room, enclosure: Enclosure) -> None:
    from tnefparse import TNEF

    within = (*enclosure.within, enclosure.name)
    try:
        found = TNEF(enclosure.data, do_checksum=False).attachments
        files = [(_tnef_name(attachment), bytes(attachment.data)) for attachment in found]
    except Exception as error:  # the library raises whatever the bytes make it raise
        reason = f"winmail.dat 拆不开({type(error).__name__}),请对方用“纯文本”或“HTML”格式重发"
        room.add(_failed(enclosure, reason))
        return
    for name, data in files:
        add_file(room, Enclosure(name, data, within))


def _tnef_name(attachment: object) -> str:
    """The long name; the library keeps the short one as the bytes that Outlook wrote (GBK, say)."""
    try:
        name = attachment.long_filename()  # type: ignore[attr-defined]
    except UnicodeDecodeError:
        name = attachment._name  # type: ignore[attr-defined]
    text = decoded(name, "utf-8") if isinstance(name, bytes) else str(name)
    return text.strip("\x00")


def _failed(enclosure: Enclosure, reason: str) -> Enclosure:
    """The file as it came, with the reason why what is in it is not listed."""
    return Enclosure(enclosure.name, enclosure.data, enclosure.within, enclosure.inline, reason)
