"""The Python API: a round's records as a pandas DataFrame, one row a record."""

from __future__ import annotations

from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.record import TEXT_FIELDS, VALUE_FIELDS, blank, number, text

if TYPE_CHECKING:
    import pandas as pd

    from xl_fzzf.model.assessment import Assessment
    from xl_fzzf.model.plan import Plan
    from xl_fzzf.sheets.origins import Origins


def consolidate(
    master: str | PathLike[str],
    returns: str | PathLike[str] | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Consolidate a folder of returns into a master, as `fzzf consolidate` does; see `read_records`.

    Raises JobError, PlanError, BookError or LayoutError; the master is then as it was
    (while another program holds it open the result stands in the file that the message names).
    Without pandas (the extra `api`) ImportError, before anything is touched.
    """
    import pandas  # noqa: F401

    from xl_fzzf.desk.errors import JobError
    from xl_fzzf.jobs.consolidate import Using
    from xl_fzzf.jobs.consolidate import consolidate as run
    from xl_fzzf.sheets.spec import MASTER

    folder = Path(returns) if returns is not None else None
    day = as_of or date.today()
    saved = run(Path(master), folder, day, datetime.now(), Using(kinds=(MASTER,))).saved
    if saved.holder:
        raise JobError(f"“{Path(master).name}”{saved.holder}。结果在“{saved.output}”")
    return read_records(master, day)


def approve(master: str | PathLike[str], by: str, reviewed_by: str = "", pdf: bool = False) -> Path:
    """Approve a round as `fzzf approve` does; returns the summary, which no job changes any more.

    Raises JobError where it is not ready: nothing is approved then. A PDF needs LibreOffice.
    """
    from xl_fzzf.desk.printing import print_in_office
    from xl_fzzf.jobs.approve import approve as run

    printer = print_in_office if pdf else None
    return run(Path(master), by, reviewed_by, datetime.now(), printer).summary


def reopen(master: str | PathLike[str], reason: str) -> None:
    """Open an approved round again, as `fzzf reopen` does; raises JobError where it is not approved."""
    from xl_fzzf.jobs.approve import reopen as run

    run(Path(master), reason, datetime.now())


def read_records(master: str | PathLike[str], as_of: date | None = None) -> pd.DataFrame:
    """All records of a master, judged as of a date (that of its last consolidation by default).

    `numerator`, `denominator` and `value` are numbers or NaN: a doubtful text is never a number, it
    stands in `typed_…` as it was typed. `file`, `sheet` and `row` say where a value came from; they
    are empty for what was typed into the master itself.
    """
    import pandas as pd

    from xl_fzzf.desk.as_of import figures_day
    from xl_fzzf.desk.master import open_master
    from xl_fzzf.jobs.status import stand

    path = Path(master)
    opened = open_master(path, writing=False)
    standing = stand(opened, as_of or figures_day(path, date.today()))
    plan, origins = standing.round.plan, opened.origins
    frame = pd.DataFrame([_row(plan, item, origins) for item in standing.assessments])
    for name in VALUE_FIELDS:
        frame[name] = pd.to_numeric(frame[name])
    return frame


def _row(plan: Plan, assessment: Assessment, origins: Origins) -> dict[str, Any]:
    record, indicator = assessment.record, assessment.indicator
    area, origin = plan.area_of[indicator.code], origins.get(record.key)
    typed = {name: getattr(record, name) for name in VALUE_FIELDS}
    row: dict[str, Any] = {
        "unit_code": assessment.unit.code,
        "unit": assessment.unit.name,
        "unit_kind": assessment.unit.kind,
        "area": area.number,
        "task": indicator.task,
        "indicator": indicator.code,
        "text": indicator.text,
        "kind": indicator.kind.value,
        "target": assessment.target.text(indicator.measure),
        "due": assessment.due,
        "weight": indicator.weight,
        **{name: number(cell) for name, cell in typed.items()},
        **{f"typed_{name}": None if blank(cell) else cell for name, cell in typed.items()},
    }
    if assessment.judgement.value is not None:
        row["value"] = assessment.judgement.value
    for name in TEXT_FIELDS:
        row[name] = text(getattr(record, name))
    row["deadline"] = record.deadline if isinstance(record.deadline, date) else None
    row["previous"] = record.previous
    row["status"] = assessment.status.value
    row["attainment"] = assessment.attainment
    row["file"] = origin.file if origin else ""
    row["sheet"] = origin.sheet if origin else ""
    row["row"] = origin.row if origin else 0
    return row
