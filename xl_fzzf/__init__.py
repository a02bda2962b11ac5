"""xl_fzzf: a district's yearly rule-of-law plan, reported by spreadsheet.

The Python API: `consolidate` runs a consolidation, `read_records` reads a master; both return the
round's records as a pandas DataFrame. `approve` signs a round, `reopen` opens it again. They load when
they are asked for: the command line needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_fzzf.faces.api import approve, consolidate, read_records, reopen

__version__ = "0.1.0"
__all__ = ["__version__", "approve", "consolidate", "read_records", "reopen"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xl_fzzf.faces import api

    return getattr(api, name)
