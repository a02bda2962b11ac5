"""Spreadsheets in general: packages, cells, reading, editing in place; no sheet of ours."""
