"""The `fzzf` command, a module a group: `rounds` (init to collect), `mail` and `addin`."""
