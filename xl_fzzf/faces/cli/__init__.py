"""The `fzzf` command."""
