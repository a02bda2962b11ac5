"""The docs that describe plans and rules say what the code does."""

from __future__ import annotations

import re
import runpy
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands import COMMANDS, TAKES_JSON
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.period import GRACE, Period
from xl_fzzf.model.plan import Plan, Role
from xl_fzzf.model.problems import PlanError
from xl_fzzf.model.record import ENTRY_FIELDS
from xl_fzzf.model.responsibility import assign_task
from xl_fzzf.model.target import parse_target
from xl_fzzf.plans import read_plan
from xl_fzzf.rules import ALL_RULES, CITY_RULES
from xl_fzzf.sheets import spec

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "plan.md").read_text(encoding="utf-8")
LEAD, REQUIRED, OPTIONAL = Role.LEAD, Role.REQUIRED, Role.OPTIONAL
POLICE_LEADS = {"B01": REQUIRED, "B02": LEAD}
EXAMPLES = {
    "区教育局": {"B01": LEAD},
    "牵头单位:区公安局;配合单位:区教育局": POLICE_LEADS,
    "区公安局牵头,区教育局配合": POLICE_LEADS,
    "区教育局、区公安局(牵头)": POLICE_LEADS,
    "区公安局会同区教育局": POLICE_LEADS,
    "区教育局等部门": {"B01": LEAD, "B02": OPTIONAL},
    "各学校": {"S01": REQUIRED},
    "其他区直部门": {"B01": REQUIRED, "B02": REQUIRED},
    "其他区直有关部门": {"B01": OPTIONAL, "B02": OPTIONAL},
    "有行政执法职责的区直部门": {"B02": REQUIRED},
    "各中小学校(区直部门)": {"B01": REQUIRED, "B02": REQUIRED, "S01": REQUIRED},
}


def example() -> str:
    (found,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def section(title: str) -> str:
    """What stands under a heading, up to the next heading of the page."""
    (found,) = re.findall(
        rf"^#+ [^\n]*{title}[^\n]*\n(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE
    )
    return str(found)


def first_column(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def read(tmp_path: Path, text: str) -> Plan:
    file = tmp_path / "方案.toml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file)


def test_rules_page_is_what_the_rules_say() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(DOCS / "make_rules.py"))["build_page"]()
    assert page == made, "run python docs/make_rules.py"
    assert re.findall(r"^\| `([a-z0-9-]+)`", page, re.MULTILINE) == [*ALL_RULES, *CITY_RULES]


def test_every_rule_says_in_its_docstring_what_it_is_called_and_what_it_finds() -> None:
    for code, rule in (ALL_RULES | CITY_RULES).items():
        assert re.match(r"[\u4e00-\u9fff]+: \S", rule.check.__doc__ or ""), code


def test_the_minimal_example_is_a_plan(tmp_path: Path) -> None:
    plan = read(tmp_path, example())
    assert [len(plan.tasks), len(plan.indicators), len(plan.units)] == [2, 3, 3]
    assert assign_task(plan, plan.tasks["1"]) == {"B01": LEAD, "B02": OPTIONAL, "S01": REQUIRED}


@pytest.mark.parametrize(
    ("before", "title"),
    [
        ("name =", "开头"),
        ('number = 1\nname = "校园安全"', "领域"),
        ("number = 1\ntext", "任务"),
        ('code = "1.1"', "指标"),
    ],
)
def test_every_key_is_described_and_every_key_described_exists(
    tmp_path: Path, before: str, title: str
) -> None:
    text = example().replace(before, f"unheard_of = 1\n{before}", 1)
    assert first_column(section(title)) == _keys(tmp_path, text)


def test_every_key_of_a_unit_is_described(tmp_path: Path) -> None:
    text = example().replace('{ code = "B01"', '{ unheard_of = 1, code = "B01"')
    assert first_column(section("名录")) == _keys(tmp_path, text)


def _keys(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(PlanError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    return problem.partition("可用：")[2].split("、")


def test_every_kind_is_described() -> None:
    assert first_column(section("类型")) == list(Kind)


def test_every_target_described_is_understood_and_written_so() -> None:
    targets = first_column(section("三、目标"))
    assert len(targets) == 11
    assert [parse_target(text).text() for text in targets] == targets
    assert all(parse_target(text) for text in re.findall(r"也可写 `([^`]+)`", PAGE))


@pytest.mark.parametrize("refused", ["两次", "2次以上", "1,000"])
def test_what_the_page_calls_no_target_is_none(refused: str) -> None:
    assert f"“{refused}”" in section("三、目标")
    with pytest.raises(ValueError, match="看不懂"):
        parse_target(refused, "次")


def test_every_responsible_line_described_means_what_the_page_says(tmp_path: Path) -> None:
    assert first_column(section("四、责任单位一行")) == list(EXAMPLES)
    for line, roles in EXAMPLES.items():
        text = example().replace('responsible = "各学校"', f'responsible = "{line}"')
        plan = read(tmp_path, text)
        assert assign_task(plan, plan.tasks["保1"]) == roles, line


@pytest.mark.parametrize(
    "page", sorted((*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md"))), ids=lambda page: page.name
)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_bad_input_has_its_line_and_its_test() -> None:
    page = (DOCS / "bad-inputs.md").read_text(encoding="utf-8")
    tests = "".join(p.read_text(encoding="utf-8") for p in DOCS.parent.glob("tests/**/test_*.py"))
    named = re.findall(r"def test_bad_((?:\d{3}_)+)", tests)
    tested = {int(number) for name in named for number in name.strip("_").split("_")}
    lines = re.findall(r"^\| ([\d, ]+) \|(.*)\|$", page, re.MULTILINE)
    numbers = [int(number) for listed, _ in lines for number in listed.split(",")]
    exempt = {
        int(n) for listed, says in lines if "does not apply" in says for n in listed.split(",")
    }
    assert sorted(numbers) == list(range(1, 141))
    assert tested == set(numbers) - exempt


@pytest.mark.parametrize(
    "page", sorted((*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md"))), ids=lambda page: page.name
)
def test_files_that_are_named_exist(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        return
    named = re.findall(
        r"`((?:xl_fzzf|tests|docs|macros|workbooks|benchmarks)/[\w./-]+)`",
        page.read_text(encoding="utf-8"),
    )
    assert [name for name in named if not (DOCS.parent / name).exists()] == []


def test_decisions_are_numbered_without_holes_and_listed() -> None:
    files = sorted(file.name for file in (DOCS / "adr").glob("0*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    page = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((0[^)]+)\)", page) == files


def test_every_document_stands_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    missing = [page.name for page in DOCS.glob("*.md") if f"({page.name})" not in index]
    assert missing == ["README.md"]


def test_every_command_is_told_of() -> None:
    pages = [DOCS.parent / "README.md", *DOCS.glob("*.md")]
    told = "".join(p.read_text(encoding="utf-8") for p in pages if p.name != "json.md")
    assert [command for command in COMMANDS if f"fzzf {command}" not in told] == []


def test_every_json_has_its_heading_and_no_heading_is_left_over() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    typed = " ".join(re.findall(r"`([^`]+--json)`", "".join(re.findall("(?m)^## .+$", page))))
    told = set(re.findall(r"[a-z]+", typed)) - {"fzzf", "json"}
    assert told == {word for name, json in TAKES_JSON.items() if json for word in name.split()}


def test_the_page_on_json_lists_the_entries_and_the_kinds() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    assert re.findall(r"^Fields: (.+?);", page, re.MULTILINE) == [", ".join(ENTRY_FIELDS)]
    assert re.findall(r"^`kind`: (yes_no.+?)\.", page, re.MULTILINE) == [", ".join(Kind)]


def test_the_manual_has_a_line_for_every_column_of_a_return() -> None:
    manual = (DOCS / "手册.md").read_text(encoding="utf-8")
    cells = " ".join(re.findall(r"^\| ([^|]+) \|", manual, re.MULTILINE))
    assert [c.header for c in spec.AREA_COLUMNS if c.header not in cells] == []


def test_every_sheet_is_told_of() -> None:
    design = (DOCS / "design.md").read_text(encoding="utf-8")
    named = [word for word in vars(spec).values() if isinstance(word, str)]
    sheets = [word for word in named if re.fullmatch("(_fzzf_)?[\u4e00-\u9fff]+", word)]
    assert len(sheets) >= 19
    assert [name for name in sheets if name not in design] == []


def test_the_manual_says_when_returns_are_due_as_the_program_does() -> None:
    manual = (DOCS / "手册.md").read_text(encoding="utf-8")
    (days, month, day) = re.findall(
        r"报告期末以后第 (\d+) 天\(三季度是 (\d+) 月 (\d+) 日\)", manual
    )[0]
    deadline = Period.parse("2024Q3").deadline
    assert timedelta(int(days)) == GRACE
    assert (deadline.month, deadline.day) == (int(month), int(day))
