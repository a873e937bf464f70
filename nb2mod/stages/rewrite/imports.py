"""Import statements as data: merged, sorted in sections (standard library, third parties, own package), written again."""

import ast
import sys
from collections.abc import Iterable

from msgspec import Struct

from nb2mod.syntax import parse

FUTURE, STANDARD, THIRD, OWN = range(4)


class Alias(Struct, frozen=True, order=True):
    """One name of one import. `module` is None for `import name`; `name` is "*" for a star."""

    module: str | None
    name: str
    asname: str | None = None

    @property
    def source(self) -> str:
        """The module it comes from."""
        return self.name if self.module is None else self.module

    @property
    def binding(self) -> tuple[str, str]:
        """The same for two spellings of one import: `import a.b as c` and `from a import b as c`."""
        bound = self.asname or (self.name if self.module is not None else self.name.partition(".")[0])
        return bound, self.name if self.module is None else f"{self.module}.{self.name}"


class Imports(Struct, frozen=True):
    """What a module imports: single names, and whole statements (try or if with a fallback) as they were written."""

    aliases: frozenset[Alias]
    statements: tuple[str, ...]

    def without(self, other: "Imports") -> "Imports":
        """What the other does not have."""
        same = {_same(text) for text in other.statements}
        rest = tuple(text for text in self.statements if _same(text) not in same)
        bound = {alias.binding for alias in other.aliases}
        return Imports(frozenset(alias for alias in self.aliases if alias.binding not in bound), rest)

    def without_future(self) -> "Imports":
        """All but `from __future__`, which has to stand first."""
        return Imports(frozenset(a for a in self.aliases if a.module != "__future__"), self.statements)


def read_imports(texts: Iterable[str]) -> Imports:
    """The imports that stand at the top level of the texts; any other statement there is kept whole when it imports."""
    aliases: set[Alias] = set()
    statements: dict[str, str] = {}
    for text in texts:
        for node in parse(text).body:
            if isinstance(node, ast.Import):
                aliases.update(Alias(None, alias.name, alias.asname) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                aliases.update(Alias(module, alias.name, alias.asname) for alias in node.names)
            elif any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)):
                segment = ast.get_source_segment(text, node) or ""
                statements.setdefault(_same(segment), segment)
    return Imports(frozenset(aliases), tuple(statements.values()))


def written(imports: Imports, package: str) -> str:
    """The statements, sections apart, ready for black. Stars come first: what is imported by name wins over them."""
    sections: dict[tuple[bool, int], list[Alias]] = {}
    unique = {alias.binding: alias for alias in sorted(imports.aliases, key=_plain_last)}
    for alias in unique.values():
        section = _section(alias.source, package)
        key = (alias.name != "*" and section != FUTURE, section)
        sections.setdefault(key, []).append(alias)
    order = sorted(sections, key=lambda key: (key[1] != FUTURE, key))
    blocks = ["".join(f"{line}\n" for line in _lines(sections[key])) for key in order]
    blocks += [f"{text}\n" for text in imports.statements]
    return "\n".join(blocks)


def from_import(module: str, names: Iterable[tuple[str, str]]) -> str:
    """`from module import name as bound, …` for (name, bound) pairs."""
    ordered = sorted({(_kind(name), name.lower(), name, bound) for name, bound in names})
    listed = ", ".join(name if name == bound else f"{name} as {bound}" for _, _, name, bound in ordered)
    return f"from {module} import {listed}"


def _lines(aliases: Iterable[Alias]) -> list[str]:
    whole = sorted({(alias.name.lower(), alias) for alias in aliases if alias.module is None})
    lines = [f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "") for _, alias in whole]
    modules: dict[str, list[tuple[str, str]]] = {}
    for alias in aliases:
        if alias.module is not None:
            modules.setdefault(alias.module, []).append((alias.name, alias.asname or alias.name))
    return lines + [from_import(module, modules[module]) for module in sorted(modules, key=lambda m: (m.lower(), m))]


def section_of(alias: Alias) -> int:
    """Where an import from outside the package comes from: FUTURE, STANDARD or THIRD."""
    return _section(alias.source, "")


def _section(module: str, package: str) -> int:
    root = module.partition(".")[0]
    if module == "__future__":
        return FUTURE
    if root in ("", package.partition(".")[0]):
        return OWN
    return STANDARD if root in sys.stdlib_module_names else THIRD


def _plain_last(alias: Alias) -> tuple[bool, str, str]:
    return alias.module is None, alias.source, alias.name


def _kind(name: str) -> int:
    """Constants, then classes, then the rest: the order isort and ruff keep inside one import."""
    if name.isupper() and len(name) > 1:
        return 0
    return 1 if name[:1].isupper() else 2


def _same(text: str) -> str:
    return ast.dump(parse(text))
