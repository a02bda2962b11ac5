"""`fzzf`, also as `python -m xl_fzzf`."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C is answered from the first import on."""
    try:
        from xl_fzzf.faces.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
