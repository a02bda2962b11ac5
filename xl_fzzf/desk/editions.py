"""The figures of every approved edition, kept in the archive, so that the next says what it corrects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.archive.storage import READ_ONLY, make_folder, write_whole
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.cell_json import dump, load
from xl_fzzf.model.city import City
from xl_fzzf.model.edition import Edition, Figure, Figures, find_corrections
from xl_fzzf.model.figures import figures_of
from xl_fzzf.model.round import Standing
from xl_fzzf.model.run import Run

_FOLDER = "定稿"


def keep_figures(archive: Path, standing: Standing | City) -> Path:
    """Keep the figures that a summary states, by content; returns where."""
    data = dump([[*figure, value] for figure, value in figures_of(standing).items()]).encode()
    path = archive / _FOLDER / f"{fingerprint(data)}.json"
    if not path.exists():
        make_folder(path.parent)
        write_whole(path, data, READ_ONLY)
    return path


def corrected(workspace: Workspace, edition: Edition, standing: Standing | City) -> Edition:
    """An edition with what differs from the one before; None where the figures of that are lost."""
    if edition.number == 1:
        return edition
    approvals = Ledger(workspace.archive).course(str(workspace.period)).approvals
    before = _read_figures(workspace, approvals[edition.number - 2])
    found = None if before is None else find_corrections(before, figures_of(standing))
    return replace(edition, corrections=found)


def _read_figures(workspace: Workspace, approval: Run) -> Figures | None:
    """The figures that an approval fixed; None where they are lost or were changed."""
    for name, sha256 in approval.outputs.items():
        path = workspace.folder / name
        if path.parent.name == _FOLDER and path.is_file():
            data = path.read_bytes()
            if fingerprint(data) == sha256:
                return {Figure(*figure): value for *figure, value in load(data)}
    return None
