"""`nb2mod` and `python -m nb2mod`. `--version` answers without importing the command line."""

import sys


def main() -> int:
    """The entry point; the exit status."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from nb2mod import __version__

        print(f"nb2mod {__version__}")
        return 0
    from nb2mod.cli.app import main as run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
