"""The JSON shapes of the mail commands and of collect, documented in docs/json.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words.shapes import Json
from xl_fzzf.model.collected import Collected, Fate

if TYPE_CHECKING:
    from xl_fzzf.desk.mail.drafting import Drafts
    from xl_fzzf.jobs.collect import Collection
    from xl_fzzf.jobs.outbox import Dispatch, Plan
    from xl_fzzf.mail.outbox import Delivery


def collection_json(result: Collection) -> Json:
    """`collect --json`."""
    return {
        "items": [collected_json(item) for item in result.items],
        "known": result.known,
        "fates": {fate.value: result.counts[fate] for fate in Fate},
        "trouble": result.trouble,
        "notices": list(result.notices),
    }


def collected_json(item: Collected) -> Json:
    """What came in, with its files."""
    moments = {"arrived": item.arrived.isoformat(), "collected": item.collected.isoformat()}
    return {**asdict(item), **moments, "files": [asdict(filed) for filed in item.files]}


def drafts_json(
    drafts: Drafts, plans: Iterable[Plan], outlook: int, dispatch: Dispatch | None
) -> Json:
    """`mail returns --json` and its like."""
    return {
        "kind": drafts.kind.name.lower(),
        "folder": str(drafts.folder),
        "drafts": [_plan(plan) for plan in plans],
        "sent_before": list(drafts.sent_before),
        "notes": [{"who": note.who, "note": note.words} for note in drafts.notes],
        "outlook": outlook,
        "dispatch": _dispatch(dispatch) if dispatch else None,
    }


def outbox_json(
    deliveries: Iterable[Delivery], plans: Iterable[Plan], dispatch: Dispatch | None
) -> Json:
    """`mail outbox --json`."""
    return {
        "deliveries": [_delivery(delivery) for delivery in deliveries],
        "drafts": [_plan(plan) for plan in plans],
        "dispatch": _dispatch(dispatch) if dispatch else None,
    }


def settled_json(message: str, again: bool, recipients: int) -> Json:
    """`mail settle --json`."""
    return {"message_id": message, "again": again, "recipients": recipients}


def templates_json(folder: Path, written: Iterable[Path]) -> Json:
    """`mail templates --json`."""
    return {"folder": str(folder), "written": [path.name for path in written]}


def _plan(plan: Plan) -> Json:
    return {
        "draft": str(plan.path),
        "message_id": plan.message_id,
        "recipients": list(plan.recipients),
        "refused": list(plan.refused),
        "unsettled": list(plan.unsettled),
        "fault": plan.fault,
    }


def _dispatch(dispatch: Dispatch) -> Json:
    return {
        "sent": dispatch.sent,
        "trouble": dispatch.trouble,
        "open": [_delivery(delivery) for delivery in dispatch.open],
    }


def _delivery(delivery: Delivery) -> Json:
    return {
        **asdict(delivery),
        "due": delivery.due.isoformat(),
        "changed": delivery.changed.isoformat(),
    }
