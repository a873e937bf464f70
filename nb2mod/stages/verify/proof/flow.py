"""Which binding a read sees when the notebook runs from top to bottom, told conservatively. No meaning is compared here."""

import ast
from collections.abc import Iterator

from nb2mod.stages.verify.proof.bindings import Binding, Place
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.views import NotebookView

_NEVER: Place = (2**31, 0)


def in_force(view: NotebookView, name: str, until: Place, eager: bool) -> tuple[Binding, ...]:
    """Every binding of `name` that a read at `until` may see; unless the read is eager, at `until` or any time later."""
    bound = view.bindings.get(name, ())
    earlier = [index for index, binding in enumerate(bound) if binding.place < until]
    settled = [index for index in earlier if bound[index].certain]
    start = settled[-1] if settled else 0
    return bound[start : len(earlier)] if eager else bound[start:]


def first_run(view: NotebookView, reader: Binding) -> Place:
    """The first place after a definition where some statement could call it, directly or through other definitions."""
    reaching = _reaching(view, reader.name)
    for place, node, found in view.reads:
        if place <= reader.place:
            continue
        is_definition = isinstance(node, DEFINITIONS)
        if any(read.name in reaching and not (read.deferred and is_definition) for read in found):
            return place
    return min(_read_by_magics(view, reader, reaching), default=_NEVER)


def _reaching(view: NotebookView, name: str) -> set[str]:
    """The name, and the names of definitions whose bodies lead to it."""
    reaching = {name}
    grown = True
    while grown:
        grown = False
        for _, node, found in view.reads:
            leads = isinstance(node, DEFINITIONS) and any(read.name in reaching for read in found)
            if leads and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                grown = grown or node.name not in reaching
                reaching.add(node.name)
    return reaching


def _read_by_magics(view: NotebookView, reader: Binding, reaching: set[str]) -> Iterator[Place]:
    for cell in view.cells:
        for magic in cell.masked.magics if cell.kind == "code" else ():
            if reaching & set(magic.reads):
                yield max((cell.index, 0), reader.place)
