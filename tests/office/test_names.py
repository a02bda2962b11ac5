"""A text as a file's name: one rule for all that is written, whoever the text is from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bad_inputs.payloads import PAYLOADS
from xl_fzzf.office.naming import safe_file_name

FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]')


@given(st.text())
def test_a_name_is_a_plain_name_whatever_it_is_made_from(text: str) -> None:
    name = safe_file_name(text)
    assert name and not FORBIDDEN.search(name) and name == name.strip()
    assert not name.endswith(".") and name not in (".", "..")
    assert len(f"{name} (某某单位 20191008-093000) 2.xlsx".encode()) <= 255
    assert safe_file_name(name) == name and len(name) <= 81


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("区司法局", "区司法局"),
        ("发票\u202excod.exe", "发票_xcod.exe"),
        ("a\u2066b\u2069\x9b2J\x85", "a_b__2J_"),
        ("half \udcff", "half _"),
        ("../../x", "_.._x"),
        ("con.txt", "_con.txt"),
        ("", "_"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_file_name(text) == name


def test_every_payload_makes_a_file(tmp_path: Path) -> None:
    names = {f"{number} {safe_file_name(text)}" for number, text in enumerate(PAYLOADS)}
    for name in names:
        (tmp_path / name).write_bytes(b"")
    assert {path.name for path in tmp_path.iterdir()} == names
    long = tmp_path / safe_file_name("长" * 300)
    long.write_bytes(b"")
    assert long.is_file()
