"""What a person or a program sees: commands, Excel, the Python API."""
