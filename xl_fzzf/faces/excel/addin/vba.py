"""A VBA project (MS-OVBA in MS-CFB) out of module sources, written by pyOpenVBA (ADR 8)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from xl_fzzf.desk.errors import JobError

# MS-OVBA 2.3.4.1: no version and no performance cache, so that every Office compiles the source.
_NOT_COMPILED = b"\xcc\x61\xff\xff\x00\x00\x00"


def build_vba_project(modules: Mapping[str, str]) -> bytes:
    """The bytes of `vbaProject.bin`: ThisWorkbook, Sheet1 and the given modules, in name order.

    A source that begins with a class header becomes a class module. No p-code is written: Office
    compiles the source when it loads it. Raises JobError if pyOpenVBA is not installed.
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
                kind = VBAModuleKind.other if _is_class(source) else VBAModuleKind.standard
                project.add_module(name, source, kind=kind)
            for name in ("ThisWorkbook", "Sheet1"):
                book.set_module(name, book.get_module(name))  # drops the template's p-code
            book.save()
        with ExcelFile(path) as book:
            container = CFB.from_bytes(book.vba_project_bytes())
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", _NOT_COMPILED)
    data: bytes = container.to_bytes()
    return data


def _is_class(source: str) -> bool:
    return source.startswith("VERSION 1.0 CLASS")
