"""How a job's result is told: lines and tables to a person, JSON to a program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Any

from xl_fzzf.model.characters import ACTIVE, HIDDEN
from xl_fzzf.model.period import Period

_ACTIVE, _HIDDEN = re.compile(f"[{ACTIVE}]"), re.compile(f"[{HIDDEN}]")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a colour (as rich names it), and what stands behind it in others."""

    text: str
    style: str = ""
    rest: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its title; `wide` takes the whole width, `bare` has no frame and wraps nothing."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    wide: bool = False
    bare: bool = False


Told = Iterator[str | Line | Table]
Json = dict[str, Any]


def harmless(text: object) -> str:
    """A text without terminal escapes, line breaks or direction overrides."""
    return _ACTIVE.sub("·", str(text))


def box_text(*lines: str) -> str:
    """The lines that say something as a message box shows them; texts from files show as one line."""
    return "\n".join(harmless(line[:_LONGEST]) for line in lines if line)


def json_text(shape: Json) -> str:
    """JSON for other programs; raises TypeError for what it can't hold."""
    words = json.dumps(shape, ensure_ascii=False, indent=1, default=_encode)
    # JSON's own escapes stop at 0x1f; a terminal acts on more than that.
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", words)


def _encode(value: Any) -> object:
    """What JSON does not know: dates, paths and periods as text, dataclasses by field."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Path, Period)):
        return str(value)
    return pick(value, *(field.name for field in fields(value)))


def pick(source: object, *paths: str) -> Json:
    """These attributes in this order, each under its own name: `saved.output` is `output`."""
    return {path.rpartition(".")[2]: attrgetter(path)(source) for path in paths}


def count_json(kinds: type[StrEnum], counts: Mapping[Any, int]) -> Json:
    """How many there are of every kind."""
    return {kind.value: counts.get(kind, 0) for kind in kinds}
