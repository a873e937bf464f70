"""Exit statuses, and the one place where exceptions become text."""

import sys
from collections.abc import Callable
from enum import IntEnum

from nb2mod import __version__
from nb2mod.errors import Nb2modError, Refused
from nb2mod.report.ink import clean


class Exit(IntEnum):
    """How a command ends: 0 done or nothing to do; 1 `--check` found something past the threshold (extract or review);
    2 wrong usage, configuration, or a named path that can't be read; 3 refused to apply: nothing was written; 70 a bug, told
    with its traceback; 130 Ctrl-C. When several hold, trouble wins: 2 before 1.
    """

    DONE = 0
    FOUND = 1
    USAGE = 2
    REFUSED = 3
    BUG = 70  # sysexits' EX_SOFTWARE: Python's own 1 would read as "found something" where --check is asked
    INTERRUPTED = 130


def guarded(run: Callable[[], int]) -> int:
    """Runs a command; expected trouble becomes one sentence on stderr and its exit status, a bug keeps its traceback."""
    try:
        return run()
    except Refused as error:
        return _say(str(error), Exit.REFUSED)
    except Nb2modError as error:
        return _say(str(error), Exit.USAGE)
    except KeyboardInterrupt:
        return interrupted()
    except OSError as error:
        if error.filename is None:
            return _bug()
        name = error.filename if isinstance(error.filename, str) else repr(error.filename)
        return _say(f"{name}: can't be used: {error.strerror or error}", Exit.USAGE)
    except Exception:
        return _bug()


def usage(sentence: str) -> int:
    """Tells of a typing error."""
    return _say(sentence, Exit.USAGE)


def interrupted() -> int:
    """Ctrl-C. A write that was going on is finished or taken back by the next command, whatever it is."""
    return _say("Interrupted; nothing was half-written.", Exit.INTERRUPTED)


def _say(sentence: str, status: Exit) -> int:
    sys.stderr.write(f"nb2mod: {clean(' '.join(sentence.split()))}\n")
    return status


def _bug() -> int:
    import traceback

    traceback.print_exc()
    return _say(
        f"This is a bug of nb2mod {__version__}, not of your notebooks. Please report it with the lines above, and the cell it "
        "happened on if you can show it.",
        Exit.BUG,
    )
