"""The Excel add-in: built from `macros/`, installed for a user, and launchers instead."""
