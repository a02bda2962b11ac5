"""The limits of a Windows job object, which nobody has run: at least they lie where winnt.h has them."""

from __future__ import annotations

import ctypes
import sys

import pytest

from xl_fzzf.desk.memory_limit import _limits


@pytest.mark.skipif(sys.maxsize < 1 << 32, reason="the places are those of a 64-bit system")
def test_the_limits_lie_where_windows_looks_for_them() -> None:
    data = bytes(_limits(1 << 30))
    assert len(data) == ctypes.sizeof(_limits(0)) == 144
    places = {at for at in range(0, 144, 4) if any(data[at : at + 4])}
    assert places == {16, 112}
    assert int.from_bytes(data[112:120], sys.byteorder) == 1 << 30
