"""xl_fzzf: a district's yearly rule-of-law plan, reported by spreadsheet.

The Python API: `consolidate` runs a consolidation, `read_records` reads a master; both return the
round's records as a pandas DataFrame.
"""

from xl_fzzf.faces.api import consolidate, read_records

__version__ = "0.1.0"
__all__ = ["__version__", "consolidate", "read_records"]
