"""Holes → parameters: which holes share one, what each copy passes, which value is the default."""

import ast
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from nb2mod.model import NewParameter, Replacement
from nb2mod.stages.unify.aligning import Path
from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.naming import doubled_names, name_of, replaced_everywhere
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.spans import in_place_of, line_ends
from nb2mod.stages.unify.terms import Term
from nb2mod.syntax.scopes import parameters

MOST = 4
_WITH_DEFAULT = ("literal", "default")


class Group(Struct, frozen=True, eq=False):
    """Holes that one parameter stands for, in order of the text."""

    holes: tuple[Hole, ...]

    @property
    def kind(self) -> str:
        kinds = [hole.kind for hole in self.holes]
        return "name" if "name" in kinds else kinds[0]


def groups_of(sources: Sequence[Source], holes: Sequence[Hole]) -> list[Group]:
    """One group for each parameter, in order of first appearance (H6). What is made anew, or evaluated, is never shared."""
    found: dict[object, list[Hole]] = {}
    for hole in holes:
        alone = hole.kind in ("expression", "default") or hole.fresh
        key = hole.path if alone else ("literal" if hole.kind == "literal" else "name", hole.values(sources))
        found.setdefault(key, []).append(hole)
    groups = [Group(tuple(members)) for members in found.values()]
    if sum(group.kind == "expression" for group in groups) > 1:
        return groups  # they are evaluated in this order
    return sorted(groups, key=lambda group: min(hole.terms[0].span for hole in group.holes))


def parameters_of(sources: Sequence[Source], groups: Sequence[Group]) -> list[tuple[NewParameter, ...]] | str:
    """The parameters of each source, or why one can't have a name."""
    columns: list[list[NewParameter]] = []
    taken = frozenset[str]().union(*(source.read.names for source in sources), {s.read.node.name for s in sources})
    given: set[str] = set()
    roots = [source.read.term for source in sources]
    lead = leader_of(sources, groups) if groups else 0
    new = [(group.holes, taken - _own_name(sources, group)) for group in groups if group.kind != "default"]
    doubled = doubled_names(roots, [holes for holes, _ in new], [others for _, others in new])
    for group in groups:
        if group.kind == "default":
            column = _default(sources, group.holes[0], lead)
            if column is None:
                return "is the default of a keyword-only parameter that is called otherwise in each"
        else:
            others = taken - _own_name(sources, group)
            name = name_of(roots, group.holes, others, given, _only(sources, group), doubled)
            if not name:
                return "would be a parameter beside `**`, which takes any keyword: one of its own could be meant"
            given.add(name)
            column = [_parameter(name, sources, group, number, lead) for number in range(len(sources))]
        columns.append(column)
    return [tuple(column[number] for column in columns) for number in range(len(sources))]


def own_text(term: Term, source: Source) -> str:
    """A value on one line, as a call could pass it: as it is written where it can be."""
    node = term.node
    assert isinstance(node, ast.expr)
    if term.role == "text":
        return repr(getattr(node, "value", ""))
    text = source.text[slice(*term.span)]
    bare = isinstance(node, ast.Tuple) and (not node.elts or term.span[0] == term.kids[0].span[0])
    return ast.unparse(node) if line_ends(text) or bare else text


def leader_of(sources: Sequence[Source], groups: Sequence[Group]) -> int:
    """Which source's values are the defaults, all of them, so that they never mix what no notebook has together: the package's,
    else the one whose values, hole by hole, most notebooks share: nearest to the majority of each. Of equals the one of most
    notebooks, one that is called as most are, one with a docstring, and then the first by the texts of its values: never by
    place.
    """
    holes = [group.holes[0] for group in groups if group.kind in _WITH_DEFAULT]
    fixed = any(source.fixed for source in sources)
    variants = [tuple(hole.terms[number].literal for hole in holes) for number in range(len(sources))]
    weights: Counter[object] = Counter()
    for source, variant in zip(sources, variants, strict=True):
        weights["values", variant] += source.weight
        weights["spelling", _spelling(source)] += source.weight
        for hole, value in enumerate(variant):
            weights[hole, value] += source.weight

    def rank(number: int) -> tuple[object, ...]:
        source = sources[number]
        texts = [own_text(hole.terms[number], source) for hole in holes]
        undocumented = ast.get_docstring(source.read.node, clean=False) is None
        shared = sum(weights[hole, value] for hole, value in enumerate(variants[number]))
        same, spelled = weights["values", variants[number]], weights["spelling", _spelling(source)]
        return -shared, -same, -spelled, undocumented, texts, source.rank

    return min((number for number, source in enumerate(sources) if source.fixed or not fixed), key=rank)


def _spelling(source: Source) -> tuple[str, ...]:
    """What a copy and its parameters are called."""
    node = source.read.node
    return node.name, *(each.arg for each in parameters(node.args))


def _default(sources: Sequence[Source], hole: Hole, lead: int) -> list[NewParameter] | None:
    chosen = hole.terms[lead].literal
    text = own_text(hole.terms[lead], sources[lead])
    column = []
    names = set()
    for term, source in zip(hole.terms, sources, strict=True):
        name, position = _parameter_with(source, term)
        names.add(name)
        same = term.literal == chosen
        edits = () if same else (in_place_of(text, source.text, *term.span),)
        column.append(NewParameter(name, "default", text, "" if same else own_text(term, source), (), edits, position))
    if column[0].position == -1 and len(names) > 1:
        return None
    return column


def _parameter_with(source: Source, term: Term) -> tuple[str, int]:
    arguments = source.read.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    first = len(positional) - len(arguments.defaults)
    for number, default in enumerate(arguments.defaults):
        if default is term.node:
            return positional[first + number].arg, first + number
    keyword_only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return next(one.arg for one, default in keyword_only if default is term.node), -1


def _parameter(name: str, sources: Sequence[Source], group: Group, number: int, lead: int) -> NewParameter:
    """What one source gets of a group."""
    source, hole = sources[number], group.holes[0]
    term = hole.terms[number]
    edits = tuple(_edit(name, source, one.terms[number]) for one in group.holes)
    value = own_text(term, source)
    if group.kind == "literal":
        text = own_text(hole.terms[lead], sources[lead])
        return NewParameter(name, "literal", text, "" if term.literal == hole.terms[lead].literal else value, (), edits)
    return NewParameter(name, group.kind, "", value, _reads(term, source), edits)


def _edit(name: str, source: Source, term: Term) -> Replacement:
    start, end = term.span
    if term.role == "text":
        return Replacement(start, end, f"{{{name}{line_ends(source.text[start:end])}}}")
    return in_place_of(name, source.text, start, end)


def _reads(term: Term, source: Source) -> tuple[str, ...]:
    def is_builtin(name: str) -> bool:
        meaning = source.meanings.get(name)
        return meaning is not None and meaning.kind == "builtin"

    return tuple(name for name in term.free_names() if not is_builtin(name))


def _own_name(sources: Sequence[Source], group: Group) -> frozenset[str]:
    """Names that the sources read at these holes and nowhere else: the parameter may be called so."""
    if group.kind not in ("name", "function"):
        return frozenset()
    names = {term.binding[1] for hole in group.holes for term in hole.terms if term.binding}
    paths = [hole.path for hole in group.holes]
    return frozenset(name for name in names if all(replaced_everywhere(source.read, name, paths) for source in sources))


def _only(sources: Sequence[Source], group: Group) -> frozenset[str] | None:
    """In a function that takes any keyword: those keywords that it could not be given before without an error."""
    if all(source.read.node.args.kwarg is None for source in sources):
        return None
    allowed: set[str] | None = None
    for source in sources:
        arguments = source.read.node.args
        safe = _passed_beside(source, arguments.kwarg.arg, group.holes[0].path) if arguments.kwarg else set()
        allowed = safe if allowed is None else allowed & safe
    return frozenset(allowed or ())


def _passed_beside(source: Source, keywords: str, path: Path) -> set[str]:
    """The keyword at a hole, where the same call, and nothing else, gets `**keywords` too: twice the same was an error."""
    chain = [source.read.term]
    for index in path:
        chain.append(chain[-1].kids[index])
    if len(chain) < 3 or not isinstance(chain[-2].node, ast.keyword) or not isinstance(chain[-3].node, ast.Call):
        return set()
    spread = [kid.node.value for kid in chain[-3].kids if isinstance(kid.node, ast.keyword) and kid.node.arg is None]
    beside = any(isinstance(node, ast.Name) and node.id == keywords for node in spread)
    once = sum(isinstance(node, ast.Name) and node.id == keywords for node in ast.walk(source.read.node)) == 1
    return {chain[-2].node.arg} if beside and once and chain[-2].node.arg else set()
