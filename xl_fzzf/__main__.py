"""`python -m xl_fzzf` is `fzzf`."""

from xl_fzzf.faces.cli.main import main

main()
