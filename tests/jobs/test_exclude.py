"""One received file is left out for a reason, and taken in again: what it said goes, what was before counts."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import AS_OF
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill, type_in
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.exclude import exclude, include
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.restore import read_runs
from xl_fzzf.jobs.verify import verify
from xl_fzzf.model.run import Job

MASTER = "台账-2019Q3.xlsx"
NOW = datetime(2019, 10, 8, 9, 30)
WRONG = GOOD | {"1.1": {"value": 90, "narrative": "报错了"}, "1.3": {"narrative": "别的"}}


def put(folder: Path, name: str, entries: dict[str, Any], day: int) -> Path:
    path = fill(folder / "分发/2019Q3/区司法局.xlsx", folder / "报送/2019Q3" / name, entries)
    moment = datetime(2019, 9, day, 9).timestamp()
    os.utime(path, (moment, moment))
    return path


def run(folder: Path) -> Consolidation:
    return consolidate(folder / MASTER, None, AS_OF, NOW)


def values(folder: Path) -> dict[str, Any]:
    """What the master says of 区司法局: value and 完成情况 by indicator."""
    records = open_master(folder / MASTER, writing=False).records
    own = {key[1]: record for key, record in records.items() if key[0] == "B01"}
    return {code: (r.value or None, r.narrative or None) for code, r in own.items()}


def verdicts(result: Consolidation) -> dict[str, str]:
    return {file.submission.file: file.verdict.label for file in result.files}


@pytest.fixture
def folder(workspace: Path) -> Path:
    """A unit sent a good return, then a wrong one, which counts."""
    put(workspace, "区司法局.xlsx", GOOD, 20)
    run(workspace)
    put(workspace, "区司法局 新.xlsx", WRONG, 25)
    run(workspace)
    assert values(workspace)["1.1"] == (90, "报错了")
    return workspace


def test_the_file_before_counts_again(folder: Path) -> None:
    result = exclude(folder / MASTER, "区司法局 新.xlsx", "报错了期次", NOW)
    assert (result.unit, result.instead) == ("区司法局", "区司法局.xlsx")
    after = run(folder)
    assert verdicts(after) == {"区司法局.xlsx": "已采用", "区司法局 新.xlsx": "不采用"}
    assert values(folder)["1.1"] == (3, "召开三次会议") and after.clean
    assert values(folder)["1.3"] == (None, "推行一窗通办")
    runs = read_runs(folder / MASTER).runs
    assert runs[-2].job is Job.EXCLUDE and "报错了期次" in runs[-2].note
    assert runs[-2].before == runs[-2].after and verify(folder).clean


def test_it_is_taken_out_of_the_archive_where_it_lies_there_no_more(folder: Path) -> None:
    (folder / "报送/2019Q3/区司法局.xlsx").unlink()
    exclude(folder / MASTER, "区司法局 新.xlsx", "报错了期次", NOW)
    after = run(folder)
    assert verdicts(after)["区司法局.xlsx"] == "已采用" and values(folder)["1.1"][0] == 3
    assert verdicts(run(folder)) == verdicts(after), "and again"


def test_also_where_the_wrong_one_bears_its_name(workspace: Path) -> None:
    put(workspace, "区司法局.xlsx", GOOD, 20)
    run(workspace)
    wrong = put(workspace, "区司法局.xlsx", WRONG, 25)
    run(workspace)
    exclude(workspace / MASTER, fingerprint(wrong.read_bytes())[:8], "报错了期次", NOW)
    after = run(workspace)
    assert verdicts(after) == {"区司法局.xlsx": "不采用", "区司法局（取自档案）.xlsx": "已采用"}
    assert values(workspace)["1.1"] == (3, "召开三次会议")


def test_what_it_brought_goes_where_nothing_was_before_and_what_was_typed_stays(
    workspace: Path,
) -> None:
    put(workspace, "区司法局.xlsx", WRONG, 25)
    run(workspace)
    type_in(workspace / MASTER, ("B01", "1.1"), "value", 4)
    exclude(workspace / MASTER, "区司法局.xlsx", "不是这个单位报的", NOW)
    after = run(workspace)
    assert "区司法局" in [unit.name for unit in after.missing]
    said = values(workspace)
    assert said["1.1"] == (4, None), "staff typed it"
    assert {code: v for code, v in said.items() if code != "1.1"} == dict.fromkeys(
        [code for code in said if code != "1.1"], (None, None)
    )
    assert "withdrawn" not in {finding.rule for finding in after.findings}


def test_blank_cells_are_not_filled_from_what_is_left_out(folder: Path) -> None:
    exclude(folder / MASTER, "区司法局 新.xlsx", "报错了期次", NOW)
    run(folder)
    put(folder, "区司法局 三.xlsx", {"1.1": {"value": 5, "narrative": "五次"}}, 28)
    run(folder)
    assert values(folder)["1.1"] == (5, "五次")
    assert values(folder)["1.3"] == (None, "推行一窗通办"), "of the good one, not of the wrong one"


def test_what_is_left_out_may_be_taken_in_again(folder: Path) -> None:
    exclude(folder / MASTER, "区司法局 新.xlsx", "报错了期次", NOW)
    run(folder)
    put(folder, "一样的.xlsx", WRONG, 26)
    (folder / "报送/2019Q3/一样的.xlsx").write_bytes(
        (folder / "报送/2019Q3/区司法局 新.xlsx").read_bytes()
    )
    assert verdicts(run(folder))["一样的.xlsx"] == "不采用", "the same bytes"
    (folder / "报送/2019Q3/一样的.xlsx").unlink()
    result = include(folder / MASTER, "区司法局 新.xlsx", NOW)
    assert not result.excluded
    assert verdicts(run(folder))["区司法局 新.xlsx"] == "已采用"
    assert values(folder)["1.1"] == (90, "报错了") and verify(folder).clean


def test_the_register_the_summary_and_the_screen_say_so(folder: Path) -> None:
    told = fzzf(folder, "exclude", "区司法局 新.xlsx", "--reason", "报错了期次")
    assert "不采用：报错了期次" in told and "重新采用以前报的“区司法局.xlsx”" in told
    said = fzzf(folder, "consolidate", "--as-of", "2019-09-30")
    assert "不采用 区司法局 新.xlsx：报错了期次" in said
    shape = json_of(folder, "consolidate", "--as-of", "2019-09-30")
    assert shape["excluded"] == 1 and shape["accepted"] == 1 and shape["received"] == 2
    summary = report(folder / MASTER, AS_OF, AS_OF).summary
    for path, sheet in (
        (folder / MASTER, "报送登记"),
        (summary, "报送情况"),
        (summary, "编制说明"),
    ):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
        (row,) = (row for row in rows if "区司法局 新.xlsx" in map(str, row))
        assert "报错了期次" in " ".join(map(str, row)), sheet
    assert json_of(folder, "include", "区司法局 新.xlsx")["excluded"] is False


def test_what_can_not_be_meant_is_refused_with_the_reason(folder: Path) -> None:
    before = (folder / MASTER).read_bytes()
    for which, reason, words in (
        ("没有.xlsx", "错", "没有收到过“没有.xlsx”"),
        ("区司法局.xlsx", " ", "没有写原因"),
        ("abcdef12", "错", "没有收到过"),
    ):
        with pytest.raises(JobError, match=words):
            exclude(folder / MASTER, which, reason, NOW)
    with pytest.raises(JobError, match="没有被设为不采用"):
        include(folder / MASTER, "区司法局.xlsx", NOW)
    exclude(folder / MASTER, "区司法局.xlsx", "错", NOW)
    with pytest.raises(JobError, match="已经是不采用的"):
        exclude(folder / MASTER, "区司法局.xlsx", "错", NOW)
    put(folder, "子/区司法局 新.xlsx", GOOD | {"1.1": {"value": 7}}, 27)
    with pytest.raises(JobError, match=r"不能确定.*指纹"):
        exclude(folder / MASTER, "区司法局 新.xlsx", "错", NOW)
    assert (folder / MASTER).read_bytes() == before
