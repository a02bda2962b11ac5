"""`fzzf addin build`: macros/ becomes fzzf.xlam, the same bytes every time, without Excel."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.addin.modules import PROJECT_NAME, read_own_modules, read_xlwings_modules
from xl_fzzf.faces.excel.addin.vba import build_vba_project

SOURCES = Path(__file__).parents[4] / "macros"
SHIPPED = Path(__file__).with_name("fzzf.xlam")
"""The add-in as it is shipped in the wheel."""

_RIBBON = "customUI/customUI14.xml"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_XLSM_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_XLAM_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_addin(sources: Path = SOURCES) -> bytes:
    """The add-in's bytes; raises JobError where sources or build tools are missing."""
    if not (sources / "customUI14.xml").is_file():
        raise JobError(f"找不到加载项的源码文件夹“{sources}”;只有在开发源码里才能重新生成加载项")
    vba = build_vba_project(read_own_modules(sources) | read_xlwings_modules())
    ribbon = (sources / "customUI14.xml").read_bytes()
    return _into_addin(build_macro_workbook(vba, read_settings(sources)), ribbon)


def build_macro_workbook(vba: bytes, settings: Mapping[str, str]) -> bytes:
    """An .xlsm with the add-in's sheet and any VBA project."""
    from xl_fzzf.faces.excel.addin.shell import build_addin_shell

    return build_addin_shell(vba, f"{PROJECT_NAME}.conf", settings)


def read_settings(sources: Path) -> dict[str, str]:
    """What the add-in's sheet says, in its order."""
    return tomllib.loads((sources / "sheet.toml").read_text(encoding="utf-8"))


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
            package.writestr(_entry(name), data)
    return buffer.getvalue()


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    text = parts[name].decode("utf-8")
    if text.count(old) != 1:
        raise AssertionError(
            f"XlsxWriter's {name} has changed: {old!r} is there {text.count(old)} times"
        )
    parts[name] = text.replace(old, new).encode("utf-8")


def _entry(name: str) -> ZipInfo:
    """An entry that is the same wherever it is made."""
    entry = ZipInfo(name, _EPOCH)
    entry.create_system = 0
    return entry
