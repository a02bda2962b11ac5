"""The Excel add-in: built from `macros/`, installed for a user, and launchers instead."""

XLWINGS_VERSION = "0.37.8"
"""The xlwings whose VBA module the add-in carries; the installed one must be the same (its DLL's
name holds the version)."""
