"""Functions, lambdas and generators that a block makes, and whether they would go past a later binding of a name they read (B7).

In the notebook they read its names when they run; made inside a function they read the function's. As long as the block runs
the two are the same. After it they part when the name is bound again and the closure is still there.
"""

from collections.abc import Iterator

from nb2mod.model import BindKind
from nb2mod.stages.analyze.blocks.crossing import Crossing
from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.syntax.block_facts import Spot
from nb2mod.syntax.closures import Closure

# Methods of tables that are done with a function when they return, where no library is imported that puts work off.
_EAGER_METHODS = frozenset("apply applymap map agg aggregate transform assign pipe sort_values rename".split())
_EAGER_LIBRARIES = frozenset(
    "pandas numpy matplotlib seaborn scipy sklearn statsmodels IPython plotly geopandas xgboost lightgbm math os sys re "
    "json csv time datetime pathlib collections itertools functools random string statistics warnings glob pickle".split()
)


def closed_over(around: Surroundings, crossing: Crossing) -> Iterator[tuple[Spot, str]]:
    """The closures for which that matters, with what to tell."""
    taken = frozenset((*crossing.inputs, *crossing.bound)) - crossing.same_imports
    for string in around.reading.hidden_strings:
        if string.what in taken:
            message = f"a string that is run as code names `{string.what}` inside a scope of its own"
            yield string, f"{message}, where nothing passes it on"
    for index, closure in enumerate(around.reading.closures):
        spot = Spot("", closure.piece, closure.line)
        if closure.kind == "class":
            yield (
                spot,
                f"makes the class `{closure.name}`, which would be another one, called otherwise, from a function",
            )
            continue
        for name in sorted(closure.strings & taken):
            yield spot, f"a string that is run as code names `{name}` inside a function, where nothing passes it on"
        if closure.kind == "function" and _is_handed_on(around, crossing, closure.name):
            yield spot, f"defines `{closure.name}`, which is used as a value or outside the block"
        if closure.brief or _is_done(around, closure) or _dies(around, crossing, index):
            continue
        for name in sorted(closure.reads & taken):
            again = _bound_again(around, name)
            if again:
                what = {"lambda": "a lambda", "generator": "a generator"}.get(closure.kind, f"`{closure.name}`")
                yield spot, f"{what} reads `{name}`, which {again}; made in a function it would not see that"


def _bound_again(around: Surroundings, name: str) -> str:
    """Where the name is bound again after the block, in words; "" for nowhere."""
    for bound in around.names.bindings.get(name, ()):
        binding = bound.binding
        inside = around.is_inside(bound.cell, binding.statement)
        if binding.kind is BindKind.DECLARED and not inside:
            return f"a function binds in cell {around.cell(bound.cell).number}, line {binding.line}"
        if not inside and (bound.cell, binding.statement) > (around.block.last_cell, around.block.last):
            return f"is bound again in cell {around.cell(bound.cell).number}, line {binding.line}"
        if binding.statement < 0 and bound.cell > around.block.last_cell:
            return f"is bound again in cell {around.cell(bound.cell).number}, line {binding.line}"
    if around.names.wild and max(around.names.wild)[0] >= around.block.last_cell:
        return "a part of the notebook that can't be read may bind again"
    return "a part of the notebook that can't be read may bind again" if name in around.names.unknown_bound else ""


def _is_done(around: Surroundings, closure: Closure) -> bool:
    modules = around.names.modules
    return closure.given_to in _EAGER_METHODS and "pandas" in modules and modules <= _EAGER_LIBRARIES


def _dies(around: Surroundings, crossing: Crossing, index: int) -> bool:
    """Whether only local names lead to it, and all that is done with these is to call them."""
    closures = around.reading.closures
    if closures[index].makes and closures[index].kind != "generator":
        return False
    carriers = [flow for flow in around.reading.flows if index in flow.closures]
    if not carriers or any(not flow.binds or flow.made for flow in carriers):
        return False
    names = {flow.target for flow in carriers}
    if not names <= set(crossing.local):
        return False
    used = {name for flow in around.reading.flows for name in flow.values}
    used |= {name for other in closures for name in other.values}
    return not names & used


def _is_handed_on(around: Surroundings, crossing: Crossing, name: str) -> bool:
    if name not in crossing.local:
        return True
    return any(name in flow.values for flow in around.reading.flows) or any(
        name in closure.values for closure in around.reading.closures
    )
