"""The jobs behind the buttons and commands: distribute, check, consolidate, report."""
