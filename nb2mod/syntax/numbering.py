"""Names as a shape writes them: bindings numbered in order of first appearance, free names as slots, seen names as they are."""

import ast
from collections.abc import Iterable

from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import escaping_names, seen_names


class Numbering:
    """Tokens and names of one definition. `env` maps a visible local name to its binding, numbered when first met."""

    def __init__(self, root: FunctionNode | ast.ClassDef, text: str) -> None:
        self.walrus = ":=" in text
        self.own_name = root.name
        self.own_parameters = (
            frozenset(parameter.arg for parameter in parameters_of(root.args))
            if isinstance(root, FUNCTIONS)
            else frozenset()
        )
        self.tokens: list[str] = []
        self.starts: list[int] = []  # where among the tokens a statement begins
        self.spellings: list[str] = []
        self.slots: dict[str, int] = {}
        self.params: list[str] = []
        self.nodes = 0
        self.statements = 0
        self.numbers: dict[tuple[int, str], int] = {}
        self.scopes = 0
        self.env: dict[str, tuple[int, str] | None] = {}
        self.function_env = self.env  # what nested functions see: class bodies are left out
        self.kept = seen_names(root, text)
        self.root = root
        self._escaping: frozenset[str] | None = None

    def escapes(self, name: str) -> bool:
        """Whether a nested function of that name is read other than by plain calls, so that its parameters could be seen."""
        if self._escaping is None:
            self._escaping = escaping_names(self.root)
        return name in self._escaping

    # names

    def name(self, name: str) -> None:
        self.spellings.append(name)
        if name in self.env:
            key = self.env[name]
            if key is None:
                self.tokens.append("=" + name)
            else:
                self.tokens.append(f"v{self.numbers.setdefault(key, len(self.numbers))}")
        elif name == self.own_name:
            self.tokens.append("@self")
        else:
            self.free(name)

    def free(self, name: str) -> None:
        """A name from outside the definition."""
        self.tokens.append(f"g{self.slots.setdefault(name, len(self.slots))}")

    def enter(
        self, names: Iterable[str], *, keep: bool = False, is_class: bool = False, free: Iterable[str] = ()
    ) -> object:
        """Opens a scope on top of what functions inside see; returns what `leave` needs."""
        before = (self.env, self.function_env)
        self.scopes += 1
        env = dict(self.function_env)
        for name in free:
            env.pop(name, None)
        inner = dict(env)
        for name in names:
            seen = keep or is_class or name in self.kept
            inner[name] = None if seen else (self.scopes, name)
        self.env = inner
        self.function_env = env if is_class else inner
        return before

    def leave(self, before: object) -> None:
        self.env, self.function_env = before  # type: ignore[misc]
