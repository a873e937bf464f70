"""Notebooks and modules as the verifier reads them: from bytes, by `json` and `ast`. One cell of a notebook is `cells.py`'s.

A view is of one side of a change, before or after. Nothing is compared here.
"""

import ast
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nb2mod.stages.verify.proof.bindings import PYLAB_STARS, Binding, Place, bindings_of, star_of
from nb2mod.stages.verify.proof.cells import CellView, StatementReads, parsed
from nb2mod.stages.verify.proof.looks import only_held
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.unseen import Unseen, unseen_in, worth_reading


class Unreadable(Exception):
    """The bytes are no notebook or module that can be read. Caught where a view is made; the message becomes a finding."""


@dataclass(frozen=True, eq=False)
class NotebookView:
    """One notebook on one side of the change."""

    path: str
    cells: tuple[CellView, ...]

    @property
    def folder(self) -> str:
        """The folder it stands in, relative to the root; "" for the root."""
        return self.path.rpartition("/")[0]

    @cached_property
    def statements(self) -> tuple[tuple[CellView, int, ast.stmt], ...]:
        """(cell, index in the cell, statement) of all statements that parse, in the order they run."""
        return tuple((cell, index, node) for cell in self.cells for index, node in enumerate(cell.tree or ()))

    @cached_property
    def reads(self) -> tuple[StatementReads, ...]:
        """(place, statement, names it reads from the notebook's level) of all statements, in order."""
        return tuple(one for cell in self.cells for one in cell.reads)

    @cached_property
    def text(self) -> str:
        """All code as text, to be searched for words."""
        return "\n".join(cell.source for cell in self.cells if cell.kind == "code")

    @cached_property
    def _nodes(self) -> tuple[ast.AST, ...]:
        return tuple(node for _, _, statement in self.statements for node in all_nodes(statement))

    @cached_property
    def stored_attributes(self) -> frozenset[str]:
        """Every attribute that the code sets or deletes."""
        found = (node for node in self._nodes if isinstance(node, ast.Attribute))
        return frozenset(node.attr for node in found if isinstance(node.ctx, (ast.Store, ast.Del)))

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Attributes, imports, and names that the notebook does not define itself."""
        names = {node.id for node in self._nodes if isinstance(node, ast.Name)}
        names -= {name for name, found in self.bindings.items() if all(each.kind != "import" for each in found)}
        for node in self._nodes:
            match node:
                case ast.Attribute(attr=name) | ast.ImportFrom(module=str(name)):
                    names.add(name)
                case ast.alias(name=name):
                    names.add(name.rpartition(".")[2])
        return frozenset(names)

    @cached_property
    def readers(self) -> dict[str, tuple[StatementReads, ...]]:
        """Name → those of `reads` that read it, in order."""
        found: dict[str, list[StatementReads]] = {}
        for one in self.reads:
            for name in {read.name for read in one[2]}:
                found.setdefault(name, []).append(one)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def leading(self) -> dict[str, frozenset[str]]:
        """Name → the definitions that read it."""
        return {
            name: frozenset(node.name for _, node, _ in found if isinstance(node, DEFINITIONS))
            for name, found in self.readers.items()
        }

    @cached_property
    def runs(self) -> dict[str, tuple[Place, ...]]:
        """Name → the places, in order, where a statement that runs may run what the name is bound to.

        A definition only waits to run what it holds, see `only_held`.
        """
        own = {name for name, found in self.bindings.items() if any(each.kind != "import" for each in found)}
        found: dict[str, list[Place]] = {}
        for place, node, there in self.reads:
            held = only_held(node, there, own)
            for name in {read.name for read in there if id(read.node) not in held}:
                found.setdefault(name, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def read_by_magics(self) -> tuple[tuple[int, frozenset[str]], ...]:
        """(index of the cell, names) for each magic that reads names."""
        return tuple(
            (cell.index, frozenset(magic.reads))
            for cell in self.cells
            if cell.kind == "code"
            for magic in cell.masked.magics
            if magic.reads
        )

    @cached_property
    def dotted_imports(self) -> frozenset[str]:
        """`a.b` for every `import a.b` at the notebook's level: whoever reads `a` can reach it."""
        imports = (each.statement for found in self.bindings.values() for each in found if each.kind == "import")
        names = (alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names)
        return frozenset(name for name in names if "." in name)

    @cached_property
    def bindings(self) -> dict[str, tuple[Binding, ...]]:
        """Name → its bindings at the notebook's level, in order."""
        found: dict[str, list[Binding]] = {}
        for binding in (one for cell in self.cells for one in cell.bindings):
            found.setdefault(binding.name, []).append(binding)
        return {name: tuple(sorted(places, key=lambda each: each.place)) for name, places in found.items()}

    @cached_property
    def unseen(self) -> tuple[Unseen, ...]:
        """What its cells may bind without spelling the name, in order."""
        return tuple(one for cell in self.cells for one in cell.unseen)

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Names that one statement binds to a number, a text or a tuple and nothing else may bind, with that."""
        found = {name: each[0].value for name, each in self.bindings.items() if len(each) == 1 and each[0].certain}
        return {
            name: value
            for name, value in found.items()
            if isinstance(value, (ast.Constant, ast.Tuple)) and not any(one.may_bind(name) for one in self.unseen)
        }

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules star-imported anywhere in the notebook, in order, each once."""
        found = [star_of(node) for cell, _, node in self.statements if "*" in cell.source]
        magics = (magic for cell in self.cells if cell.kind == "code" for magic in cell.masked.magics)
        pylab = any(magic.name == "pylab" and "--no-import-all" not in magic.text for magic in magics)
        return tuple(dict.fromkeys([*(star for star in found if star is not None), *(PYLAB_STARS if pylab else ())]))

    def magics(self, cell: CellView) -> tuple[str, ...]:
        """Names of the magics in a cell."""
        return tuple(magic.name for magic in cell.masked.magics) if cell.kind == "code" else ()

    def futures(self, place: Place) -> frozenset[str]:
        """Future features in force for a statement: IPython keeps them from cell to cell."""
        return frozenset(name for earlier, names in self._futures if earlier <= place for name in names)

    @cached_property
    def _futures(self) -> tuple[tuple[Place, frozenset[str]], ...]:
        found = (((cell.index, index), futures_in((node,))) for cell, index, node in self.statements)
        return tuple(one for one in found if one[1])


@dataclass(frozen=True, eq=False)
class ModuleView:
    """One module of the package on one side of the change. `name` is dotted, without `__init__`."""

    name: str
    path: str
    text: str
    body: tuple[ast.stmt, ...]

    @property
    def package(self) -> str:
        """Where relative imports start."""
        is_package = self.path.endswith("__init__.py")
        return self.name if is_package else self.name.rpartition(".")[0]

    @cached_property
    def bindings(self) -> dict[str, tuple[Binding, ...]]:
        """Name → its bindings at the module's level, in order."""
        found: dict[str, list[Binding]] = {}
        for index, node in enumerate(self.body):
            for binding in bindings_of(node, (0, index), self.package):
                found.setdefault(binding.name, []).append(binding)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def unseen(self) -> tuple[Unseen, ...]:
        """What its statements may bind without spelling the name, in order."""
        body = self.body if worth_reading(self.text) else ()
        return tuple(one for index, node in enumerate(body) for one in unseen_in(node, (0, index)))

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules star-imported, in order, each once."""
        found = [star_of(node, self.package) for node in self.body]
        return tuple(dict.fromkeys(star for star in found if star is not None))

    @cached_property
    def loaded(self) -> frozenset[str]:
        """Modules that its imports, wherever they stand in a statement, load: for certain or maybe."""
        found: set[str] = set()
        for node in (inner for statement in self.body for inner in all_nodes(statement)):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
        return frozenset(found)

    @cached_property
    def futures(self) -> frozenset[str]:
        """Future features of the module."""
        return futures_in(self.body)


def read_notebook(path: str, data: bytes) -> NotebookView:
    """The cells of a version 4 notebook, from its bytes. Raises Unreadable."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
        cells = document["cells"]
        views = tuple(_cell(number, cell) for number, cell in enumerate(cells, start=1))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"no notebook of format 4 can be read from it ({type(error).__name__}: {error})") from error
    return NotebookView(path, views)


def read_module(name: str, path: str, data: bytes) -> ModuleView:
    """A module from its bytes. Raises Unreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8: {error}") from error
    body = parsed(text)
    if body is None:
        raise Unreadable("it is no Python that parses")
    return ModuleView(name, path, text, tuple(body))


def futures_in(statements: list[ast.stmt] | tuple[ast.stmt, ...]) -> frozenset[str]:
    """Names imported from __future__."""
    return frozenset(
        alias.name
        for node in statements
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level
        for alias in node.names
    )


def _cell(number: int, cell: dict[str, Any]) -> CellView:
    source = cell.get("source", "")
    metadata = cell.get("metadata") or {}
    tags = tuple(tag for tag in metadata.get("tags", ()) if isinstance(tag, str))
    grader = metadata.get("nbgrader")
    graded = isinstance(grader, dict) and any(grader.get(key) for key in ("grade", "locked", "solution", "task"))
    locked = graded or metadata.get("editable") is False
    return CellView(number, cell["cell_type"], source if isinstance(source, str) else "".join(source), tags, locked)
