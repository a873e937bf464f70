"""Whether a definition may be handed what it read or held itself: rules for each parameter that came (H1 to H4, N5).

A literal stands for itself wherever it stands. A name of the notebook is the same when it is passed as when it is read, unless
something binds it again in between. Anything else is evaluated first of all or not handed in. What calls pass is told in
`passed.py`.
"""

import ast
from collections.abc import Iterator

from nb2mod.stages.verify.proof.decorated import against_decorators
from nb2mod.stages.verify.proof.lifted import Lifted
from nb2mod.stages.verify.proof.lifts import Hole, Raised, is_display, is_value
from nb2mod.stages.verify.proof.looks import CODE_TAKERS, code_names, looks_of
from nb2mod.stages.verify.proof.opening import later, opening, repeated
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, function_names, reads
from nb2mod.stages.verify.proof.standing import Standing
from nb2mod.stages.verify.proof.trees import all_nodes, described, last_name
from nb2mod.stages.verify.proof.used_up import used_up
from nb2mod.stages.verify.proof.views import NotebookView

_WAITS = (ast.Yield, ast.YieldFrom, ast.Await)
_PARTS = (
    ast.Attribute, ast.Subscript, ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Tuple, ast.List,
    ast.Set, ast.Dict, ast.Slice, ast.Starred, ast.JoinedStr, ast.FormattedValue, ast.Name, ast.Constant, ast.keyword,
    ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context,
)  # fmt: skip


class Handed:
    """The parameters that came to the definitions of one notebook. `view` is the notebook as it would be."""

    def __init__(self, view: NotebookView, lifted: Lifted) -> None:
        self.view = view
        self.lifted = lifted
        # Names in what the definitions held that are the notebook's own.
        self._free = {id(read.node) for one in lifted.raised.values() for read in reads(one.original)}
        self._texts: dict[str, ast.Name] = {}
        self.standing = Standing(view)

    def against(self, one: Raised) -> Iterator[str]:
        """What forbids it, one sentence each."""
        looks = looks_of(one.original)
        yield from against_decorators(one, self.lifted, self.view)
        if looks.namespace:
            yield "it sees the names around it, and has one more"
        again = bound_inside(one.lift.found.bindings[0].statement) & set(one.signature.added)
        own = bound_inside(one.original) | function_names(one.original).bound
        for name, default in one.signature.added.items():
            if name in again | own or name.startswith("__"):
                yield f"`{name}` is another name in it too"
            elif default is not None and not is_value(default):
                yield f"the default of `{name}` is no plain value"
            else:
                yield from self._parameter(one, name, frozenset(looks.strings))
        for name, changed in one.signature.changed.items():
            if why := self._default(one, changed.value):
                yield f"the default of `{name}` was {described(changed.value)}, {why}"

    def holes(self, one: Raised, name: str, seen: frozenset[tuple[int, str]] = frozenset()) -> tuple[Hole, ...]:
        """What stood where a parameter is read now; of one that is only passed on, what that stands for. () when nothing is
        known.
        """
        if one.holes.get(name):
            return one.holes[name]
        if left := one.signature.known.get(name):
            return (Hole(left.value, False, left.value),)
        captured = [read.node for read in reads(one.original) if read.name == name]
        if captured and isinstance(captured[0], ast.expr):
            return (Hole(captured[0], False, captured[0]),)
        if name in looks_of(one.original).strings:
            return (self._in_text(name),)
        key = (id(one.made), name)
        for keyword, function in self._passed_on(one, name) if key not in seen else ():
            for binding in self.view.bindings.get(function, ()):
                other = self.lifted.raised.get(id(binding.statement))
                found = self.holes(other, keyword, seen | {key}) if other else ()
                if found:
                    return found[:1]
        return ()

    def kind(self, hole: Hole) -> str:
        """ "value", "display", "name" of the notebook, "expression" of such, or "" for what can't be handed in."""
        if hole.text or is_value(hole.value):
            return "value"
        if is_display(hole.value):
            return "display"
        nodes = list(all_nodes(hole.value))
        if not all(id(node) in self._free for node in nodes if isinstance(node, ast.Name)):
            return ""
        if isinstance(hole.value, ast.Name):
            return "name"
        return "expression" if only_names_a_value(hole.value) else ""

    def order(self, one: Raised) -> list[str]:
        """Parameters whose expressions are evaluated first of all, in that order."""
        computed = [name for name in one.signature.added if any(map(self._is_computed, self.holes(one, name)))]
        wanted = {id(node): name for name in computed for node in _reads_of(one, name)}
        return [wanted[each] for each in opening(one.made.body, set(wanted))]

    def _parameter(self, one: Raised, name: str, strings: frozenset[str]) -> Iterator[str]:
        found = self.holes(one, name)
        if not found:
            yield f"nothing in it reads `{name}`"
            return
        captured = any(read.name == name for read in reads(one.original)) or name in strings
        itself = all(isinstance(hole.value, ast.Name) and hole.value.id == name and not hole.text for hole in found)
        if captured and not itself:
            yield f"it reads `{name}` of the notebook too, which the parameter would hide"
        if name in strings and not self._read_in_place(one, name):
            yield f"a text in it reads `{name}`, maybe where the parameter is not seen"
        if one.original.decorator_list and any(self.kind(hole) != "value" for hole in found):
            yield f"`{name}` is no plain value, and its decorators see it"
        for hole in found:
            yield from self._hole(one, name, hole)

    def _hole(self, one: Raised, name: str, hole: Hole) -> Iterator[str]:
        kind, what = self.kind(hole), described(hole.value)
        places = _reads_of(one, name)
        match kind:
            case "":
                yield f"`{name}` stands for {what}, which reads names of its own or does more than name a value"
            case "value":
                yield from self._value(one, hole)
            case "display":
                if len(places) != 1 or id(places[0]) in repeated(one.made.body):
                    yield f"`{name}` stands for {what}, which was made anew each time it was reached"
            case "name":
                yield from self._name(one, name, hole)
            case "expression":
                if len(places) != 1 or name not in self.order(one):
                    yield f"`{name}` stands for {what}, which was not certainly evaluated first of all, once"
        if kind in ("name", "expression") and any(isinstance(node, _WAITS) for node in all_nodes(one.original)):
            yield f"it waits, or gives back half done, and reads `{name}` when it goes on"

    def _value(self, one: Raised, hole: Hole) -> Iterator[str]:
        yield from looked_into(one.original, hole, function_names(one.original).bound)

    def _name(self, one: Raised, name: str, hole: Hole) -> Iterator[str]:
        assert isinstance(hole.value, ast.Name)
        wanted = hole.value.id
        if why := self.standing.rebound(wanted):
            yield f"`{wanted}` is read when it runs, and {why}"
        quick = used_up(one.made.body, self.view)
        late = later(one.made.body, quick)
        waits = any(id(node) in late for node in _reads_of(one, name))
        if waits and not self.standing.once(wanted):
            yield f"something in it reads `{wanted}` later than the call, and the notebook may bind it again by then"

    def _default(self, one: Raised, value: ast.expr) -> str:
        """Why a default that the definition had can't be passed by its calls; "" when it can."""
        if is_value(value):
            return ""
        if not isinstance(value, ast.Name):
            return "which is no plain value"
        bound = self.view.bindings.get(value.id, ())
        place = next((each.place for each in self.view.bindings[one.made.name] if each.statement is one.made), (-1, 0))
        if not self.standing.once(value.id) or not bound or bound[0].place >= place:
            return "which is not bound once, and above it"
        return self.standing.rebound(value.id)

    def _is_computed(self, hole: Hole) -> bool:
        return self.kind(hole) == "expression"

    def _passed_on(self, one: Raised, name: str) -> Iterator[tuple[str, str]]:
        """(keyword, function) of each call in a definition to which a parameter is passed on."""
        for node in all_nodes(one.made):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for keyword in node.keywords:
                    came = id(keyword) in self.lifted.marks.keywords and keyword.arg
                    if came and isinstance(keyword.value, ast.Name) and keyword.value.id == name:
                        yield keyword.arg or "", node.func.id

    def _read_in_place(self, one: Raised, name: str) -> bool:
        """Whether every text that reads a name is code of a call in the function's own scope."""
        late = repeated_scopes(one.original)
        calls = [node for node in all_nodes(one.original) if isinstance(node, ast.Call) and name in code_names(node)]
        return not any(id(node) in late for node in calls)

    def _in_text(self, name: str) -> Hole:
        """A name that only texts in the definition read."""
        if name not in self._texts:
            self._texts[name] = ast.Name(name, ast.Load())
            self._free.add(id(self._texts[name]))
        return Hole(self._texts[name], False, self._texts[name])


def _reads_of(one: Raised, name: str) -> list[ast.Name]:
    """Where a parameter is read; nothing in the definition binds its name again."""
    nodes = (node for part in one.made.body for node in all_nodes(part))
    return [node for node in nodes if isinstance(node, ast.Name) and node.id == name]


def looked_into(root: ast.AST, hole: Hole, own: frozenset[str]) -> Iterator[str]:
    """Who asks more of a literal than its value: code with names in it, and `is`. `own` are names of the scope."""
    for node in all_nodes(root):
        inside = {id(inner) for inner in all_nodes(node)} if isinstance(node, (ast.Call, ast.Compare)) else set()
        if id(hole.value) not in inside and not (hole.text and isinstance(node, ast.Call)):
            continue
        if isinstance(node, ast.Call) and last_name(node.func) in CODE_TAKERS and code_names(node) - own:
            yield f"{described(hole.value)} is code that reads names of the notebook"
        if isinstance(node, ast.Compare) and any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            match hole.value:
                case ast.Constant(value=None | True | False):
                    pass
                case _:
                    yield f"{described(node)} asks whether a value is the very same object"


def only_names_a_value(node: ast.expr) -> bool:
    """Whether an expression is one that a call may evaluate: nothing in it binds, waits, or has a scope of its own."""
    return all(isinstance(inner, _PARTS) for inner in all_nodes(node))


def repeated_scopes(definition: ast.FunctionDef) -> set[int]:
    """Ids of all that stands in a scope of its own inside a function: nested functions, lambdas, comprehensions, classes."""
    scopes = (*DEFINITIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    inner = (node for part in definition.body for node in all_nodes(part) if isinstance(node, scopes))
    return {id(each) for node in inner for each in all_nodes(node)}


def bound_inside(definition: ast.AST) -> set[str]:
    """Every name that something in the body binds, in whatever scope."""
    found: set[str] = set()
    for part in getattr(definition, "body", ()):
        for node in all_nodes(part):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                    found.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.alias(name=name, asname=alias):
                    found.add(alias or name.partition(".")[0])
                case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    found.add(name)
                case ast.MatchMapping(rest=str(name)):
                    found.add(name)
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    found.update(names)
    return found
