"""What is odd about the notebooks of a run, as diagnostics (NB4xx). Everything that was left out is told, with its place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from nb2mod.model import (
    Candidate,
    CellFeatures,
    CopiedNotebooks,
    Diagnostic,
    Features,
    Location,
    Names,
    Severity,
)
from nb2mod.model.projects import Found
from nb2mod.stages import analyze


def diagnostics(
    found: Found,
    features: Sequence[Features],
    copied: Sequence[CopiedNotebooks],
    candidates: Sequence[Candidate],
    laid: Sequence[Features],
    names: Mapping[int, Names],
) -> tuple[Diagnostic, ...]:
    """All diagnostics of a run, in order of code, path and cell. `features` are the files as they are, `laid` those that the
    candidates' members point into, `names` theirs.
    """
    told = [
        *(diagnostic for one in features for diagnostic in _of_file(one)),
        *(diagnostic for file, one in enumerate(features) for diagnostic in _order(one, file, laid, names)),
        *map(_copied, copied),
        *_conflicts([one for one in candidates if one.members], laid),
        *(
            Diagnostic("NB404", "a link that leads out of the project; not followed", Location(path), Severity.NOTE)
            for path in found.outside
        ),
        *(Diagnostic("NB404", "can't be listed or read", Location(path)) for path in found.unreadable),
    ]
    told.sort(key=lambda d: (d.code, d.location or Location(""), d.message))
    return tuple(told)


def _of_file(one: Features) -> Iterator[Diagnostic]:
    if one.error:
        if one.kind == "notebook" or one.error:
            yield Diagnostic(one.error_code, one.error, Location(one.path))
        return
    if one.kind == "module":
        for cell in one.cells:
            if cell.facts.error:
                message = f"does not parse: {cell.facts.error}"
                yield Diagnostic("NB401", message, Location(one.path, 0, cell.facts.error_line))
        return
    if one.nbformat < 4:
        message = f"nbformat {one.nbformat}: read, not rewritten; upgrade it with `jupyter nbconvert --to notebook`"
        yield Diagnostic("NB406", message, Location(one.path))
    if one.paired:
        message = f"half of a jupytext pair ({one.paired}): read, not rewritten"
        yield Diagnostic("NB408", message, Location(one.path), Severity.NOTE)
    if one.misdeclared:
        message = (
            f"metadata.nb2mod.stage is {one.misdeclared}: expected exploratory or production; it counts as not declared"
        )
        yield Diagnostic("NB411", message, Location(one.path))
    for link in one.links:
        message = f"opened from {link.capitalize()} links: there the package must be installed, or `bootstrap` set"
        yield Diagnostic("NB410", message, Location(one.path), Severity.NOTE)
    for cell in one.cells:
        yield from _of_cell(one.path, cell)


def _of_cell(path: str, cell: CellFeatures) -> Iterator[Diagnostic]:
    facts = cell.facts
    if cell.odd:
        yield Diagnostic("NB401", f"can't be read: {cell.odd}", Location(path, cell.number, 0, cell.id))
    elif facts.error:
        message = f"does not parse: {facts.error}; names in it count as unknown"
        yield Diagnostic("NB401", message, Location(path, cell.number, facts.error_line, cell.id))
    elif facts.opaque and facts.unknown:
        message = f"%%{facts.cell_magic} is not read; names in it count as unknown"
        yield Diagnostic("NB407", message, Location(path, cell.number, 1, cell.id), Severity.NOTE)


def _order(one: Features, file: int, laid: Sequence[Features], names: Mapping[int, Names]) -> Iterator[Diagnostic]:
    """How a notebook was run, where that was not from top to bottom, and what it reads too early to be run so."""
    if one.error or one.kind != "notebook":
        return
    if ran := analyze.out_of_order(one):
        message = (
            f"saved counters: cell {one.cells[ran.below].number} was run before cell {one.cells[ran.above].number}"
        )
        if ran.cells > 1:
            message += f"; {ran.cells} of the {ran.counted} cells that were run are out of order"
        yield Diagnostic("NB402", message, _place(one, ran.below), Severity.NOTE)
    known = names[file] if laid[file] is one else analyze.names_of(file, one)
    for early in analyze.read_before(one, known):
        *most, last = [f"`{name}`" for name in early.names]
        listed = f"{', '.join(most)} and {last}" if most else last
        message = (
            f"reads {listed}, which cell {one.cells[early.binds].number} binds first: run from top to bottom it fails"
        )
        yield Diagnostic("NB402", message, _place(one, early.cell, early.line))


def _place(one: Features, cell: int, line: int = 0) -> Location:
    return Location(one.path, one.cells[cell].number, line, one.cells[cell].id)


def _copied(notebooks: CopiedNotebooks) -> Diagnostic:
    first, *others = notebooks.paths
    message = f"copied as a whole ({notebooks.shared:.0%} of the code cells shared): {', '.join(others)}"
    return Diagnostic("NB403", message, Location(first), Severity.NOTE)


def _conflicts(candidates: Sequence[Candidate], features: Sequence[Features]) -> Iterator[Diagnostic]:
    """One name, several bodies: reported, kept apart, never merged. Copies that stay beside those that move are the same body."""
    by_name: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for name in {occurrence.name for occurrence in candidate.occurrences}:
            by_name[name].append(candidate)
    for name, sharing in by_name.items():
        moving = [candidate for candidate in sharing if candidate.verdict.moves]
        texts = {_text(candidate, features) for candidate in moving}
        apart = [candidate for candidate in sharing if candidate in moving or _text(candidate, features) not in texts]
        if len(apart) > 1 and moving:
            first = apart[0].occurrences[0]
            where = "; ".join(f"{c.occurrences[0].path} cell {c.occurrences[0].cell}" for c in apart[1:])
            message = f"{name} stands for {len(apart)} different bodies, kept apart: here and in {where}"
            location = Location(first.path, first.cell, first.line, first.cell_id)
            yield Diagnostic("NB409", message, location, Severity.NOTE)


def _text(candidate: Candidate, features: Sequence[Features]) -> bytes:
    """Equal for definitions that are spelled the same."""
    member = candidate.members[0]
    return features[member.file].cells[member.cell].facts.definitions[member.definition].exact
