"""What all tests share: one LibreOffice for the session, and small plans."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import libreoffice
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.building import build_plan
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan

if TYPE_CHECKING:
    from xl_fzzf.jobs.consolidate import Consolidation
    from xl_fzzf.jobs.report import Report

AS_OF = date(2019, 9, 30)

# xlwings' engine without Excel, which only tests use: PolyForm Noncommercial, see docs/实时表格.md.
os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")

# Speed is the benchmarks' business: a slow machine fails no test. The suite tries the same examples
# every time; new ones are looked for with HYPOTHESIS_PROFILE=explore, and by `make fuzz`.
settings.register_profile(
    "explore", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("suite", settings.get_profile("explore"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


SLOW_FOLDERS = {"addin", "bad_inputs", "faults", "fuzz", "judge", "mail"}
SLOW_FILES = {"test_any_order.py", "test_pythons.py", "test_readers.py", "test_valid_workbooks.py"}
SLOW_FIXTURES = {"demo_rounds", "district_summaries", "office"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves out: other programs, whole districts, thousands of faults."""
    for item in items:
        fixtures = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if fixtures or SLOW_FOLDERS.intersection(item.path.parts) or item.path.name in SLOW_FILES:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def office() -> Iterator[libreoffice.Office]:
    if not libreoffice.available():
        pytest.fail(
            "LibreOffice and python3-uno are needed: apt-get install libreoffice-calc python3-uno"
        )
    with libreoffice.Office() as program:
        yield program


def small_plan() -> Plan:
    """Two areas and a safeguard with every kind of indicator, four units of three kinds."""
    return build_plan(
        {
            "name": "测试区法治方案",
            "subject": "依法行政",
            "addressee": "市工作专班",
            "summary_title": "测试区法治方案汇总表",
            "district": "测试区",
            "coordinator": "区司法局",
            "year": 2019,
            "period": "2019Q3",
            "kinds": {"区级部门": ["区级部门", "各级各部门"], "乡镇": ["乡镇", "各级各部门"]},
            "areas": [
                {
                    "number": 1,
                    "name": "组织领导",
                    "tasks": [
                        {
                            "number": 1,
                            "text": "召开会议。",
                            "responsible": "区司法局、其他区级部门，各乡镇",
                            "indicators": [
                                {
                                    "code": "1.1",
                                    "text": "会议次数",
                                    "kind": "count",
                                    "measure": "次",
                                    "target": "≥ 2",
                                },
                                {"code": "1.2", "text": "报告年度情况", "kind": "yes_no"},
                                {"code": "1.3", "text": "工作特色", "kind": "text"},
                            ],
                        }
                    ],
                },
                {
                    "number": 2,
                    "name": "依法行政",
                    "tasks": [
                        {
                            "number": 2,
                            "text": "提高报备率。",
                            "responsible": "区司法局、其他区级部门",
                            "indicators": [
                                {
                                    "code": "2.1",
                                    "text": "报备率",
                                    "kind": "rate",
                                    "measure": "%",
                                    "target": "= 100%",
                                    "due": date(2019, 9, 1),
                                },
                                {
                                    "code": "2.2",
                                    "text": "评估分值",
                                    "kind": "score",
                                    "measure": "分",
                                    "target": "高于上年",
                                },
                            ],
                        }
                    ],
                },
            ],
            "safeguards": [
                {
                    "number": 1,
                    "name": "加大投入",
                    "text": "加大投入。",
                    "responsible": "各级各部门",
                    "indicators": [
                        {
                            "code": "保1.1",
                            "text": "工作经费",
                            "kind": "amount",
                            "measure": "万元",
                            "target": "不低于上年",
                        }
                    ],
                }
            ],
            "roster": {
                "units": [
                    {"code": "B01", "name": "区司法局", "kind": "区级部门", "aliases": ["司法局"]},
                    {"code": "B02", "name": "区财政局", "kind": "区级部门", "aliases": ["财政局"]},
                    {
                        "code": "X01",
                        "name": "金凤镇",
                        "kind": "乡镇",
                        "aliases": ["金凤镇人民政府"],
                    },
                    {"code": "X02", "name": "安福镇", "kind": "乡镇"},
                ]
            },
        },
        "small_plan",
    )


@pytest.fixture(scope="session")
def demo_rounds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Consolidation, Report]]:
    """Both rounds of the demo. The files that use it stand side by side, so that it is made once."""
    from xl_fzzf.jobs.demo import demo

    return list(demo(tmp_path_factory.mktemp("demo") / "区", datetime(2026, 1, 2)))


@pytest.fixture(scope="session")
def district_summaries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three districts' summaries; in each other units reported, one states its own total."""
    from tests.jobs.districts import SENDERS, entries, make_summary, plan_of

    root = tmp_path_factory.mktemp("区县")
    return [
        make_summary(root, plan_of(small_plan(), district), units, entries(district))
        for district, units in SENDERS.items()
    ]


@pytest.fixture(scope="session")
def _distributed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("模板") / "测试 区"
    workspace = init(folder, small_plan(), Period.parse("2019Q3"), AS_OF)
    distribute(workspace.master, AS_OF, datetime(2019, 9, 1, 9))
    return folder


@pytest.fixture
def workspace(_distributed: Path, tmp_path: Path) -> Path:
    """A workspace of the small plan, its returns distributed, in a folder of its own."""
    folder = tmp_path / "测试 区"
    shutil.copytree(_distributed, folder)
    return folder
