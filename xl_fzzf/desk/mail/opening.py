"""Take received mail apart in a worker process, limited in time and memory like the readers of returns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xl_fzzf.desk.workers import Cost, WorkerError, Workers
from xl_fzzf.mail.parcel import Bounce, Enclosure, Machine, Parcel, Room

SECONDS = 30
_PARTS = (Enclosure, Bounce, Machine)
_CRASHED = "内容不正常,拆邮件的程序中止了,请人工打开"
_FAULTS = {
    Cost.SLOW: f"拆了 {SECONDS} 秒还没有拆完,内容不正常,请人工打开",
    Cost.CRASHED: _CRASHED,
    Cost.BIG: "展开后太大,请人工打开",
}


class Opener:
    """Opens mails and archives, one at a time."""

    def __init__(self, workers: Workers[Parcel]) -> None:
        self._workers = workers

    def open(self, name: str, data: bytes) -> Parcel:
        """What is in a received file; one that can't be opened is a parcel with a fault."""
        try:
            return self._workers.begin(SECONDS, open_parcel, name, data)()
        except WorkerError as error:
            if isinstance(error.__cause__, ModuleNotFoundError):
                raise error.__cause__ from error
            return Parcel(is_mail=True, fault=_FAULTS[error.cost])


@contextmanager
def opener() -> Iterator[Opener]:
    """An opener with its worker."""
    with Workers(Parcel, _PARTS, most=1) as workers:
        yield Opener(workers)


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
    except (MemoryError, ModuleNotFoundError):
        raise
    except Exception as error:
        return Parcel(is_mail=True, fault=f"{_CRASHED}({type(error).__name__})")
