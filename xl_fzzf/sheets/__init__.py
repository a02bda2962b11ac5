"""Workbooks: their layout, and reading and writing them."""
