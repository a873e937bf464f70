"""What may stand where copies differ: each place gets a kind, or the reason why no parameter would do (H1 to H4)."""

import ast
from collections.abc import Collection, Sequence

from msgspec import Struct

from nb2mod.stages.unify import moments
from nb2mod.stages.unify.aligning import Path, at
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.terms import FREE, Term
from nb2mod.stages.unify.uncertain import why_uncertain

# Decorators that hand on what they are given, keywords too, and look at no signature.
_TRANSPARENT = frozenset(
    "lru_cache cache contextmanager asynccontextmanager wraps no_grad inference_mode staticmethod".split()
)
_CACHING = frozenset(("lru_cache", "cache"))
OTHER_IMPORT = "is another import in each"
_NEVER_HOISTED = (ast.Lambda, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Slice, ast.Starred)


class Hole(Struct, frozen=True, eq=False):
    """One place at which sources differ, and the term that each has there, in their order. `kind` is that of `NewParameter`;
    `why`: "" or why no parameter can stand there, in words that follow the expression.
    """

    path: Path
    terms: tuple[Term, ...]
    kind: str
    why: str = ""

    def values(self, sources: Sequence[Source]) -> tuple[str, ...]:
        """What each source has there, equal where it is the same."""
        return tuple(_value(term, source) for term, source in zip(self.terms, sources, strict=True))

    @property
    def fresh(self) -> bool:
        """Whether evaluating it makes a new object that could be changed: two places never share one."""
        return any(term.display for term in self.terms)


def holes_of(sources: Sequence[Source], paths: Collection[Path]) -> list[Hole]:
    """A hole for each path, in order. The paths hold in every source; none lies below another."""
    ordered = sorted(paths)
    return [_hole(sources, path, ordered) for path in ordered]


def _hole(sources: Sequence[Source], path: Path, paths: Collection[Path]) -> Hole:
    terms = tuple(at(source.read.term, path) for source in sources)
    barrier = next((term.barrier for term in terms if term.barrier), "")
    kind = _kind(terms, path)
    why = (
        _why_barred(barrier, kind)
        or _why_function(sources, terms, kind)
        or _why_term(sources, terms, path, paths, kind)
    )
    return Hole(path, terms, kind, why)


def _kind(terms: Sequence[Term], path: Path) -> str:
    if all(term.literal is not None for term in terms):
        return "default" if terms[0].role in ("defaults", "kw_defaults") and len(path) == 1 else "literal"
    if all(_is_plain(term) or term.literal is not None for term in terms):
        called = terms[0].role == "func"
        return "function" if called else "name"
    return "expression"


def _is_plain(term: Term) -> bool:
    return isinstance(term.node, ast.Name) and term.binding is not None and term.binding[0] == FREE


def _why_barred(barrier: str, kind: str) -> str:
    if not barrier:
        return ""
    return f"{barrier}, where no parameter can stand" if kind != "default" else "is a default that is no literal"


def _why_function(sources: Sequence[Source], terms: Sequence[Term], kind: str) -> str:
    """What of the function as a whole stands against it."""
    nodes = [source.read.node for source in sources]
    looks = next((source.read.looks for source in sources if source.read.looks), "")
    if looks and kind != "default":
        return f"stands in a function that looks at its own names with {looks}"
    decorators = [_last_name(decorator) for node in nodes for decorator in node.decorator_list]
    foreign = next((name for name in decorators if name not in _TRANSPARENT), None)
    if foreign is not None:
        return f"stands under the decorator @{foreign}, which may look at the parameters"
    if decorators and (kind not in ("literal", "default")):
        return "is no literal, and the function is decorated"
    if _CACHING.intersection(decorators) and _collide(terms):
        return "would be the same to the cache in both"
    if kind in ("literal", "default"):
        return ""
    if any(source.fixed for source in sources):
        return "is no literal, so the package's function would have no default for it, and others call it too"
    if any(source.read.later for source in sources):
        return "is no literal, and the function runs later than it is called"
    return ""


def _why_term(sources: Sequence[Source], terms: Sequence[Term], path: Path, paths: Collection[Path], kind: str) -> str:
    root = sources[0].read.term
    if kind in ("literal", "default"):
        return "is the same value, written in two ways" if len({term.literal for term in terms}) == 1 else ""
    for term, source in zip(terms, sources, strict=True):
        if (local := term.local_names()) and kind == "expression":
            return f"reads {_listed(local)}, which only the function knows"
        if kind in ("name", "function") and (why := _why_name(term, source, kind) or _why_late(term, source, path)):
            return why
    if kind != "expression":
        return ""
    if terms[0].role == "func":
        return "is a method or attribute that is called"
    if any(isinstance(inner.node, _NEVER_HOISTED) for term in terms for inner in term.walk()):
        return "is no expression that a call could hold"
    if any(inner.scope >= 0 for term in terms for inner in term.walk()):
        return "has names of its own, which the check of a call does not follow"
    if any(source.read.recursive for source in sources):
        return "is evaluated once for each call, and the function calls itself"
    if why := moments.why_often(root, path):
        return why
    if all(term.display or term.literal is not None for term in terms):
        return ""
    modules = _modules(sources[0])
    return moments.why_not_surely(root, path) or moments.why_not_first(root, path, paths, modules)


def is_steady(term: Term, source: Source) -> bool:
    """Whether a term is what it is, whenever and however often it is evaluated: literals, and what imported modules hold."""
    if term.literal is not None:
        return True
    while isinstance(term.node, ast.Attribute):
        term = term.kids[0]
    if not _is_plain(term) or term.binding is None:
        return False
    meaning = source.meanings.get(term.binding[1])
    return meaning is None or meaning.kind in ("import", "builtin", "helper", "constant")


def _why_name(term: Term, source: Source, kind: str) -> str:
    if term.binding is None or term.binding[0] != FREE:
        return "" if term.literal is not None else "is a name of the function"
    meaning = source.meanings.get(term.binding[1])
    if meaning is None:
        return ""
    if why := why_uncertain(meaning):
        return f"means nothing certain in one of them: {why}"
    if kind == "name" and meaning.kind in ("import", "ipython"):
        return OTHER_IMPORT
    return ""


def _why_late(term: Term, source: Source, path: Path) -> str:
    """A name that is read after the call: what it is then may be another thing than what was handed in."""
    if term.binding is None or not (why := moments.why_late(source.read.term, path)):
        return ""
    meaning = source.meanings.get(term.binding[1])
    steady = meaning is not None and (meaning.kind != "state" or len(meaning.bound) == 1)
    return "" if steady else f"{why}, and it may be bound again until then"


def _modules(source: Source) -> frozenset[str]:
    return frozenset(name for name, meaning in source.meanings.items() if meaning.kind == "import")


def _collide(terms: Sequence[Term]) -> bool:
    """Whether values that are not the same are equal, as 1, 1.0 and True are."""
    nodes = {term.literal: term.node for term in terms if isinstance(term.node, ast.expr)}
    values = [_evaluated(node) for node in nodes.values()]
    return any(one == other for number, one in enumerate(values) for other in values[number + 1 :])


def _evaluated(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None  # two sums of numbers: taken for equal


def _value(term: Term, source: Source) -> str:
    if term.literal is not None:
        return term.literal
    if _is_plain(term) and term.binding is not None:
        return f"name:{source.keys[term.binding[1]]}"
    return f"code:{source.text[slice(*term.span)]}\0{[source.keys[name] for name in term.free_names()]}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:3])


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else "…"
