"""A round's returns to master and summary: fzzf against the plain loop, as cold processes.

    python benchmarks/round.py [--runs 5] [--units 100] [--json FILE]

A is `fzzf consolidate` and `fzzf report`, each time on a fresh copy of a workspace that the demo's
staff filled; B is plain_loop.py over the same files. They run in turn, A B A B. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xl_fzzf.desk.workspace import Workspace
    from xl_fzzf.model.plan import Plan

HERE = Path(__file__).resolve().parent
PERIOD, AS_OF = "2019Q3", "2019-09-30"
CONSOLIDATE, REPORT, HELP = "fzzf consolidate", "fzzf report", "fzzf --help"
CLICK = "click on 汇总, without Excel's own time"
FZZF, PLAIN = "A: consolidate + report", "B: plain loop"
FOUND = 1
"""The exit code of a consolidation that found faults in the returns, as the demo's have."""

_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +(\S+)")


class Seconds(NamedTuple):
    """What a process took: by the clock, and on the processor, which other load disturbs less."""

    wall: float
    cpu: float

    def __add__(self, other: object) -> Seconds:
        if not isinstance(other, Seconds):
            return NotImplemented
        return Seconds(self.wall + other.wall, self.cpu + other.cpu)


@dataclass
class Bench:
    """A filled workspace, and what each part took in each run."""

    folder: Path
    workspace: Workspace
    runs: dict[str, list[Seconds]] = field(default_factory=lambda: defaultdict(list))
    copies: int = 0

    def run(self, number: int) -> None:
        """One run of A, then one of B."""
        master = self.fresh_copy(f"a{number}")
        consolidate = time_process(*fzzf("consolidate", str(master), "--as-of", AS_OF))
        report = time_process(*fzzf("report", str(master)))
        click = (str(HERE / "click.py"), str(self.fresh_copy(f"c{number}")))
        loop = (str(HERE / "plain_loop.py"), str(self.workspace.incoming))
        measured = {
            FZZF: consolidate + report,
            PLAIN: time_process(*loop, str(self.folder / f"b{number}")),
            CONSOLIDATE: consolidate,
            REPORT: report,
            CLICK: time_process(*click),
            HELP: time_process(*fzzf("--help")),
        }
        for part, seconds in measured.items():
            self.runs[part].append(seconds)

    def median(self, part: str) -> Seconds:
        """The median of a part's runs, by the clock and on the processor apart."""
        walls, cpus = zip(*self.runs[part], strict=True)
        return Seconds(statistics.median(walls), statistics.median(cpus))

    @property
    def ratio(self) -> Seconds:
        """B/A: how many times longer the plain loop takes."""
        plain, own = self.median(PLAIN), self.median(FZZF)
        return Seconds(plain.wall / own.wall, plain.cpu / own.cpu)

    def fresh_copy(self, name: str) -> Path:
        """The master in a copy of the workspace that nothing was run on yet."""
        copy = self.folder / name
        shutil.copytree(self.workspace.folder, copy)
        return copy / self.workspace.master.name

    def import_costs(self, *command: str) -> dict[str, float]:
        """Milliseconds of each module by itself on the way through a command; best of three."""
        costs = [self._import_costs(*command) for _ in range(3)]
        return min(costs, key=lambda found: sum(found.values()))

    def _import_costs(self, *command: str) -> dict[str, float]:
        self.copies += 1
        master = self.fresh_copy(f"imports{self.copies}")
        lines = run_process("-X", "importtime", *command, str(master)).stderr.splitlines()
        found = (match for line in lines if (match := _IMPORT.match(line)))
        return {match[2]: int(match[1]) / 1000 for match in found}


def fzzf(*arguments: str) -> tuple[str, ...]:
    """A command of this checkout, as arguments of the interpreter."""
    return ("-m", "xl_fzzf", *arguments)


def time_process(*arguments: str) -> Seconds:
    """What a fresh interpreter takes, from start to exit."""
    start, before = time.perf_counter(), _children_cpu()
    run_process(*arguments)
    return Seconds(time.perf_counter() - start, _children_cpu() - before)


def _children_cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def run_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter on this checkout; a failure ends the benchmark with its message."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONUTF8": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, encoding="utf-8"
    )
    if done.returncode not in (0, FOUND) or "Traceback" in done.stderr:
        sys.exit(f"failed ({done.returncode}): {' '.join(arguments)}\n{done.stderr[-2000:]}")
    return done


def make_workspace(folder: Path, units: int) -> Workspace:
    """A workspace whose returns were sent out, filled in and sent back."""
    from xl_fzzf.jobs.demo import Staff
    from xl_fzzf.jobs.distribute import distribute
    from xl_fzzf.jobs.init import init
    from xl_fzzf.model.period import Period
    from xl_fzzf.plans import read_plan

    period = Period.parse(PERIOD)
    plan = resize_roster(read_plan(), units)
    workspace = init(folder, plan, period, period.end)
    distribute(workspace.master, period.end, datetime.now())
    Staff(workspace, plan, period, {}).fill_all()
    return workspace


def resize_roster(plan: Plan, wanted: int) -> Plan:
    """The shipped plan with fewer townships, or with copies of them."""
    departments = [unit for unit in plan.units if unit.kind == "区级部门"]
    towns = [unit for unit in plan.units if unit.kind != "区级部门"]
    if wanted < len(departments):
        sys.exit(f"--units: at least {len(departments)}, the departments that the plan names")
    added = [
        replace(town, code=f"Z{number}", name=f"{town.name}{number}", aliases=())
        for number, town in zip(range(wanted - len(plan.units)), cycle(towns), strict=False)
    ]
    kept = [*departments, *towns[: wanted - len(departments)], *added]
    return replace(plan, units=tuple(kept))


def summarize(bench: Bench, costs: dict[str, dict[str, float]], units: int) -> dict[str, object]:
    """Everything measured, as JSON holds it."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "units": units,
        "files": sum(path.is_file() for path in bench.workspace.incoming.iterdir()),
        "median": {part: bench.median(part)._asdict() for part in bench.runs},
        "runs": {part: [run._asdict() for run in runs] for part, runs in bench.runs.items()},
        "ratio": bench.ratio._asdict(),
        "imports_ms": {way: dict(_dearest(found, len(found))) for way, found in costs.items()},
    }


def print_times(bench: Bench) -> None:
    """The table of times, each part against A."""
    whole = bench.median(FZZF).wall
    print("| part | median s | min–max s | ÷ A | CPU s |\n|---|---:|---:|---:|---:|")
    for part, runs in bench.runs.items():
        wall, cpu = bench.median(part)
        least, most = min(run.wall for run in runs), max(run.wall for run in runs)
        print(f"| {part} | {wall:.2f} | {least:.2f}–{most:.2f} | {wall / whole:.2f} | {cpu:.2f} |")
    print(f"\nB/A = {bench.ratio.wall:.1f} by the clock, {bench.ratio.cpu:.1f} in CPU time")


def print_imports(way: str, costs: dict[str, float], shown: int = 10) -> None:
    """The dearest imports, by module and by package; `-X importtime` itself makes them dearer."""
    packages: dict[str, float] = defaultdict(float)
    for module, cost in costs.items():
        packages[module.partition(".")[0]] += cost
    print(f"\nimports on the way to {way}: {len(costs)} modules, {sum(costs.values()):.0f} ms")
    print("\n| module | ms | package | ms |\n|---|---:|---|---:|")
    for left, right in zip(_dearest(costs, shown), _dearest(packages, shown), strict=False):
        print(f"| {left[0]} | {left[1]:.1f} | {right[0]} | {right[1]:.1f} |")


def _dearest(costs: dict[str, float], shown: int) -> list[tuple[str, float]]:
    return sorted(costs.items(), key=lambda item: -item[1])[:shown]


def measure(folder: Path, units: int, runs: int, say: Callable[[str], None]) -> Bench:
    """Make the workspace and do the runs; the first one writes bytecode and isn't counted."""
    say(f"making a workspace of {units} units")
    bench = Bench(folder, make_workspace(folder / "workspace", units))
    say("warming up")
    bench.run(0)
    bench.runs.clear()
    for number in range(1, runs + 1):
        say(f"run {number} of {runs}")
        bench.run(number)
    return bench


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--units", type=int, default=100, help="units on the roster")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    sys.path.insert(0, str(HERE.parent))
    with tempfile.TemporaryDirectory(prefix="fzzf-bench-") as name:
        bench = measure(
            Path(name), options.units, options.runs, lambda text: print(text, file=sys.stderr)
        )
        costs = {
            "consolidate": bench.import_costs(*fzzf("consolidate")),
            "a click": bench.import_costs(str(HERE / "click.py")),
        }
        figures = summarize(bench, costs, options.units)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(f"{options.units} units, {figures['files']} files, {options.runs} runs")
    print(f"Python {figures['python']}, {figures['processors']} processors\n")
    print_times(bench)
    for way, found in costs.items():
        print_imports(way, found)


if __name__ == "__main__":
    main()
