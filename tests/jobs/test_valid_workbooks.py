"""Every workbook that goes out keeps to the OOXML schemas, as a validator that isn't ours sees it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from tests.conftest import small_plan
from tests.jobs.districts import make_city, send
from tests.jobs.filling import GOOD, fill
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.history import read_history, write_history
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.report import report
from xl_fzzf.model.period import Period

DAYS = {"2019Q3": date(2019, 9, 30), "2019Q4": date(2019, 12, 31)}
FAULTY = GOOD | {"1.1": {"value": "约三次"}, "2.1": {"numerator": 5, "denominator": 4}}


def faults(path: Path) -> list[str]:
    return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]


def test_master_return_copy_summary_and_history(workspace: Path) -> None:
    made: list[Path] = []
    for period, day in DAYS.items():
        master, now = workspace / f"台账-{period}.xlsx", datetime(day.year, day.month, day.day, 9)
        if not master.exists():
            next_period(made[0], Period.parse(period), day)
            distribute(master, day, now)
        for unit, entries in (("区司法局", GOOD), ("金凤镇", FAULTY)):
            name = f"{period}/{unit}.xlsx"
            fill(workspace / "分发" / name, workspace / "报送" / name, entries)
        consolidate(master, None, day, now)
        (checked,) = check_files(
            [workspace / f"报送/{period}/金凤镇.xlsx"], master, workspace, day, True
        )
        assert checked.copy
        made += [master, workspace / f"分发/{period}/区司法局.xlsx", checked.copy]
        made.append(report(master, day, day).summary)
    made.append(write_history(read_history(master, "金凤镇"))[0])
    assert len(made) == 9
    assert {path.name: faults(path) for path in made} == {path.name: [] for path in made}


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_the_city_s_workbooks(tmp_path: Path, district_summaries: list[Path]) -> None:
    day = DAYS["2019Q3"]
    names = ("嘉陵区", "顺庆区", "高坪区")
    city = make_city(tmp_path / "市", small_plan(), names)
    for summary in district_summaries:
        send(summary, city)
    result = consolidate(city / "台账-2019Q3.xlsx", None, day, datetime(2019, 10, 6, 9))
    assert result.published and len(result.published.city.districts) == len(names)
    for path in (result.master, result.published.summary):
        assert faults(path) == []
