"""Safe reading of received returns against bare python-calamine, in one run, and its peak memory.

    python benchmarks/reading.py [--files 1000] [--runs 3]

A takes up each file, hashes it, checks its package, reads it in limited workers and takes the second
look; B opens the same bytes in this process and asks for the values of every sheet. They run in turn.
Nothing is asserted. Memory is that of a fresh process for A, the results not kept, and of its
largest worker.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_fzzf.model.submission import Submission

HERE = Path(__file__).resolve().parent
_UNDER_WAY = 64
_MEGABYTE = 1024  # ru_maxrss is in KiB on Linux


def read_safely(paths: list[Path]) -> Iterator[Submission]:
    """Every file's submission, a window of them under way."""
    from xl_fzzf.archive.originals import fingerprint
    from xl_fzzf.desk.intake import take_up
    from xl_fzzf.desk.readers import Readers

    begun: deque[Any] = deque()
    with Readers() as readers:
        for path in paths:
            data, received = take_up(path)
            begun.append(readers.read(path.name, data, fingerprint(data), received))
            if len(begun) > _UNDER_WAY:
                yield begun.popleft()()
        while begun:
            yield begun.popleft()()


def read_barely(paths: list[Path]) -> int:
    """How many sheets' values python-calamine gave."""
    from python_calamine import CalamineWorkbook

    sheets = 0
    for path in paths:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets += len([book.get_sheet_by_name(n).to_python() for n in book.sheet_names])
    return sheets


def make_files(folder: Path, count: int) -> list[Path]:
    """Returns as filled in for the shipped plan, no two of them equal."""
    from round import make_workspace

    from xl_fzzf.office.xlsx.package import BookError, Package

    packages = []
    for path in sorted(make_workspace(folder / "workspace", 100).incoming.glob("*.xlsx")):
        try:
            packages.append(Package.open_workbook(path.read_bytes(), path.name))
        except BookError:
            continue  # one of the demo's faults
    paths = []
    for number, package in zip(range(count), cycle(packages), strict=False):
        package.replace("docProps/core.xml", f"<coreProperties><!-- {number} --></coreProperties>")
        paths.append(folder / f"{number}.xlsx")
        paths[-1].write_bytes(package.pack())
    return paths


def time_both(paths: list[Path], runs: int) -> tuple[list[float], list[float]]:
    """Seconds of A and B, in turn."""
    safe, bare = [], []
    for _ in range(runs):
        start = time.perf_counter()
        unread = sum(bool(submission.unreadable) for submission in read_safely(paths))
        safe.append(time.perf_counter() - start)
        if unread:
            sys.exit(f"{unread} files could not be read")
        start = time.perf_counter()
        read_barely(paths)
        bare.append(time.perf_counter() - start)
    return safe, bare


def print_memory(folder: Path, count: int) -> None:
    """Peak memory of reading so many files in a fresh process."""
    script = [sys.executable, __file__, "--peak", str(folder), "--files", str(count)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    print(f"| {count} | {done.stdout.strip()} |")


def _print_peak(folder: Path, count: int) -> None:
    import resource

    for submission in read_safely([folder / f"{number}.xlsx" for number in range(count)]):
        assert not submission.unreadable
    time.sleep(1)  # until the workers have ended
    peaks = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    print(" | ".join(f"{resource.getrusage(who).ru_maxrss / _MEGABYTE:.0f}" for who in peaks))


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE.parent))
    if options.peak:
        _print_peak(options.peak, options.files)
        return
    with tempfile.TemporaryDirectory(prefix="fzzf-bench-") as name:
        paths = make_files(Path(name), options.files)
        safe, bare = time_both(paths, options.runs)
        a, b = statistics.median(safe), statistics.median(bare)
        each = 1000 / len(paths)
        print(f"{len(paths)} returns, {options.runs} runs, {os.cpu_count()} processors\n")
        print("| | median s | min–max s | ms a file |\n|---|---:|---:|---:|")
        for label, runs in (("A: safe reading", safe), ("B: bare python-calamine", bare)):
            middle = statistics.median(runs)
            print(
                f"| {label} | {middle:.2f} | {min(runs):.2f}–{max(runs):.2f} | {middle * each:.2f} |"
            )
        print(
            f"\nA/B = {a / b:.2f}\n\n| files | peak MiB | peak MiB of a worker |\n|---:|---:|---:|"
        )
        for count in (len(paths) // 10, len(paths) // 2, len(paths)):
            print_memory(Path(name), count)


if __name__ == "__main__":
    main()
