"""The JSON shape of a city's `consolidate --json`, documented in docs/json.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from xl_fzzf.faces.words.shapes import Json, statuses_json
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.submission import Verdict

if TYPE_CHECKING:
    from xl_fzzf.jobs.city import CityConsolidation


def city_json(result: CityConsolidation) -> Json:
    """`consolidate --json` of a city."""
    city = result.city
    return {
        "received": len(result.files),
        **{verdict.value: result.verdicts[verdict] for verdict in Verdict},
        "files": [
            {
                "file": file.submission.file,
                "sha256": file.submission.sha256,
                "district": file.unit.name if file.unit else None,
                "verdict": file.verdict.value,
                "reason": file.reason,
            }
            for file in result.files
        ],
        "findings": [asdict(finding) for finding in result.findings],
        "districts": [
            {
                "district": district.unit.name,
                "file": district.file,
                "as_of": district.as_of.isoformat() if district.as_of else None,
                "late": district.late,
                "units": district.units,
                "reported": district.sent,
                "errors": district.errors,
                "excluded": district.excluded,
                "status": statuses_json(district.statuses),
                "indicators": _totals(district.indicators),
            }
            for district in city.districts
        ],
        "missing": [unit.name for unit in city.missing],
        "records": city.statuses.total(),
        "status": statuses_json(city.statuses),
        "indicators": _totals(city.indicators),
        "master": str(result.master),
        "output": str(result.saved.output),
        "summary": str(result.summary),
        "pdf": str(result.printed.pdf) if result.printed.pdf else None,
        "returns": str(result.returns),
        "notices": list(result.notices),
    }


def _totals(totals: Iterable[IndicatorTotal]) -> list[Json]:
    return [
        {
            "code": total.indicator.code,
            "value": total.value,
            "numerator": total.numerator,
            "denominator": total.denominator,
            "status": total.status.value,
        }
        for total in totals
    ]
