"""The second look into received workbooks, one module a format: what their cells hold beyond values."""
