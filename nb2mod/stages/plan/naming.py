"""Names for modules and, where two bodies share a name, for functions: words that say what is inside, never taken ones."""

import builtins
import keyword
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from nb2mod.model import BindKind, Features
from nb2mod.stages.plan.reading import root_of
from nb2mod.stages.plan.topics import MODULE_NAMES, TOOLS, words_of
from nb2mod.stages.plan.units import Unit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BUILTINS = frozenset(dir(builtins))
_NEVER = _words("utils util helpers helper misc common core test tests main setup init")
# Words that say little about what a function is for.
_PALE = _words(
    "get set make create compute calculate calc do run is has to from the a an of in and or for with by my new build find "
    "count check test print format generate gen all one two first last next update add remove solve apply process handle "
    "main func fn helper util utils it as on at name names path paths dir dirs id ids key keys value values number numbers "
    "list lists dict string strings item items info object type class base result results byte bytes"
)
# Loaded nearly everywhere, so it tells nothing apart; used only when nothing better does.
_PALE_ROOTS = ("numpy", "pandas", "matplotlib")
# Folders that say how notebooks are kept or taught, and nothing of what they are about; plurals and numbers aside: `week_03`.
_PALE_FOLDERS = _words(
    "notebook nb ipynb jupyter example src source code script doc work tmp temp answer question solution exercise lecture "
    "lesson lab homework assignment chapter week day unit part session module section tutorial demo draft final old new "
    "archive archived backup misc scratch sandbox playground test sample task project analysis analyses experiment book "
    "course class material content public private dev prod en colab kaggle student instructor teacher"
)
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*\Z")


def taken_names(features: Sequence[Features]) -> frozenset[str]:
    """Names no new module takes: what Python and the notebooks themselves import by that name, and names that say nothing."""
    imported = {
        root_of(binding.target)
        for file in features
        for cell in file.cells
        for binding in cell.facts.bindings
        if binding.kind in (BindKind.IMPORT, BindKind.STAR) and not binding.target.startswith(".")
    }
    return sys.stdlib_module_names | _NEVER | _BUILTINS | imported


def base_names(topic: str, package: str, existing: Iterable[str]) -> list[str]:
    """Dotted modules for a topic, best first: one the package has under a name that means it, then a new one."""
    meanings = MODULE_NAMES.get(topic, (topic,))
    known = sorted(existing, key=lambda name: (name.count("."), name))
    if topic not in MODULE_NAMES:
        other = topic[:-1] if topic.endswith("s") and not topic.endswith("ss") else f"{topic}s"
        return [f"{package}.{name}" for name in (topic, other)]
    standing = [
        module for name in meanings for module in known if module.rpartition(".")[2] == name and module != package
    ]
    return [*standing, *(f"{package}.{name}" for name in meanings)]


def split_names(base: str, group: Sequence[Unit], others: frozenset[str], meant: Iterable[str] = ()) -> Iterator[str]:
    """Names for a module beside `base`: after what its units load that `base` (`others`) does not, after its class, other names
    that mean the same (`meant`), with a number.
    """
    loads = {root_of(name) for unit in group for item in unit.imports for name in item.loads}
    said = {root_of(base), *(root_of(name) for name in others)}
    for root in sorted(loads - said, key=lambda name: (name in _PALE_ROOTS, name)):
        yield f"{base}_{root.lower()}"
    package = base.rpartition(".")[0]
    for unit in group:
        if unit.kind == "class":
            yield f"{package}.{nouns_of(unit)[0]}"
    yield from meant
    for number in count(2):
        yield f"{base}_{number}"


def usable(module: str, taken: frozenset[str]) -> bool:
    """Whether a module may be called so."""
    name = module.rpartition(".")[2]
    return bool(_IDENTIFIER.match(name)) and not keyword.iskeyword(name) and name not in taken


def other_names(name: str) -> Iterator[str]:
    """load, load_2, load_3, …"""
    yield name
    for number in count(2):
        yield f"{name}_{number}"


def nouns_of(unit: Unit) -> list[str]:
    """What a unit is about, best word first: a class by its whole name, a function by its last telling word."""
    words = words_of(unit.name)
    whole = _joined(words)
    if unit.kind == "class":
        return [whole]
    telling = [word for word in words if word not in _PALE and len(word) > 2 and not word.isdigit()]
    return [*reversed(telling), whole] if telling else [whole]


def family_names(units: Sequence[Unit]) -> dict[str, str]:
    """For units without a topic: key → the word their module is named for.

    Units belong together when one reads the other, when they share a noun or stand in the same notebooks; single ones
    join those whose notebooks they share, and functions that nothing joins are tools, so that no one gets dozens of
    modules with one function.
    """
    families = _Families(units)
    by_noun: dict[tuple[str, str], str] = {}
    by_places: dict[frozenset[str], str] = {}
    for unit in units:
        paths = frozenset(site.path for site in unit.sites)
        for edge in unit.edges:
            families.join(unit.key, edge.unit)
        families.join(unit.key, by_places.setdefault(paths, unit.key))
        for path in sorted(paths):
            families.join(unit.key, by_noun.setdefault((nouns_of(unit)[0], path), unit.key))
    _join_singles(units, families)
    words = [(members, _family_word(members)) for members in families.groups()]
    loose = [unit for members, word in words if not word or _is_single(members) for unit in members]
    pooled = dict.fromkeys((unit.key for unit in loose), _pool_word(loose))
    return {unit.key: pooled.get(unit.key) or word for members, word in words for unit in members}


def _pool_word(loose: Sequence[Unit]) -> str:
    """What functions that nothing joins are called together: for what most of them are about, else tools."""
    functions = [unit for unit in loose if unit.kind != "constant"]
    nouns = Counter(noun for unit in functions for noun in dict.fromkeys(nouns_of(unit)))
    best, frequency = next(iter(nouns.most_common(1)), ("", 0))
    return best if 2 * frequency > len(functions) else TOOLS


def _is_single(members: Sequence[Unit]) -> bool:
    """One function, with or without constants: no reason for a module of its own."""
    kinds = [unit.kind for unit in members if unit.kind != "constant"]
    return len(kinds) <= 1 and "class" not in kinds


def _join_singles(units: Sequence[Unit], families: "_Families") -> None:
    """A family of one joins what stands in its notebooks, else what else is alone in its folder."""
    first_in: dict[str, str] = {}
    single = {members[0].key for members in families.groups() if len(members) == 1}
    for unit in sorted(units, key=lambda unit: (unit.key in single, unit.order)):
        paths = sorted({site.path for site in unit.sites})
        known = [first_in[path] for path in paths if path in first_in]
        if unit.key in single and known:
            families.join(Counter(map(families.root, known)).most_common(1)[0][0], unit.key)
        for path in paths:
            first_in.setdefault(path, unit.key)
    alone = [members[0] for members in families.groups() if len(members) == 1 and members[0].kind != "class"]
    first_of: dict[str, str] = {}
    for unit in sorted(alone, key=lambda unit: unit.order):
        if folder := _folder_of(unit):
            families.join(first_of.setdefault(folder, unit.key), unit.key)


def _family_word(members: Sequence[Unit]) -> str:
    """The first class; the noun that several share, or the first one's when they read each other; the folder they all stand
    in; "" when all that fails.
    """
    ordered = sorted(members, key=lambda unit: unit.order)
    classes = [unit for unit in ordered if unit.kind == "class"]
    if classes:
        return nouns_of(classes[0])[0]
    functions = [unit for unit in ordered if unit.kind != "constant"] or ordered
    nouns = Counter(noun for unit in functions for noun in dict.fromkeys(nouns_of(unit)))
    best, frequency = nouns.most_common(1)[0]  # the first one's best noun comes first among equals
    folders = {_folder_of(unit) for unit in functions}
    if frequency == 1 and not _is_chain(functions):
        return folders.pop() if len(folders) == 1 else ""
    return best


def _is_chain(units: Sequence[Unit]) -> bool:
    """Whether reading leads from each unit to every other: they are about one thing, whatever their names."""
    families = _Families(units)
    for unit in units:
        for edge in unit.edges:
            families.join(unit.key, edge.unit)
    return len(families.groups()) == 1


def _folder_of(unit: Unit) -> str:
    """The nearest folder of its notebooks that says what they are about, as a module's name; "" when none does."""
    folders = min((site.path for site in unit.sites), default="").split("/")[:-1]
    for folder in reversed(folders):
        words = words_of(folder)
        if not all(word.isdigit() or {word, word.removesuffix("s")} & _PALE_FOLDERS for word in words):
            name = _joined(words)
            return name if len(name) > 2 and _IDENTIFIER.match(name) else ""
    return ""


def _joined(words: Sequence[str]) -> str:
    """soccer, 2, world gives soccer2_world."""
    return re.sub(r"_(?=\d)", "", "_".join(words))


class _Families:
    """Disjoint sets of units; the unit that comes first stands for its family."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units: Mapping[str, Unit] = {unit.key: unit for unit in units}
        self._parent = {key: key for key in self._units}

    def root(self, key: str) -> str:
        while self._parent[key] != key:
            key = self._parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        if one in self._parent and other in self._parent:
            first, second = sorted((self.root(one), self.root(other)), key=lambda key: self._units[key].order)
            self._parent[second] = first

    def groups(self) -> list[list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for key, unit in self._units.items():
            found.setdefault(self.root(key), []).append(unit)
        return list(found.values())
