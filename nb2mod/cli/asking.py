"""`--interactive`: yes or no for each candidate, with its diff, like `git add -p`."""

import sys

from nb2mod.errors import UsageError
from nb2mod.model import Report
from nb2mod.report import diff, facts
from nb2mod.report.ink import Look, clean

_HELP = """y - move this one
n - leave it
a - move this one and all that follow
q - leave this one and all that follow
? - show this help"""


def ask(report: Report, look: Look) -> tuple[str, ...] | None:
    """Ids of the candidates that got a yes; None when all did. Raises UsageError when there is nobody to ask."""
    if not sys.stdin.isatty():
        raise UsageError("--interactive asks on a terminal, and stdin is none; use --only or --plan in scripts")
    accepted: list[str] = []
    moved = [c for c in facts.moved(report) if not any(reason.code == "NB110" for reason in c.reasons)]
    for number, candidate in enumerate(moved, 1):
        print(diff.render_candidate(report, candidate.id, look.ink), end="")
        answer = _answer(f"({number}/{len(moved)}) Move {clean(facts.display_name(candidate))} [y,n,a,q,?]? ")
        if answer == "q":
            break
        if answer == "a":
            accepted += [other.id for other in moved[number - 1 :]]
            break
        if answer == "y":
            accepted.append(candidate.id)
    return None if len(accepted) == len(moved) else tuple(accepted)


def _answer(question: str) -> str:
    while True:
        try:
            given = input(question).strip().lower()[:1]
        except EOFError:
            return "q"
        if given and given in "ynaq":
            return given
        print(_HELP)
