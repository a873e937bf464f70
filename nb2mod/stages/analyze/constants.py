"""When a name that a literal is bound to may be taken for a constant (hazards N4, N4b)."""

from nb2mod.model import Bound, Features, Names, UseKind

_READS_THAT_KEEP = frozenset(
    (
        *("len", "sorted", "list", "tuple", "set", "frozenset", "dict", "sum", "min", "max", "any", "all", "enumerate"),
        *("zip", "range", "for", "in", "[]", "str", "repr", "print", "int", "float", "round", "abs", "isinstance"),
        *("reversed", "map", "filter"),
    )
)
_METHODS_THAT_KEEP = frozenset(
    (
        "get",
        "items",
        "keys",
        "values",
        "index",
        "count",
        "copy",
        "union",
        "intersection",
        "difference",
        "issubset",
        "issuperset",
    )
)


def why_no_constant(features: Features, names: Names, name: str, bounds: tuple[Bound, ...]) -> str:
    """Why what `bounds` bind, literals all of them, is a variable of the notebook; "" when it is a constant."""
    binding = bounds[0].binding
    cell = features.cells[bounds[0].cell]
    if not name.isupper():
        return "is a variable of the notebook, not an ALL_CAPS constant"
    if len(bounds) > 1:
        return "is bound more than once"
    if cell.locked or "parameters" in cell.tags:
        return "comes from a cell of parameters"
    if not binding.certain:
        return "is bound inside if, for, try or with"
    if cell.facts.statements[binding.statement].kind == "annassign" and "__annotations__" in names.uses:
        return "has an annotation, and the notebook reads `__annotations__`"
    return _mutated(names, name, binding.target)


def _mutated(names: Names, name: str, literal: str) -> str:
    """Why a literal can't be trusted to stay what it is; "" when it can. Numbers and strings always stay."""
    if literal[:1] in "'\"" or not ("[" in literal or "{" in literal):
        return ""
    if name in names.unknown:
        return "is a list, set or dict that a cell which can't be read may change"
    for used in names.uses.get(name, ()):
        use = used.use
        keeps = (
            use.kind is UseKind.SUBSCRIPT
            or (use.kind is UseKind.VALUE and use.detail in _READS_THAT_KEEP)
            or (use.kind is UseKind.ATTRIBUTE_CALL and use.detail in _METHODS_THAT_KEEP)
        )
        if not keeps:
            return "is a list, set or dict that may be changed in place"
    return ""
