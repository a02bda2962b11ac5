"""`python -m xl_fzzf` is `fzzf`."""

from xl_fzzf.cli import main

main()
