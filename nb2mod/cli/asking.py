"""`--interactive`: each candidate with its diff, and a question, as `git add -p` asks. Decides nothing by itself."""

import sys
from collections.abc import Sequence

from msgspec.structs import replace

from nb2mod.cli.terminal import Terminal
from nb2mod.errors import UsageError
from nb2mod.model import Candidate, ChangeSet, Extraction, Report, Verdict
from nb2mod.report import candidates, diff, facts, words
from nb2mod.report.ink import clean

_ANSWERS = {"y": "y", "yes": "y", "n": "n", "no": "n", "a": "a", "all": "a", "q": "q", "quit": "q"}
_HELP = """\
y  yes: move it
n  no: leave it
a  all: move it and everything after it that needs no review; those that do are still asked about
q  quit: leave it and everything after it
?  help: this text
"""


def ask(report: Report, terminal: Terminal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the candidates that got a yes, and the names of those that got none. The end of the input is a quit.

    Raises UsageError when there is nobody to answer: no terminal, and not one line of input.
    """
    asked = [candidate for candidate in facts.moved(report) if _stands_alone(candidate)]
    accepted: list[str] = []
    everything = False
    for number, candidate in enumerate(asked, 1):
        if everything and candidate.verdict is Verdict.EXTRACT:
            accepted.append(candidate.id)
            continue
        terminal.result(_shown(report, candidate, terminal, accepted))
        question = f"({number}/{len(asked)}) Move {clean(facts.display_name(candidate))} [y,n,a,q,?]? "
        answer = _answer(question, terminal, is_first=number == 1)
        if answer == "q":
            break
        everything = everything or answer == "a"
        if answer in ("y", "a"):
            accepted.append(candidate.id)
    declined = dict.fromkeys(facts.display_name(one) for one in asked if one.id not in accepted)
    return tuple(accepted), tuple(declined)


def unchanged(report: Report, declined: tuple[str, ...]) -> Report:
    """The report of a run in which nothing got a yes: nothing changes."""
    return replace(report, changes=ChangeSet(), declined=declined)


def _stands_alone(candidate: Candidate) -> bool:
    """False for helpers that are past no threshold themselves and only come along (NB110)."""
    alone = all(reason.code != "NB110" for reason in candidate.reasons)
    return alone and candidate.verdict.moves


def _shown(report: Report, candidate: Candidate, terminal: Terminal, accepted: Sequence[str]) -> str:
    """Its lines and its diff. What changes for the helpers that it brings is shown too, unless they got their yes already."""
    lines = candidates.moving([candidate], replace(terminal.look, verbose=True), report.plan)
    along = _coming_along(report, candidate)
    if along:
        names = words.listed([one.name for one in along], 8)
        lines += words.wrap(f"brings along: {names}", terminal.look.width, "    ")
    ids = [one.candidate for one in along if one.candidate not in accepted]
    return "\n".join(lines) + "\n\n" + diff.render_candidate(report, candidate.id, terminal.look.ink, ids) + "\n"


def _coming_along(report: Report, candidate: Candidate) -> list[Extraction]:
    """The helpers it requires, directly or not; its constants are told with the candidate."""
    extractions = report.plan.extractions if report.plan else ()
    by_place = {(extraction.module, extraction.name): extraction for extraction in extractions}
    waiting = [place for one in extractions if one.candidate == candidate.id for place in one.requires]
    found: dict[tuple[str, str], Extraction | None] = {}
    while waiting:
        place = waiting.pop(0)
        extraction = by_place.get(place)
        if extraction is None or place in found:
            continue
        own = extraction.candidate == candidate.id or extraction.kind == "constant"
        found[place] = None if own else extraction
        waiting += extraction.requires
    return [one for one in found.values() if one]


def _answer(question: str, terminal: Terminal, *, is_first: bool) -> str:
    while True:
        terminal.result(terminal.look.ink.heading(question))
        line = sys.stdin.readline()
        if not line:
            terminal.result("\n")
            if is_first and not sys.stdin.isatty():
                raise UsageError("--interactive asks questions: run it in a terminal, or pipe the answers into it")
            return "q"
        answer = _ANSWERS.get(line.strip().lower())
        if answer:
            return answer
        is_first = False
        terminal.result(_HELP)
