"""Exit statuses, and the one place where exceptions become text."""

import sys
from collections.abc import Callable
from enum import IntEnum

from nb2mod.errors import Nb2modError, Refused


class Exit(IntEnum):
    """How a command ends: 0 done or nothing to do; 1 `--check` found something past the threshold (extract or review);
    2 wrong usage, configuration, or a named path that can't be read; 3 refused to apply: nothing was written; 130 Ctrl-C.
    A bug ends in a traceback (Python's own status 1) and asks for a report.
    """

    DONE = 0
    FOUND = 1
    USAGE = 2
    REFUSED = 3
    INTERRUPTED = 130


_REPORT_US = (
    "This is a bug of nb2mod, not of your notebooks. Nothing was half-written. Please report it with the lines above."
)


def guarded(run: Callable[[], int]) -> int:
    """Runs a command; expected trouble becomes one sentence on stderr and its exit status, a bug keeps its traceback."""
    try:
        return run()
    except Refused as error:
        _say(str(error))
        return Exit.REFUSED
    except Nb2modError as error:
        _say(str(error))
        return Exit.USAGE
    except KeyboardInterrupt:
        _say("Interrupted; nothing was half-written.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`): point stdout at nothing, so that Python's own flush at exit stays quiet.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception:
        import traceback

        traceback.print_exc()
        _say(_REPORT_US)
        return 1


def _say(sentence: str) -> None:
    print(f"nb2mod: {sentence}", file=sys.stderr)
