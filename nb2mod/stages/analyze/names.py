"""Gathers the facts of all cells of one file by name."""

import re
from collections import defaultdict

from msgspec.structs import replace

from nb2mod.model import Binding, BindKind, Bound, CellFeatures, Features, Names, Used

_ANY_TIME = (1 << 60, 0)  # no cell stands below: a function may be called from anywhere
_NAME = re.compile(r"(?<![.\w])[^\W\d]\w*")
_STRING = re.compile(r"""("{3}|'{3}|["']).*?(?<!\\)\1|#.*""")
# What follows these words on a line is bound: import a, b; for a, b in; as a; del a.
_BINDING_WORDS = re.compile(
    r"\b(?:(?:def|class)\s+(\w+)|(?:import|del|global|as)\b([^:]*)|for\b(.*?)\bin\b)|(\w+)\s*:="
)
_LONGEST_LINE = 5_000  # the patterns above take the square of a line's length; of a longer one every name may be bound


def names_of(file: int, features: Features, package: str | None = None) -> Names:
    """All bindings and uses of one file, by name, in order of cell and line. `package` is the team's own."""
    bindings: dict[str, list[Bound]] = defaultdict(list)
    uses: dict[str, list[Used]] = defaultdict(list)
    unknown: set[str] = set()
    unknown_bound: set[str] = set()
    foreign: set[str] = set()
    wild: list[tuple[int, int]] = []
    stars: list[Bound] = []
    keywords: set[str] = set()
    strings: set[str] = set()
    future: set[str] = set()
    modules: set[str] = set()
    for index, cell in enumerate(features.cells):
        facts = cell.facts
        sure = _sure_statements(cell, package) if cell.raises else 0
        for binding in facts.bindings:
            if facts.runs_in_function:
                break  # %%timeit runs its body in a function: what it binds, the notebook never sees
            if cell.raises and binding.statement >= sure:
                binding = replace(binding, certain=False)
            if binding.kind is BindKind.STAR:
                stars.append(Bound(index, binding))
            elif binding.kind is not BindKind.ANNOTATION:
                bindings[binding.name].append(Bound(index, binding))
        for use in facts.uses:
            uses[use.name].append(Used(index, use))
        if facts.unknown:
            unknown.update(facts.unknown)
            unknown_bound.update(_bound_in(cell.source))
            if facts.opaque:
                foreign.update(facts.unknown)
        if facts.any_name:
            wild.append((index, _wild_line(cell)))
        if facts.any_name_later:
            wild.append(_ANY_TIME)
        keywords.update(facts.keywords)
        strings.update(facts.strings)
        future.update(facts.future)
        modules.update(facts.modules)
    return Names(
        file=file,
        bindings={name: tuple(found) for name, found in bindings.items()},
        uses={name: tuple(found) for name, found in uses.items()},
        unknown=frozenset(unknown),
        unknown_bound=frozenset(unknown_bound),
        wild=tuple(wild),
        stars=tuple(stars),
        keywords=frozenset(keywords),
        strings=frozenset(strings),
        future=frozenset(future),
        modules=frozenset(modules),
        foreign=frozenset(foreign),
    )


def _bound_in(source: str) -> set[str]:
    """Names that stand where a binding would, in text that can't be parsed; roots of `a.b = …` and `a[0] = …` too."""
    found: set[str] = set()
    for line in source.splitlines():
        if len(line) > _LONGEST_LINE:
            found.update(_NAME.findall(line))
            continue
        code = _STRING.sub("''", line)
        for groups in _BINDING_WORDS.findall(code):
            found.update(name for group in groups for name in _NAME.findall(group))
        found.update(_NAME.findall(_assigned_part(code)))
    return found


def _assigned_part(code: str) -> str:
    """What stands left of the last `=` that is an assignment: outside brackets, no comparison."""
    depth, end = 0, 0
    for at, character in enumerate(code):
        depth += (character in "([{") - (character in ")]}")
        comparison = code[at + 1 : at + 2] == "=" or code[at - 1 : at] in ("=", "!", "<", ">")
        shift = code[at - 2 : at] in ("<<", ">>")
        if character == "=" and depth <= 0 and (shift or not comparison):
            end = at
    return code[:end]


def _wild_line(cell: CellFeatures) -> int:
    """The last line that may bind any name, as far as lines tell."""
    facts = cell.facts
    lines = [line for line, _, name in facts.magic_lines if name == "run"]
    lines += [use.line for use in facts.uses if use.name in ("exec", "globals", "get_ipython") and not use.deferred]
    return max(lines, default=1)


def _sure_statements(cell: CellFeatures, package: str | None) -> int:
    """How many statements of a cell that is expected to raise are sure to run: definitions and literals never do, nor do
    imports of the team's package, which stand where definitions stood.
    """
    facts = cell.facts
    never = (BindKind.DEF, BindKind.CLASS, BindKind.LITERAL)
    named = {b.statement for b in facts.bindings if b.kind in never or _is_own_import(b, package)}
    kinds = ("functiondef", "asyncfunctiondef", "assign", "annassign", "pass", "importfrom")
    for index, statement in enumerate(facts.statements):
        if index not in named or statement.kind not in kinds:
            return index
    return len(facts.statements)


def _is_own_import(binding: Binding, package: str | None) -> bool:
    return binding.kind is BindKind.IMPORT and package is not None and binding.target.startswith(f"{package}.")
