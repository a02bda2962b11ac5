"""The commands that there are, as a user types them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from xl_fzzf.faces.cli.main import app


def _below(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, bool]]:
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from _below(each, (*path, name))
        else:
            yield " ".join((*path, name)), any("--json" in option.opts for option in each.params)


TAKES_JSON = dict(_below(get_command(app)))
"""Every command, and whether it takes --json."""

COMMANDS = list(TAKES_JSON)
