"""next: a later period's master, emptied, with the last values beside; nothing is ever overwritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import AS_OF, small_plan
from tests.jobs.districts import make_city
from tests.jobs.filling import GOOD, fill, rename
from tests.jobs.test_consolidate import blank, filled, incoming, run
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.jobs.next import next_period
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS
from xl_fzzf.model.record import blank as is_blank
from xl_fzzf.model.status import Status

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"


def following(
    folder: Path, period: str = "2019Q4", day: date = AS_OF, skip: bool = False
) -> Master:
    """The next period's master, made and opened."""
    workspace = next_period(folder / MASTER, Period.parse(period), day, skip)
    return open_master(workspace.master, writing=False)


def listing(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("period", ["2019Q3", "2019Q2", "2019M09", "2019H1", "2018", "2019M01"])
def test_a_period_that_does_not_end_later_is_refused(workspace: Path, period: str) -> None:
    before = {path for path in listing(workspace) if path.suffix == ".xlsx"}
    with pytest.raises(JobError, match="核对 --period") as caught:
        following(workspace, period)
    assert period in str(caught.value) and "2019Q3" in str(caught.value)
    assert {path for path in listing(workspace) if path.suffix == ".xlsx"} == before
    assert not (workspace / "报送" / period).exists() or period == "2019Q3"


@pytest.mark.parametrize("period", ["2019M10", "2019H2", "2019", "2020Q1", "2020Q3"])
def test_a_gap_or_another_kind_of_period_must_be_meant(workspace: Path, period: str) -> None:
    before = {path for path in listing(workspace) if path.suffix == ".xlsx"}
    with pytest.raises(JobError, match="请加 --skip") as caught:
        following(workspace, period)
    assert f"2019Q3 的下一期是 2019Q4，不是 {period}" in str(caught.value)
    assert {path for path in listing(workspace) if path.suffix == ".xlsx"} == before
    assert str(following(workspace, period, skip=True).round.settings.period) == period


def test_the_period_that_follows_gets_its_own_deadline_and_folders(workspace: Path) -> None:
    period = "2019Q4"
    master = following(workspace)
    settings = master.round.settings
    assert str(settings.period) == master.stamp["period"] == period
    assert settings.deadline == settings.period.deadline
    assert (workspace / "报送" / period).is_dir() and (workspace / "分发" / period).is_dir()


def test_a_master_that_is_there_already_is_never_overwritten(workspace: Path) -> None:
    later = workspace / "台账-2019Q4.xlsx"
    later.write_bytes(b"something of staff's own")
    with pytest.raises(JobError, match="已经有了"):
        following(workspace)
    assert later.read_bytes() == b"something of staff's own"


def test_the_old_master_stays_as_it_is_byte_for_byte(filled: Path) -> None:
    run(filled)
    before = listing(filled)
    following(filled)
    after = listing(filled)
    assert {path: after[path] for path in before} == before
    added = {path.name.partition("_2019Q4")[0] for path in after.keys() - before.keys()}
    assert added <= {"台账-2019Q4.xlsx", "运行.lock", "开始"}


def test_every_record_is_empty_and_what_it_came_to_stands_beside(filled: Path) -> None:
    run(filled)
    then = {a.record.key: a for a in open_master(filled / MASTER, writing=False).assess(AS_OF)}
    master = following(filled)
    assert set(master.records) == set(then)
    for key, record in master.records.items():
        computed = master.round.plan.indicators[key[1]].kind.computed
        entries = dict(zip(ENTRY_FIELDS, record.entries(), strict=True))
        assert all(is_blank(cell) for name, cell in entries.items() if name not in computed)
        value = then[key].judgement.value
        assert record.previous == (value if value is not None else then[key].shown_value)
    assert {a.status for a in master.assess(AS_OF)} == {Status.MISSING}
    assert master.origins == {} or all(not any(o.entries) for o in master.origins.values())


def test_a_doubtful_value_and_a_missing_one_are_not_carried_on(filled: Path) -> None:
    bad = GOOD | {"1.1": {"value": "三次"}, "1.2": {"value": None}, "2.2": {"value": -1}}
    fill(blank(filled, "区司法局"), incoming(filled, "区司法局.xlsx"), bad)
    run(filled)
    records = following(filled).records
    for code in ("1.1", "1.2", "2.2"):
        assert records["B01", code].previous in (None, ""), code
    assert records["B01", "2.1"].previous == 1.0
    assert records["B02", "1.1"].previous == 3


def test_two_periods_on_the_value_beside_is_that_of_the_last_one(filled: Path) -> None:
    run(filled)
    following(filled)
    fourth = filled / "台账-2019Q4.xlsx"
    later = open_master(next_period(fourth, Period.parse("2020Q1"), AS_OF).master, writing=False)
    assert {record.previous for record in later.records.values()} <= {None, ""}


def test_what_staff_changed_in_the_driving_sheets_goes_along(filled: Path) -> None:
    run(filled)
    rename(filled / MASTER, "安福镇", "安福街道")
    units = following(filled).round.plan.unit_by_code
    assert (units["X02"].name, units["X02"].aliases) == ("安福街道", ("安福镇",))
    assert units["X01"].name == "金凤镇"


def test_a_citys_next_master_expects_the_same_districts_and_gets_no_folder_to_distribute(
    tmp_path: Path,
) -> None:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区"])
    workspace = next_period(folder / MASTER, Period.parse("2019Q4"), AS_OF)
    first, second = (
        open_master(path, writing=False, kinds=LEVELS)
        for path in (folder / MASTER, workspace.master)
    )
    assert second.round.plan.units == first.round.plan.units
    assert second.kind == first.kind and second.stamp["period"] == "2019Q4"
    assert workspace.incoming.is_dir() and not workspace.outgoing.exists()


def test_a_citys_new_year_moves_its_plan_on(tmp_path: Path) -> None:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区"])
    workspace = next_period(folder / MASTER, Period.parse("2020Q1"), AS_OF, skip=True)
    plan = open_master(workspace.master, writing=False, kinds=LEVELS).round.plan
    assert plan.year == 2020 and plan.indicators["2.1"].due == date(2020, 9, 1)
