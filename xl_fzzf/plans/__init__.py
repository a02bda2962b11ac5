"""The shipped plans, as data, and the reader of plan files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xl_fzzf.model.building import build_plan
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.problems import PlanError

DEFAULT_PLAN = "jialing-2019"
_FOLDER = Path(__file__).parent


def read_plan(plan: str | Path = DEFAULT_PLAN) -> Plan:
    """Read a plan file, or a shipped plan by name; raises PlanError naming file, key and what is wanted."""
    try:
        shipped = _FOLDER / f"{plan}.toml"
        path = shipped if shipped.is_file() else Path(plan)
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        names = "、".join(sorted(file.stem for file in _FOLDER.glob("*.toml")))
        raise PlanError(str(plan), [f"找不到这个文件；自带的方案有：{names}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(str(plan), [f"读不出来，要 UTF-8 的文本文件：{error}"]) from error
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        raise PlanError(str(plan), [f"不是合格的 TOML：{error}"]) from error
    return build_plan(_located(raw), str(path))


def _located(raw: dict[str, Any]) -> dict[str, Any]:
    """The same values, every table told where it stands: areas[0].tasks[2].indicators[1]."""

    def locate(value: Any, where: str) -> Any:
        if isinstance(value, Mapping):
            inner = {key: locate(item, f"{where}.{key}".lstrip(".")) for key, item in value.items()}
            return inner if where.endswith((".targets", "kinds")) else {**inner, "where": where}
        if isinstance(value, list):
            return [locate(item, f"{where}[{index}]") for index, item in enumerate(value)]
        return value

    located: dict[str, Any] = locate(raw, "")
    return located
