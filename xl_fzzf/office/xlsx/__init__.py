"""xlsx files as packages of parts, patched cell by cell (docs/adr/0001)."""
