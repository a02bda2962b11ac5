"""The shipped plans, as data, and the reader of plan files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from xl_fzzf.model.building import build_plan
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.problems import PlanError
from xl_fzzf.plans.toml_faults import find_toml_faults

DEFAULT_PLAN = "jialing-2019"
_FOLDER = Path(__file__).parent


def read_plan(plan: str | Path = DEFAULT_PLAN) -> Plan:
    """Read a plan file, or a shipped plan by name; raises PlanError naming file, entry and what is wanted."""
    try:
        shipped = _FOLDER / f"{plan}.toml"
        path = shipped if shipped.is_file() else Path(plan)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        names = "、".join(sorted(file.stem for file in _FOLDER.glob("*.toml")))
        raise PlanError(str(plan), [f"找不到这个文件；自带的方案有：{names}"]) from None
    except UnicodeDecodeError as error:
        reason = "不是 UTF-8 的文本文件：请用记事本打开，“另存为”，编码选 UTF-8"
        raise PlanError(str(plan), [reason]) from error
    except (OSError, ValueError) as error:
        reason = "打不开：请核对是不是文件（不是文件夹）、名称对不对、有没有权限"
        raise PlanError(str(plan), [reason]) from error
    if faults := find_toml_faults(text):
        raise PlanError(str(path), faults, "工作方案不是合格的 TOML 文件")
    return build_plan(_located(tomllib.loads(text)), str(path))


_ROSTER = "名录"
_ENTRIES = {
    "areas": ("第 {} 个领域", "name"),
    "tasks": ("第 {} 项任务", "number"),
    "safeguards": ("第 {} 项保障措施", "name"),
    "indicators": ("第 {} 个指标", "code"),
    "units": ("第 {} 个单位", "name"),
}
"""What the entries of a list are called, and the key by which people know them."""


def _located(raw: dict[str, Any], where: str = "") -> dict[str, Any]:
    """The same values, every table told where it stands: 第 1 个领域“组织领导”第 2 项任务“5”."""
    located: dict[str, Any] = {"where": where}
    for key, value in raw.items():
        if isinstance(value, list):
            called, known = _ENTRIES.get(key, (f"{key} 第 {{}} 项", ""))
            located[key] = [
                _located(each, f"{where}{called.format(n)}{_known_as(each.get(known))}")
                if isinstance(each, dict)
                else each
                for n, each in enumerate(value, 1)
            ]
        elif isinstance(value, dict) and key not in ("kinds", "targets"):
            located[key] = _located(value, _ROSTER if key == "roster" else key)
        else:
            located[key] = value
    return located


def _known_as(name: object) -> str:
    return f"“{name}”" if isinstance(name, (str, int)) and name else ""
