"""Two runs at once: the second stops with a message; a crash leaves no lock behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import run
from xl_fzzf.jobs.workspace import JobError

ROOT = Path(__file__).parent.parent.parent
HOLD = """
import sys, time
from pathlib import Path
from xl_fzzf.jobs.lock import only_run
from xl_fzzf.jobs.workspace import Workspace
with only_run(Workspace.at(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_stops_and_a_killed_one_leaves_no_lock(workspace: Path) -> None:
    """BAD_INPUTS 101 and 102."""
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    master = workspace / "台账-2019Q3.xlsx"
    before = master.read_bytes()
    command = [sys.executable, "-c", HOLD, str(master)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(JobError, match="另一个 fzzf 正在运行"):
            run(workspace)
        assert master.read_bytes() == before
        other.send_signal(signal.SIGKILL)
    assert [unit.name for unit in run(workspace).reported] == ["金凤镇"]
    assert run(workspace).clean
