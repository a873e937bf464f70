"""Which candidates a run is about: those that stand in the named paths, those named, and the helpers they need."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from nb2mod.errors import UsageError
from nb2mod.model import Candidate, Choice, Verdict
from nb2mod.pipeline.request import Request
from nb2mod.stages import discover

WHOLE = "notebook"  # the kind of candidates that `--whole` alone moves


def in_scope(
    candidates: Sequence[Candidate], request: Request, beside: Sequence[Candidate] = ()
) -> tuple[Candidate, ...]:
    """Candidates that the run speaks about, in their order: a copy stands in PATHS, the name is asked for and not ignored.
    `beside` are others that a name may mean.

    Raises UsageError for a plan file or `--only` that names a candidate which is not there.
    """
    within = discover.within(request.root, request.paths)
    chosen = [c for c in candidates if any(within(occurrence.path) for occurrence in c.occurrences)]
    if request.select:
        _all_found(request.select, [*chosen, *beside])
        chosen = [c for c in chosen if _named(c, request.select)]
    chosen = [c for c in chosen if not _named(c, request.ignore)]
    if request.choices is not None:
        chosen = _by_choices(chosen, request.choices)
    return tuple(chosen)


def is_part(request: Request) -> bool:
    """Whether the run speaks of less than all that its project repeats."""
    somewhere = bool(request.paths) and request.root.resolve() not in [path.resolve() for path in request.paths]
    return somewhere or bool(request.select or request.ignore) or request.choices is not None


def unmatched(candidates: Sequence[Candidate], request: Request) -> tuple[str, ...]:
    """Patterns of `ignore` that are the name of no candidate."""
    return tuple(one for one in request.ignore if not any(_named(c, (one,)) for c in candidates))


def to_move(scope: Sequence[Candidate], candidates: Sequence[Candidate], request: Request) -> tuple[Candidate, ...]:
    """Those in scope whose verdict lets them move now, and every candidate they need, in the order of `candidates`."""
    verdicts = (Verdict.EXTRACT, Verdict.REVIEW) if request.unsafe else (Verdict.EXTRACT,)
    by_id = {candidate.id: candidate for candidate in candidates}
    wanted: set[str] = set()
    stack = [c.id for c in scope if c.verdict in verdicts and c.kind != WHOLE and not _only_comes_along(c)]
    while stack:
        identity = stack.pop()
        if identity in wanted or identity not in by_id:
            continue
        wanted.add(identity)
        stack.extend(need.candidate for need in by_id[identity].needs if need.candidate)
    return tuple(candidate for candidate in candidates if candidate.id in wanted)


def _only_comes_along(candidate: Candidate) -> bool:
    return any(reason.code == "NB110" for reason in candidate.reasons)


def _named(candidate: Candidate, patterns: Sequence[str]) -> bool:
    names = {candidate.id, candidate.name, *(occurrence.name for occurrence in candidate.occurrences)}
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _all_found(patterns: Sequence[str], candidates: Sequence[Candidate]) -> None:
    for pattern in patterns:
        if not any(_named(candidate, (pattern,)) for candidate in candidates):
            import difflib

            names = sorted({candidate.name for candidate in candidates})
            near = difflib.get_close_matches(pattern, names, 1)
            hint = f"; did you mean {near[0]}?" if near else "; `nb2mod scan` lists the names"
            raise UsageError(f"--only {pattern}: no candidate of that name stands in the notebooks{hint}")


def _by_choices(candidates: Sequence[Candidate], choices: Sequence[Choice]) -> list[Candidate]:
    by_id = {candidate.id: candidate for candidate in candidates}
    for choice in choices:
        if choice.apply and choice.id not in by_id:
            message = (
                f"the plan names {choice.id}, which is no candidate any more; write it again with `nb2mod scan --plan`"
            )
            raise UsageError(message)
    wanted = {choice.id for choice in choices if choice.apply}
    return [candidate for candidate in candidates if candidate.id in wanted]
