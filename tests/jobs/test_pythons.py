"""The oldest and the newest Python on this machine run the demo, and read what this one reads."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.make_received import FOLDER
from tests.pythons import Python, equip, find_pythons

DEBIAN = Path("/usr/bin/python3.11")
ODD = ("好.xlsx", "看不见的.xlsx", "看不见的.xls", "看不见的.ods", "默认密码.xlsx", "断.xlsx")
"""Files with every kind of mark, several traits, and one that can't be read."""

_DEMO = """
from datetime import datetime
from pathlib import Path
from xl_fzzf.faces.words.returns import consolidation_json
from xl_fzzf.faces.words.telling import json_text
from xl_fzzf.jobs.demo import demo

done, report = next(demo(Path("演示"), datetime(2026, 1, 2)))
assert report.summary.is_file()
print(json_text(consolidation_json(done)))
"""


@pytest.fixture(scope="module", params=["oldest", "newest"])
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Python:
    choose = min if request.param == "oldest" else max
    version = choose(find_pythons())
    if version == sys.version_info[:3]:
        pytest.skip(f"this Python is the {request.param} here: the other tests run under it")
    try:
        return equip(version, tmp_path_factory.mktemp("包"))
    except OSError as error:
        pytest.skip(f"the {request.param} Python here, {version}, has no packages: {error}")


def test_the_demos_first_round_runs_from_end_to_end(python: Python, tmp_path: Path) -> None:
    done = python.run(tmp_path, "-c", _DEMO)
    assert done.returncode == 0, done.stderr
    round_ = json.loads(done.stdout)
    assert (round_["received"], round_["accepted"], round_["quarantined"]) == (95, 90, 3)


def test_files_with_all_that_can_be_sent_are_read_as_under_this_python(
    python: Python, workspace: Path
) -> None:
    here = Python(sys.version_info[:3], sys.executable, "")
    master = str(workspace / "台账-2019Q3.xlsx")
    files = [str(FOLDER / name) for name in ODD]
    command = ("-m", "xl_fzzf", "check", *files, "--master", master, "--as-of", "2019-09-30")
    there, own = (one.run(workspace, *command, "--json") for one in (python, here))
    assert there.returncode == own.returncode == 1, there.stderr
    assert json.loads(there.stdout) == json.loads(own.stdout)


@pytest.mark.skipif(not DEBIAN.exists(), reason="no Python 3.11 of Debian's on this machine")
def test_debians_own_python_is_among_those_found() -> None:
    assert min(find_pythons())[:2] == (3, 11)
    assert str(DEBIAN.resolve()) in {str(Path(p).resolve()) for p in find_pythons().values()}
