"""fzzf.xlam is what macros/ says, the same bytes every time, and other readers agree with it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import olefile
import pytest
from oletools.olevba import VBA_Parser, decompress_stream
from openxml_audit import OpenXmlValidator
from python_calamine import load_workbook
from pyvbaanalysis import DiagnosticSeverity, analyze_office_file

from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.addin.build import (
    SHIPPED,
    SOURCES,
    XLWINGS_VERSION,
    build_addin,
    build_macro_workbook,
    build_vba_project,
    read_own_modules,
    read_settings,
    read_xlwings_modules,
)

ROOT = Path(__file__).parents[3]
CLASS_BASE = 'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"\r\n'
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with ZipFile(SHIPPED) as package:
        return {name: package.read(name) for name in package.namelist()}


def stored_source(name: str, source: str) -> bytes:
    """A module as it is stored: a class loses its file header and gains its base (MS-OVBA)."""
    if source.startswith("VERSION"):
        source = source.partition("END\r\n")[2]
        first, _, rest = source.partition("\r\n")
        source = f"{first}\r\n{CLASS_BASE}{rest}"
    assert source.startswith(f'Attribute VB_Name = "{name}"\r\n')
    return source.encode("ascii")


def test_the_shipped_addin_is_what_the_sources_build() -> None:
    assert SHIPPED.read_bytes() == build_addin(), "run `make addin` and commit the result"


def test_another_process_time_zone_and_folder_build_the_same_bytes(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run(
        [sys.executable, "-m", "xl_fzzf", "addin", "build", "又一份.xlam"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "又一份.xlam").read_bytes() == SHIPPED.read_bytes()


def test_olevba_reads_back_every_module_byte_for_byte() -> None:
    sources = read_own_modules(SOURCES) | read_xlwings_modules()
    parser = VBA_Parser(str(SHIPPED))
    found = {
        name.partition(".")[0]: code.encode("ascii") for _, _, name, code in parser.extract_macros()
    }
    parser.close()
    documents = {name: found.pop(name) for name in ("ThisWorkbook", "Sheet1")}
    assert found == {name: stored_source(name, source) for name, source in sources.items()}
    for name, code in documents.items():
        assert code.startswith(f'Attribute VB_Name = "{name}"\r\n'.encode())
        assert all(line.startswith(b"Attribute VB_") for line in code.splitlines())


def test_there_is_only_source_and_no_compiled_code(parts: dict[str, bytes]) -> None:
    project = olefile.OleFileIO(io.BytesIO(parts["xl/vbaProject.bin"]))
    streams = {"/".join(name): project.openstream(name).read() for name in project.listdir()}
    assert streams.pop("VBA/_VBA_PROJECT") == b"\xcc\x61\xff\xff\0\0\0"
    modules = [name for name in streams if name.startswith("VBA/") and name != "VBA/dir"]
    assert len(modules) == 7
    for name in modules:
        source = decompress_stream(bytearray(streams[name]))  # from the first byte on
        assert source.startswith(b"Attribute VB_Name"), name


def test_xlwings_keeps_its_licence_and_looks_for_our_settings() -> None:
    modules = read_xlwings_modules()
    assert "distributed under a BSD 3-clause license" in modules["xlwings"]
    assert "' @license: MIT" in modules["Dictionary"]
    assert '\r\nPublic Const PROJECT_NAME As String = "fzzf"\r\n' in modules["xlwings"]
    assert f'XLWINGS_VERSION As String = "{XLWINGS_VERSION}"' in modules["xlwings"]


def test_the_extras_ask_for_the_xlwings_that_the_addin_carries() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in ("excel", "addin-build", "dev"):
        assert f"xlwings=={XLWINGS_VERSION}" in project["optional-dependencies"][extra]


def test_the_package_is_an_addin_with_a_hidden_window_and_a_ribbon(parts: dict[str, bytes]) -> None:
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    kinds = {node.get("PartName"): node.get("ContentType") for node in types}
    assert kinds["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    (relation,) = [
        node
        for node in ElementTree.fromstring(parts["_rels/.rels"]).iter(f"{RELATIONS}Relationship")
        if str(node.get("Type")).endswith("/office/2007/relationships/ui/extensibility")
    ]
    ribbon = parts[str(relation.get("Target"))]
    assert ribbon == (SOURCES / "customUI14.xml").read_bytes()
    assert b'<workbookView visibility="hidden"' in parts["xl/workbook.xml"]
    with ZipFile(SHIPPED) as package:
        assert {(i.compress_type, i.date_time, i.create_system) for i in package.infolist()} == {
            (ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0)
        }


def test_its_one_sheet_holds_settings_and_texts_but_no_interpreter() -> None:
    book = load_workbook(str(SHIPPED))
    assert book.sheet_names == ["fzzf.conf"]
    lines: Any = book.get_sheet_by_index(0).to_python()
    rows: dict[str, str] = dict(lines)
    assert rows == read_settings(SOURCES)
    assert rows["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert not [key for key in rows if key.startswith("INTERPRETER")]


def test_the_texts_that_the_macros_name_are_there() -> None:
    macros = "".join(read_own_modules(SOURCES).values())
    for key in read_settings(SOURCES):
        assert key.startswith("ADD_") or f'"{key}"' in macros, key


def audit(path: Path) -> bool:
    return bool(OpenXmlValidator().validate(str(path)).is_valid)


def test_openxml_audit_finds_the_package_clean(tmp_path: Path, parts: dict[str, bytes]) -> None:
    assert audit(SHIPPED)
    broken = tmp_path / "broken.xlam"
    with ZipFile(broken, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data.replace(b'size="large"', b'size="huge"'))
    assert not audit(broken), "this check can't fail"


def test_pyvbaanalysis_finds_no_error(tmp_path: Path) -> None:
    def errors(path: Path) -> list[str]:
        return [
            f"{module}: {problem.message}"
            for module, problems in analyze_office_file(str(path)).items()
            for problem in problems
            if problem.severity is DiagnosticSeverity.ERROR
        ]

    assert errors(SHIPPED) == []
    wrong = tmp_path / "wrong.xlsm"
    source = 'Attribute VB_Name = "wrong"\r\nOption Explicit\r\nSub S()\r\n    x = 1\r\nEnd Sub\r\n'
    wrong.write_bytes(build_macro_workbook(build_vba_project({"wrong": source}), {"TITLE": "t"}))
    assert errors(wrong), "this check can't fail"


def without_ribbon(sources: Path) -> None:
    (sources / "customUI14.xml").unlink()


def with_chinese(sources: Path) -> None:
    (sources / "fzzf_tell.bas").write_text("' 提示\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without_ribbon, "找不到加载项的源码文件夹"),
        (with_chinese, "“fzzf_tell.bas”里有 ASCII 以外"),
    ],
)
def test_bad_sources_are_refused(
    tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    sources = shutil.copytree(SOURCES, tmp_path / "macros")
    spoil(sources)
    with pytest.raises(JobError, match=message):
        build_addin(sources)


def test_a_missing_build_tool_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    with pytest.raises(JobError, match=r"pip install 'xl-fzzf\[addin-build\]'"):
        build_addin()
