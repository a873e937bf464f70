"""Wrong steps planted in real extractions: in each definition that moved, around it in its module, and in each notebook.

What counts as no mutant at all is in `same.py`; every other one changes what some notebook could do.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from functools import partial

from verify.corpus import Extracted
from verify.planted import IMPORTS, Made, Mutant, indented, steps_of
from verify.planting_notebooks import in_notebook
from verify.same import DEFINITIONS, Statement, Unannotated, parsed, plain, same_program, statements

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import FileChange
from nb2mod.notebook import mask, read


def mutants(extracted: Extracted) -> Iterator[Mutant]:
    """All of them, in a fixed order."""
    for change in extracted.changes.changes:
        if change.path.endswith(".py"):
            yield from _in_module(extracted, change)
        elif change.path.endswith(".ipynb"):
            yield from in_notebook(extracted, change)
    yield from _in_package(extracted)


# modules


def _in_module(extracted: Extracted, change: FileChange) -> Iterator[Mutant]:
    text = change.after.decode("utf-8-sig")
    tree = parsed(text)
    if tree is None:
        return
    old = {ast.dump(node) for node in (parsed((change.before or b"").decode("utf-8-sig")) or ast.Module([], [])).body}
    lines = re.split(r"(?<=\n)", text)
    for one in statements(tree):
        if ast.dump(one.node) in old:
            continue
        for kind, where, made in steps_of(one.node):
            make = partial(_spliced, extracted, change.path, lines, one, made, tree)
            yield Mutant(kind, f"{change.path}:{one.start + 1} {where}", make)
        yield from _around(extracted, change.path, lines, one, tree)


def _around(extracted: Extracted, path: str, lines: list[str], one: Statement, tree: ast.Module) -> Iterator[Mutant]:
    """An import dropped or turned round, a constant from elsewhere, an effect beside a definition."""
    if isinstance(one.node, IMPORTS):
        for index, alias in enumerate(one.node.names):
            made = copy.deepcopy(one.node)
            made.names.pop(index)
            text = ast.unparse(made) + "\n" if made.names else ""
            make = partial(_spliced, extracted, path, lines, one, text, tree)
            yield Mutant("an import dropped from a module", f"{path} {alias.name}", make)
            made = copy.deepcopy(one.node)
            other = "warnings" if isinstance(made, ast.Import) else "nothing"
            made.names[index] = ast.alias(other, alias.asname or alias.name.partition(".")[0])
            make = partial(_spliced, extracted, path, lines, one, ast.unparse(made) + "\n", tree)
            yield Mutant("an import of something else", f"{path} {alias.name}", make)
        return
    name = getattr(one.node, "name", "")
    whole = "".join(lines[one.start : one.end])
    added = {
        "a statement added to a module": [
            f"print({path!r})\n{whole}",
            f"{whole}\nimport os as _os\n_os.environ['X'] = '1'\n",
        ],
        "a module that loads more": [f"import torch_or_so\n{whole}", f"from torch_or_so.models import *\n{whole}"],
    }
    if name:
        added["an early binding"] = [f"{whole}\n{name} = (lambda was: was)({name})\n"]
        added["a name bound twice"] = [
            f"{whole}\n{name} = None\n",
            f"{whole}\ndel {name}\n",
            f"if 0:\n    {name} = 1\n{whole}",
        ]
        added["a definition is conditional"] = [
            f"try:\n    1 / 0\n{indented(whole)}except ZeroDivisionError:\n    pass\n"
        ]
        added["a helper of another notebook"] = list(_other_bodies(extracted, one.node))
    if isinstance(one.node, ast.Assign):
        added["a constant of another notebook"] = list(_other_values(extracted, one.node))
    for kind, texts in added.items():
        for number, text in enumerate(texts):
            make = partial(_spliced, extracted, path, lines, one, text, tree)
            yield Mutant(kind, f"{path}:{one.start + 1} ({number})", make)


def _other_bodies(extracted: Extracted, node: ast.stmt) -> Iterator[str]:
    """Definitions of the same name anywhere in the project that have another text."""
    for _, other in _everywhere(extracted):
        if (
            isinstance(other, DEFINITIONS)
            and other.name == getattr(node, "name", "")
            and ast.dump(other) != ast.dump(node)
        ):
            yield ast.unparse(other) + "\n"


def _other_values(extracted: Extracted, node: ast.Assign) -> Iterator[str]:
    for _, other in _everywhere(extracted):
        same_target = isinstance(other, ast.Assign) and ast.dump(other.targets[0]) == ast.dump(node.targets[0])
        if same_target and ast.dump(other) != ast.dump(node):
            yield ast.unparse(other) + "\n"


def _everywhere(extracted: Extracted) -> Iterator[tuple[str, ast.stmt]]:
    """All statements of the project's notebooks as they were."""
    for path in extracted.notebooks:
        try:
            found = read(path, extracted.tree[path]).cells
        except UnreadableNotebook:
            continue
        for cell in found:
            for node in (parsed(mask(cell.source).python) or ast.Module([], [])).body if cell.kind == "code" else ():
                yield path, node


def _spliced(
    extracted: Extracted, path: str, lines: list[str], one: Statement, text: str | Callable[[], str], tree: ast.Module
) -> Made | None:
    """The change with other text for one statement of a module; None where that makes the same program."""
    given = text if isinstance(text, str) else text()
    whole = "".join([*lines[: one.start], given, *lines[one.end :]])
    made = parsed(whole)
    if made is not None and same_program(tree, made):
        return None
    layout = made is not None and ast.dump(Unannotated().visit(plain(tree))) == ast.dump(
        Unannotated().visit(plain(made))
    )
    return Made(extracted.with_text(path, whole), layout)


# the package


def _in_package(extracted: Extracted) -> Iterator[Mutant]:
    """`__init__` files that do something, or load something."""
    for change in extracted.changes.changes:
        if change.path.endswith("/__init__.py"):
            text = change.after.decode()
            added = {"a statement added to __init__": "print(1)\n", "a module that loads more": "import torch_or_so\n"}
            for kind, line in added.items():
                yield Mutant(kind, change.path, partial(_extended, extracted, change.path, text + line))


def _extended(extracted: Extracted, path: str, text: str) -> Made:
    return Made(extracted.with_text(path, text))
