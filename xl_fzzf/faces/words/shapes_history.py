"""The JSON shape of `history --json`, documented in docs/json.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words.shapes import Json, statuses_json
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.rollup import IndicatorTotal, UnitTotal

if TYPE_CHECKING:
    from xl_fzzf.jobs.history import History, Point


def history_json(found: History, chart: Path | None) -> Json:
    """`history --json`."""
    subject = found.subject
    return {
        "unit": subject.code if isinstance(subject, Unit) else None,
        "indicator": None if isinstance(subject, Unit) else subject.code,
        "name": subject.name if isinstance(subject, Unit) else subject.text,
        "points": [_point(point) for point in found.points],
        "chart": str(chart) if chart else None,
        "notices": list(found.notices),
    }


def _point(point: Point) -> Json:
    total = point.total
    own: Json = {"period": str(point.period), "as_of": point.as_of.isoformat(), "kept": point.kept}
    own["change"] = point.change
    if isinstance(total, UnitTotal):
        own |= {"completeness": total.completeness, "score": total.score, "rank": total.rank}
    elif isinstance(total, IndicatorTotal):
        own |= {"value": total.value, "numerator": total.numerator}
        own |= {"denominator": total.denominator, "indicator_status": total.status.value}
    return {**own, "status": statuses_json(total.counts) if total else None}
