"""A candidate's needs, seen from the copy that is kept: imports with their text, and the units it reads."""

from collections.abc import Sequence

from msgspec import Struct

from nb2mod.model import BindKind, Candidate, Features, Need
from nb2mod.stages.plan.copies import Copy
from nb2mod.stages.plan.loads import whole
from nb2mod.stages.plan.reading import (
    BUILTINS,
    bound_by,
    chains_from,
    free_names,
    imports_in,
    loaded_by,
    mentions,
    same_statement,
)
from nb2mod.stages.plan.reading import statement_bindings as bindings_of
from nb2mod.stages.plan.units import Import

_IPYTHON = {
    "display": "from IPython.display import display",
    "get_ipython": "from IPython import get_ipython",
}


class Bound(Struct, frozen=True):
    """What one copy needs. `others` are needs for helpers and constants, each under the name this copy uses.

    `missing` are names that neither the needs nor one clear import of the copy's notebook provide: the copy can't be kept.
    """

    imports: tuple[Import, ...]
    others: tuple[tuple[str, Need], ...]
    missing: tuple[str, ...]


def bind(candidate: Candidate, copy: Copy, copies: Sequence[Copy], features: Sequence[Features]) -> Bound:
    """The needs of the candidate as this copy spells them.

    Decide works them out for one copy; annotations differ between copies, so names that only this one reads are looked
    up in its own notebook.
    """
    names = spelled(candidate, copy, copies)
    imports: list[Import] = []
    others: list[tuple[str, Need]] = []
    provided = {copy.name}
    for need in candidate.needs:
        name = names.get(need.name, need.name)
        if need.kind != "star" and not mentions(copy.text, name):
            continue
        provided.add(name)
        if need.kind in ("helper", "constant"):
            others.append((name, need))
        else:
            imports.extend(_read_of(_imports(need, name), name, copy.text))
    missing = []
    wanted = free_names(copy.text).union(*(free_names(item.text) for item in imports))
    for name in sorted(wanted - BUILTINS - provided):
        text = _import_of(features[copy.member.file], name)
        if text is None:
            missing.append(name)
        else:
            imports.append(_import(name, text, lazy=False))
    return Bound(tuple(dict.fromkeys(imports)), tuple(others), tuple(missing))


def spelled(candidate: Candidate, copy: Copy, copies: Sequence[Copy]) -> dict[str, str]:
    """Need's name → this copy's name for the same slot."""
    wanted = {need.name for need in candidate.needs}
    told = [other for other in copies if other.member == candidate.chosen]
    model = told[0] if told else max((copy, *copies), key=lambda one: (len(wanted & set(one.slots)), one is copy))
    if len(model.slots) != len(copy.slots):
        return {}
    return dict(zip(model.slots, copy.slots, strict=True))


def _imports(need: Need, name: str) -> list[Import]:
    """Statements with a line each; one statement alone when it has a fallback or is laid out over lines."""
    if need.kind == "star":
        texts = (need.text or f"from {need.target} import *").splitlines()
        return [Import("*", text, f"star {text}", loaded_by(text), lazy=False) for text in texts]
    if need.kind == "import statement":
        same = same_statement(need.text)
        bound = sorted(bindings_of(need.text))
        return [Import(each, need.text, whole(same), frozenset((whole(same),)), lazy=False) for each in bound]
    text = need.text or (_IPYTHON.get(name, "") if need.kind == "ipython" else "")
    if name not in bound_by(text):
        text = _text(need.target, name)
    found = [_import(name, line, lazy=not need.eager) for line in imports_in(text)]
    submodules = [item for item in found if item.text.startswith(f"import {name}.")]
    return submodules or found[:1]  # import a.b and import a.c both bind a; two spellings of one import do not add up


def _read_of(imports: Sequence[Import], name: str, text: str) -> Sequence[Import]:
    """Of several `import a.b`, `import a.c` those whose module the text names; all where it reads `a` in any other way."""
    modules = {item: item.text.removeprefix("import ") for item in imports if item.text.startswith(f"import {name}.")}
    chains = chains_from(text, name) if len(modules) > 1 and len(modules) == len(imports) else None
    if not chains or not all(any(_leads_to(chain, module) for module in modules.values()) for chain in chains):
        return imports
    return [item for item in imports if any(_leads_to(chain, modules[item]) for chain in chains)]


def _leads_to(chain: str, module: str) -> bool:
    return f"{chain}.".startswith(f"{module}.")


def _import(name: str, text: str, *, lazy: bool) -> Import:
    return Import(name, text, f"import {bound_by(text).get(name, '')}", loaded_by(text), lazy)


def _text(target: str, name: str) -> str:
    module, _, last = target.rpartition(".")
    if not module:
        return f"import {target}" if target == name else f"import {target} as {name}"
    return f"from {module} import {last}" if last == name else f"from {module} import {last} as {name}"


def _import_of(file: Features, name: str) -> str | None:
    """The import statement that alone binds the name in a notebook."""
    bindings = [item for cell in file.cells for item in cell.facts.bindings if item.name == name]
    texts = {item.text or _text(item.target, name) for item in bindings}
    if len(texts) == 1 and all(item.kind is BindKind.IMPORT for item in bindings):
        return texts.pop()
    return None
