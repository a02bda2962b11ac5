"""The JSON shapes of trace and restore, documented in docs/json.md."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xl_fzzf.faces.words.shapes import Json
from xl_fzzf.faces.words.shapes_mail import collected_json
from xl_fzzf.model.record import ENTRY_FIELDS, Cell

if TYPE_CHECKING:
    from xl_fzzf.jobs.restore import Restoration, Runs
    from xl_fzzf.jobs.trace import Step, Trace
    from xl_fzzf.model.run import Run, Version


def trace_json(result: Trace) -> Json:
    """`trace --json`."""
    return {
        "master": str(result.master),
        "period": result.period,
        "unit": result.unit.name,
        "indicator": result.indicator.code,
        "sheet": result.place[0],
        "cell": result.place[1],
        "standing": _version(result.standing) if result.standing else None,
        "versions": [_step(step) for step in result.steps],
        "notices": list(result.notices),
    }


def runs_json(found: Runs) -> Json:
    """`restore --json`."""
    return {
        "master": str(found.master),
        "period": found.period,
        "runs": [
            {**_past_run(run), "changes": found.changes.get(run.number, 0)} for run in found.runs
        ],
        "notices": list(found.notices),
    }


def restoration_json(result: Restoration) -> Json:
    """`restore --run N --json`."""
    return {
        "master": str(result.master),
        "run": result.run.number,
        "before": result.before,
        "notices": list(result.notices),
    }


def _past_run(run: Run) -> Json:
    return {
        "run": run.number,
        "at": run.at.isoformat(timespec="seconds"),
        "job": run.job.value,
        "note": run.note,
        "output": run.output,
    }


def _step(step: Step) -> Json:
    receipt, run = step.receipt, step.run
    return {
        **(_past_run(run) if run else {"run": step.version.run}),
        **_version(step.version),
        "replaced": step.version.replaced,
        "received": receipt.received.isoformat() if receipt else None,
        "kept": str(step.kept) if step.kept else None,
        "cells": dict(step.cells),
        "brought_by": [collected_json(item) for item in step.brought],
    }


def _version(version: Version) -> Json:
    entries = dict(zip(ENTRY_FIELDS, version.entries, strict=True))
    filled = [name for name, cell in entries.items() if cell is not None]
    return {
        "file": version.file,
        "sha256": version.sha256,
        "sheet": version.sheet,
        "row": version.row,
        "entries": {name: _cell(entries[name]) for name in filled},
        "typed_in_master": list(version.sent) if version.file else filled,
        "sent": {name: _cell(cell) for name, cell in version.sent.items()},
        "raw": {name: _cell(cell) for name, cell in version.raw.items()},
    }


def _cell(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell
