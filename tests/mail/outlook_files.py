"""Outlook's own formats, written from their specifications ([MS-CFB], [MS-OXMSG], [MS-OXTNEF])."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


def compound_file(tree: Tree) -> bytes:
    """A compound file with these streams and storages."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "type": 5}]
    _add(entries, 0, tree)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini = bytearray()
    mini_fat: list[int] = []
    for entry in entries:
        data = entry.get("data")
        if data is None or not data:
            continue
        if len(data) < _CUTOFF:
            entry["start"] = len(mini) // _MINI
            _chain(mini_fat, -(-len(data) // _MINI))
            mini += data + bytes(-len(data) % _MINI)
        else:
            entry["start"] = _store(sectors, fat, data)
    entries[0]["start"] = _store(sectors, fat, bytes(mini)) if mini else _END
    entries[0]["size"] = len(mini)
    mini_start = _store(sectors, fat, _words(mini_fat, fill=_FREE)) if mini_fat else _END
    directory = b"".join(_entry(entry) for entry in entries)
    directory_start = _store(sectors, fat, directory)
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    fat_start = len(fat)
    fat += [_FAT] * count
    table = _words(fat, fill=_FREE)
    sectors += [table[at : at + _SECTOR] for at in range(0, len(table), _SECTOR)]
    places = [fat_start + number for number in range(count)] + [_FREE] * (109 - count)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory_start,
        0, _CUTOFF, mini_start, -(-len(mini_fat) // 128) or 0, _END, 0, *places,
    )  # fmt: skip
    return header + b"".join(sectors)


def _add(entries: list[dict[str, Any]], parent: int, tree: Tree) -> None:
    numbers = []
    for name, content in tree.items():
        numbers.append(len(entries))
        storage = not isinstance(content, bytes)
        entries.append({"name": name, "type": 1 if storage else 2})
        if isinstance(content, bytes):
            entries[-1].update(data=content, size=len(content))
        else:
            _add(entries, len(entries) - 1, content)
    order = sorted(numbers, key=lambda n: (len(entries[n]["name"]), entries[n]["name"].upper()))
    entries[parent]["child"] = _balanced(entries, order)


def _balanced(entries: list[dict[str, Any]], order: Sequence[int]) -> int:
    if not order:
        return _FREE
    middle = len(order) // 2
    entries[order[middle]]["left"] = _balanced(entries, order[:middle])
    entries[order[middle]]["right"] = _balanced(entries, order[middle + 1 :])
    return order[middle]


def _entry(entry: dict[str, Any]) -> bytes:
    name = entry["name"].encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        name, len(name) + 2, entry["type"], 1, entry.get("left", _FREE), entry.get("right", _FREE),
        entry.get("child", _FREE), 0, entry.get("start", _END if entry["type"] != 1 else 0),
        entry.get("size", 0),
    )  # fmt: skip


def _chain(fat: list[int], count: int) -> None:
    first = len(fat)
    fat += [first + number + 1 for number in range(count - 1)] + [_END]


def _store(sectors: list[bytes], fat: list[int], data: bytes) -> int:
    start, count = len(fat), -(-len(data) // _SECTOR)
    padded = data + bytes(-len(data) % _SECTOR)
    sectors += [padded[at : at + _SECTOR] for at in range(0, len(padded), _SECTOR)]
    _chain(fat, count)
    return start


def _words(values: Sequence[int], fill: int) -> bytes:
    padded = [*values, *[fill] * (-len(values) % 128)]
    return struct.pack(f"<{len(padded)}I", *padded)


def msg_file(
    properties: Mapping[int, str], attachments: Sequence[tuple[str, bytes | Tree]]
) -> bytes:
    """A .msg with text properties by number, and attachments: files, or mails as trees."""
    return compound_file(msg_tree(properties, attachments))


def msg_tree(
    properties: Mapping[int, str],
    attachments: Sequence[tuple[str, bytes | Tree]],
    embedded: bool = False,
) -> Tree:
    tree: dict[str, bytes | Tree] = {}
    count = len(attachments)
    head = struct.pack("<8x4I", 0, count, 0, count) + (b"" if embedded else bytes(8))
    tree["__properties_version1.0"] = head + _texts(tree, properties)
    for number, (name, content) in enumerate(attachments):
        parts: dict[str, bytes | Tree] = {}
        described = _texts(parts, {0x3707: name, 0x3704: "FILE.XLS"})
        if isinstance(content, bytes):
            method, kind = 1, 0x0102
            parts["__substg1.0_37010102"] = content
        else:
            method, kind = 5, 0x000D
            parts["__substg1.0_3701000D"] = content
        described += struct.pack("<HHIII", 0x0003, 0x3705, 6, method, 0)
        described += struct.pack("<HHIII", kind, 0x3701, 6, len(content), 0)
        parts["__properties_version1.0"] = bytes(8) + described
        tree[f"__attach_version1.0_#{number:08X}"] = parts
    return tree


def _texts(tree: dict[str, bytes | Tree], properties: Mapping[int, str]) -> bytes:
    described = b""
    for number, text in properties.items():
        data = text.encode("utf-16-le")
        tree[f"__substg1.0_{number:04X}001F"] = data
        described += struct.pack("<HHIII", 0x001F, number, 6, len(data) + 2, 0)
    return described


def winmail(*files: tuple[bytes, bytes]) -> bytes:
    """A winmail.dat of files with short names as the sender's code page writes them."""

    def attribute(level: int, number: int, kind: int, data: bytes) -> bytes:
        head = struct.pack("<BHHI", level, number, kind, len(data))
        return head + data + struct.pack("<H", sum(data) & 0xFFFF)

    made = struct.pack("<IH", 0x223E9F78, 1)
    made += attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    made += attribute(1, 0x9007, 6, struct.pack("<II", 936, 0))
    for name, data in files:
        made += attribute(2, 0x9002, 6, bytes(14))
        made += attribute(2, 0x8010, 1, name + b"\0")
        made += attribute(2, 0x800F, 6, data)
    return made
