"""Small projects for the tests of plan and rewrite: cells as text → Features → candidates, without detect and decide.

Copies are what has one name and one shape; needs are looked up in the first copy's notebook.
"""

import ast
import json
import symtable
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.model import (
    BindKind,
    Candidate,
    ChangeSet,
    Features,
    Member,
    Need,
    Notebook,
    Occurrence,
    Package,
    PlanOptions,
    PlanResult,
    Site,
    Verdict,
)
from nb2mod.notebook import read
from nb2mod.stages.index import complete, outline, outline_module, read_cell, read_module
from nb2mod.stages.plan import make
from nb2mod.stages.rewrite import render, wanted
from nb2mod.syntax import split_lines

Cells = Sequence[str]


def notebook_bytes(cells: Cells, tags: Mapping[int, list[str]] = {}) -> bytes:
    """A notebook with code cells; a cell that begins with "md:" is Markdown."""
    made: list[dict[str, Any]] = []
    for number, source in enumerate(cells, 1):
        metadata = {"tags": tags[number]} if number in tags else {}
        lines = source.splitlines(keepends=True)
        if source.startswith("md:"):
            made.append({"cell_type": "markdown", "id": f"c{number}", "metadata": metadata, "source": lines})
        else:
            made.append(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"c{number}",
                    "metadata": metadata,
                    "outputs": [],
                    "source": lines,
                }
            )
    whole = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(whole, indent=1) + "\n").encode()


@dataclass
class Project:
    """Notebooks and package modules, and what plan and rewrite make of them."""

    notebooks: Mapping[str, Cells]
    modules: Mapping[str, str] = field(default_factory=dict)
    package: str = "reports"
    source_root: str = "src"
    tags: Mapping[str, Mapping[int, list[str]]] = field(default_factory=dict)
    config: Config = field(default_factory=Config)
    options: PlanOptions = field(default_factory=PlanOptions)
    order: Sequence[str] = ()  # of the notebooks; by path when empty
    black: Mapping[str, object] = field(default_factory=dict)
    changes_to: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # candidate name → other field values

    def __post_init__(self) -> None:
        paths = list(self.order) or sorted(self.notebooks)
        self.data = {path: notebook_bytes(self.notebooks[path], self.tags.get(path, {})) for path in paths}
        self.features = [_features(path, data) for path, data in self.data.items()]
        self.features += [_module_features(path, text) for path, text in self.modules.items()]
        self.candidates = [self._changed(candidate) for candidate in candidates_of(self.features)]

    def _changed(self, candidate: Candidate) -> Candidate:
        return replace(candidate, **self.changes_to.get(candidate.name, {}))

    @property
    def package_view(self) -> Package:
        root = "" if self.source_root == "." else f"{self.source_root}/"
        return Package(self.package, self.source_root, f"{root}{self.package}", bool(self.modules))

    def plan(self) -> PlanResult:
        return make(self.candidates, self.features, self.package_view, self.config, self.options)

    def read_notebooks(self) -> dict[str, Notebook]:
        return {path: read(path, data) for path, data in self.data.items()}

    def changes(self, result: PlanResult | None = None) -> ChangeSet:
        plan = (result or self.plan()).plan
        texts = {path: self.modules.get(path) for path in wanted(plan)}
        return render(plan, self.read_notebooks(), texts, self.black)

    def after(self) -> dict[str, str]:
        """Every Python file after the change, and per notebook its cells joined by a line of its own."""
        changed = {change.path: change.after for change in self.changes().changes}
        files = dict(self.modules)
        for path, data in changed.items():
            if path.endswith(".py"):
                files[path] = data.decode()
        for path, data in self.data.items():
            cells = read(path, changed.get(path, data)).cells
            files[path] = "\n---\n".join(cell.source for cell in cells)
        return files


def _features(path: str, data: bytes) -> Features:
    features = outline(path, data)
    return complete(features, {cell.digest: read_cell(cell.source) for cell in features.cells})


def _module_features(path: str, text: str) -> Features:
    features = outline_module(path, text.encode())
    return complete(features, {cell.digest: read_module(cell.source) for cell in features.cells})


def candidates_of(features: Sequence[Features]) -> list[Candidate]:
    """One candidate per name and shape; those that stand in a module of the package too point there."""
    groups: dict[tuple[str, bytes], list[Member]] = {}
    for file_index, file in enumerate(features):
        for cell_index, cell in enumerate(file.cells if file.kind == "notebook" else ()):
            for index, definition in enumerate(cell.facts.definitions):
                groups.setdefault((definition.name, definition.shape), []).append(Member(file_index, cell_index, index))
    ids = {member: f"{name}-{shape.hex()[:8]}" for (name, shape), members in groups.items() for member in members}
    found = []
    for (name, shape), members in groups.items():
        places = sorted(members, key=lambda member: (features[member.file].path, member.cell, member.definition))
        found.append(_candidate(features, name, shape, places, ids))
    return found


def _candidate(
    features: Sequence[Features], name: str, shape: bytes, members: list[Member], ids: Mapping[Member, str]
) -> Candidate:
    first = definition_at(features, members[0])
    return Candidate(
        id=f"{name}-{shape.hex()[:8]}",
        code="NB101",
        kind="class" if first.kind == "class" else "function",
        name=name,
        clone_type=1,
        verdict=Verdict.EXTRACT,
        reasons=(),
        members=tuple(members),
        occurrences=tuple(_occurrence(features, member) for member in members),
        needs=tuple(_needs(features, members, ids)),
    )


def definition_at(features: Sequence[Features], member: Member) -> Any:
    return features[member.file].cells[member.cell].facts.definitions[member.definition]


def _occurrence(features: Sequence[Features], member: Member) -> Occurrence:
    cell, definition = features[member.file].cells[member.cell], definition_at(features, member)
    return Occurrence(features[member.file].path, cell.number, definition.line, definition.end_line, definition.name)


def _needs(features: Sequence[Features], members: list[Member], ids: Mapping[Member, str]) -> list[Need]:
    member = members[0]
    cell, definition = features[member.file].cells[member.cell], definition_at(features, member)
    text = "\n".join(split_lines(cell.source)[definition.line - 1 : definition.end_line])
    needs = []
    for name, eager in _free(text).items():
        for cell_index, other in enumerate(features[member.file].cells):
            for binding in other.facts.bindings:
                if binding.name != name:
                    continue
                if binding.kind is BindKind.IMPORT and binding.certain:
                    needs.append(Need(name, "import", target=binding.target, text=binding.text, eager=eager))
                elif binding.kind is BindKind.IMPORT:
                    statement = other.facts.statements[binding.statement]
                    whole = "\n".join(split_lines(other.source)[statement.line - 1 : statement.end_line])
                    needs.append(Need(name, "import statement", text=whole, eager=eager))
                elif binding.kind in (BindKind.DEF, BindKind.CLASS):
                    helper = ids[Member(member.file, cell_index, binding.owner)]
                    needs.append(Need(name, "helper", candidate=helper, eager=eager))
                elif binding.kind is BindKind.LITERAL:
                    sites = _constant_sites(features, members, name)
                    needs.append(Need(name, "constant", text=binding.target, sites=sites, eager=eager))
    return list({need.name: need for need in needs}.values())


def _constant_sites(features: Sequence[Features], members: list[Member], name: str) -> tuple[Site, ...]:
    sites = set()
    for file in {member.file for member in members}:
        for index, cell in enumerate(features[file].cells):
            for binding in cell.facts.bindings:
                if binding.name == name and binding.kind is BindKind.LITERAL:
                    statement = cell.facts.statements[binding.statement]
                    sites.add(Site(file, index, statement.line, statement.end_line))
    return tuple(sorted(sites))


def _free(text: str) -> dict[str, bool]:
    """Free name → whether it is read while the definition runs."""
    node = ast.parse(text).body[0]
    outer = {inner.id for part in _eager_parts(node) for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    names: dict[str, bool] = {}
    waiting = [symtable.symtable(text, "<test>", "exec")]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
                names[symbol.get_name()] = symbol.get_name() in outer
    return names


def _eager_parts(node: ast.stmt) -> list[ast.AST]:
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    annotations = [a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg) and a.annotation]
    returns = [node.returns] if node.returns else []
    defaults = [default for default in (*node.args.defaults, *node.args.kw_defaults) if default]
    return [*node.decorator_list, *defaults, *annotations, *returns]
