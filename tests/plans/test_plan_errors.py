"""A plan that can't be used is refused with every fault's place, key and remedy; nothing else leaks."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_fzzf.model.building import build_plan
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Area, Indicator, Plan, Task, Unit
from xl_fzzf.model.problems import PlanError
from xl_fzzf.plans import read_plan
from xl_fzzf.plans.toml_faults import find_toml_faults

DATA = Path(__file__).parents[1] / "data" / "plans"
MINIMAL = (DATA / "minimal.toml").read_text(encoding="utf-8")
RAW = tomllib.loads((DATA / "xinhe-2024.toml").read_text(encoding="utf-8"))

AREA = "第 1 个领域“组织领导”"
TASK = f"{AREA}第 1 项任务“1”"
FIRST, SECOND = f"{TASK}第 1 个指标“1.1”", f"{TASK}第 2 个指标“1.2”"
SAFEGUARD = "第 1 项保障措施“加大投入”"
UNIT = "名录第 1 个单位“区司法局”"

KEYS = {field.name for each in (Plan, Area, Task, Indicator, Unit) for field in fields(each)}
FAULTS = {
    "kind": ('kind = "count"', 'kind = "数量"', [FIRST, "“kind”", "数量", "count（计数）"]),
    "target": ('"≥ 2"', '"两次以上"', [FIRST, "“target”", "两次以上", "≥ 2", "1 至 2"]),
    "target as a number": ('"≥ 2"', "0", [FIRST, "“target”", "0", "≥ 2"]),
    "target of a kind": ('"乡镇" = "≥ 1"', '"乡镇" = "一次"', [FIRST, "“乡镇”", "一次", "≥ 2"]),
    "targets no table": ('{ "乡镇" = "≥ 1" }', '"≥ 1"', [FIRST, "“targets”", "单位类别 = 目标"]),
    "targets of no kind": ('{ "乡镇"', '{ "牵头"', [FIRST, "“targets”", "牵头", "区级部门、乡镇"]),
    "rate without %": ('"= 100%"', '"= 100"', [SECOND, "“target”", "百分号", "≥ 95%"]),
    "count with %": ('"≥ 2"', '"≥ 2%"', [FIRST, "“target”", "比率", "≥ 2%"]),
    "yes for a count": ('"≥ 2"', '"是"', [FIRST, "“target”", "是", "是否"]),
    "last year for a count": ('"≥ 2"', '"高于上年"', [FIRST, "“target”", "高于上年", "分值"]),
    "target of a yes_no": (
        'kind = "yes_no"',
        'kind = "yes_no"\ntarget = "≥ 1"',
        [f"{SAFEGUARD}第 1 个指标“保1.1”", "“target”", "是否", "≥ 1"],
    ),
    "unknown key": ("due =", "deadline =", [FIRST, "“deadline”", "不认识", "due"]),
    "unknown head key": ("year =", "jahr = 1\nyear =", ["“jahr”", "不认识", "district"]),
    "unknown roster key": ("units =", "extra = 1\nunits =", ["名录", "“extra”", "units"]),
    "missing text": ('text = "会议次数"\n', "", [FIRST, "“text”", "必填"]),
    "blank text": ('"召开会议不少于2次。"', '"  "', [TASK, "“text”", "必填"]),
    "text as a number": ('text = "会议次数"', "text = 5", [FIRST, "“text”", "要填文字", "5"]),
    "missing head": ('district = "测试区"\n', "", ["“district”", "必填"]),
    "safeguard without name": ('name = "加大投入"\n', "", ["第 1 项保障措施，“name”", "必填"]),
    "duplicate code": ('"1.2"', '"1.1"', ["指标编号", "“1.1”", "只能用一次"]),
    "duplicate unit code": ('"B02"', '"B01"', ["单位代码", "“B01”", "只能用一次"]),
    "duplicate area": (
        "[[safeguards]]\nnumber = 1",
        '[[areas]]\nnumber = 1\nname = "乙"\ntasks = [{ number = 2, text = "丙", '
        'responsible = "各乡镇", indicators = [{ code = "2.1", text = "丁", kind = "text" }] }]\n'
        "[[safeguards]]\nnumber = 1",
        ["领域编号", "“1”", "只能用一次"],
    ),
    "area number": ("number = 1\nname", "number = 100\nname", [AREA, "“number”", "1 至 99"]),
    "unit alias twice": (
        '["金凤镇人民政府"]',
        '["司 法 局"]',
        ["单位名称或别名", "“司法局”", "只能用一次"],
    ),
    "alias of another's name": ('["司法局"]', '["区财政局"]', ["“区财政局”", "只能用一次"]),
    "aliases no list": ('["司法局"]', '"司法局"', [UNIT, "“aliases”", "列表"]),
    "unknown responsible unit": (
        "区司法局、其他区级部门",
        "区司法局、区审计局",
        [TASK, "“responsible”", "区审计局", "单位名录"],
    ),
    "units joined by 和": (
        "区司法局、其他区级部门",
        "区司法局和区审计局",
        [TASK, "区司法局和区审计局", "顿号"],
    ),
    "unknown total": (
        'kind = "count"',
        'kind = "count"\ntotal = "区审计局"',
        [FIRST, "“total”", "区审计局", "单位名称"],
    ),
    "total of a yes_no": (
        'kind = "yes_no"',
        'kind = "yes_no"\ntotal = "区司法局"',
        ["“total”", "计数、比率、金额", "是否"],
    ),
    "unknown scope": ('["牵头"]', '["机关"]', [FIRST, "“scope”", "机关", "牵头、执法"]),
    "unknown unit kind": (
        'name = "区司法局", kind = "区级部门"',
        'name = "区司法局", kind = "机关"',
        [UNIT, "“kind”", "机关", "区级部门、乡镇"],
    ),
    "flag": (
        "enforcement = true",
        'enforcement = "有"',
        ["名录第 2 个单位“区财政局”", "“enforcement”", "true"],
    ),
    "kind words": ('= ["乡镇"]', "= 3", ["kinds", "“乡镇”", "列表", '["甲", "乙"]']),
    "no kinds": (
        '[kinds]\n"区级部门" = ["区级部门"]\n"乡镇" = ["乡镇"]\n',
        "",
        ["“kinds”", "单位类别"],
    ),
    "date as text": ("2019-12-31", '"年底"', [FIRST, "“due”", "日期", "2019-12-31"]),
    "weight": ("weight = 1", "weight = -1", [FIRST, "“weight”", "不小于 0"]),
    "weight without end": ("weight = 1", "weight = inf", [FIRST, "“weight”", "inf"]),
    "year": ("year = 2019", 'year = "2019年"', ["“year”", "整数", "2019年"]),
    "period": ('"2019Q3"', '"2019年三季度"', ["“period”", "2019年三季度", "Q3（季度）"]),
    "coordinator": ('= "区司法局"\nyear', '= "市司法局"\nyear', ["coordinator", "市司法局"]),
    "slip in a key": ("weight =", "wieght =", [FIRST, "“wieght”", "是不是“weight”？"]),
    "no date": ("2019-12-31", "2019-02-30", ["第 28 行第 7 个字", "没有这一天", "2019-06-30"]),
    "no equals sign": ("year = 2019", "year 2019", ["第 6 行第 6 个字", "半角的等号", "year 2019"]),
    "wide equals sign": ("year = 2019", "year ＝ 2019", ["第 6 行", "全角的标点 ＝"]),
    "wide quotes": ('"测试方案"', "“测试方案”", ["第 1 行", "半角引号", "全角的标点 “”"]),
    "wide comma": ('["牵头"]', '["牵头"，"执法"]', ["第 30 行", "半角逗号", "全角的标点 ，"]),
    "no quotes": ('"次"', "次", ["第 26 行第 11 个字", "文字要加半角引号", "measure = 次"]),
    "open quotes": ('"次"', '"次', ["第 26 行第 13 个字", "缺少后面的引号"]),
    "open list": ('["牵头"]', '["牵头"', ["列表没有写完"]),
    "open brackets": ("[[areas]]", "[[areas]", ["第 13 行", "方括号没有写全"]),
    "a table twice": ("[roster]", "[kinds]", ["kinds 写了两次"]),
    "a key twice": ("year = 2019", 'name = "乙"\nyear = 2019', ["第 6 行", "这个键写了两次"]),
    "a key of a unit twice": ('code = "B01"', 'code = "B01", code = "B02"', ["code 写了两次"]),
    "chinese key": ("measure =", "计量单位 =", ["第 26 行", "键用英文字母"]),
    "backslash": ('"会议次数"', '"会议\\次数"', ["第 24 行", "要写成 \\\\"]),
    "true in another language": ("= true", "= True", ["第 53 行", "true 或 false"]),
    "two statements in a line": ("year = 2019", "year = 2019 2020", ["第 6 行", "多余的字"]),
    "invisible character": ("weight = 1", "weight = 1 # \x01", ["第 29 行", "不能用的字符"]),
    "huge number": ("year = 2019", f"year = {'9' * 5000}", ["太长的数"]),
    "deep nesting": ("year = 2019", f"year = {'[' * 5000}", ["太多层"]),
}


def refusal(tmp_path: Path, text: str) -> PlanError:
    file = tmp_path / "方案.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(file)
    return caught.value


def test_the_plan_that_the_faults_are_put_into_has_none() -> None:
    assert len(read_plan(DATA / "minimal.toml").indicators) == 3


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_one_line_with_file_place_key_and_what_is_wanted(
    tmp_path: Path, fault: str
) -> None:
    found, put, words = FAULTS[fault]
    assert MINIMAL.count(found) >= 1
    error = refusal(tmp_path, MINIMAL.replace(found, put, 1))
    assert str(tmp_path / "方案.toml") in str(error)
    assert len(error.problems) == 1, error.problems
    assert error.problems[0] in str(error)
    assert [word for word in words if word not in error.problems[0]] == []


def test_an_empty_roster_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path, MINIMAL[: MINIMAL.index("[roster]")] + "[roster]\nunits = []\n")
    assert error.problems == ("名录，“units”：要有至少一项",)


def test_a_plan_without_anything_lists_all_that_is_wanted(tmp_path: Path) -> None:
    problems = "\n".join(refusal(tmp_path, "").problems)
    for key in ("name", "district", "coordinator", "year", "period", "kinds", "areas", "roster"):
        assert f"“{key}”" in problems


def test_several_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = MINIMAL
    for fault in ("kind", "missing head", "flag", "weight"):
        text = text.replace(*FAULTS[fault][:2], 1)
    problems = refusal(tmp_path, text).problems
    assert [sum(f"“{key}”" in p for p in problems) for key in ("kind", "district")] == [1, 1]
    assert [sum(f"“{key}”" in p for p in problems) for key in ("enforcement", "weight")] == [1, 1]
    assert len(problems) == 4


def test_several_lines_that_are_no_toml_are_told_at_once(tmp_path: Path) -> None:
    text = MINIMAL
    for fault in ("wide quotes", "no quotes", "no date", "two statements in a line"):
        text = text.replace(*FAULTS[fault][:2], 1)
    lines = [problem.partition("个字")[0] for problem in refusal(tmp_path, text).problems]
    assert lines == [f"第 {line} 行第 {at} " for line, at in ((1, 8), (6, 13), (26, 11), (28, 7))]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_english_but_the_keys_and_no_counting_from_zero(tmp_path: Path, fault: str) -> None:
    found, put, _ = FAULTS[fault]
    words = "\n".join(refusal(tmp_path, MINIMAL.replace(found, put, 1)).problems)
    assert "第 0 " not in words and "[0]" not in words
    typed = {*re.findall("[a-z_]+", MINIMAL + put), *KEYS, *Kind, "toml", "true", "false", "inf"}
    assert set(re.findall("[a-z_]{2,}", words)) - typed == set()


@given(st.text(alphabet='[]{}=",“”＝\\\n #a甲1-.\x00', max_size=24))
def test_any_text_that_is_no_toml_is_told_in_chinese(text: str) -> None:
    faults = find_toml_faults(text)
    try:
        tomllib.loads(text)
        assert faults == []
    except tomllib.TOMLDecodeError:
        assert faults and all(re.search("[\u4e00-\u9fff]", fault) for fault in faults)
        assert not any(re.search("[a-z]{3,}", fault) for fault in faults)


def test_a_missing_file_names_the_plans_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"没有\.toml(?s:.)*找不到(?s:.)*jialing-2019"):
        read_plan(tmp_path / "没有.toml")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "."], ids=["too long", "NUL", "a folder"])
def test_a_name_that_is_no_file_is_refused(name: str) -> None:
    with pytest.raises(PlanError):
        read_plan(name)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "方案.toml").write_bytes(MINIMAL.encode(encoding))
    with pytest.raises(PlanError, match="UTF-8"):
        read_plan(tmp_path / "方案.toml")


def test_notepads_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "方案.toml").write_text(MINIMAL, encoding="utf-8-sig")
    assert read_plan(tmp_path / "方案.toml") == read_plan(DATA / "minimal.toml")


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.just(date(2024, 5, 1)),
    st.just(datetime(2024, 5, 1, 8)),
    st.text(max_size=6),
    st.sampled_from(
        ["≥ 2", "= 100%", "是", "高于上年", "rate", "count", "2024Q1", "区数据局", "镇"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from places(value[key])


PLACES = sum(1 for _ in places(RAW))


@settings(max_examples=250, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, PLACES), st.sampled_from(["put", "drop", "add"]), values),
        min_size=1,
        max_size=4,
    )
)
def test_no_values_whatever_raise_anything_but_plan_error(
    edits: list[tuple[int, str, Any]],
) -> None:
    raw = copy.deepcopy(RAW)
    for place, action, value in edits:
        spots = list(places(raw))
        container, key = spots[place % len(spots)] if spots else (raw, "name")
        if action == "put":
            container[key] = value
        elif action == "drop":
            container.pop(key, None) if isinstance(container, dict) else container.pop(key)
        elif isinstance(container, dict):
            container["where" if place % 2 else "新"] = value
        else:
            container.insert(key, value)
    try:
        assert isinstance(build_plan(raw, "方案"), Plan)
    except PlanError as error:
        assert error.problems
        assert all(problem.strip() for problem in error.problems)
