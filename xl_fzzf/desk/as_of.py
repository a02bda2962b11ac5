"""The day as of which a master's figures stand, whoever asks and whenever."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.workspace import Workspace


def figures_day(path: Path, today: date) -> date:
    """The day as of which a master's figures stand: its last consolidation's, today before the first."""
    workspace = Workspace.at(path)
    return Ledger(workspace.archive).course(str(workspace.period)).day or today
