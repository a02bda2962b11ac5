"""Take received mail apart in a worker process, limited in time and memory like the readers of returns."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xl_fzzf.desk.memory_limit import limit_memory
from xl_fzzf.desk.readers import MEMORY
from xl_fzzf.mail.parcel import Enclosure, Parcel, Room

if TYPE_CHECKING:
    from pebble import ProcessPool

SECONDS = 30
_TOO_SLOW = f"拆了 {SECONDS} 秒还没有拆完,内容不正常,请人工打开"
_CRASHED = "内容不正常,拆邮件的程序中止了,请人工打开"
_TOO_BIG = "展开后太大,请人工打开"


class Opener:
    """Opens mails and archives, one at a time."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool

    def open(self, name: str, data: bytes) -> Parcel:
        """What is in a received file; one that can't be opened is a parcel with a fault."""
        from pebble import ProcessExpired

        future = self._pool.schedule(open_parcel, args=(name, data), timeout=SECONDS)
        try:
            parcel: Parcel = future.result()
        except TimeoutError:
            return Parcel(is_mail=True, fault=_TOO_SLOW)
        except (ProcessExpired, OSError):
            return Parcel(is_mail=True, fault=_CRASHED)
        return parcel


@contextmanager
def opener() -> Iterator[Opener]:
    """An opener with its worker."""
    from pebble import ProcessPool

    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    pool = ProcessPool(max_workers=1, initializer=limit_memory, initargs=(MEMORY,), context=context)
    try:
        yield Opener(pool)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def open_parcel(name: str, data: bytes) -> Parcel:
    """Take a mail apart, by what it is; anything else is a parcel of one file or of what is packed in it."""
    from xl_fzzf.mail.eml import read_eml
    from xl_fzzf.mail.msg import is_msg, read_msg
    from xl_fzzf.mail.opening import add_file

    try:
        if is_msg(data):
            return read_msg(data)
        if name.lower().endswith(".eml"):
            return read_eml(data)
        room = Room()
        add_file(room, Enclosure(name, data))
        return Parcel(enclosures=tuple(room.enclosures))
    except MemoryError:
        return Parcel(is_mail=True, fault=_TOO_BIG)
    except ModuleNotFoundError:
        raise
    except Exception as error:
        return Parcel(is_mail=True, fault=f"{_CRASHED}({type(error).__name__})")
