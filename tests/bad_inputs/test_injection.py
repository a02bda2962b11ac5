"""Bad inputs 130–139: text from units stays text in every output."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.bad_inputs.payloads import PAYLOADS
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.printing import print_in_office
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.history import read_history, write_history
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.report import report
from xl_fzzf.model.building import build_plan
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import fit
from xl_fzzf.office.book import Value
from xl_fzzf.office.references import link

AS_OF = date(2019, 9, 30)
UNITS = ("区司法局", "区财政局", "金凤镇", "安福镇")
TEXT_FIELDS = ("narrative", "evidence", "reason", "deadline")
HARMLESS = "已按要求办理"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OWN_LINK = re.compile(r"""HYPERLINK\("(#'[^"]*'!)[A-Z]+\d+","(?:[^"]|"")*"(?=\))""")
"""A link of the tool's, to a cell of the same workbook; its words may be anything."""
Entries = dict[str, dict[str, Value]]


@dataclass
class Outputs:
    """A round's workbooks and what the command printed."""

    folder: Path
    workbooks: dict[str, Path]
    sent: dict[tuple[str, str, str], str]


def rounds() -> Iterator[dict[tuple[str, str, str], str]]:
    """The payloads spread over units, indicators and fields, as many rounds as that takes."""
    places = [
        (unit, code, field)
        for unit in UNITS
        for code in GOOD
        if not (unit.endswith("镇") and code.startswith("2."))
        for field in (*TEXT_FIELDS, *(["value"] if code == "1.2" else []))
    ]
    for at in range(0, len(PAYLOADS), len(places)):
        yield dict(zip(places, PAYLOADS[at : at + len(places)], strict=False))


def answers(unit: str, sent: dict[tuple[str, str, str], str]) -> Entries:
    entries: Entries = {code: dict(fields) for code, fields in GOOD.items()}
    for (whose, code, field), text in sent.items():
        if whose == unit:
            entries[code][field] = text
    return entries


def run_round(folder: Path, sent: dict[tuple[str, str, str], str]) -> Outputs:
    """Consolidate, report and annotate returns that hold these texts."""
    master = folder / "台账-2019Q3.xlsx"
    for unit in UNITS:
        source = folder / "分发/2019Q3" / f"{unit}.xlsx"
        fill(source, folder / "报送/2019Q3" / f"{unit}.xlsx", answers(unit, sent))
    consolidate(master, None, AS_OF, datetime(2019, 10, 1, 9))
    summary = report(master, AS_OF, AS_OF).summary
    files = [folder / "报送/2019Q3" / f"{unit}.xlsx" for unit in UNITS]
    copies = {str(r.path.stem): r.copy for r in check_files(files, master, folder, AS_OF, True)}
    assert all(copies.values())
    books = {"master": master, "summary": summary} | {k: v for k, v in copies.items() if v}
    return Outputs(folder, books, sent)


def active(path: Path) -> Counter[str]:
    """All of a workbook that acts: formulas without their row numbers and links, names, rules, sheets.

    What a cell only shows – the text of a link, a cached result – is not among it.
    """
    book: Any = load_workbook(path)
    found: Counter[str] = Counter({f"sheet {name}": 1 for name in book.sheetnames})
    found.update(f"name {name}={item.attr_text}" for name, item in book.defined_names.items())
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    own = OWN_LINK.sub(r'HYPERLINK("\1"', str(cell.value))
                    found[f"formula {re.sub(r'[0-9]+', '', own)}"] = 1
                if cell.hyperlink:
                    found[f"link {cell.hyperlink.target} {cell.hyperlink.location}"] = 1
        for rule in sheet.data_validations.dataValidation:
            found[f"validation {rule.type} {re.sub('[0-9]+', '', str(rule.formula1))}"] = 1
        for rules in sheet.conditional_formatting:
            for rule in rules.rules:
                found[f"format {rule.type} {re.sub('[0-9]+', '', str(rule.formula))}"] = 1
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith(".rels") and b'TargetMode="External"' in package.read(name):
                found[f"external {name}"] = 1
            kind = re.sub(r"\d+", "", name)
            found[f"part {kind}"] = 1
    return found


def texts(path: Path) -> set[str]:
    """Every string that stands in a workbook's cells as a value, by an independent reader."""
    book: Any = load_workbook(path, read_only=False)
    return {
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type != "f"
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, _distributed: Path) -> list[Outputs]:
    import shutil

    outputs = []
    for number, sent in enumerate(rounds()):
        folder = tmp_path_factory.mktemp(f"轮{number}") / "区"
        shutil.copytree(_distributed, folder)
        outputs.append(run_round(folder, sent))
    return outputs


@pytest.fixture(scope="module")
def harmless(
    hostile: list[Outputs], tmp_path_factory: pytest.TempPathFactory, _distributed: Path
) -> Outputs:
    """The same round with a plain text in every place."""
    import shutil

    folder = tmp_path_factory.mktemp("平常") / "区"
    shutil.copytree(_distributed, folder)
    return run_round(folder, dict.fromkeys(hostile[0].sent, HARMLESS))


def test_bad_130_131_133_text_never_becomes_a_formula(
    hostile: list[Outputs], harmless: Outputs
) -> None:
    assert sum(len(outputs.sent) for outputs in hostile) == len(PAYLOADS) >= 200
    # a hint is alive in a row without findings, and guarded in one with: each return has its own
    live = {act for each in (harmless.folder / "分发/2019Q3").iterdir() for act in active(each)}
    for outputs in hostile:
        for name, path in outputs.workbooks.items():
            more = set(active(path)) - set(active(harmless.workbooks[name])) - live
            assert not more, (name, sorted(more)[:3])


def test_no_link_leads_out_of_the_summary_s_pdf(hostile: list[Outputs]) -> None:
    assert any("http://" in text for text in hostile[0].sent.values())
    pdf = report(hostile[0].workbooks["master"], AS_OF, AS_OF, print_in_office).printed.pdf
    assert pdf
    command = ["pdfinfo", "-url", str(pdf)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert not listed.splitlines()[1:]
    assert not {b"/JavaScript", b"/Launch", b"/URI("} & set(
        re.findall(rb"/\w+\(?", pdf.read_bytes())
    )


def test_bad_132_a_link_in_a_text_is_only_text(hostile: list[Outputs]) -> None:
    links = [t for outputs in hostile for t in outputs.sent.values() if "evil.invalid" in t]
    assert len(links) > 40
    for outputs in hostile:
        for path in outputs.workbooks.values():
            with zipfile.ZipFile(path) as package:
                relations = [package.read(n) for n in package.namelist() if n.endswith(".rels")]
            assert not any(b"evil.invalid" in data for data in relations)


def test_every_text_stands_in_the_master_as_it_was_sent(hostile: list[Outputs]) -> None:
    for outputs in hostile:
        records = open_master(outputs.workbooks["master"], writing=False).records
        units = {"区司法局": "B01", "区财政局": "B02", "金凤镇": "X01", "安福镇": "X02"}
        for (unit, code, field), text in outputs.sent.items():
            stands = getattr(records[units[unit], code], field)
            assert (stands or "").strip() == str(fit(text)).strip(), (unit, code, field, text)


def test_libreoffice_takes_every_text_for_text(hostile: list[Outputs], office: Office) -> None:
    for outputs in hostile:
        with office.open(outputs.workbooks["master"]) as book:
            shown = {c for sheet in book.sheet_names for row in book.values(sheet) for c in row}
        leads = [t for t in outputs.sent.values() if t.startswith(("=", "+", "-", "@"))]
        assert all(text in shown for text in leads)


def test_bad_134_markup_in_a_text_is_escaped(hostile: list[Outputs]) -> None:
    sent = {
        t for outputs in hostile for t in outputs.sent.values() if t.startswith(("<", "]]>", "&"))
    }
    stand = {t for outputs in hostile for t in texts(outputs.workbooks["master"])}
    assert len(sent) > 15 and sent <= stand


@pytest.mark.parametrize("command", ["consolidate", "check", "status", "report"])
@pytest.mark.parametrize("as_json", [False, True], ids=["screen", "json"])
def test_bad_135_no_escape_reaches_terminal_or_log(
    hostile: list[Outputs], command: str, as_json: bool
) -> None:
    for outputs in hostile:
        files = [f"报送/2019Q3/{unit}.xlsx" for unit in UNITS] if command == "check" else []
        result = subprocess.run(
            [sys.executable, "-m", "xl_fzzf", command, *files, *(["--json"] if as_json else [])],
            cwd=outputs.folder,
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"FORCE_COLOR": "", "COLUMNS": "200", "PYTHONUTF8": "1"},
        )
        assert result.returncode in (0, 1), result.stderr
        assert not result.stderr
        assert not CONTROL.search(result.stdout), CONTROL.findall(result.stdout)
        assert not any(line.startswith("2019-09-30 错误") for line in result.stdout.splitlines())
        if as_json:
            json.loads(result.stdout)


NAMES = (
    "=1+1.xlsx", "\x1b[31m红.xlsx", "[link=x]y.xlsx", "<b>x.xlsx", "行一\n行二.xlsx", "-rf.xlsx", "@x.xlsx",
    "\u202excod.xlsx", "%s{0}.xlsx", "';DROP TABLE submissions;--.xlsx", "a&b.xlsx", "'!A1.xlsx", '"x".xlsx',
    "x.xlsx.exe", "_x003D_.xlsx", "x" * 200 + ".xlsx", "名\udcff.xlsx",
)  # fmt: skip


def test_a_files_name_is_only_text(workspace: Path, harmless: Outputs) -> None:
    source = workspace / "分发/2019Q3/金凤镇.xlsx"
    for name in NAMES:
        fill(source, workspace / "报送/2019Q3" / name, GOOD)
    for name in NAMES[:4]:
        (workspace / "报送/2019Q3" / f"坏{name}").write_bytes(b"junk")
    result = subprocess.run(
        [sys.executable, "-m", "xl_fzzf", "consolidate"], cwd=workspace, capture_output=True, encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "300"},
    )  # fmt: skip
    assert result.returncode == 1 and not result.stderr
    assert not CONTROL.search(result.stdout)
    master = workspace / "台账-2019Q3.xlsx"
    more = set(active(master)) - set(active(harmless.workbooks["master"]))
    assert not more
    assert "=1+1.xlsx" in texts(master)


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.invalid/")', "'!A1\"", "名" * 400])
def test_a_sheets_name_is_only_text(workspace: Path, harmless: Outputs, name: str) -> None:
    """A sheet of ours under a name that tries to act, or that no formula could hold."""
    source = workspace / "分发/2019Q3/金凤镇.xlsx"
    target = workspace / "报送/2019Q3/金凤镇.xlsx"
    fill(source, target, GOOD | {"1.1": {"value": -1}})
    with zipfile.ZipFile(target) as package:
        parts = {item: package.read(item) for item in package.namelist()}
    workbook = parts["xl/workbook.xml"].decode()
    safe = name.replace("&", "&amp;").replace('"', "&quot;")
    parts["xl/workbook.xml"] = workbook.replace('name="一、组织领导"', f'name="{safe}"').encode()
    with zipfile.ZipFile(target, "w") as package:
        for item, data in parts.items():
            package.writestr(item, data)
    master = workspace / "台账-2019Q3.xlsx"
    consolidate(master, None, AS_OF, datetime(2030, 10, 1, 9))
    assert not set(active(master)) - set(active(harmless.workbooks["master"]))
    book: Any = load_workbook(master)
    cells = [cell for row in book["校验结果"].iter_rows() for cell in row]
    assert any(name[:2] in str(cell.value) for cell in cells if cell.data_type != "f")
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    literals = [text for f in formulas for text in re.findall(r'"((?:[^"]|"")*)"', f)]
    assert max(map(len, literals)) <= 255


def test_a_link_holds_no_control_characters() -> None:
    """A sheet's name in an old .xls may hold what XML can't."""
    assert link("总览", "A1", "表\x01\ud800名").cached == "表  名"


ODD_NAMES = (
    "../../局", "CON", "局:甲", "局/乙", "局\\乙", "=1+1", "<b>局</b>", "[局]", "局?*", "局\t名", ".", "局 ", "局%s{0}",
    "'; DROP TABLE records;--", "a" * 200, "(局+)+$", "局|局",
)  # fmt: skip


def odd_plan() -> dict[str, Any]:
    indicator = {"code": "1.1", "text": "=1+1", "kind": "text"}
    tasks = [{"number": 1, "text": "做。", "responsible": "各部门", "indicators": [indicator]}]
    other = [
        {
            "number": 2,
            "text": "做。",
            "responsible": "各部门",
            "indicators": [indicator | {"code": "2.1"}],
        }
    ]
    return {
        "name": "=方案", "subject": "=事项", "summary_title": "../汇总<b>:表", "district": "区[1]", "coordinator": ODD_NAMES[0],
        "year": 2019, "period": "2019Q3", "kinds": {"部门": ["各部门"]},
        "areas": [
            {"number": 1, "name": "甲/乙:[丙]*?\\'" + "长" * 40, "tasks": tasks},
            {"number": 2, "name": "甲/乙:[丙]*?\\'" + "长" * 40, "tasks": other},
        ],
        "roster": {"units": [{"code": f"B{n:02}", "name": name, "kind": "部门"} for n, name in enumerate(ODD_NAMES)]},
    }  # fmt: skip


def test_bad_136_137_138_odd_names_make_safe_and_unique_files_and_sheets(tmp_path: Path) -> None:
    folder = tmp_path / "区"
    workspace = init(folder, build_plan(odd_plan(), "odd"), Period.parse("2019Q3"), AS_OF)
    files = distribute(workspace.master, AS_OF, datetime(2019, 9, 1)).files
    assert len(files) == len(ODD_NAMES) == len({file.name.casefold() for file in files})
    assert all(file.parent == folder / "分发/2019Q3" and file.is_file() for file in files)
    assert all(re.fullmatch(r'[^\\/:*?"<>|\x00-\x1f]{1,90}\.xlsx', file.name) for file in files)
    for number, file in enumerate(files):
        fill(
            file,
            folder / "报送/2019Q3" / f"{number}.xlsx",
            {c: {"narrative": "已办理"} for c in ("1.1", "2.1")},
        )
    result = consolidate(workspace.master, None, AS_OF, datetime(2019, 10, 1))
    assert len(result.reported) == len(ODD_NAMES)
    summary = report(workspace.master, AS_OF, AS_OF).summary
    assert summary.parent == folder / "上报/2019Q3"
    histories = [
        write_history(read_history(workspace.master, typed))[0]
        for typed in ("1.1", *(f"B{number:02}" for number in range(len(ODD_NAMES))))
    ]
    assert all(history.parent == summary.parent for history in histories)
    for path in (workspace.master, summary, files[0], *histories):
        book: Any = load_workbook(path)
        names = book.sheetnames
        assert len({name.casefold() for name in names}) == len(names)
        assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
        assert not any(
            cell.data_type == "f" and str(cell.value) == "=1+1"
            for sheet in book for row in sheet.iter_rows() for cell in row
        )  # fmt: skip


def test_bad_139_names_rules_and_formats_of_a_return_are_not_copied(
    workspace: Path, harmless: Outputs
) -> None:
    source = workspace / "分发/2019Q3/金凤镇.xlsx"
    target = fill(source, workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    book: Any = load_workbook(target)
    from openpyxl.formatting.rule import FormulaRule

    made: Any = FormulaRule
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation

    book.defined_names["恶意"] = DefinedName("恶意", attr_text='WEBSERVICE("http://evil.invalid/")')
    sheet = book["一、组织领导"]
    sheet.conditional_formatting.add(
        "A1:A9", made(formula=['WEBSERVICE("http://evil.invalid/")="x"'])
    )
    sheet.add_data_validation(DataValidation("list", 'INDIRECT("evil.invalid")', sqref="Z1:Z9"))
    sheet["L4"].hyperlink = "http://evil.invalid/"
    book.save(target)
    result = consolidate(workspace / "台账-2019Q3.xlsx", None, AS_OF, datetime(2019, 10, 1))
    assert [unit.name for unit in result.reported] == ["金凤镇"]
    summary = report(workspace / "台账-2019Q3.xlsx", AS_OF, AS_OF).summary
    for name, path in (("master", result.master), ("summary", summary)):
        assert not set(active(path)) - set(active(harmless.workbooks[name]))
