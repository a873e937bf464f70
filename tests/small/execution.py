"""Runs the cells of a small notebook as IPython does, in this process, and tells what a person would see.

Each run has modules of its own. What a function is, is told by its constants: each program has its own. A function
imported from the package is the function that stood in the notebook.
"""

import ast
import builtins
import re
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, NamedTuple

PACKAGE = "team"
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
# A call that passes too much is refused in other words by a function that has got a parameter of its own.
_TOO_MUCH = re.compile(r"(takes (?:from )?\d[\w ]* positional arguments? but \d+) .*?given")


class Seen(NamedTuple):
    """What a run shows: per cell what was printed and displayed, the error that ended it, the names left and their values.

    `asked`: what each function that is left gives when it is called at the prompt, with and without an argument, and what
    those in its answers give.
    """

    cells: tuple[tuple[str, ...], ...]
    error: str
    names: dict[str, str]
    asked: dict[str, tuple[str, ...]]


def run(
    cells: Sequence[str],
    modules: Mapping[str, str],
    *,
    ask: bool = True,
    about: Set[str] | None = None,
    goes_on: bool = False,
) -> Seen:
    """Runs a notebook from top to bottom until an error. `modules`: dotted name → source of what the package holds.

    `about`: the names that are told of, when not all are. `goes_on`: every cell is expected to raise, and shows its error.
    """
    printed: list[str] = []
    own = {**vars(builtins), "print": lambda *values: printed.append(" ".join(map(_told, values)))}
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": own}
    told: list[tuple[str, ...]] = []
    error = ""
    with _Staged(modules, own):
        for cell in cells:
            body, last = _compiled(cell)
            try:
                exec(body, namespace)
                shown = eval(last, namespace) if last is not None else None
                if shown is not None:
                    printed.append(f"Out: {_told(shown)}")
            except Exception as problem:
                error = _plain(f"{type(problem).__name__}: {problem}")
            if goes_on and error:
                printed.append(error)
                error = ""
            told.append(tuple(map(_plain, printed)))
            printed.clear()
            if error:
                break
        left = {name: value for name, value in namespace.items() if not name.startswith("__")}
        left = left if about is None else {name: left[name] for name in sorted(about & left.keys())}
        names = {name: _told(value) + _shared(value, left) for name, value in left.items()}
        asked = {name: _asked(value) for name, value in left.items()} if ask else {}
    return Seen(tuple(told), error, names, asked)


@lru_cache(maxsize=4096)
def _compiled(cell: str) -> tuple[types.CodeType, types.CodeType | None]:
    """A cell's statements, and its last expression, which is shown."""
    tree = ast.parse(cell)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    shown = None if last is None else compile(ast.Expression(last.value), "<cell>", "eval")
    return compile(tree, "<cell>", "exec"), shown


class _Staged:
    """The package's modules, importable and fresh, for as long as a run takes; each is run by its first import."""

    def __init__(self, sources: Mapping[str, str], own: Mapping[str, object]) -> None:
        self._sources = sources
        self._own = own  # builtins: what a module prints is seen, too

    def __enter__(self) -> None:
        if self._sources:
            sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        if self._sources:
            sys.meta_path.remove(self)  # type: ignore[arg-type]
            for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
                del sys.modules[name]

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name not in self._sources:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self, is_package=name == PACKAGE)  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module)["__builtins__"] = self._own
        exec(_module(self._sources[module.__name__]), vars(module))


@lru_cache(maxsize=512)
def _module(source: str) -> types.CodeType:
    return compile(source, "<module>", "exec")


def _told(value: object) -> str:
    """A value as text, a function by its constants, which its name may not give away: a renamed copy goes by another one."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_told, value))})"
    if isinstance(value, types.FunctionType):
        return f"function {tuple(each for each in value.__code__.co_consts if not _names_of_keywords(each))}"
    return _plain(repr(value))


def _names_of_keywords(constant: object) -> bool:
    """What a call passes by keyword stands among the constants: state that is handed in is none of them."""
    return isinstance(constant, tuple) and bool(constant) and all(isinstance(each, str) for each in constant)


def _shared(value: object, left: Mapping[str, object]) -> str:
    """Which other names hold the same list: a change by one is a change by all."""
    others = [name for name, other in left.items() if other is value] if isinstance(value, list) else []
    return f" as {', '.join(others)}" if len(others) > 1 else ""


def _asked(value: object, depth: int = 3) -> tuple[str, ...]:
    """What a person gets who calls a function at the prompt, and the functions in its answers."""
    holds = isinstance(value, (tuple, list)) and depth
    answers = [answer for each in value for answer in _asked(each, depth - 1)] if holds else []
    if isinstance(value, (types.GeneratorType, map)):
        answers += [_told(each) for each in _taken(value)]
    if depth and isinstance(value, types.FunctionType):
        for arguments in ((), (7,)):
            try:
                answer = value(*arguments)
                answers += [_told(answer), *_asked(answer, depth - 1)]
            except Exception as problem:
                answers.append(_plain(f"{type(problem).__name__}: {problem}"))
    return tuple(answers)


def _taken(value: Iterable[object]) -> Iterator[object]:
    """What is left in an iterator, up to an error."""
    try:
        yield from value
    except Exception as problem:
        yield f"{type(problem).__name__}: {problem}"


def _plain(text: str) -> str:
    return _TOO_MUCH.sub(r"\1 given", _ADDRESS.sub("", text)).replace(f"{PACKAGE}.", "__main__.")
