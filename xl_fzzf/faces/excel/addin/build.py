"""`fzzf addin build`: macros/ becomes fzzf.xlam, the same bytes every time, without Excel (ADR 8)."""

from __future__ import annotations

import io
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from xl_fzzf.desk.errors import JobError

SOURCES = Path(__file__).parents[4] / "macros"
SHIPPED = Path(__file__).with_name("fzzf.xlam")
"""The add-in as it is shipped in the wheel."""

PROJECT_NAME = "fzzf"
"""What xlwings calls its settings after: sheet `fzzf.conf`, file `.fzzf/fzzf.conf`."""

XLWINGS_VERSION = "0.37.8"
"""The xlwings whose VBA module the add-in carries; the installed one must be the same (its DLL's
name holds the version)."""

_NAMED_BY_XLWINGS = 'PROJECT_NAME As String = "myaddin"'
# MS-OVBA 2.3.4.1: no version and no performance cache, so that every Office compiles the source.
_NOT_COMPILED = b"\xcc\x61\xff\xff\x00\x00\x00"
_CREATED = datetime(2019, 9, 9)
_RIBBON = "customUI/customUI14.xml"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_XLSM_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_XLAM_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_addin(sources: Path = SOURCES) -> bytes:
    """The add-in's bytes; raises JobError where sources or build tools are missing."""
    if not (sources / "customUI14.xml").is_file():
        raise JobError(f"找不到加载项的源码文件夹“{sources}”；只有在开发源码里才能重新生成加载项")
    vba = build_vba_project(read_own_modules(sources) | read_xlwings_modules())
    ribbon = (sources / "customUI14.xml").read_bytes()
    return _into_addin(build_macro_workbook(vba, read_settings(sources)), ribbon)


def read_settings(sources: Path) -> dict[str, str]:
    """What the add-in's sheet says, in its order."""
    return tomllib.loads((sources / "sheet.toml").read_text(encoding="utf-8"))


def read_own_modules(folder: Path) -> dict[str, str]:
    """The `.bas` files of a folder by name, with CRLF; raises JobError unless they are ASCII.

    VBA source is stored in a code page: only ASCII reads the same on every machine.
    """
    modules = {}
    for path in sorted(folder.glob("*.bas")):
        data = path.read_bytes()
        if not data.isascii():
            raise JobError(f"“{path.name}”里有 ASCII 以外的字符；中文请写在 sheet.toml 里")
        modules[path.stem] = _crlf(data.decode("ascii"))
    return modules


def read_xlwings_modules() -> dict[str, str]:
    """xlwings' standalone module (BSD-3) and VBA-Dictionary (MIT), out of the installed xlwings.

    Raises JobError if xlwings is missing or another version, or names its project differently.
    """
    if fault := find_xlwings_fault("生成加载项", "'xl-fzzf[addin-build]'"):
        raise JobError(fault)
    module = _read_installed("xlwings/xlwings_custom_addin.bas")
    if module.count(_NAMED_BY_XLWINGS) != 1:
        raise JobError("xlwings 的 VBA 模块变了：找不到 PROJECT_NAME 一行，请核对 xlwings 的版本")
    module = module.replace(_NAMED_BY_XLWINGS, f'PROJECT_NAME As String = "{PROJECT_NAME}"')
    return {"xlwings": module, "Dictionary": _read_installed("xlwings/addin/Dictionary.cls")}


def find_xlwings_fault(purpose: str, requirement: str) -> str:
    """What is wrong with this Python's xlwings, "" if nothing; it is not imported, which takes 0.6 s."""
    try:
        found = version("xlwings")
    except PackageNotFoundError:
        found = "没有安装"
    if found == XLWINGS_VERSION:
        return ""
    return (
        f"{purpose}需要 xlwings {XLWINGS_VERSION}，现在是 {found}。请运行 pip install {requirement}"
    )


def build_vba_project(modules: Mapping[str, str]) -> bytes:
    """The bytes of `vbaProject.bin` (MS-OVBA in MS-CFB): ThisWorkbook, Sheet1 and the given modules.

    They stand in name order; a source that begins with a class header becomes a class module. No
    p-code is written: Office compiles the source when it loads it. Raises JobError if pyOpenVBA is
    not installed.
    """
    try:
        from pyopenvba import ExcelFile, VBAModuleKind
        from pyopenvba.cfb import CFB
    except ImportError:
        raise JobError(
            "生成加载项需要 pyOpenVBA。请运行 pip install 'xl-fzzf[addin-build]'"
        ) from None

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.xlam"
        with ExcelFile.create_new(path) as book:
            project = book.vba_project()
            project.delete_module("Module1")
            for name, source in sorted(modules.items()):
                a_class = source.startswith("VERSION 1.0 CLASS")
                kind = VBAModuleKind.other if a_class else VBAModuleKind.standard
                project.add_module(name, source, kind=kind)
            for name in ("ThisWorkbook", "Sheet1"):
                book.set_module(name, book.get_module(name))  # drops the template's p-code
            book.save()
        with ExcelFile(path) as book:
            container = CFB.from_bytes(book.vba_project_bytes())
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", _NOT_COMPILED)
    data: bytes = container.to_bytes()
    return data


def build_macro_workbook(vba: bytes, settings: Mapping[str, str]) -> bytes:
    """An .xlsm with a VBA project; its only sheet holds keys in column A and texts in column B.

    The code names are those of the VBA project: ThisWorkbook and Sheet1.
    """
    import xlsxwriter

    buffer, sheet = io.BytesIO(), f"{PROJECT_NAME}.conf"
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": sheet, "created": _CREATED})
    book.add_vba_project(io.BytesIO(vba), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    page = book.add_worksheet(sheet)
    page.set_vba_name("Sheet1")
    for row, (key, text) in enumerate(settings.items()):
        page.write_string(row, 0, key)
        page.write_string(row, 1, text)
    book.close()
    return buffer.getvalue()


def _into_addin(workbook: bytes, ribbon: bytes) -> bytes:
    """An .xlsm as an add-in with a hidden window and a ribbon.

    Parts are stored, not compressed: zlib's output differs between its versions.
    """
    with ZipFile(io.BytesIO(workbook)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    _replace(parts, "[Content_Types].xml", _XLSM_TYPE, _XLAM_TYPE)
    _replace(parts, "xl/workbook.xml", "<workbookView ", '<workbookView visibility="hidden" ')
    relation = f'<Relationship Id="rIdRibbon" Type="{_RIBBON_RELATION}" Target="{_RIBBON}"/>'
    _replace(parts, "_rels/.rels", "</Relationships>", f"{relation}</Relationships>")
    parts[_RIBBON] = ribbon
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as package:
        for name, data in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.create_system = 0  # the same wherever it is made
            package.writestr(entry, data)
    return buffer.getvalue()


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    text = parts[name].decode("utf-8")
    if text.count(old) != 1:
        raise AssertionError(
            f"XlsxWriter's {name} has changed: {old!r} is there {text.count(old)} times"
        )
    parts[name] = text.replace(old, new).encode("utf-8")


def _read_installed(path: str) -> str:
    file = Path(str(distribution("xlwings").locate_file(path)))
    return _crlf(file.read_bytes().decode("ascii"))


def _crlf(text: str) -> str:
    return "\r\n".join(text.replace("\r\n", "\n").split("\n"))
