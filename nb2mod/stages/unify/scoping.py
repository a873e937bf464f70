"""Names of one definition while it is walked: which binding each has, and which keep their spelling because it is seen.

The rules are those of `syntax.numbering`; here a binding is told by its scope and its name instead of a number.
"""

import ast
from collections.abc import Callable, Iterable

from nb2mod.stages.unify.spans import Positions, Span
from nb2mod.stages.unify.terms import FREE, KEPT, Binding, Term
from nb2mod.syntax.scopes import FunctionNode
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import escaping_names, seen_names

_Env = dict[str, Binding | None]
_Spanned = ast.expr | ast.stmt | ast.excepthandler | ast.pattern


class Scopes:
    """Makes terms with their place, their name's binding, and `_barrier`: why nothing below may become a parameter."""

    def __init__(self, root: FunctionNode | ast.ClassDef, text: str, positions: Positions) -> None:
        self._root = root
        self._text = text
        self._span: Callable[[_Spanned], Span] = positions.span
        self._walrus = ":=" in text
        self._kept = seen_names(root, text)
        own = () if isinstance(root, ast.ClassDef) else parameters_of(root.args)
        self._own = frozenset(parameter.arg for parameter in own)
        self._escaping: frozenset[str] | None = None
        self._env: _Env = {}
        self._function_env = self._env
        self._scopes = 0
        self._barrier = ""
        self.recursive = False

    def _term(self, label: str, node: ast.AST, role: str) -> Term:
        term = Term(label, node, role, self._barrier)
        if isinstance(node, ast.match_case):
            term.span = self._span(node.pattern)
        elif isinstance(node, _Spanned):
            term.span = self._span(node)
            if first := getattr(node, "decorator_list", None):
                term.span = (self._text.rfind("@", 0, self._span(first[0])[0]), term.span[1])
        return term

    def _name(self, name: str, node: ast.AST, role: str, barrier: str) -> Term:
        term = self._term("Name ", node, role)
        term.barrier = term.barrier or barrier
        if name in self._env:
            binding = self._env[name]
            if binding is None:
                term.label += f"={name} "
            term.binding = binding or (KEPT, name)
        elif name == self._root.name:
            self.recursive = True
            term.label += "@self "
            term.binding = (KEPT, name)
            term.barrier = "it is the definition's own name"
        else:
            term.binding = (FREE, name)
        return term

    def _escapes(self, name: str) -> bool:
        if self._escaping is None:
            self._escaping = escaping_names(self._root)
        return name in self._escaping

    def _enter(
        self, names: Iterable[str], *, keep: bool = False, is_class: bool = False, free: Iterable[str] = ()
    ) -> tuple[_Env, _Env]:
        before = (self._env, self._function_env)
        self._scopes += 1
        env = dict(self._function_env)
        for name in free:
            env.pop(name, None)
        inner = dict(env)
        for name in names:
            seen = keep or is_class or name in self._kept
            inner[name] = None if seen else (self._scopes, name)
        self._env = inner
        self._function_env = env if is_class else inner
        return before

    def _leave(self, before: tuple[_Env, _Env]) -> None:
        self._env, self._function_env = before
