"""VBA modules as text: the project's own from a folder, and the ones that xlwings brings along."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.addin import XLWINGS_VERSION

PROJECT_NAME = "fzzf"
"""What xlwings calls its settings after: sheet `fzzf.conf`, file `.fzzf/fzzf.conf`."""

_NAMED_BY_XLWINGS = 'PROJECT_NAME As String = "myaddin"'
_NAMED_BY_US = f'PROJECT_NAME As String = "{PROJECT_NAME}"'


def read_own_modules(folder: Path) -> dict[str, str]:
    """The `.bas` files of a folder by name, with CRLF; raises JobError unless they are ASCII.

    VBA source is stored in a code page: only ASCII reads the same on every machine.
    """
    modules = {}
    for path in sorted(folder.glob("*.bas")):
        data = path.read_bytes()
        if not data.isascii():
            raise JobError(f"“{path.name}”里有 ASCII 以外的字符;中文请写在 sheet.toml 里")
        modules[path.stem] = _crlf(data.decode("ascii"))
    return modules


def read_xlwings_modules() -> dict[str, str]:
    """xlwings' standalone module (BSD-3) and VBA-Dictionary (MIT), out of the installed xlwings.

    Raises JobError if xlwings is missing or another version, or names its project differently.
    """
    _require_xlwings()
    module = _read_installed("xlwings/xlwings_custom_addin.bas")
    if module.count(_NAMED_BY_XLWINGS) != 1:
        raise JobError("xlwings 的 VBA 模块变了:找不到 PROJECT_NAME 一行,请核对 xlwings 的版本")
    return {
        "xlwings": module.replace(_NAMED_BY_XLWINGS, _NAMED_BY_US),
        "Dictionary": _read_installed("xlwings/addin/Dictionary.cls"),
    }


def installed_xlwings() -> str | None:
    """The version of xlwings in this Python, found without importing it (0.6 s)."""
    try:
        return version("xlwings")
    except PackageNotFoundError:
        return None


def _require_xlwings() -> None:
    found = installed_xlwings()
    if found != XLWINGS_VERSION:
        raise JobError(
            f"生成加载项需要 xlwings {XLWINGS_VERSION},现在是 {found or '没有安装'}。"
            "请运行 pip install 'xl-fzzf[addin-build]'"
        )


def _read_installed(path: str) -> str:
    file = Path(str(distribution("xlwings").locate_file(path)))
    return _crlf(file.read_bytes().decode("ascii"))


def _crlf(text: str) -> str:
    return "\r\n".join(text.replace("\r\n", "\n").split("\n"))
