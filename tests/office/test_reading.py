"""Whatever bytes arrive, there is one verdict; formats and their names are told by content alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make_received import FOLDER
from xl_fzzf.desk.readers import Readers
from xl_fzzf.office.looks.number_formats import may_mislead, shown_otherwise

CORPUS = sorted(path.read_bytes() for path in FOLDER.iterdir() if path.stat().st_size > 1000)
NOW = datetime(2019, 9, 20)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers() as pool:
        yield pool


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A file of the corpus with some bytes overwritten, taken out or put in."""
    data = bytearray(draw(st.sampled_from(CORPUS)))
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
    return bytes(data)


@settings(max_examples=150)
@given(data=st.one_of(spoilt(), st.binary(max_size=200)))
def test_any_bytes_get_one_verdict(readers: Readers, data: bytes) -> None:
    submission = readers.read("收到.xlsx", data, "hash", NOW)()
    assert (submission.file, submission.sha256) == ("收到.xlsx", "hash")
    assert not (submission.unreadable and submission.sheets)
    assert "Traceback" not in submission.unreadable
    if submission.unreadable:
        assert "请" in submission.unreadable


@given(
    code=st.one_of(st.text('0#?.,;%"\\[]_*@/年E+- ', max_size=20), st.text(max_size=12)),
    value=st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5)),
)
def test_any_number_format_can_be_judged(code: str, value: float | str) -> None:
    if may_mislead(code):
        assert isinstance(shown_otherwise(code, value), str)


@pytest.mark.parametrize("code", ["0%", "0" + "%" * 400, "0" + "," * 400, "0.0%"])
def test_a_number_beyond_all_bounds_can_be_judged(code: str) -> None:
    assert isinstance(shown_otherwise(code, 1.7e308), str)


@given(value=st.floats(-1e9, 1e9))
def test_the_common_formats_never_mislead(value: float) -> None:
    for code in ("General", "0.00", "#,##0.00", "@"):
        assert not may_mislead(code)
        assert not shown_otherwise(code, value)
