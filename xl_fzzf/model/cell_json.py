"""Cells as JSON has them: a date is an object, all else is itself."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from xl_fzzf.model.record import Cell


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


def storable(text: str) -> str:
    """A text that every file can hold: half characters, as in foreign file names, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
