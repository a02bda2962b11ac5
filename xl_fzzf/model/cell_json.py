"""What is kept, as JSON has it: a date is an object, all else is itself."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import Any

from xl_fzzf.model.record import Cell

_SURROGATE = re.compile("[\ud800-\udfff]")


def encoded(entry: date) -> dict[str, str]:
    """What `json.dumps` calls for a date or a moment."""
    return {"date": entry.isoformat()}


def decoded_object(item: dict[str, Any]) -> Any:
    """What `json.loads` makes of an object: a date, if it is one that was encoded."""
    return decoded(item) if item.keys() == {"date"} else item


def decoded(item: Any) -> Cell:
    """The cell that was encoded; a moment at midnight is a date."""
    if not isinstance(item, dict):
        cell: Cell = item
        return cell
    moment = datetime.fromisoformat(item["date"])
    return moment.date() if moment.time() == time() else moment


def dump(value: object) -> str:
    """JSON as compact text; half characters, as file names may have them, as escapes."""
    words = _ENCODE(value)
    try:
        words.encode()
    except UnicodeEncodeError:
        words = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", words)
    return words


_ENCODE = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=encoded, check_circular=False
).encode


def load(words: str | bytes) -> Any:
    """What was dumped; tuples come back as lists."""
    return json.loads(words, object_hook=decoded_object)


def storable(text: str) -> str:
    """A text that every file can hold: half characters, as in foreign file names, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
