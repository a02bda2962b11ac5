"""Workers: processes in which what came from outside is taken apart, each limited in time and memory.

What aborts its worker, hangs it or eats memory costs that worker, which is replaced. What a worker sends
is built from a few classes of plain data: a hostile file may have made it, and nothing of it is run.
"""

from __future__ import annotations

import faulthandler
import io
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum, auto
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from xl_fzzf.desk.memory_limit import limit_memory

if TYPE_CHECKING:
    from pebble import ProcessPool

MEMORY = 1 << 30
WAITING = 32 << 20
"""Bytes that wait for a worker at most, so that a thousand files need no more memory."""

Sent = TypeVar("Sent")


class Cost(Enum):
    """What a file did to the worker that had it."""

    SLOW = auto()
    CRASHED = auto()
    BIG = auto()


class WorkerError(Exception):
    """A worker was lost, or what it sent can't be taken; its cause may be a library that is missing."""

    def __init__(self, cost: Cost) -> None:
        super().__init__(cost.name)
        self.cost = cost


class Workers(Generic[Sent]):
    """A pool of workers that send objects of one class; use it as a context.

    `parts` are the classes of which such an object is made, besides plain values and days.
    """

    def __init__(self, sent: type[Sent], parts: Iterable[type[Any]], most: int) -> None:
        from pebble import ProcessPool

        method = "fork" if sys.platform == "linux" else "spawn"
        self._sent, self._kinds = sent, (sent, *parts)
        self._waiting = _Bytes(WAITING)
        self._pool: ProcessPool = ProcessPool(
            max_workers=min(os.cpu_count() or 1, most),
            initializer=_prepare,
            initargs=(MEMORY, self._kinds),
            context=multiprocessing.get_context(method),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        # Ending the workers takes a while, which the caller need not wait for.
        threading.Thread(target=self._end).start()

    def _end(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def begin(
        self, seconds: float, act: Callable[..., Sent], *given: str | bytes | datetime
    ) -> Callable[[], Sent]:
        """Let a worker do something; call what is returned for what it sends, or a WorkerError."""
        size = sum(len(item) for item in given if isinstance(item, bytes))
        self._waiting.add(size)
        future = self._pool.schedule(_work, args=(act, *given), timeout=seconds)
        future.add_done_callback(lambda _: self._waiting.remove(size))

        def wait() -> Sent:
            try:
                answer = future.result()
                sent = (
                    Unpacking(answer, self._kinds).load() if isinstance(answer, bytes) else answer
                )
            except TimeoutError:
                raise WorkerError(Cost.SLOW) from None
            except Exception as error:  # the worker died, or what it sent can't be understood
                raise WorkerError(Cost.CRASHED) from error
            if isinstance(sent, self._sent):
                return sent
            raise WorkerError(sent if isinstance(sent, Cost) else Cost.CRASHED)

        return wait


def pack(item: object) -> bytes:
    """An object as it is sent."""
    memory = io.BytesIO()
    ForkingPickler(memory).dump(item)
    return memory.getvalue()  # what `ForkingPickler.dumps` gives would have to be copied


class Unpacking(pickle.Unpickler):
    """What a worker sent. It finds classes by their whole name, and so never what is inside of one."""

    def __init__(self, packed: bytes, kinds: Iterable[type[Any]]) -> None:
        super().__init__(io.BytesIO(packed))
        plain = (date, datetime, time, timedelta, timezone)
        self._known = {(kind.__module__, kind.__name__): kind for kind in (*plain, *kinds)}

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name; raises UnpicklingError for all that is not awaited."""
        if (module, name) not in self._known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return self._known[module, name]


class _Bytes:
    """How many bytes wait; adding waits until there is room, or nothing else waits."""

    def __init__(self, most: int) -> None:
        self._most, self._sum, self._changed = most, 0, threading.Condition()

    def add(self, size: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._sum or self._sum + size <= self._most)
            self._sum += size

    def remove(self, size: int) -> None:
        with self._changed:
            self._sum -= size
            self._changed.notify_all()


def _prepare(memory: int, kinds: Iterable[type[Any]]) -> None:
    """What a worker does first: no more memory than this, and no word of a dying worker on screen."""
    limit_memory(memory)
    send_as_calls(kinds)
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _work(act: Callable[..., object], *given: object) -> bytes | Cost:
    """What an act comes to, packed here, so that a bad one doesn't stop the pool."""
    try:
        return pack(act(*given))
    except ModuleNotFoundError:
        raise
    except MemoryError:
        return Cost.BIG
    except BaseException:  # a panic of a library is no Exception
        return Cost.CRASHED


def send_as_calls(kinds: Iterable[type[Any]]) -> None:
    """Send objects of these classes as the calls that make them, for as long as this process lives.

    For a dataclass that takes half the time of what pickle does by itself; a member of an enum would be
    a getattr under Python 3.11.2, which must never be unpacked.
    """
    for kind in kinds:
        if issubclass(kind, Enum):
            ForkingPickler.register(kind, lambda item: (type(item), (item.value,)))
        elif is_dataclass(kind):
            ForkingPickler.register(kind, _as_call(kind))


def _as_call(kind: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    values = attrgetter(*(field.name for field in fields(kind)))
    return lambda item: (kind, values(item))
