"""What a competent person does today: loop over the returns with pandas, write two workbooks.

    python benchmarks/plain_loop.py RETURNS_FOLDER OUT_FOLDER

The figures are those of `fzzf consolidate` and `fzzf report`, as a plain script gets them: no
template, no formulas, no formats, no list of faults, no trace of where a value came from.
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

import pandas as pd

OTHER_SHEETS = {"填报说明", "总览", "校验结果", "_fzzf"}
KEYS = ["单位", "指标编号"]
COLUMNS = [
    *("单位", "任务", "指标编号", "指标", "目标", "上期值", "分子", "分母", "完成值"),
    *("完成情况", "佐证材料", "未达标原因及整改措施", "整改时限"),
]
ANSWERS = {"是": "达标", "否": "未达标", "不适用": "不适用"}
STATUSES = ["达标", "未达标", "待填", "有误", "不适用"]


def read_returns(folder: Path) -> pd.DataFrame:
    """All records of all returns; what can't be read is skipped, copies count once."""
    frames: list[pd.DataFrame] = []
    for file in sorted(folder.glob("*.xlsx")):
        try:
            frames += read_return(file)
        except Exception as error:
            print(f"skipped {file.name}: {error}")
    return pd.concat(frames, ignore_index=True).drop_duplicates(KEYS)


def read_return(file: Path) -> list[pd.DataFrame]:
    """One frame for each area sheet; row 3 holds the headers."""
    frames = []
    with pd.ExcelFile(file, engine="openpyxl") as book:
        for sheet in book.sheet_names:
            if sheet in OTHER_SHEETS:
                continue
            frame = pd.read_excel(book, sheet_name=sheet, header=2, dtype={"指标编号": str})
            if set(KEYS) <= set(frame.columns):
                frames.append(frame.dropna(subset=KEYS)[COLUMNS].assign(领域=sheet))
    return frames


def read_target(text: str) -> float | None:
    """The lower bound in a target's words: 0.95 of `≥ 95%`, 1 of `1 至 2 次`, none of `是`."""
    found = re.search(r"([\d.]+)(%?)", text)
    return float(found[1]) / (100 if found[2] else 1) if found else None


def judge_records(data: pd.DataFrame) -> pd.DataFrame:
    """The records with 完成值 of the rates, 状态 and 完成度 (0 to 1)."""
    targets = {text: read_target(text) for text in data["目标"].unique()}
    rates = data["目标"].str.contains("%")
    above = pd.to_numeric(data.loc[rates, "分子"], errors="coerce")
    below = pd.to_numeric(data.loc[rates, "分母"], errors="coerce")
    data.loc[rates, "完成值"] = (above / below).where(below > 0)
    data["状态"] = data.apply(judge, axis=1, targets=targets)
    reached = pd.to_numeric(data["完成值"], errors="coerce") / data["目标"].map(targets)
    data["完成度"] = reached.where(data["状态"] == "未达标").fillna(0.0)
    data.loc[data["状态"] == "达标", "完成度"] = 1.0
    data.loc[data["状态"] == "不适用", "完成度"] = None
    return data


def judge(row: pd.Series, targets: dict[str, float | None]) -> str:
    """A record's status."""
    target, value = row["目标"], row["完成值"]
    if target == "如实填报":
        return "待填" if pd.isna(row["完成情况"]) else "达标"
    if target == "是":
        return "待填" if pd.isna(value) else ANSWERS.get(value, "有误")
    if "%" in target:
        cells = [row["分子"], row["分母"]]
    else:
        cells = [row["分母"], value] if "上年" in target else [value]
    if "不适用" in cells:
        return "不适用"
    if any(isinstance(cell, str) for cell in cells):
        return "有误"
    if any(pd.isna(cell) for cell in cells):
        return "待填"
    return judge_numbers(target, cells, value, targets[target])


def judge_numbers(target: str, cells: list[float], value: float, bound: float | None) -> str:
    """The status of a record whose numbers are all there."""
    if min(cells) < 0:
        return "有误"
    if "%" in target:
        above, below = cells
        if above > below:
            return "有误"
        if below == 0:
            return "不适用"
    elif len(cells) == 1 and value % 1:
        return "有误"
    if bound is None:
        met = value > cells[0] if target == "高于上年" else value >= cells[0]
    else:
        met = value >= bound
    return "达标" if met else "未达标"


def total_indicator(code: str, group: pd.DataFrame) -> dict[str, object]:
    """The district's value of an indicator: counts add, rates are Σ分子 / Σ分母."""
    first, target = group.iloc[0], group["目标"].iloc[0]
    judged = group[group["状态"].isin(["达标", "未达标"])]
    above: float | None = None
    below: float | None = None
    value: float | None = None
    if target == "是":
        above, below = (judged["完成值"] == "是").sum(), len(judged)
        value = above / below if below else None
    elif "%" in target:
        above, below = judged["分子"].sum(), judged["分母"].sum()
        value = above / below if below else None
    elif target == "高于上年":
        value = judged["完成值"].mean()
    elif target != "如实填报":
        value = judged["完成值"].sum()
    counts = group["状态"].value_counts().reindex(STATUSES, fill_value=0)
    names = {"领域": first["领域"], "任务": first["任务"], "指标编号": code, "指标": first["指标"]}
    return {**names, "目标": target, "分子": above, "分母": below, "完成值": value, **counts}


def rank_units(data: pd.DataFrame) -> pd.DataFrame:
    """A line for each unit: 填报率, 得分, rank, and the attainment in each area."""
    by_unit = data.groupby("单位", sort=False)
    scores = pd.DataFrame(
        {
            "应填": by_unit.size(),
            "填报率": 1 - by_unit["状态"].agg(lambda status: (status == "待填").mean()),
            "得分": (by_unit["完成度"].mean() * 100).round(2),
        }
    )
    scores["名次"] = scores["得分"].rank(method="min", ascending=False)
    areas = data.pivot_table(index="单位", columns="领域", values="完成度", aggfunc="mean")
    return scores.join(areas).sort_values("名次")


def write_master(data: pd.DataFrame, file: Path) -> None:
    """All records, one sheet an area."""
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        for area, group in data.groupby("领域", sort=False):
            group[[*COLUMNS, "状态"]].to_excel(writer, sheet_name=str(area), index=False)


def write_summary(data: pd.DataFrame, file: Path) -> None:
    """The totals, units × indicators, the ranking, and the records."""
    groups = data.groupby("指标编号", sort=False)
    totals = pd.DataFrame([total_indicator(str(code), group) for code, group in groups])
    matrix = data.pivot(index="单位", columns="指标编号", values="状态")
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        totals.to_excel(writer, sheet_name="指标汇总", index=False)
        matrix[totals["指标编号"]].to_excel(writer, sheet_name="单位矩阵")
        rank_units(data).to_excel(writer, sheet_name="考核得分")
        data.to_excel(writer, sheet_name="数据", index=False)


def main(returns: Path, out: Path) -> None:
    """Returns in, two workbooks out."""
    warnings.filterwarnings("ignore", module="openpyxl")
    data = judge_records(read_returns(returns))
    out.mkdir(parents=True, exist_ok=True)
    write_master(data, out / "台账.xlsx")
    write_summary(data, out / "汇总表.xlsx")
    print(f"{data['单位'].nunique()} units, {len(data)} records")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
