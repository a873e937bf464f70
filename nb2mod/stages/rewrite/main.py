"""The function `main` of a module that a notebook became: its steps in the notebook's order, its parameters as arguments.

It says what the notebook says, statement by statement, so it does the same whenever each name in it means the same. Where that
can't be shown there is no `main`, and the reason is told.
"""

import ast
import builtins
import symtable
from collections.abc import Iterator, Mapping

from msgspec import Struct

from nb2mod.model import Features, Parameter, Reason
from nb2mod.stages.rewrite.imports import Alias, read_imports
from nb2mod.stages.rewrite.main_parameters import parameter_of
from nb2mod.stages.rewrite.main_setting_up import set_up_too_late
from nb2mod.stages.rewrite.main_statements import CODE, Moved, Piece, Place, Reading, Site, pieces_of
from nb2mod.stages.rewrite.main_text import function_lines, guard
from nb2mod.syntax import parse

_SYS, _SHOW = "import sys", "sys.displayhook"
_DISPLAY = "from IPython.display import display"
_PYPLOT = "from matplotlib import pyplot"
_NAMES = ("main", "run_notebook")
# They look at the names around them, and those of a function are others.
_LOOKS_AROUND = frozenset(("globals", "locals", "vars", "dir", "eval", "exec"))
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"__import__", "__debug__"}


class Driver(Struct, frozen=True):
    """What `main` is made from: a notebook in which all that moves stands as functions and calls.

    `constants` are the statements that give it its parameters. `moved`: statements that became names of modules. `names` are the
    functions and constants of the module, `imports` the import statements at its head, `silent` steps that give nothing back.
    """

    features: Features
    module: str
    constants: tuple[Place, ...]
    moved: Mapping[Site, Moved]
    names: frozenset[str]
    imports: tuple[str, ...]
    silent: frozenset[str] = frozenset()


class Main(Struct, frozen=True):
    """`text` is the function with what runs it as a script, "" when there is none: then `refused` says why. `imports` are what
    it needs at the head of the module. `inside` and `left_out` as in `Whole`.
    """

    text: str = ""
    imports: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    inside: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    refused: tuple[Reason, ...] = ()
    name: str = ""


def main_of(driver: Driver) -> Main:
    """The function, or why there is none."""
    reading = pieces_of(driver.features, driver.constants, driver.moved, driver.silent)
    refused = [*reading.refused, *set_up_too_late(reading.pieces, driver.imports)]
    name = next((name for name in _NAMES if name not in driver.names), "")
    if not name:
        refused.append(
            Reason(CODE, f"the module has {' and '.join(f'`{taken}`' for taken in _NAMES)} of its own", "note")
        )
    if refused:
        return Main(refused=tuple(refused))
    main = _Writer(driver, reading, name).main()
    why = _unlike(main, driver)
    if why:
        return Main(refused=(Reason(CODE, why, "note"),))
    return main


class _Writer:
    """Turns pieces into the lines of the function."""

    def __init__(self, driver: Driver, reading: Reading, name: str) -> None:
        self.driver = driver
        self.reading = reading
        self.name = name
        self.head = read_imports((*driver.imports, _SYS)).aliases
        self.parameters: list[Parameter] = []
        self.inside: list[tuple[str, str]] = []
        self.lines: list[str] = []
        self.shows = False
        self.headed = False  # the last line is a heading that nothing stands under yet

    def main(self) -> Main:
        pieces = self.reading.pieces
        read = _read_in(piece.text for piece in pieces if piece.kind not in ("heading", "import", "moved"))
        bound: set[str] = set()
        for piece in pieces:
            self._piece(piece, read, bound)
            bound.update(_stored(piece))
        if self.headed:
            self.lines.pop()
        needed = [_DISPLAY] if "display" in read and "display" not in bound else []
        if any(piece.kind == "figures" and not piece.text for piece in pieces):
            needed.append(_PYPLOT)
        documented = f"Do what {self.driver.features.path} does, from top to bottom."
        text = function_lines(self.name, self.parameters, documented, [*needed, *self.lines])
        return Main(
            text="\n".join([*text, "", "", *guard(self.name)]) + "\n",
            imports=(_SYS,) if self.shows or "sys" in read else (),
            parameters=tuple(self.parameters),
            inside=tuple(self.inside),
            left_out=self.reading.left_out,
            name=self.name,
        )

    def _piece(self, piece: Piece, read: frozenset[str], bound: set[str]) -> None:
        if piece.kind == "heading":
            if self.headed:
                self.lines.pop()
            self.lines.append(piece.text)
            self.headed = True
            return
        count = len(self.lines)
        if piece.kind == "shown":
            self.shows = True
            self.lines += f"{_SHOW}({piece.text})".split("\n")
        elif piece.kind == "import":
            self.lines += self._import(piece, read)
        elif piece.kind == "moved" and piece.moved is not None:
            self.lines += self._brought(piece.moved)
        elif piece.kind == "constant":
            self._constant(piece, bound)
        elif piece.kind == "figures":
            self._figures(piece.text or "pyplot")
        else:
            self.inside += [(name, "its value is computed") for name in _stored(piece) if piece.kind == "computed"]
            self.lines += piece.text.split("\n")
        self.headed = self.headed and len(self.lines) == count

    def _figures(self, pyplot: str) -> None:
        """The end of a cell that draws."""
        show = f"{pyplot}.show()"
        if not self.lines or self.lines[-1] != show:
            self.lines.append(show)
        self.lines.append(f'{pyplot}.close("all")')

    def _constant(self, piece: Piece, bound: set[str]) -> None:
        """An argument, or a line of the function."""
        name = next(iter(_stored(piece)))
        taken = [one.option for one in self.parameters]
        again = name in bound or name in [one.name for one in self.parameters]
        made = "it is bound twice" if again else parameter_of(piece.nodes[0], piece.comment, taken)
        if isinstance(made, Parameter):
            self.parameters.append(made)
            if made.type.startswith("list"):
                self.lines.append(f"{name} = list({name})  # the default is one list for all calls")
        else:
            self.inside.append((name, made))
            self.lines += piece.text.split("\n")

    def _import(self, piece: Piece, read: frozenset[str]) -> Iterator[str]:
        """What the module's head does not bring, and what nothing reads but may be there for what it does."""
        node = piece.nodes[0]
        assert isinstance(node, ast.Import | ast.ImportFrom)
        module = None if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
        for alias in node.names:
            one = Alias(module, alias.name, alias.asname)
            known = any(one.binding == other.binding for other in self.head)
            if not known and (one.binding[0] in read or not self._is_read_by_steps(one.binding[0])):
                name = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
                yield f"import {name}" if module is None else f"from {module} import {name}"

    def _is_read_by_steps(self, name: str) -> bool:
        return any(use.name == name for cell in self.driver.features.cells for use in cell.facts.uses)

    def _brought(self, moved: Moved) -> Iterator[str]:
        """Nothing for what the module has under the same name."""
        there = Alias(moved.module, moved.name, None if moved.name == moved.bound else moved.bound)
        if any(there.binding == other.binding for other in self.head):
            return
        if moved.module != self.driver.module:
            alias = "" if moved.name == moved.bound else f" as {moved.bound}"
            yield f"from {moved.module} import {moved.name}{alias}"
        elif moved.name != moved.bound:
            yield f"{moved.bound} = {moved.name}"


def _read_in(texts: Iterator[str]) -> frozenset[str]:
    """Names that the texts read, in strings that may be code too."""
    found: set[str] = set()
    for text in texts:
        for node in ast.walk(parse(text)):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 1000:
                found.update(word for word in node.value.replace("@", " ").split() if word.isidentifier())
    return frozenset(found)


def _stored(piece: Piece) -> list[str]:
    return [
        inner.id
        for node in piece.nodes
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    ]


# What keeps a function from being the notebook.


def _unlike(main: Main, driver: Driver) -> str:
    """Why a name would mean something else in the function than in the notebook, in words; "" when none does."""
    try:
        tree = parse(main.text)
        table = symtable.symtable(main.text, "<main>", "exec")
        compile(main.text, "<main>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"what is left of the notebook is no function: {getattr(error, 'msg', error)}"
    function = next(child for child in table.get_children() if child.get_name() == main.name)
    head = {alias.binding[0] for alias in read_imports((*driver.imports, *main.imports)).aliases}
    known = driver.names | head
    for name in sorted(_read_outside(function)):
        if name not in known and name not in _BUILTINS:
            return f"`{name}` is bound nowhere but in the notebook"
        if name in _LOOKS_AROUND:
            return f"`{name}` looks at the names around it, and those of a function are others"
    node = tree.body[0]
    assert isinstance(node, ast.FunctionDef)
    local = {symbol.get_name() for symbol in function.get_symbols() if symbol.is_local()}
    return _bound_late(node, frozenset(local & (known | _BUILTINS)))


def _read_outside(table: symtable.SymbolTable) -> set[str]:
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and not symbol.is_local()}
    return found.union(*(_read_outside(child) for child in table.get_children()))


def _bound_late(function: ast.FunctionDef, doubtful: frozenset[str]) -> str:
    """Why a local name that means something outside of the function too may be read before it is bound; "" when none is."""
    bound: set[str] = {argument.arg for argument in function.args.args}
    for statement in function.body:
        own = [inner for inner in ast.walk(statement) if isinstance(inner, ast.Name) and inner.id in doubtful - bound]
        read = next((inner.id for inner in own if not isinstance(inner.ctx, ast.Store)), None)
        if read is not None:
            return f"`{read}` is bound by the notebook, and means something else before"
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.With):
            bound |= {inner.id for inner in own}
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    return ""
