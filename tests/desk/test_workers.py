"""Workers are limited, and what they send is plain data whatever they were made to send."""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from xl_fzzf.desk.workers import Cost, Unpacking, WorkerError, Workers, _Bytes, pack, send_as_calls
from xl_fzzf.model.record import Record
from xl_fzzf.model.submission import Mark, Marked, Row


class Harmful:
    """Writes a file wherever it is unpickled without a filter."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, (self.file,)


def _harm(file: str) -> Row:
    return Row(Harmful(file), "", Record("", ""))  # type: ignore[arg-type]


def _good(unit: str) -> Row:
    return Row(unit, "", Record("", "", value=1.5))


def _other(unit: str) -> Row:
    return Record(unit, "")  # type: ignore[return-value]


def _abort(_: str) -> Row:
    os.abort()


def _hang(_: str) -> Row:
    time.sleep(60)
    raise AssertionError


def _eat(_: str) -> Row:
    bytearray(4 << 30)
    raise AssertionError


def _fail(_: str) -> Row:
    raise KeyboardInterrupt


def _lack(_: str) -> Row:
    raise ModuleNotFoundError("no library", name="library")


def _tried(act: Callable[[str], Row], given: str = "") -> Row:
    with Workers(Row, (Record,), most=1) as workers:
        return workers.begin(1, act, given)()


def test_what_a_worker_sends_arrives() -> None:
    assert _tried(_good, "金凤镇") == _good("金凤镇")


def test_nothing_of_a_harmful_answer_is_run(tmp_path: Path) -> None:
    file = tmp_path / "harm"
    pickle.loads(pickle.dumps(Harmful(str(tmp_path / "proof"))))
    assert (tmp_path / "proof").exists()
    with pytest.raises(WorkerError) as lost:
        _tried(_harm, str(file))
    assert lost.value.cost is Cost.CRASHED
    assert isinstance(lost.value.__cause__, pickle.UnpicklingError)
    assert not file.exists()


@pytest.mark.parametrize(
    ("act", "cost"),
    [
        (_other, Cost.CRASHED),
        (_abort, Cost.CRASHED),
        (_hang, Cost.SLOW),
        (_eat, Cost.BIG),
        (_fail, Cost.CRASHED),
        (_lack, Cost.CRASHED),
    ],
)
def test_a_lost_worker_says_what_it_cost_and_is_replaced(
    act: Callable[[str], Row], cost: Cost
) -> None:
    with Workers(Row, (Record,), most=1) as workers:
        lost = workers.begin(1, act, "")
        assert workers.begin(5, _good, "后")().unit == "后"
        with pytest.raises(WorkerError) as error:
            lost()
    assert error.value.cost is cost
    assert isinstance(error.value.__cause__, ModuleNotFoundError) == (act is _lack)


def test_an_enum_is_sent_as_its_value_whatever_python_would_send(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Mark, "__reduce_ex__", lambda m, _: (getattr, (type(m), m.name)))
    send_as_calls((Marked, Mark))
    sent = Marked("value", 3, Mark.HIDDEN, "说明")
    assert Unpacking(pack(sent), (Marked, Mark)).load() == sent


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("datetime", "sys.modules"),
        ("xl_fzzf.model.submission", "Row.__init__.__builtins__"),
        ("xl_fzzf.model.submission", "dataclass"),
        ("xl_fzzf.model.submission", "Submission"),
        ("builtins", "getattr"),
        ("os", "system"),
    ],
)
def test_an_answer_reaches_nothing_but_the_classes_that_are_awaited(module: str, name: str) -> None:
    sent = b"\x80\x04" + b"".join(
        b"\x8c" + bytes([len(text)]) + text.encode() for text in (module, name)
    )
    with pytest.raises(pickle.UnpicklingError):
        Unpacking(sent + b"\x93.", (Row, Record)).load()


def test_no_more_bytes_wait_than_allowed() -> None:
    waiting = _Bytes(100)
    waiting.add(60)
    waiting.add(40)
    blocked = threading.Thread(target=waiting.add, args=(50,), daemon=True)
    blocked.start()
    assert waiting._sum == 100
    waiting.remove(60)
    blocked.join(5)
    assert waiting._sum == 90
    waiting.remove(90)
    waiting.add(500)  # a single large file does not wait for ever
    assert waiting._sum == 500
