"""Functions of the package that got a keyword-only parameter: with its default put in its place, each is what it was (NB106)."""

import ast
import copy
import io
import tokenize
from collections.abc import Iterator, Sequence

from nb2mod.stages.verify.proof.cells import lines_of
from nb2mod.stages.verify.proof.handed import bound_inside, looked_into
from nb2mod.stages.verify.proof.lifts import is_value, same_value, signature_of
from nb2mod.stages.verify.proof.looks import SIGNATURE_READERS, looks_of
from nb2mod.stages.verify.proof.raising import Marks, Raiser
from nb2mod.stages.verify.proof.scopes import function_names, reads
from nb2mod.stages.verify.proof.trees import all_nodes, dump, first_line, last_line, last_name
from nb2mod.stages.verify.proof.views import ModuleView


def grown(before: ModuleView, after: ModuleView) -> dict[str, tuple[ast.FunctionDef, ast.FunctionDef]]:
    """Name → the function as it was and as it is, of those that got parameters and do what they did when nobody passes them."""
    found: dict[str, tuple[ast.FunctionDef, ast.FunctionDef]] = {}
    for name, bound in before.bindings.items():
        now = after.bindings.get(name, ())
        if len(bound) == len(now) == 1:
            old, new = bound[0].definition, now[0].definition
            if not isinstance(old, ast.FunctionDef) or not isinstance(new, ast.FunctionDef) or dump(old) == dump(new):
                continue
            if not any(_against(old, new)) and not _looked_at(before, name):
                found[name] = old, new
    return found


def rest_of(before: str, after: str, functions: Sequence[tuple[ast.FunctionDef, ast.FunctionDef]]) -> str | None:
    """The old text with the functions as they are now; None when one lost a comment."""
    old, new = lines_of(before), lines_of(after)
    for one, other in sorted(functions, key=lambda pair: pair[0].lineno, reverse=True):
        was = slice(first_line(one) - 1, last_line(one))
        now = slice(first_line(other) - 1, last_line(other))
        if _comments(old[was]) != _comments(new[now]):
            return None
        old[was] = new[now]
    return "\n".join(old)


def only_more_lines(before: str, after: str) -> bool:
    """Whether a text has every line of another, in order; imports may have grown."""
    rest = iter(lines_of(after))
    return all(any(_is_grown(line, other) for other in rest) for line in lines_of(before))


def _against(old: ast.FunctionDef, new: ast.FunctionDef) -> Iterator[str]:
    signature = signature_of(old.args, new.args)
    if signature is None or signature.changed or old.args.kwarg or old.decorator_list or looks_of(old).namespace:
        yield "it differs in more than parameters with defaults"
        return
    raiser = Raiser(lambda _one, _other: None, Marks(), (old, new), frozenset(signature.added))
    made = copy.copy(old)
    made.args, made.body = signature.made, raiser.suite(old.body, new.body)
    if dump(made) != dump(new):
        yield "it differs elsewhere"
    own = bound_inside(old) | bound_inside(new) | function_names(old).bound | {read.name for read in reads(old)}
    for name, default in signature.added.items():
        holes = raiser.holes[name]
        if name in own or name in looks_of(old).strings or default is None or not is_value(default) or not holes:
            yield f"`{name}` stands for something else"
        elif not all(same_value(default, hole) for hole in holes):
            yield f"the default of `{name}` is another value than stood there"
        for hole in holes:
            yield from looked_into(old, hole, function_names(old).bound)


def _looked_at(module: ModuleView, name: str) -> bool:
    """Whether the module itself hands the function to somebody who sees its parameters."""
    for node in (inner for statement in module.body for inner in all_nodes(statement)):
        if isinstance(node, ast.Call) and last_name(node.func) in SIGNATURE_READERS:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(isinstance(each, ast.Name) and each.id == name for each in given):
                return True
    return False


def _comments(lines: Sequence[str]) -> list[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline))
    except (tokenize.TokenError, SyntaxError):
        return [line for line in lines if "#" in line]
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def _is_grown(line: str, other: str) -> bool:
    if line == other:
        return True
    is_import = line.lstrip().startswith(("from ", "import "))
    rest = iter(other)
    return is_import and all(character in rest for character in line)
