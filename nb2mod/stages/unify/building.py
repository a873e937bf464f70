"""Source of one function or class → its terms. Scopes are numbered as they are entered, 0 is what lies outside."""

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from nb2mod.stages.unify import fstrings
from nb2mod.stages.unify.scoping import Scopes
from nb2mod.stages.unify.spans import Positions
from nb2mod.stages.unify.terms import Term, is_display, literal_of
from nb2mod.syntax.docstrings import split_docstring
from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode, body_scope, comprehension_names, import_name
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import SIGNATURE_READERS, called_name, code_names


class Builder(Scopes):
    """Makes terms while it walks; `_barrier` is why nothing below may become a parameter."""

    def __init__(self, root: FunctionNode | ast.ClassDef, text: str, positions: Positions) -> None:
        super().__init__(root, text, positions)
        self._global: frozenset[str] = frozenset()

    def root(self) -> Term:
        if isinstance(self._root, ast.ClassDef):
            return self._class(self._root, "root")
        return self._function(self._root, "root", keep=False)

    # definitions

    def _function(self, node: FunctionNode, role: str, *, keep: bool) -> Term:
        is_root = node is self._root
        term = self._term(type(node).__name__, node, role)
        outer, self._barrier = self._barrier, self._barrier or ("it is in a decorator" if is_root else "")
        term.kids += self._many(node.decorator_list, "decorator_list", term)
        self._barrier = "it is in the signature" if is_root and not outer else outer
        self._signature(node.args, term)
        self._barrier = outer
        scope = body_scope(node.body, node.args, walrus=self._walrus)
        term.label += f" {len(scope.declared_global)}"
        before = self._enter(scope.bound, keep=keep, free=scope.declared_global)
        globals_before, self._global = self._global, self._global | scope.declared_global
        if keep:
            seen = {parameter.arg for parameter in parameters_of(node.args)}
            for name in scope.bound - seen - self._kept:
                self._env[name] = (self._scopes, name)
        term.scope = self._scopes
        term.kids += [self._name(one.arg, one, "parameter", "it is a parameter") for one in parameters_of(node.args)]
        term.kids.append(self._suite(split_docstring(node.body)[1], "body"))
        self._leave(before)
        self._global = globals_before
        return term

    def _signature(self, arguments: ast.arguments, term: Term) -> None:
        counts = (len(arguments.posonlyargs), len(arguments.args), len(arguments.kwonlyargs))
        term.label += f" {counts}{bool(arguments.vararg)}{bool(arguments.kwarg)}"
        defaults = self._many(arguments.defaults, "defaults", term)
        for value in arguments.kw_defaults:
            term.label += " d" if value else " -"
            if value is not None:
                defaults.append(self._expr(value, "kw_defaults"))
        term.kids += defaults
        for default in defaults if term.node is self._root else ():
            if default.literal is not None:
                default.barrier = ""  # another literal may stand there; nothing else may

    def _class(self, node: ast.ClassDef, role: str) -> Term:
        """A class: its name shows in instances, and its body runs on its own terms; no parameter goes in."""
        outer, self._barrier = self._barrier, self._barrier or "it is inside a class"
        term = self._term(f"ClassDef {node.name}", node, role)
        if node is not self._root:
            term.kids.append(self._name(node.name, node, "name", "it is a class's name"))
        for field in ("decorator_list", "bases", "keywords"):
            term.kids += self._many(getattr(node, field), field, term)
        scope = body_scope(node.body, walrus=self._walrus)
        before = self._enter(scope.bound, is_class=True, free=scope.declared_global)
        term.kids.append(self._suite(split_docstring(node.body)[1], "body", methods=True))
        self._leave(before)
        self._barrier = outer
        return term

    def _lambda(self, node: ast.Lambda, role: str, *, keep: bool) -> Term:
        term = self._term("Lambda", node, role)
        self._signature(node.args, term)
        before = self._enter([one.arg for one in parameters_of(node.args)], keep=keep)
        term.scope = self._scopes
        term.kids += [self._name(one.arg, one, "parameter", "it is a parameter") for one in parameters_of(node.args)]
        term.kids.append(self._expr(node.body, "body"))
        self._leave(before)
        return term

    # statements

    def _suite(self, body: Sequence[ast.stmt], role: str, *, methods: bool = False) -> Term:
        statements = body or [ast.Pass(lineno=self._root.lineno, col_offset=0, end_lineno=None, end_col_offset=None)]
        term = Term(f"suite {len(statements)}", None, role, "it is a run of statements")
        term.kids = [self._statement(statement, "statement", method=methods) for statement in statements]
        return term

    def _statement(self, node: ast.stmt, role: str, *, method: bool = False) -> Term:
        if isinstance(node, FUNCTIONS):
            term = self._function(node, role, keep=not method and self._escapes(node.name))
            term.kids.insert(0, self._name(node.name, node, "name", "it is a function's name"))
            return term
        if isinstance(node, ast.ClassDef):
            return self._class(node, role)
        term = self._term(type(node).__name__, node, role)
        if isinstance(node, ast.Assign):
            self._assign(node.value, node.targets, term)
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            term.label = "Assign"
            self._assign(node.value, [node.target], term)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node, term)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            term.kids = [self._name(name, node, "names", "it is declared") for name in node.names]
            term.label += f" {len(node.names)}"
        elif isinstance(node, ast.Delete):
            targets = list(node.targets)
            while len(targets) == 1 and isinstance(targets[0], ast.Tuple) and targets[0].elts:
                targets = list(targets[0].elts)
            term.kids = self._many(targets, "targets", term)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            self._behind("it is a text that nothing reads", node, term)
        elif isinstance(node, ast.AnnAssign):
            self._behind("it is beside an annotation", node, term)
        else:
            self._fields(node, term)
        return term

    def _assign(self, value: ast.expr, targets: list[ast.expr], term: Term) -> None:
        target = targets[0]
        if isinstance(value, ast.Lambda) and isinstance(target, ast.Name) and len(targets) == 1:
            term.kids.append(self._lambda(value, "value", keep=self._escapes(target.id)))
        else:
            term.kids.append(self._expr(value, "value"))
        term.kids += self._many(targets, "targets", term)

    def _import(self, node: ast.Import | ast.ImportFrom, term: Term) -> None:
        origin = "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            dotted = isinstance(node, ast.Import) and alias.asname is None and "." in alias.name
            term.label += f" {origin} {alias.name} {dotted}"
            name = import_name(alias) if isinstance(node, ast.Import) else alias.asname or alias.name
            term.kids.append(self._name(name, node, "names", "it is imported"))

    def _behind(self, barrier: str, node: ast.AST, term: Term) -> None:
        outer, self._barrier = self._barrier, self._barrier or barrier
        self._fields(node, term)
        self._barrier = outer

    # expressions

    def _expr(self, node: ast.AST, role: str) -> Term:
        if isinstance(node, ast.Name):
            barrier = "" if isinstance(node.ctx, ast.Load) else "it is assigned to"
            term = self._name(node.id, node, role, barrier or ("it is declared global" * (node.id in self._global)))
            term.label += type(node.ctx).__name__
            return term
        if isinstance(node, ast.Lambda):
            return self._lambda(node, role, keep=True)
        term = self._term(type(node).__name__, node, role)
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            term.barrier = term.barrier or "it is assigned to"
        if isinstance(node, ast.expr):
            term.literal = literal_of(node)
            term.display = term.literal is None and is_display(node)
        if isinstance(node, ast.Constant):
            constant = node.value
            term.label += f" {type(constant).__name__} {hex(constant) if type(constant) is int else repr(constant)}"
        elif isinstance(node, ast.Call):
            self._call(node, term)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            self._comprehension(node, term)
        elif isinstance(node, ast.JoinedStr):
            self._fstring(node, term)
        elif type(node).__name__ == "TemplateStr":
            self._behind("it is inside a template string", node, term)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                term.label += " k" if key else " **"
                term.kids += [self._expr(key, "keys")] if key else []
                term.kids.append(self._expr(value, "values"))
        elif isinstance(node, ast.pattern):
            self._pattern(node, term)
        else:
            self._fields(node, term)
        return term

    def _call(self, node: ast.Call, term: Term) -> None:
        term.kids.append(self._expr(node.func, "func"))
        hides = called_name(node) in SIGNATURE_READERS
        outer = self._barrier
        if any(True for _ in code_names(node)):
            self._barrier = outer or "it is a text whose code reads names"
        term.label += f" {len(node.args)} {len(node.keywords)}"
        term.kids += [self._argument(argument, "args", keep=hides) for argument in node.args]
        recursive = (
            isinstance(node.func, ast.Name) and node.func.id == self._root.name and node.func.id not in self._env
        )
        for keyword in node.keywords:
            kid = self._term(f"keyword {keyword.arg}", keyword, "keywords")
            if recursive and keyword.arg in self._own and keyword.arg not in self._kept:
                kid.label = "keyword"
                own = Term("Name", None, "arg", "it is a parameter")
                own.binding = (1, keyword.arg or "")
                kid.kids.append(own)
            kid.kids.append(self._argument(keyword.value, "value", keep=hides))
            term.kids.append(kid)
        self._barrier = outer

    def _argument(self, node: ast.expr, role: str, *, keep: bool) -> Term:
        return self._lambda(node, role, keep=keep) if isinstance(node, ast.Lambda) else self._expr(node, role)

    def _comprehension(self, node: Any, term: Term) -> None:
        first = node.generators[0]
        term.label += f" {len(node.generators)}"
        term.kids.append(self._expr(first.iter, "first"))
        before = self._enter(comprehension_names(node.generators))
        term.scope = self._scopes
        for generator in node.generators:
            kid = self._term(f"for {generator.is_async}", generator, "generators")
            kid.kids.append(self._expr(generator.target, "target"))
            if generator is not first:
                kid.kids.append(self._expr(generator.iter, "iter"))
            kid.kids += self._many(generator.ifs, "ifs", kid)
            term.kids.append(kid)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        term.kids += [self._expr(part, "elt") for part in parts]
        self._leave(before)

    def _fstring(self, node: ast.JoinedStr, term: Term) -> None:
        """Texts and fields by turns, so that a text on one side only stands beside an empty one on the other."""
        start, end = term.span
        parts = None if self._barrier else fstrings.parts_of(node, self._text, start, end)
        texts, fields = fstrings.values_of(node)
        inner = [self._inside(parts, number, fields) for number in range(len(fields))] if parts else []
        if parts is None or any(one is None for one in inner):
            self._behind("it is inside an f-string that can't be taken apart", node, term)
            return
        term.label += f" {len(fields)}"
        for number, text in enumerate(texts):
            kid = Term(f"Constant str {text!r}", ast.Constant(text), "text")
            kid.literal = f"str:{text!r}"
            kid.span = parts.texts[number][:2]
            kid.barrier = "" if parts.texts[number].whole else "it is a text in several pieces"
            term.kids.append(kid)
            if number < len(fields):
                term.kids.append(self._field(fields[number], inner[number], parts.fields[number]))

    def _field(self, node: ast.FormattedValue, inner: Any, place: fstrings.Field) -> Term:
        """One field, whose expression is read again by itself, for its positions."""
        term = self._term(f"FormattedValue {node.conversion} {node.format_spec is not None}", node, "values")
        outer, positions = self._span, Positions(f"({self._text[place.start : place.end]})")
        shift = place.start - 1

        def shifted(one: ast.expr | ast.stmt | ast.excepthandler | ast.pattern) -> tuple[int, int]:
            start, end = positions.span(one)
            return start + shift, end + shift

        self._span = shifted
        term.kids.append(self._expr(inner, "value"))
        self._span = outer
        if node.format_spec is not None:
            before, self._barrier = self._barrier, self._barrier or "it is the format of a field"
            spec = Term("format", None, "format_spec", self._barrier)
            self._fields(node.format_spec, spec)
            term.kids.append(spec)
            self._barrier = before
        return term

    def _inside(self, parts: fstrings.Parts, number: int, fields: list[ast.FormattedValue]) -> ast.expr | None:
        place = parts.fields[number]
        try:
            tree = ast.parse(f"({self._text[place.start : place.end]})", mode="eval")
        except (SyntaxError, ValueError):
            return None
        return tree.body if ast.dump(tree.body) == ast.dump(fields[number].value) else None

    def _pattern(self, node: ast.AST, term: Term) -> None:
        outer, self._barrier = self._barrier, self._barrier or "it is a pattern"
        names = [getattr(node, field, None) for field in ("name", "rest")]
        for field in ("name", "rest"):
            if hasattr(node, field):
                term.label += f" {getattr(node, field) is not None}"
        term.kids += [self._name(name, node, "name", "it is a pattern") for name in names if name]
        self._fields(node, term, skipped=("name", "rest"))
        self._barrier = outer

    # what all share

    def _fields(
        self, node: ast.AST, term: Term, skipped: tuple[str, ...] = ("type_comment", "kind", "type_params")
    ) -> None:
        for field in node._fields:
            if field in skipped:
                continue
            value = getattr(node, field, None)
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                term.label += f" {field}"
                term.kids.append(self._suite(value, field))
            elif isinstance(value, list):
                if all(isinstance(item, ast.AST) for item in value) and not (value and isinstance(value[0], ast.cmpop)):
                    term.kids += self._many(value, field, term)
                else:
                    term.label += " " + ",".join(type(i).__name__ if isinstance(i, ast.AST) else repr(i) for i in value)
            elif isinstance(value, ast.AST) and value._fields:
                term.label += " +"
                term.kids.append(self._expr(value, field))
            elif isinstance(value, ast.AST):
                term.label += "" if isinstance(value, ast.expr_context) else f" {type(value).__name__}"
            elif isinstance(node, ast.ExceptHandler) and field == "name":
                term.label += f" {value is not None}"
                term.kids += [self._name(value, node, "name", "it is bound")] if value else []
            else:
                term.label += f" {value!r}"

    def _many(self, nodes: Iterable[ast.AST], role: str, term: Term) -> list[Term]:
        kids = [self._statement(n, role) if isinstance(n, ast.stmt) else self._expr(n, role) for n in nodes]
        term.label += f" [{len(kids)}"
        return kids
