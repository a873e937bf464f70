"""What a walk over a cell has found so far, and whether a name it meets belongs to the notebook. Walking is `reader.py`'s."""

import ast

from nb2mod.model import Binding, BindKind, Statement, Use, UseKind
from nb2mod.syntax.literals import literal_text
from nb2mod.syntax.scopes import FunctionNode, import_name

_NOTHING: frozenset[str] = frozenset()


class Recorder:
    """The findings. `hidden` are names of an enclosing function, class or comprehension."""

    def __init__(self, source: str) -> None:
        self.has_walrus = ":=" in source
        self.statements: list[Statement] = []
        self.bindings: list[Binding] = []
        self.uses: list[Use] = []
        self.definitions: list[tuple[FunctionNode | ast.ClassDef, int, bool]] = []
        self.keywords: set[str] = set()
        self.strings: set[str] = set()
        self.future: list[str] = []
        self.modules: set[str] = set()  # top-level names of everything imported, inside functions too
        self.any_name = False
        self.any_name_later = False
        self.looked_at: list[ast.AST] = []  # expressions whose value is only read: globals()["x"], "x" in globals()
        self.hidden = _NOTHING
        self.function_hidden = _NOTHING
        self.owner = -1
        self.statement = -1
        self.deferred = False
        self.certain = True
        self.inside = False  # inside a function or class: stores bind there, not in the notebook

    # recording

    def use(self, name: str, kind: UseKind, line: int, detail: str = "") -> None:
        if name not in self.hidden:
            self.uses.append(Use(name, kind, line, detail, self.owner, self.deferred, self.statement))

    def bind(self, name: str, kind: BindKind, line: int, target: str = "", owner: int = -1, text: str = "") -> None:
        if not self.inside or kind is BindKind.DECLARED:
            self.bindings.append(Binding(name, kind, line, self.certain, target, owner, self.statement, text))

    def bind_value(self, name: str, value: ast.expr, line: int) -> None:
        if self.inside or name in self.hidden:
            return
        text = literal_text(value)
        if text is None:
            self.bind(name, BindKind.ASSIGN, line, "lambda" if type(value) is ast.Lambda else "")
        else:
            self.bind(name, BindKind.LITERAL, line, text)

    def namespace(self, node: ast.Call, name: str) -> None:
        """A call that gives the notebook's names, or runs code among them. Inside a function locals() are its own."""
        elsewhere = self.inside and name in ("vars", "locals")
        # vars(x) looks at x alone, exec(text, names) writes to `names` alone.
        own = (name == "vars" and node.args) or (name == "exec" and (len(node.args) > 1 or node.keywords))
        if elsewhere or own or node in self.looked_at:
            return
        if self.deferred:
            self.any_name_later = True
        else:
            self.any_name = True

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            name = import_name(alias)
            self.modules.add(alias.name.partition(".")[0])
            target = alias.name if alias.asname else name
            text = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            self.bind(name, BindKind.IMPORT, node.lineno, target, text=text)

    def import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        if not node.level:
            self.modules.add(module.partition(".")[0])
        if module == "__future__":
            self.future.extend(alias.name for alias in node.names)
        for alias in node.names:
            if alias.name == "*":
                self.bind("*", BindKind.STAR, node.lineno, module, text=f"from {module} import *")
                continue
            text = f"from {module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            joint = "" if module.endswith(".") else "."
            self.bind(
                alias.asname or alias.name, BindKind.IMPORT, node.lineno, f"{module}{joint}{alias.name}", text=text
            )
