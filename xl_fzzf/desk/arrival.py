"""Take up a received file: opened once, read whole, and only if it is a plain file that is complete."""

from __future__ import annotations

import os
import stat
import time
from datetime import datetime
from pathlib import Path

LARGEST = 50 << 20
"""No return is near this size; a larger file is not even read."""

_NO_FILE = "不是普通文件(链接或设备),没有打开"
_TRIES, _PAUSE = 3, 0.2
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class NotReceivedError(Exception):
    """A file that can't be taken up now; the message says why and what to do."""


def take_up(path: Path) -> tuple[bytes, datetime]:
    """A file's bytes and time; raises NotReceivedError, also where it changes while it is read."""
    try:
        for _ in range(_TRIES):
            before, data = _read(path)
            after = path.stat(follow_symlinks=False)
            if _state(before) == _state(after) and len(data) == after.st_size:
                return data, _moment(before)
            time.sleep(_PAUSE)
    except FileNotFoundError:
        raise NotReceivedError("文件已经不在了(可能刚被移走、改名或删除),请核对后再汇总") from None
    except OSError as error:
        if path.is_symlink():
            raise NotReceivedError(_NO_FILE) from error
        reason = error.strerror or error
        raise NotReceivedError(f"文件读不出来({reason}),可能正被占用,请关闭后再试") from error
    raise NotReceivedError("文件还在传输或同步,请稍后再汇总")


def _read(path: Path) -> tuple[os.stat_result, bytes]:
    """What a file was when it was opened, and its bytes; nothing but a plain file is read."""
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise NotReceivedError(_NO_FILE)
        if found.st_size > LARGEST:
            raise NotReceivedError(
                f"文件有 {found.st_size >> 20} MB,超过 {LARGEST >> 20} MB,不像填报表。"
                "请去掉图片等附件后重新报送"
            )
        return found, file.read(LARGEST + 1)


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def last_changed(path: Path) -> datetime:
    """When a file was last changed; raises OSError."""
    return _moment(path.lstat())


def _moment(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime).replace(microsecond=0)
