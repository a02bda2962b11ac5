"""The `fzzf` command, a module a group: `rounds` (init to demo), `archive`, `mail` and `addin`."""
