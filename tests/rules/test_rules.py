"""Every rule: what it passes, what it finds, what it says, and that one cause makes one finding."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import NEXT_YEAR, YEAR_END, assessed, cells
from tests.rules.cases import (
    FAILING,
    FIRST,
    GOOD_ROWS,
    INDICATORS,
    PASSING,
    PLAN,
    SECOND,
    STAMP,
    Case,
    a_file,
    a_merge,
    a_record,
    a_row,
    a_structure,
    an_entry,
)
from xl_fzzf import rules
from xl_fzzf.model.finding import OFF, Severity
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, Cell
from xl_fzzf.model.status import Status
from xl_fzzf.rules import ALL_RULES, CITY_RULES, FIXED_RULES, RECORD_RULES, setting_rows
from xl_fzzf.rules.across import ACROSS_RULES
from xl_fzzf.rules.asked import ASKED_RULES
from xl_fzzf.rules.entries import ENTRY_RULES
from xl_fzzf.rules.files import FILE_RULES
from xl_fzzf.rules.master import (
    EDIT_RULES,
    MERGE_RULES,
    ROUND_RULES,
    SETTINGS_RULES,
    WAIVER_RULES,
)
from xl_fzzf.rules.nothing import NOTHING_RULES
from xl_fzzf.rules.rule import Fault, Rule, Rules, run_rules
from xl_fzzf.rules.structure import STRUCTURE_RULES
from xl_fzzf.rules.submissions import SUBMISSION_RULES, TAKEN_RULES

EVERY_FAILING = [
    pytest.param(code, case, id=f"{code}-{number}")
    for code, cases in FAILING.items()
    for number, case in enumerate(cases, 1)
]
GROUPS: tuple[dict[str, Rule[Any]], ...] = (
    *(
        FILE_RULES,
        STRUCTURE_RULES,
        MERGE_RULES,
        ENTRY_RULES,
        RECORD_RULES,
        ASKED_RULES,
        NOTHING_RULES,
    ),
    *(SUBMISSION_RULES, TAKEN_RULES, ACROSS_RULES, SETTINGS_RULES, WAIVER_RULES),
    *(ROUND_RULES, EDIT_RULES),
)

OFFICE_WORDS = {"Excel", "FALSE", "Mac", "TRUE", "WPS", "xlsx"}


def beside(code: str) -> dict[str, Rule[Any]]:
    """The rules that run on the same subject."""
    return next(group for group in GROUPS if code in group)


def found(code: str, subject: Any) -> list[Fault]:
    return list(ALL_RULES[code].check(subject))


def test_every_rule_has_a_passing_and_a_failing_case() -> None:
    assert set(PASSING) == set(FAILING) == set(ALL_RULES)
    assert all(PASSING.values())
    assert all(FAILING.values())


def test_every_rule_stands_in_one_group() -> None:
    assert sorted(code for group in GROUPS for code in group) == sorted(ALL_RULES)


@pytest.mark.parametrize("code", ALL_RULES)
def test_what_is_right_passes(code: str) -> None:
    assert [fault for subject in PASSING[code] for fault in found(code, subject)] == []


@pytest.mark.parametrize(("code", "case"), EVERY_FAILING)
def test_what_is_wrong_is_found_once_with_its_place_and_value(code: str, case: Case) -> None:
    (fault,) = found(code, case.subject)
    assert (fault.field, fault.value) == (case.field, case.value)


@pytest.mark.parametrize(("code", "case"), EVERY_FAILING)
def test_a_clerk_is_told_what_is_wrong_what_is_wanted_and_what_to_do(code: str, case: Case) -> None:
    (fault,) = found(code, case.subject)
    assert fault.expected.strip()
    assert "请" in fault.remedy
    foreign = re.findall(r"[A-Za-z_]{3,}", fault.message + fault.remedy)
    assert set(foreign) <= OFFICE_WORDS, "a clerk reads no English keys"
    assert re.search("[\u4e00-\u9fff]{2}", fault.message)


@pytest.mark.parametrize(("code", "case"), EVERY_FAILING)
def test_one_root_cause_makes_one_finding(code: str, case: Case) -> None:
    assert [rule for rule, _, _ in run_rules(beside(code), case.subject, {})] == [code]


@pytest.mark.parametrize(
    "case",
    [
        *(a_file(), a_structure(), a_merge(3, 3)),
        *(an_entry(INDICATORS[0], value=2), a_record(INDICATORS[0], value=2)),
    ],
    ids=["file", "structure", "merge", "entry", "record"],
)
def test_a_good_subject_makes_no_finding_at_all(case: Any) -> None:
    group = GROUPS[
        ["FileCase", "Structure", "Conflict", "Entered", "Assessment"].index(type(case).__name__)
    ]
    assert list(run_rules(group, case, {})) == []


def test_two_root_causes_make_two_findings() -> None:
    both = a_record(INDICATORS[1], numerator="九", denominator=-1)
    assert [rule for rule, _, _ in run_rules(RECORD_RULES, both, {})] == ["number", "range"]
    structure = a_structure(*GOOD_ROWS[1:], a_row("9.9", 9))
    rules = [rule for rule, _, _ in run_rules(STRUCTURE_RULES, structure, {})]
    assert rules == ["missing-row", "unknown-row"]


def test_a_missing_sheet_is_one_finding_however_many_rows_it_held() -> None:
    (fault,) = found("sheets", a_structure(GOOD_ROWS[2]))
    assert (fault.sheet, fault.expected, fault.value) == (FIRST, FIRST, SECOND)
    assert found("missing-row", a_structure(GOOD_ROWS[2])) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown-row", ["不在方案里"]),
        ("foreign-row", ["区财政局", "区司法局"]),
        ("duplicated-row", ["1.1", "2 行", "5、9"]),
        ("missing-row", ["1.1"]),
        ("headers", ["分子、分母"]),
        ("conflict", ["台账"]),
        ("required", ["完成值没有填"]),
        ("share", ["分子大于分母"]),
    ],
)
def test_messages_name_what_they_are_about(code: str, words: list[str]) -> None:
    (fault,) = found(code, FAILING[code][0].subject)
    assert [word for word in words if word not in fault.message] == []


def test_a_row_of_another_units_indicator_is_called_so() -> None:
    (fault,) = found("unknown-row", FAILING["unknown-row"][1].subject)
    assert "不由本单位填报" in fault.message
    assert (fault.sheet, fault.row) == (FIRST, 9)


@pytest.mark.parametrize(("code", "case"), EVERY_FAILING)
@pytest.mark.parametrize("setting", ["error", "warning", "info", OFF])
def test_settings_change_a_rules_severity_or_switch_it_off(
    code: str, case: Case, setting: str
) -> None:
    results = [
        severity
        for rule, severity, _ in run_rules(beside(code), case.subject, {code: setting})
        if rule == code
    ]
    if code in FIXED_RULES:
        assert results == [ALL_RULES[code].severity]
    else:
        assert results == ([] if setting == OFF else [Severity(setting)])


def test_every_rule_has_a_title_of_its_own_for_clerks() -> None:
    """接受理由 stands beside the title: two rules of one name would share their reasons."""
    titles = {code: rule.title for code, rule in {**ALL_RULES, **CITY_RULES}.items()}
    assert len(set(titles.values())) == len(titles)
    assert all(re.fullmatch("[\u4e00-\u9fff]{1,10}", title) for title in titles.values()), titles


def test_settings_list_every_rule_that_they_can_change() -> None:
    rows = setting_rows()
    assert [code for code, _, _ in rows] == [code for code in ALL_RULES if code not in FIXED_RULES]
    assert all(Severity(severity) and checks for _, severity, checks in rows)
    assert (
        set(ALL_RULES)
        > FIXED_RULES
        == {"readable", "ours", "unit", "accounting", "blanked", "edited"}
    )


ENTRIES = st.fixed_dictionaries(dict.fromkeys(ENTRY_FIELDS, cells))


@given(st.sampled_from(INDICATORS), ENTRIES, st.sampled_from([YEAR_END, NEXT_YEAR]))
def test_record_rules_never_raise_and_always_say_what_to_do(
    indicator: Indicator, entries: dict[str, Any], as_of: date
) -> None:
    case = assessed(indicator, as_of, **entries)
    findings = list(run_rules(RECORD_RULES, case, {}))
    for code, _, fault in findings:
        assert fault.message, code
        assert fault.field in ENTRY_FIELDS, code
        assert "请" in fault.remedy, code
    rules = [code for code, _, _ in findings]
    assert (case.status is Status.MISSING) == ("required" in rules)
    if case.status is Status.INVALID:
        assert {"number", "whole", "range", "share", "list", "words", "none-word"} & set(rules)
    places = [(code, fault.field) for code, _, fault in findings]
    assert len(places) == len(set(places))


WORDS = st.sampled_from(["", "1.1", "1.2", "2.1", "3.1", "9.9", "区司法局", "区财政局", "return"])


@given(st.lists(st.tuples(WORDS, WORDS, cells), max_size=6), st.sampled_from([(), ("分子",)]))
def test_structure_and_file_rules_never_raise(
    rows: list[tuple[str, str, Cell]], missing: tuple[str, ...]
) -> None:
    sent = [a_row(code, n, unit, value) for n, (code, unit, value) in enumerate(rows, 5)]
    headers = {"missing": missing} if any(row.record.sheet == FIRST for row in sent) else {}
    structural = [f for _, _, f in run_rules(STRUCTURE_RULES, a_structure(*sent, **headers), {})]
    assert all(fault.message and "请" in fault.remedy for fault in structural)
    own = Counter(row.code for row in sent if row.unit == "区司法局")
    complete = own == Counter(row.code for row in GOOD_ROWS) and own.total() == len(sent)
    assert complete or structural or not sent  # the good rows stand in for none
    stamp = {key: code for key, (code, _, _) in zip(("kind", "unit"), rows, strict=False)}
    told = [fault for _, _, fault in run_rules(FILE_RULES, a_file(*sent, **stamp), {})]
    assert all("请" in fault.remedy for fault in told)
    whose = {**STAMP, **stamp}
    assert told or (whose["kind"] == "return" and PLAN.find_unit(whose["unit"]))


def test_every_check_that_finds_faults_is_a_rule() -> None:
    """A generator of faults without its decorator would never run."""
    names = [f"{rules.__name__}.{module.name}" for module in pkgutil.iter_modules(rules.__path__)]
    for module in map(vars, map(importlib.import_module, names)):
        known = {
            r.check for each in module.values() if isinstance(each, Rules) for r in each.values()
        }
        checks = {each for name, each in module.items() if finds(each) and not name.startswith("_")}
        assert checks <= known


def finds(each: object) -> bool:
    return getattr(each, "__annotations__", {}).get("return") == "Iterator[Fault]"
