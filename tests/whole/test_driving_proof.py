"""The proof of `main`: every statement of the notebook, in its order, and nothing else. Every small change to it is found."""

import ast
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from whole.conftest import NAME, Laid

from nb2mod.model import ChangeSet, Report
from nb2mod.stages.verify.proof import prove

NOTEBOOK = """
# %%
import json
import string

%matplotlib inline
# %% tags=parameters
limit = 3
names = ["a", "b"]
# %%
def twice(value):
    return value * 2
# %%
rows = [n * limit for n in range(4)]
total = sum(rows)
# %%
total
# %%
%time large = twice(total)
print(large)
# %%
text = json.dumps(names)
more = text * 2
string.digits;
# %%
text, more
"""


def _findings(report: Report, module: str, text: str, laid: Laid) -> list[str]:
    assert report.changes is not None
    assert report.plan is not None
    path = f"src/{module.replace('.', '/')}.py"
    changes = [replace(one, after=text.encode()) if one.path == path else one for one in report.changes.changes]

    def read(name: str) -> bytes | None:
        file = laid.root / name
        return file.read_bytes() if file.is_file() else None

    return [one.message for one in prove(ChangeSet(tuple(changes)), report.plan, read, notebooks=[NAME]).findings]


def _mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Each statement of `main` left out, said twice, or swapped with the next; each default changed; a parameter too many."""
    at = next(at for at, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef) and node.name == "main")
    node = tree.body[at]
    assert isinstance(node, ast.FunctionDef)
    body = list(node.body)
    for index in range(1, len(body)):
        if isinstance(body[index], ast.Import | ast.ImportFrom) or "list(" in ast.unparse(body[index]):
            continue
        yield f"without {ast.unparse(body[index])}", _with(tree, at, node, [*body[:index], *body[index + 1 :]])
        yield f"twice {ast.unparse(body[index])}", _with(tree, at, node, [*body[: index + 1], *body[index:]])
        if index + 1 < len(body):
            swapped = [*body[:index], body[index + 1], body[index], *body[index + 2 :]]
            yield f"swapped {ast.unparse(body[index])}", _with(tree, at, node, swapped)
    for index in range(len(node.args.defaults)):
        defaults = list(node.args.defaults)
        defaults[index] = ast.Constant(0)
        yield f"default {index}", _with(tree, at, node, body, defaults=defaults)
    more = [*node.args.args, ast.arg("extra", ast.Name("int", ast.Load()))]
    yield "a parameter more", _with(tree, at, node, body, args=more, defaults=[*node.args.defaults, ast.Constant(1)])


def _with(
    tree: ast.Module, at: int, node: ast.FunctionDef, body: list[ast.stmt], **arguments: list[ast.AST]
) -> ast.Module:
    fields = {name: getattr(node.args, name) for name in node.args._fields} | arguments
    made = ast.FunctionDef(node.name, ast.arguments(**fields), body, [], node.returns)
    return ast.Module([*tree.body[:at], made, *tree.body[at + 1 :]], [])


def test_every_change_is_found(laid: Callable[[str], Laid], record_property: Callable[..., None]) -> None:
    project = laid(NOTEBOOK)
    report = project.proposed()
    assert report.whole is not None
    assert report.whole.main, report.whole.refused
    assert report.changes is not None
    text = next(one.after for one in report.changes.changes if one.path.endswith("report.py")).decode()
    assert not _findings(report, report.whole.module, text, project)
    tree = ast.parse(text)
    assert not _findings(report, report.whole.module, ast.unparse(tree), project), "unparsed it is still the same"
    found = [
        what
        for what, mutant in _mutants(tree)
        if not _findings(report, report.whole.module, ast.unparse(ast.fix_missing_locations(mutant)), project)
    ]
    assert not found
    count = sum(1 for _ in _mutants(tree))
    assert count > 20
    record_property("score", f"main of whole notebooks: {count} of {count} changes to one found by the proof")


def test_main_that_fails_is_left_out(laid: Callable[[str], Laid], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the writer costs `main`, not the steps; and it is told."""
    from nb2mod.stages.rewrite import main

    right = main.function_lines
    monkeypatch.setattr(main, "function_lines", lambda *arguments: [*right(*arguments), "    print('a bug')"])
    whole = laid(NOTEBOOK).extracted()
    assert whole.steps
    assert not whole.main
    assert [reason.message.partition(":")[0] for reason in whole.refused] == ["the proof failed (inlines)"]
