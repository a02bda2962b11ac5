"""What a job's result says, as the plain lines that a person reads."""

from __future__ import annotations

import json
from typing import Any

from xl_fzzf.faces.words.telling import Json, Line, Table, Told, json_text


def said(told: Told) -> list[str]:
    """The lines without their colours; of a table its title and its rows."""
    lines: list[str] = []
    for item in told:
        if isinstance(item, Table):
            lines += [item.title, *(" | ".join(map(str, row)) for row in item.rows)]
        else:
            lines.append(item if isinstance(item, str) else whole(item))
    return lines


def whole(line: Line) -> str:
    return line.text + "".join(map(whole, line.rest))


def plain(shape: Json) -> Any:
    """JSON as another program reads it."""
    return json.loads(json_text(shape))
