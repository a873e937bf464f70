"""The way back from notebooks in which blocks stand as functions to the notebooks as they are: candidates and plans."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import (
    Argument,
    Block,
    BlockClass,
    CallSite,
    Candidate,
    CloneClass,
    Cut,
    Extraction,
    Features,
    Location,
    Member,
    Names,
    NewParameter,
    Occurrence,
    Plan,
    Reason,
)
from nb2mod.stages import cut
from nb2mod.stages.cut import Laid

OUT = -1


class Bare(Struct, frozen=True):
    """Names and classes of copies of the notebooks as they are."""

    names: dict[int, Names]
    classes: tuple[CloneClass, ...]


class Blocks(Struct, frozen=True):
    """What a survey knows of blocks.

    `real` are the features as they are on disk; those of the survey hold the functions of `cuts`. `staying` are candidates that
    can't become functions, or are short of the threshold.
    """

    real: tuple[Features, ...] = ()
    cuts: Mapping[Member, Cut] = {}
    again: tuple[Cut, ...] = ()  # further calls in a notebook that holds the function already
    classes: Mapping[Cut, BlockClass] = {}
    told: Mapping[Member, tuple[Reason, ...]] = {}
    laid: Laid = Laid()
    staying: tuple[Candidate, ...] = ()
    stuck: frozenset[bytes] = frozenset()  # shapes of classes of which some copies can't become functions
    bare: "Bare | None" = None  # what the survey held before blocks were laid
    parted: Mapping[Block, int] = {}  # copies that share no function with those of another number; OUT: with none
    dropped: tuple[Candidate, ...] = ()  # how those that are OUT were judged
    held: tuple[
        tuple[BlockClass, tuple[Reason, ...]], ...
    ] = ()  # classes of which no copy can become a function, and why
    shortens: bool = True  # whether those that stay are tried without some of their statements …
    # … and which are: (file, cell, statement) by the copies of the class that they were part of; `tried`: such copies
    shortened: Mapping[tuple[Block, ...], frozenset[tuple[int, int, int]]] = {}
    tried: frozenset[tuple[Block, ...]] = frozenset()

    @property
    def barred(self) -> dict[int, frozenset[tuple[int, int]]]:
        """(cell, statement) pairs by file that no block holds."""
        found: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for file, cell, statement in frozenset[tuple[int, int, int]]().union(*self.shortened.values()):
            found[file].add((cell, statement))
        return {file: frozenset(places) for file, places in found.items()}


def as_real(blocks: Blocks, laid: Sequence[Features], candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates with their places in the real notebooks; those made of blocks say so. `staying` ones stand among them."""
    if not blocks.cuts and not blocks.staying:
        return tuple(candidates)
    back = _back(blocks, laid)
    found = [back.candidate(one) for one in candidates] + list(blocks.staying)
    return tuple(sorted(found, key=lambda one: (one.occurrences[0], one.id)))


def _back(blocks: Blocks, laid: Sequence[Features]) -> "_Back":
    return _Back(
        blocks,
        {one.path: file for file, one in enumerate(laid)},
        {(file, laid[file].cells[cell].number): cell for file, cell in blocks.laid.sources},
        frozenset(reason for reasons in blocks.told.values() for reason in reasons),
    )


class _Back(Struct, frozen=True):
    """Leads places from laid notebooks to the real ones."""

    blocks: Blocks
    files: Mapping[str, int]
    numbers: Mapping[tuple[int, int], int]
    told: frozenset[Reason]  # what was known of blocks beforehand names real places already

    def candidate(self, one: Candidate) -> Candidate:
        cuts = [self.blocks.cuts[member] for member in one.members if member in self.blocks.cuts]
        reasons = tuple(map(self.reason, one.reasons))
        if not cuts:
            return replace(one, reasons=reasons, occurrences=tuple(map(self.occurrence, one.occurrences)))
        kind = self.blocks.classes[cuts[0]]
        real = self.blocks.real
        again = [other for cut_ in cuts for other in self.blocks.again if _same_function(cut_, other)]
        occurrences = tuple(sorted(block_occurrence(real, each.block, each.name) for each in (*cuts, *again)))
        return replace(
            one,
            kind="block",
            code=one.code if one.existing else kind.code,
            clone_type=kind.clone_type if len(occurrences) > 1 else None,
            reasons=reasons,
            occurrences=occurrences,
            statements=kind.statements,
            saved=kind.saved,
            similarity=kind.similarity,
            arguments=_arguments(real, (*cuts, *again)),
        )

    def reason(self, one: Reason) -> Reason:
        if one.location is None or one in self.told:
            return one
        return replace(one, location=self.location(one.location))

    def occurrence(self, one: Occurrence) -> Occurrence:
        place = self.line(one.path, one.cell, one.line)
        end = self.line(one.path, one.cell, one.end_line)
        return replace(one, line=place[1], end_line=end[1])

    def location(self, place: Location) -> Location:
        number, line = self.line(place.path, place.cell, place.line)
        if number == place.cell:
            return replace(place, line=line)
        file = self.files[place.path]
        cell = next(cell for cell in self.blocks.real[file].cells if cell.number == number)
        return Location(place.path, number, line, cell.id)

    def line(self, path: str, number: int, line: int) -> tuple[int, int]:
        """Cell as a person counts it, and line."""
        file = self.files.get(path, -1)
        cell = self.numbers.get((file, number))
        if cell is None:
            return number, line
        real, line = self.blocks.laid.origin(file, cell, line)
        return self.blocks.real[file].cells[real].number, line

    def site(self, site: CallSite) -> CallSite:
        """A definition's or constant's site: its lines in the real cell; the import cell's too."""
        place = {name: self.line(site.path, site.cell, getattr(site, name))[1] for name in ("top", "line", "end_line")}
        if site.import_cell and site.import_line:
            place["import_line"] = self.line(site.path, site.import_cell, site.import_line)[1]
        return replace(site, **place)


def _same_function(one: Cut, other: Cut) -> bool:
    return one.block.file == other.block.file and one.name == other.name


def as_real_plan(blocks: Blocks, laid: Sequence[Features], plan: Plan) -> Plan:
    """The plan with its sites in the real notebooks: blocks become import and call, their functions get docstrings."""
    if not blocks.cuts:
        return plan
    back = _back(blocks, laid)
    cuts = {(cut_.block.file, cut_.name): cut_ for cut_ in blocks.cuts.values()}
    return replace(plan, extractions=tuple(_extraction(one, back, cuts) for one in plan.extractions))


def _extraction(one: Extraction, back: _Back, cuts: Mapping[tuple[int, str], Cut]) -> Extraction:
    found = {}
    if one.kind == "function":
        places = ((site.path, (back.files[site.path], site.name)) for site in one.sites)
        found = {path: cuts[place] for path, place in places if place in cuts}
    if not found:
        return replace(one, sites=tuple(map(back.site, one.sites)))
    body = _body(one.source)
    kept = next((each for each in found.values() if _body(each.text) == body), None)
    sites: list[CallSite] = []
    for site in one.sites:
        own = found[site.path]
        sites.append(_block_site(back, replace(back.site(site), call=own.call), own))
        for other in back.blocks.again:
            if _same_function(own, other):
                renames = _renames(other, kept) if kept and not one.existing else site.renames
                bare = CallSite(site.path, 0, None, 0, 0, 0, site.name, renames, call=other.call, bare=True)
                sites.append(_block_site(back, bare, other))
    source = one.source
    if not one.existing:
        docstring = (kept or next(iter(found.values()))).docstring
        head, _, rest = source.partition("\n")
        source = f"{head}\n{docstring}\n{rest}" if docstring else source
    return replace(one, sites=tuple(sites), source=source)


def _body(function: str) -> str:
    """What stands below the first line, which the plan may give another name."""
    return function.partition("\n")[2].rstrip("\n")


def _renames(one: Cut, kept: Cut) -> tuple[tuple[str, str], ...]:
    """Names of a copy and of the kept one, where they differ."""
    return tuple((old, new) for old, new in zip(one.names, kept.names, strict=False) if old != new)


def _block_site(back: _Back, site: CallSite, one: Cut) -> CallSite:
    """Where the block's own lines stand."""
    cells = back.blocks.real[one.block.file].cells
    (first, line, lines), *rest = cut.parts_of(back.blocks.real, one.block)
    return replace(
        site,
        cell=cells[first].number,
        cell_id=cells[first].id,
        top=line,
        line=line,
        end_line=line + len(lines) - 1,
        parts=tuple((cells[cell].number, start, start + len(part) - 1) for cell, start, part in rest),
        passes=tuple((each.name, each.value or each.default) for each in one.arguments),
    )


def block_occurrence(features: Sequence[Features], block: Block, name: str) -> Occurrence:
    """Where a block stands in the notebook as it is."""
    one = features[block.file]
    statements = cut.statements_of(features, block)
    (first, head), (last, tail) = statements[0], statements[-1]
    end_cell = one.cells[last].number if last != first else 0
    begins = one.cells[first]
    return Occurrence(one.path, begins.number, head.line, tail.end_line, name, begins.id, end_cell=end_cell)


def _arguments(features: Sequence[Features], cuts: Sequence[Cut]) -> tuple[Argument, ...]:
    """Each parameter that near copies did not have, in order of the signature, with the places of each value."""
    heads: dict[str, NewParameter] = {}
    values: dict[str, dict[str, list[Location]]] = defaultdict(lambda: defaultdict(list))
    for one in cuts:
        at = block_occurrence(features, one.block, one.name)
        place = Location(at.path, at.cell, at.line, at.cell_id)
        for each in one.arguments:
            heads.setdefault(each.name, each)
            values[each.name][each.value or each.default].append(place)
    return tuple(
        Argument(name, one.kind, one.default, tuple((value, tuple(sorted(at))) for value, at in values[name].items()))
        for name, one in heads.items()
    )
