"""Where `nb2mod` and `python -m nb2mod` begin. Only `--version` is answered here, so that it costs next to nothing."""

import sys


def main() -> int:
    """Runs the command line in sys.argv; returns the exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from nb2mod import __version__

        sys.stdout.write(f"nb2mod {__version__}\n")
        return 0
    from nb2mod.cli.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
