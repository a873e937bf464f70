"""Which names of a run may be called otherwise in its copy, and runs numbered by their names.

A name that a notebook only imports counts as what it imports, so `np` and `numpy` are the same; one that it binds nowhere
(builtins, what a star import gave) keeps its spelling. All others may be renamed, if they are throughout.
"""

from collections.abc import Iterable, Sequence

from nb2mod.model import BindKind, Features
from nb2mod.stages.detect.blocks.runs import Line

# A name as it counts: text when it is fixed, a number of its notebook's when it may be called otherwise.
Token = str | int


class Spelling:
    """The tokens of the statements of a line, made for the notebooks that are asked for."""

    def __init__(self, line: Line, features: Sequence[Features]) -> None:
        self._line = line
        self._features = features
        self._files: dict[int, dict[str, Token]] = {}
        self._tokens: dict[int, tuple[Token, ...]] = {}

    def tokens(self, position: int) -> tuple[Token, ...]:
        """The names of the statement at a position, in order of appearance."""
        found = self._tokens.get(position)
        if found is None:
            file = self._line.files[position]
            known = self._files.get(file)
            if known is None:
                known = self._files[file] = _spelled(self._features[file])
            one = self._line.statements[position]
            assert one is not None
            found = tuple([known.get(name, name) for name in one.names])
            # A name that is bound inside an expression only, as in a comprehension, may be called otherwise as well.
            if any(type(token) is str and token.isidentifier() for token in found):
                found = tuple([known.setdefault(name, len(known)) for name in one.names])
            self._tokens[position] = found
        return found

    def numbered(self, position: int, length: int) -> tuple[Token, ...]:
        """The names of a run, those that may be called otherwise numbered in order of first appearance."""
        seen: dict[Token, int] = {}
        return tuple(
            [
                token if type(token) is str else seen.setdefault(token, len(seen))
                for at in range(position, position + length)
                for token in self.tokens(at)
            ]
        )


def _spelled(features: Features) -> dict[str, Token]:
    targets: dict[str, set[str]] = {}
    renamed: dict[str, Token] = {}
    for cell in features.cells:
        for one in cell.facts.bindings:
            if one.kind is BindKind.IMPORT:
                targets.setdefault(one.name, set()).add(one.target)
            elif one.name not in renamed:
                renamed[one.name] = len(renamed)
    known: dict[str, Token] = {name: " ".join(["=", *sorted(found)]) for name, found in targets.items()}
    known.update(renamed)
    for cell in features.cells:
        for use in cell.facts.uses:
            if use.name not in known:
                known[use.name] = f"= {use.name}"
    return known


def renumbered(tokens: Iterable[Token], seen: dict[Token, int]) -> tuple[Token, ...]:
    """Tokens of the next statement of a run whose names so far are `seen`; adds those that are new."""
    return tuple([token if type(token) is str else seen.setdefault(token, len(seen)) for token in tokens])
