"""Splits classes of one shape by what their free names mean (N16), and merges copies under other names only where nothing can
see the name (N20). A part is what could become one definition.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from nb2mod.model import CloneClass, Definition, Features, Member, Names, Use, UseKind
from nb2mod.stages.decide.meaning import MeaningKeys


class Part(Struct, frozen=True):
    """Copies that mean the same and may share one definition called `name`. `key` is stable between runs."""

    key: str
    name: str
    members: tuple[Member, ...]  # in notebooks
    package: tuple[Member, ...]  # in modules of the team's package
    exact: bool  # all spelled the same
    params: tuple[str, ...] = ()  # in the spelling that gave the name


class Given(Struct, frozen=True):
    """What is known of copies that were given parameters. `leading`: those whose values are the defaults of others; `added`: the
    names that each got.
    """

    leading: frozenset[Member] = frozenset()
    added: Mapping[Member, frozenset[str]] = {}


def definition_at(features: Sequence[Features], member: Member) -> Definition:
    return features[member.file].cells[member.cell].facts.definitions[member.definition]


def split(
    clones: CloneClass,
    features: Sequence[Features],
    names: Mapping[int, Names],
    keys: MeaningKeys,
    given: Given,
) -> list[Part]:
    """The parts of one class, in order of their first copy."""
    groups: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    for member in clones.members:
        if features[member.file].kind == "module" and not _is_what_an_import_gets(member, features, names):
            continue
        groups[keys(member.file, member.cell, member.definition), *_future(member, features, names)].append(member)
    return [part for key, members in groups.items() for part in _merge(key[0], members, features, names, given)]


def _is_what_an_import_gets(member: Member, features: Sequence[Features], names: Mapping[int, Names]) -> bool:
    """Whether a module's definition is certainly what its name stands for once the module has run."""
    bounds = names[member.file].bindings.get(definition_at(features, member).name, ())
    return len(bounds) == 1 and bounds[0].binding.certain


def _future(member: Member, features: Sequence[Features], names: Mapping[int, Names]) -> list[str]:
    """The future imports that rule a definition: a module has them or not, so only members that had them share one (D6)."""
    past = {"print_function", "division", "absolute_import", "unicode_literals", "generator_stop"}
    future = names[member.file].future - past
    uses = features[member.file].cells[member.cell].facts.uses
    annotated = any(use.owner == member.definition and _in_annotation(use) for use in uses)
    return sorted(future if annotated else future - {"annotations"})


def _in_annotation(use: Use) -> bool:
    return use.kind is UseKind.ANNOTATION or (use.kind is UseKind.STRING and use.detail == "annotation")


def _merge(
    key: str,
    members: Sequence[Member],
    features: Sequence[Features],
    names: Mapping[int, Names],
    given: Given,
) -> list[Part]:
    spellings: dict[tuple[str, tuple[str, ...]], list[Member]] = defaultdict(list)
    for member in members:
        definition = definition_at(features, member)
        spellings[definition.name, definition.params].append(member)
    leader = _leader(spellings, features, names, given.leading)
    merged = list(spellings.pop(leader))
    apart: list[tuple[tuple[str, tuple[str, ...]], list[Member]]] = []
    for spelling, others in spellings.items():
        free = [m for m in others if _nothing_sees(m, spelling, leader, features, names)]
        merged += free
        if len(free) < len(others):
            apart.append((spelling, [member for member in others if member not in free]))
    return [_part(key, spelling, found, features, given) for spelling, found in ((leader, merged), *apart)]


def _leader(
    spellings: Mapping[tuple[str, tuple[str, ...]], list[Member]],
    features: Sequence[Features],
    names: Mapping[int, Names],
    leading: frozenset[Member],
) -> tuple[str, tuple[str, ...]]:
    """The spelling the merged copies take: the package's, else the most frequent, else one that something sees and so can't
    give way, else that of the copies whose values are the defaults, else the first in the alphabet: never by path, so that the
    order of notebooks changes nothing.
    """

    shared = names_kept(*(parameters for _, parameters in spellings))

    def rank(spelling: tuple[str, tuple[str, ...]]) -> tuple[bool, int, bool, bool, tuple[str, tuple[str, ...]]]:
        members = spellings[spelling]
        in_package = any(features[member.file].kind == "module" for member in members)
        free = all(only_called(spelling[0], names[member.file], shared) for member in members)
        return (not in_package, -len(members), free, leading.isdisjoint(members), spelling)

    return min(spellings, key=rank)


def _nothing_sees(
    member: Member,
    spelling: tuple[str, tuple[str, ...]],
    leader: tuple[str, tuple[str, ...]],
    features: Sequence[Features],
    names: Mapping[int, Names],
) -> bool:
    """Whether a copy may become another name or get other parameter names (N20): every use is a direct call that names none
    of those.
    """
    definition = definition_at(features, member)
    notebook = names[member.file]
    if features[member.file].kind == "module":
        return False
    if definition.kind == "class":
        if spelling[1] != leader[1] and _has_bases(features, member):
            return False
        differing = {parameter.rpartition(".")[2] for parameter in {*spelling[1]} ^ {*leader[1]}}
        return spelling[0] == leader[0] and "**" not in notebook.keywords and not differing & notebook.keywords
    if spelling[0] != leader[0] and _is_decorated(features, member):
        return False
    if spelling[1] == leader[1]:
        return only_called(definition.name, notebook, None)
    return only_called(definition.name, notebook, names_kept(spelling[1], leader[1]))


def names_kept(*spellings: tuple[str, ...]) -> frozenset[str]:
    """The parameters that have one name in all spellings, in the same place."""
    return frozenset(each[0] for each in zip(*spellings, strict=False) if len(set(each)) == 1)


def only_called(name: str, notebook: Names, parameters: frozenset[str] | None) -> bool:
    """Whether nothing but direct calls reads a function's name, and those name no others of its parameters than these; None:
    they may name and unpack any.
    """
    if name in notebook.unknown or name in notebook.strings or notebook.wild:
        return False
    return all(is_call_naming(used.use, parameters) for used in notebook.uses.get(name, ()))


def is_call_naming(use: Use, parameters: frozenset[str] | None) -> bool:
    if use.kind is UseKind.CALL_SPREAD:
        return parameters is None
    if use.kind is UseKind.CALL_KEYWORDS:
        return parameters is None or parameters.issuperset(use.detail.split(","))
    return use.kind is UseKind.CALL


def _is_decorated(features: Sequence[Features], member: Member) -> bool:
    """A decorator gets the function with its name, and may keep something for each: one cache would serve two functions."""
    definition = definition_at(features, member)
    return definition.line < definition.def_line


def _has_bases(features: Sequence[Features], member: Member) -> bool:
    """A base class or decorator may call methods with keywords of its own choice."""
    uses = features[member.file].cells[member.cell].facts.uses
    return any(use.owner == member.definition and use.kind in (UseKind.BASE, UseKind.DECORATOR) for use in uses)


def _part(
    key: str,
    spelling: tuple[str, tuple[str, ...]],
    members: list[Member],
    features: Sequence[Features],
    given: Given,
) -> Part:
    members.sort()
    own = [name for name in spelling[1] if name not in given.added.get(members[0], ())]
    in_package = tuple(member for member in members if features[member.file].kind == "module")
    exact = len(Counter(definition_at(features, member).exact for member in members)) == 1
    return Part(
        f"{key}:{spelling[0]}:{','.join(own)}",  # what a new parameter is called makes it no other thing
        spelling[0],
        tuple(member for member in members if member not in in_package),
        in_package,
        exact,
        spelling[1],
    )
