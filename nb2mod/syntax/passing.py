"""Where a cell mentions names, and the smallest edits that make its calls pass more: the only place of libcst.

`mentions` reads the masked Python of a cell and gives places in the cell as it was written. What a call is to pass, and whether
it may, is for others to say; `passing_check.py` holds an edited cell against the old one.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import Replacement
from nb2mod.syntax.passing_places import Places

if TYPE_CHECKING:
    import libcst as cst
    from libcst import BatchableCSTVisitor
    from libcst.metadata import CodeRange

    from nb2mod.syntax.passing_scopes import Around, Climber


class Mention(Struct, frozen=True):
    """One read of a name that is not an inner scope's own. Offsets are of the written cell, -1 where a place has none there.

    `form`: "call" (`f(…)`), "value" (an argument of a call, `receiver` says of which), "attribute" (`f.x`), "read" (anything
    else). `owner` is the line of the outermost definition around it (0: none). The rest as in `Around`.
    """

    name: str
    line: int
    form: str
    start: int
    owner: int = 0
    hidden: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    assured: frozenset[str] = frozenset()
    deferred: bool = False
    later: bool = False
    shown: bool = False
    quotes: str = ""
    at: int = -1  # where new arguments go …
    empty: bool = False  # … as the first ones
    opening: int = -1  # where the only argument, a bare generator expression, begins
    positional: int = 0
    keywords: tuple[str, ...] = ()
    spread: bool = False  # `*a` among its arguments
    double: bool = False  # `**k` among them
    receiver: str = ""  # of a value: the function it is given to, "map", ".apply"
    slot: str = ""  # … and as which argument: "0", "key"
    receiver_arguments: int = 0  # … positional ones, all together; -1: not known
    receiver_keywords: tuple[str, ...] = ()


def mentions(source: str, python: str, names: Collection[str]) -> tuple[Mention, ...]:
    """Every read of one of `names` in a cell, in order of place; names of inner scopes are left out. `python` is the cell masked,
    or no more of it than what is to be looked at, on its own lines.

    Raises SyntaxError for what libcst can't read.
    """
    found = [mention for name in sorted(names) for mention in _mentions(source, python, name)]
    return tuple(sorted(found, key=lambda mention: (mention.line, mention.start)))


@lru_cache(maxsize=8192)
def _mentions(source: str, python: str, name: str) -> tuple[Mention, ...]:
    cell = _cell(source, python)
    if cell is None:
        raise SyntaxError("it could not be read closely enough to be edited")
    return tuple(cell.mentions(name))


class _Cell(NamedTuple):
    """One cell that was read, with the nodes that spell each name."""

    named: "Mapping[str, Sequence[cst.Name]]"
    parents: "Mapping[cst.CSTNode, cst.CSTNode]"
    climber: "Climber"
    reader: "_Reader"

    def mentions(self, name: str) -> Iterator[Mention]:
        from nb2mod.syntax.passing_scopes import is_read

        for node in self.named.get(name, ()):
            if is_read(node, self.parents):
                around = self.climber.around(node)
                if name not in around.hidden:
                    yield self.reader.mention(node, around)


@lru_cache(maxsize=256)  # trees are large
def _cell(source: str, python: str) -> _Cell | None:
    """A cell read by libcst; None when it can't."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    from nb2mod.syntax.passing_scopes import Climber, family

    class Wrapper(MetadataWrapper):
        """libcst walks the whole tree, and makes it anew, for its batched providers, even when there are none."""

        def visit_batched(self, visitors: "Iterable[BatchableCSTVisitor]", *hooks: Any, **named: Any) -> "cst.CSTNode":
            return super().visit_batched(visitors, *hooks, **named) if visitors else self.module

    try:
        wrapper = Wrapper(cst.parse_module(python), unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
        parents, named = family(wrapper.module)
    except (cst.ParserSyntaxError, RecursionError, ValueError):
        return None
    reader = _Reader(source, python, wrapper.module, positions, parents)
    return _Cell(named, parents, Climber(parents, wrapper.module.code_for_node), reader)


class _Call(NamedTuple):
    """The arguments of a call, as `Mention` has them."""

    at: int = -1
    empty: bool = False
    opening: int = -1
    positional: int = 0
    keywords: tuple[str, ...] = ()
    spread: bool = False
    double: bool = False


class _Reader:
    """Turns nodes of one cell into mentions."""

    def __init__(
        self,
        source: str,
        python: str,
        module: "cst.Module",
        positions: "Mapping[cst.CSTNode, CodeRange]",
        parents: "Mapping[cst.CSTNode, cst.CSTNode]",
    ) -> None:
        self._places = Places(source, python)
        self._python = Places(python, python)
        self._source = source
        self._module = module
        self._positions = positions
        self._parents = parents

    def mention(self, node: "cst.Name", around: "Around") -> Mention:
        import libcst as cst

        line, column = self._start(node)
        start = self._places.offset(line, column)
        if self._source[start : start + len(node.value)] != node.value:
            start = -1
        found = Mention(
            name=node.value,
            line=line,
            form="read",
            start=start,
            owner=0 if around.owner is None else self._start(around.owner.name)[0],
            hidden=around.hidden,
            unsure=around.unsure,
            assured=around.assured,
            deferred=around.deferred,
            later=around.later,
            shown=around.shown,
            quotes="".join(sorted(set(around.quotes))),
        )
        parent = self._parents.get(node)
        if isinstance(parent, cst.Attribute):
            return replace(found, form="attribute")
        if isinstance(parent, cst.Call) and parent.func is node and not node.lpar:
            return replace(found, form="call", **self._call(parent)._asdict())
        call = self._parents.get(parent) if isinstance(parent, cst.Arg) else None
        if isinstance(parent, cst.Arg) and isinstance(call, cst.Call) and not parent.star and not node.lpar:
            return replace(found, form="value", **_given(call, parent)._asdict())
        return found

    def _call(self, call: "cst.Call") -> _Call:
        import libcst as cst

        if not call.args:
            # f(  # comment: what is passed stands right behind the bracket.
            end = self._positions[call.func].end
            blanks = self._module.code_for_node(call.whitespace_after_func)
            return _Call(self._written(self._python.at(end.line, end.column) + len(blanks) + 1), True)
        last = self._positions[call.args[-1]].end
        found = _Call(
            at=self._places.offset(last.line, last.column),
            positional=sum(1 for one in call.args if not one.star and one.keyword is None),
            keywords=tuple(one.keyword.value for one in call.args if one.keyword is not None),
            spread=any(one.star == "*" for one in call.args),
            double=any(one.star == "**" for one in call.args),
        )
        only = call.args[0]
        if len(call.args) > 1 or not isinstance(only.value, cst.GeneratorExp) or only.value.lpar:
            return found
        opening = self._places.offset(*self._start(only))
        return found._replace(opening=opening, at=found.at if opening >= 0 else -1)

    def _written(self, offset: int) -> int:
        """The written place of an offset of the masked text, which stands behind a bracket."""
        line, column = self._python.place(offset)
        return self._places.offset(line, column)

    def _start(self, node: "cst.CSTNode") -> tuple[int, int]:
        start = self._positions[node].start
        return start.line, start.column


class _Given(NamedTuple):
    """Who is given a function, as `Mention` has it."""

    receiver: str
    slot: str
    receiver_arguments: int
    receiver_keywords: tuple[str, ...]


def _given(call: "cst.Call", argument: "cst.Arg") -> _Given:
    import libcst as cst

    func = call.func
    receiver = f".{func.attr.value}" if isinstance(func, cst.Attribute) else ""
    plain = not any(one.star for one in call.args)
    return _Given(
        receiver=func.value if isinstance(func, cst.Name) else receiver,
        slot=argument.keyword.value if argument.keyword is not None else str(call.args.index(argument)),
        receiver_arguments=sum(1 for one in call.args if one.keyword is None) if plain else -1,
        receiver_keywords=tuple(one.keyword.value for one in call.args if one.keyword is not None),
    )


# edits


def passing(mention: Mention, given: Sequence[tuple[str, str]]) -> tuple[Replacement, ...] | str:
    """The edits that make a call pass `given` (keyword, source) too, behind what it passes; or why there are none, in words."""
    why = _unfit(mention)
    if why or mention.at < 0:
        return why or "the call stands in text that a magic takes apart"
    arguments = []
    for keyword, value in given:
        spelled = spelled_inside(value, mention.quotes)
        if spelled is None:
            return f"`{value}` can't be written inside the f-string there"
        arguments.append(f"{keyword}={spelled}")
    text = ", ".join(arguments)
    if mention.opening >= 0:
        return (Replacement(mention.opening, mention.opening, "("), Replacement(mention.at, mention.at, f"), {text}"))
    return (Replacement(mention.at, mention.at, text if mention.empty else f", {text}"),)


def wrapped(
    mention: Mention, parameters: Sequence[str], given: Sequence[tuple[str, str]]
) -> tuple[Replacement, ...] | str:
    """The edit that makes of a function that is given away a lambda of these parameters that calls it and passes `given` too."""
    why = _unfit(mention)
    if why:
        return why
    spelled = [(keyword, spelled_inside(value, mention.quotes)) for keyword, value in given]
    if any(value is None for _, value in spelled):
        return "what it is to pass can't be written inside the f-string there"
    arguments = [*parameters, *(f"{keyword}={value}" for keyword, value in spelled)]
    text = f"lambda {', '.join(parameters)}: {mention.name}({', '.join(arguments)})"
    return (Replacement(mention.start, mention.start + len(mention.name), text),)


def renamed(mention: Mention, name: str) -> tuple[Replacement, ...] | str:
    """The edit that makes a name another."""
    why = _unfit(mention)
    return why or (Replacement(mention.start, mention.start + len(mention.name), name),)


def _unfit(mention: Mention) -> str:
    if mention.shown:
        return "an f-string prints the text of the expression itself (`{…=}`)"
    if mention.start < 0:
        return "it stands in text that a magic takes apart"
    return ""


def spelled_inside(value: str, forbidden: str) -> str | None:
    """`value` without any character that an f-string around it forbids in Python 3.11: a literal may be spelled otherwise."""
    if not any(character in value for character in forbidden):
        return value
    try:
        literal = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    spelled = repr(literal)
    if any(character in spelled for character in forbidden) and "'" in spelled and '"' not in spelled:
        spelled = spelled.replace("'", '"')
    if any(character in spelled for character in forbidden):
        return None
    return spelled if ast.literal_eval(spelled) == literal else None
