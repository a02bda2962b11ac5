"""The Pythons of this machine that the package says it runs under, each with what the package needs."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
_MINORS = range(11, 20)
_ASK = "import sys; print(*sys.version_info[:3], sys.version_info.releaselevel)"

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter, and the folders of packages that it can import."""

    version: Version
    program: str
    packages: str

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it with the package and what the package needs, in a folder."""
        search = os.pathsep.join([str(ROOT), self.packages])
        return subprocess.run(
            [self.program, *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": search, "PYTHONIOENCODING": "utf-8"},
            check=False,
            timeout=120,
        )


@cache
def find_pythons() -> dict[Version, str]:
    """Every released Python that is new enough, by its version: the system's own, pyenv's, on PATH."""
    found: dict[Version, str] = {}
    for program in dict.fromkeys(_candidates()):
        asked = subprocess.run([program, "-c", _ASK], capture_output=True, text=True, check=False)
        major, minor, micro, level = (asked.stdout or "0 0 0 none").split()
        if level == "final" and int(major) == 3 and int(minor) in _MINORS:
            found.setdefault((int(major), int(minor), int(micro)), program)
    return found


def _candidates() -> Iterator[str]:
    yield sys.executable
    names = ["python3", *(f"python3.{minor}" for minor in _MINORS)]
    for name in names:
        yield from filter(None, [shutil.which(name), shutil.which(name, path="/usr/bin")])
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for minor in _MINORS:
        yield from sorted(map(str, pyenv.glob(f"versions/3.{minor}.*/bin/python")))


def equip(version: Version, folder: Path) -> Python:
    """A Python with what the package needs; raises OSError, saying why, where it can't be had.

    Compiled packages fit one minor version: those of the running Python, or wheels put into `folder`.
    """
    program = find_pythons()[version]
    if version[:2] == sys.version_info[:2]:
        return Python(version, program, os.pathsep.join(site.getsitepackages()))
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
    command += ["--python-version", f"{version[0]}.{version[1]}", "--only-binary", ":all:"]
    command += ["--no-compile", "--constraint", str(ROOT / "constraints.txt"), *needed]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise OSError(f"pip can't fetch wheels: {done.stderr.strip()[-200:]}")
    return Python(version, program, str(folder))
