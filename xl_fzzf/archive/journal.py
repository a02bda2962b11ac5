"""The journal of a run: one compressed JSON file, written whole when the run is done, never changed.

The journals are what the archive knows; the ledger is only an index over them.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from xl_fzzf.archive.storage import READ_ONLY, make_folder, write_whole
from xl_fzzf.model.cell_json import decoded_object, encoded
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.run import Change, Job, Receipt, Run, Version

FORMAT = 1
_FOLDER, _BEGINNING = "运行", "开始.json"
_NAME = re.compile(r"(\d{6,})_.+\.json\.gz")
_SURROGATE = re.compile("[\ud800-\udfff]")


class JournalError(Exception):
    """A journal that can't be read; the message says, in Chinese, which and why."""


class Beginning(NamedTuple):
    """A run that is about to change a master from one hash to another."""

    number: int
    before: str
    after: str


def write_beginning(archive: Path, beginning: Beginning) -> None:
    """Note the run that begins, in place of the one before; raises OSError."""
    make_folder(archive / _FOLDER)
    write_whole(archive / _FOLDER / _BEGINNING, dump(beginning).encode())


def read_beginning(archive: Path) -> Beginning | None:
    """The run that began last, whether or not it came to its journal."""
    try:
        return Beginning(*json.loads((archive / _FOLDER / _BEGINNING).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def find_journals(archive: Path) -> Iterator[tuple[int, Path]]:
    """Every journal by its run's number, the first run first."""
    for path in sorted((archive / _FOLDER).glob("*.json.gz")):
        match = _NAME.fullmatch(path.name)
        if match:
            yield int(match[1]), path


def write_journal(archive: Path, run: Run) -> Path:
    """Write a run's journal; raises OSError."""
    folder = archive / _FOLDER
    make_folder(folder)
    path = folder / f"{run.number:06d}_{run.period}_{run.at:%Y%m%d-%H%M%S}.json.gz"
    changes = ",\n".join(f"[{change.replaced},{change.content}]" for change in run.changes)
    words = f'{dump(_plain(run))[:-1]},"changes":[{changes}]}}'
    write_whole(path, gzip.compress(words.encode(), 1, mtime=0), READ_ONLY)
    return path


def read_journal(path: Path) -> Run:
    """The run that a journal tells; raises JournalError."""
    try:
        plain = load(gzip.decompress(path.read_bytes()))
        if plain["format"] > FORMAT:
            raise JournalError(f"运行记录“{path.name}”是更新版本的程序写的,请更新本程序")
        return _run(plain)
    except OSError as error:
        raise JournalError(f"运行记录“{path.name}”读不出来({error.strerror or error})") from None
    except (EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise JournalError(f"运行记录“{path.name}”已损坏({type(error).__name__})") from error


def dump(value: object) -> str:
    """JSON as compact text; half characters, as file names may have them, as escapes."""
    words = _ENCODE(value)
    try:
        words.encode()
    except UnicodeEncodeError:
        words = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", words)
    return words


@lru_cache(maxsize=20_000)
def _names(*names: str) -> str:
    return dump(names)[1:-1]


def load(words: str | bytes) -> Any:
    """What was dumped; tuples come back as lists."""
    return json.loads(words, object_hook=decoded_object)


_ENCODE = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=encoded, check_circular=False
).encode


def encode_version(version: Version) -> Change:
    """A version as the archive keeps it."""
    unit, code, entries, file, sha256, sheet, row, sent, raw, _, replaced = version
    others = f"{dump(sent)},{dump(raw)}" if sent or raw else "{},{}"
    content = (  # by hand: the same names come thousands of times
        f"[{_names(unit, code)},{dump(entries)},{_names(file, sha256, sheet)},{row},{others}]"
    )
    return Change(unit, code, content, replaced)


def decode_version(content: str, run: int, replaced: int) -> Version:
    """The version that was encoded."""
    unit, indicator, entries, file, sha256, sheet, row, sent, raw = load(content)
    return Version(
        unit, indicator, tuple(entries), file, sha256, sheet, row, sent, raw, run, replaced
    )


def _plain(run: Run) -> dict[str, Any]:
    """A run as JSON has it, but for its changes: they are JSON already."""
    return {
        "format": FORMAT,
        "number": run.number,
        "period": run.period,
        "job": run.job,
        "at": run.at.isoformat(),
        "as_of": run.as_of.isoformat(),
        "before": run.before,
        "after": run.after,
        "note": run.note,
        "output": run.output,
        "files": [{**_fields(f), "received": f.received.isoformat()} for f in run.files],
        "findings": [_fields(finding) for finding in run.findings],
    }


def _fields(item: Receipt | Finding) -> dict[str, Any]:
    """A dataclass's fields; `asdict` would copy each."""
    return {name: getattr(item, name) for name in item.__slots__}


def _run(plain: dict[str, Any]) -> Run:
    del plain["format"]
    moments = {
        "at": datetime.fromisoformat(plain["at"]),
        "as_of": date.fromisoformat(plain["as_of"]),
    }
    lists: dict[str, Any] = {
        "files": tuple(map(_receipt, plain["files"])),
        "findings": tuple(map(_finding, plain["findings"])),
        "changes": tuple(_change(*item) for item in plain["changes"]),
    }
    return Run(**{**plain, **moments, **lists, "job": Job(plain["job"])})


def _receipt(plain: dict[str, Any]) -> Receipt:
    return Receipt(**{**plain, "received": datetime.fromisoformat(plain["received"])})


def _finding(plain: dict[str, Any]) -> Finding:
    return Finding(**{**plain, "severity": Severity(plain["severity"])})


def _change(replaced: int, content: list[Any]) -> Change:
    return Change(content[0], content[1], dump(content), replaced)
