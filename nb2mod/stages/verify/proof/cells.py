"""One cell as the verifier reads it: its Python, magics taken out by the notebook room, and what it binds and reads.

Nothing here knows of the cells around it; those are `views.py`'s.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from nb2mod.model import Masked
from nb2mod.notebook import mask
from nb2mod.stages.verify.proof.bindings import PYLAB, PYLAB_STARS, Binding, Place, bindings_of
from nb2mod.stages.verify.proof.scopes import Read, reads
from nb2mod.stages.verify.proof.unseen import Unseen, unseen_in, worth_reading

StatementReads = tuple[Place, ast.stmt, tuple[Read, ...]]

_LINE_END = re.compile(r"\r\n|\r|\n")
_SEMICOLON = re.compile(r";\s*(#.*)?$")
_FORM = re.compile(r"#\s*@(param|title)")


@dataclass(frozen=True)
class CellView:
    """One cell of a notebook. `number` counts from 1, `index` from 0. `tree` is None when the cell is no Python.

    `given` are its statements where a run of them stands as the function that it became, see `virtual.py`; None: as written.
    """

    number: int
    kind: str
    source: str
    tags: tuple[str, ...]
    locked: bool
    given: tuple[ast.stmt, ...] | None = field(default=None, compare=False)

    @property
    def index(self) -> int:
        return self.number - 1

    @cached_property
    def masked(self) -> Masked:
        """The cell as plain Python, line for line."""
        return mask(self.source)

    @cached_property
    def tree(self) -> list[ast.stmt] | None:
        """Top-level statements; None for Markdown, other languages, and text that does not parse."""
        if self.given is not None:
            return list(self.given)
        if self.kind != "code" or self.masked.opaque:
            return None
        return parsed(self.masked.python)

    @cached_property
    def lines(self) -> list[str]:
        """The lines as `ast` counts them."""
        return lines_of(self.source)

    @cached_property
    def reads(self) -> tuple[StatementReads, ...]:
        """(place, statement, names it reads from the notebook's level)."""
        return tuple(
            ((self.index, position), node, tuple(reads(node))) for position, node in enumerate(self.tree or ())
        )

    @cached_property
    def bindings(self) -> tuple[Binding, ...]:
        """What the cell binds at the notebook's level, its magics included."""
        return tuple(self._bindings())

    @cached_property
    def unseen(self) -> tuple[Unseen, ...]:
        """What it may bind without spelling the name."""
        if self.kind != "code":
            return ()
        magics = self.masked.magics
        lines = frozenset(line for magic in magics for line in range(magic.line, magic.end_line + 1))
        found = [
            one
            for position, node in enumerate((self.tree or ()) if worth_reading(self.masked.python) else ())
            for one in unseen_in(node, (self.index, position), lines)
        ]
        start = (self.index, 0)
        found += [Unseen(start, f"`%{magic.name}`") for magic in magics if magic.unknown]
        if any(magic.name == "pylab" and "--no-import-all" not in magic.text for magic in magics):
            found += [Unseen(start, "`%pylab`", star=star) for star in PYLAB_STARS]
        if self.masked.unknown:
            found.append(Unseen(start, "a cell that is no Python", frozenset(self.masked.unknown)))
        return tuple(found)

    @property
    def leaves_names(self) -> bool:
        """Whether its bindings reach the notebook, statement by statement."""
        return not self.masked.runs_in_function

    @property
    def ends_hidden(self) -> bool:
        """Whether the last line that is no comment ends in `;`, which hides the cell's output."""
        written = [line for line in self.lines if line.strip() and not line.lstrip().startswith("#")]
        return bool(written) and _SEMICOLON.search(written[-1]) is not None

    @property
    def sets_parameters(self) -> bool:
        """Whether something outside the notebook may put other values in (N4b)."""
        tagged = {"parameters", "injected-parameters"} & set(self.tags)
        return bool(tagged) or _FORM.search(self.source) is not None

    def _bindings(self) -> Iterator[Binding]:
        certain = "raises-exception" not in self.tags
        declares = "global" in self.source
        for position, node in enumerate((self.tree or ()) if self.leaves_names else ()):
            for binding in bindings_of(node, (self.index, position), certain=certain, declares=declares):
                if self.sets_parameters and binding.kind == "literal":
                    yield Binding(binding.name, "computed", binding.place, binding.certain, node)
                else:
                    yield binding
        for magic in self.masked.magics if self.kind == "code" else ():
            for name in magic.binds:
                yield Binding(name, "computed", (self.index, 0), False, ast.Pass())
            if magic.name == "pylab":
                lines = [node.lineno for node in self.tree or ()]
                place = (self.index, lines.index(magic.line) if magic.line in lines else 0)
                for name, target in PYLAB.items():
                    yield Binding(name, "import", place, certain, ast.Pass(), target)


def parsed(text: str) -> list[ast.stmt] | None:
    """Top-level statements, or None for text that does not parse. Warnings are the business of `compiles.py`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def lines_of(text: str) -> list[str]:
    """Lines as `ast` counts them; form feeds and the like end none."""
    return _LINE_END.split(text)
