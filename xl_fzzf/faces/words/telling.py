"""How a job's result is told: lines and tables to a person, JSON to a program, counts in words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.characters import ACTIVE, HIDDEN
from xl_fzzf.model.finding import ACCEPTED, Finding, Severity
from xl_fzzf.model.period import Period
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict

if TYPE_CHECKING:
    from xl_fzzf.model.collected import Fate
    from xl_fzzf.model.plan import Unit

_ACTIVE, _HIDDEN = re.compile(f"[{ACTIVE}]"), re.compile(f"[{HIDDEN}]")
_LONGEST, _NAMES_SHOWN = 300, 30


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


def names(units: Iterable[Unit]) -> list[str]:
    """The units' names."""
    return [unit.name for unit in units]


def say_units(label: str, units: Sequence[Unit]) -> Told:
    """Which units they are, if there are any; of very many the first."""
    if units:
        yield f"{label}:{say_some(names(units), _NAMES_SHOWN)}"


def say_reported(expected: int, reported: int) -> str:
    """How many units have to report, and how many did."""
    return f"应报 {expected} 个单位,已报 {reported} 个"


def say_notices(notices: Iterable[str]) -> Told:
    """What is to be known about the archive."""
    return (Line(notice, "yellow") for notice in notices)


def say_some(words: Sequence[str], most: int, measure: str = "个") -> str:
    """The first words of a list, and how many it has if that is more."""
    more = f" 等 {len(words)} {measure}" if len(words) > most else ""
    return f"{'、'.join(words[:most])}{more}"


def say_os_error(error: OSError) -> tuple[str, str]:
    """What could not be read or written, and what to do."""
    return (
        f"文件读写出错:{error.strerror or error} {error.filename or ''}",
        "请确认文件没有被占用、磁盘没有满、文件夹可以写入,然后再试。",
    )


def say_share(value: float | None) -> str:
    """A share in percent."""
    return "—" if value is None else f"{value:.1%}"


def say_findings(findings: Iterable[Finding]) -> str:
    """How many findings weigh how much."""
    counts = Counter(finding.label for finding in findings)
    labels = [*(severity.label for severity in Severity), ACCEPTED]
    return f"校验问题:{_listed((label, counts[label]) for label in labels)}"


def say_statuses(counts: Counter[Status], absent: bool = True) -> str:
    """How many records have which status; those that none has are named if `absent`."""
    return _listed((status.value, counts[status]) for status in Status if absent or counts[status])


def say_files(kinds: type[Verdict] | type[Fate], counts: Mapping[Any, int]) -> str:
    """How many files met which verdict or fate."""
    return _listed((kind.label, counts[kind]) for kind in kinds if counts[kind]) or "没有"


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return "、".join(f"{label} {count}" for label, count in counts)
