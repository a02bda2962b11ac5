"""What is told of a job's result: `returns` (check, consolidate), `standing` (report, status, plan),
`archive` (trace, history, restore), `mail`; the lines for a person stand beside the JSON shape.
`say` holds what all of them count and name, `telling` what lines, tables and JSON are."""
