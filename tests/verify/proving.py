"""Small refactorings written by hand, before and after, as the ChangeSet and Plan that the verifier is given."""

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nb2mod.model import CallSite, CellEdit, ChangeSet, Extraction, FileChange, Insertion, Plan
from nb2mod.notebook import mask
from nb2mod.stages.verify.proof import Proof, prove

PACKAGE = "reports"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def notebook_bytes(cells: Sequence[str], indent: int | None = 1, tags: Mapping[int, list[str]] = {}) -> bytes:
    """Code cells with an output each; a cell that begins with "md:" is Markdown."""
    made: list[dict[str, Any]] = []
    for number, source in enumerate(cells, 1):
        metadata: dict[str, Any] = {"tags": tags[number]} if number in tags else {}
        lines = source.splitlines(keepends=True)
        if source.startswith("md:"):
            made.append({"cell_type": "markdown", "id": f"c{number}", "metadata": metadata, "source": lines})
            continue
        output = {"name": "stdout", "output_type": "stream", "text": [f"output {number}\n"]}
        cell = {"cell_type": "code", "execution_count": number, "id": f"c{number}", "metadata": metadata}
        made.append(cell | {"outputs": [output], "source": lines})
    whole = {"cells": made, "metadata": {"kernel": 1.50}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(whole, indent=indent, ensure_ascii=False) + "\n").encode()


@dataclass
class Refactoring:
    """What a rewriter made: cells and modules, both sides. A module without a `before` is new.

    `raw` replaces the bytes of a notebook after the change; `unchanged` are files that the change leaves alone.
    """

    before: dict[str, list[str]]
    after: dict[str, list[str]]
    modules: dict[str, str]
    old_modules: dict[str, str] = field(default_factory=dict)
    unchanged: dict[str, str | bytes] = field(default_factory=dict)
    insertions: dict[str, tuple[Insertion, ...]] = field(default_factory=dict)
    renames: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    local_imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    edits: dict[str, tuple[CellEdit, ...]] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)
    source_root: str = "src"
    bootstrap: bool = False
    others: tuple[str, ...] = ()

    def plan(self) -> Plan:
        """One extraction per imported name, with a site per notebook that imports it."""
        sites: dict[tuple[str, str], list[CallSite]] = {}
        kinds: dict[tuple[str, str], str] = {}
        for path, cells in self.before.items():
            for number, (old, new) in enumerate(zip(cells, self.after[path], strict=True), 1):
                if old == new or old.startswith("md:"):
                    continue
                for module, name, alias in _imported(new):
                    for top, line, end, kind in _bound(old, alias):
                        renames, ignored = self.renames.get(alias, ()), self.ignored.get(alias, ())
                        site = CallSite(path, number, f"c{number}", top, line, end, alias, renames, ignored)
                        sites.setdefault((module, name), []).append(site)
                        kinds[module, name] = kind
        extractions = tuple(
            Extraction(
                f"{name}-{module}", kinds[module, name], module, name, "", tuple(places),
                local_imports=self.local_imports.get(name, ()),
            )
            for (module, name), places in sites.items()
        )  # fmt: skip
        return Plan(PACKAGE, self.source_root, extractions, bootstrap=self.bootstrap)

    def changes(self) -> ChangeSet:
        """The bytes, before and after."""
        found: list[FileChange] = []
        for path, cells in self.before.items():
            old = notebook_bytes(cells, tags=self.tags)
            new = self.raw.get(path, notebook_bytes(self.after[path], tags=self.tags))
            if old != new:
                edits = self.edits.get(path, _edits(cells, self.after[path]))
                found.append(FileChange(path, old, new, edits))
        for path, text in self.modules.items():
            before = self.old_modules.get(path)
            found.append(
                FileChange(
                    path,
                    None if before is None else before.encode(),
                    text.encode(),
                    insertions=self.insertions.get(path, ()),
                )
            )
        return ChangeSet(tuple(sorted(found, key=lambda change: change.path)))

    def read(self, path: str) -> bytes | None:
        """The files as they stand on disk."""
        if path in self.unchanged:
            data = self.unchanged[path]
            return data.encode() if isinstance(data, str) else data
        if path in self.before:
            return notebook_bytes(self.before[path], tags=self.tags)
        return self.old_modules[path].encode() if path in self.old_modules else None

    def proof(self, plan: Plan | None = None) -> Proof:
        """What the verifier says."""
        return prove(self.changes(), plan or self.plan(), self.read, notebooks=self.others)


def told(proof: Proof) -> str:
    """The findings, one per line."""
    return "\n".join(f"{finding.check}: {finding.path} {finding.message}" for finding in proof.findings)


def _edits(before: Sequence[str], after: Sequence[str]) -> tuple[CellEdit, ...]:
    return tuple(
        CellEdit(number, f"c{number}", old, new)
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1)
        if old != new
    )


def _imported(source: str) -> list[tuple[str, str, str]]:
    try:
        tree = ast.parse(mask(source).python)
    except SyntaxError:
        return []
    return [
        (node.module, alias.name, alias.asname or alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE and node.module
        for alias in node.names
    ]


def _bound(source: str, name: str) -> list[tuple[int, int, int, str]]:
    found = []
    for node in ast.parse(mask(source).python).body:
        line = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        if isinstance(node, DEFINITIONS) and node.name == name:
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            found.append((line, line, node.end_lineno or line, kind))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            found.append((line, line, node.end_lineno or line, "constant"))
    return found
