"""The text of `main`: signature, docstring, body, and the lines that run it as a script."""

import ast
from collections.abc import Sequence

from nb2mod.model import Parameter
from nb2mod.syntax import parse

_INDENT = "    "


def function_lines(name: str, parameters: Sequence[Parameter], purpose: str, body: Sequence[str]) -> list[str]:
    """`def name(…) -> None:` with the body's lines inside; lines in the middle of a string stay as they are."""
    arguments = [f"{one.name}: {one.type} = {one.default}" for one in parameters]
    told = [one for one in parameters if one.comment]
    docstring = [f'"""{_plain(purpose)}"""']
    if told:
        docstring = [f'"""{_plain(purpose)}']
        for one in told:
            docstring += ["", f"{one.option}: {_plain(one.comment)}"]
        docstring.append('"""')
    text = "\n".join(body)
    inside = _inside_strings(text)
    indented = [
        line if not line.strip() or number in inside else _INDENT + line
        for number, line in enumerate(text.split("\n"), 1)
    ]
    return [
        f"def {name}({', '.join(arguments)}) -> None:",
        *(_INDENT + line if line else "" for line in docstring),
        *indented,
    ]


def guard(name: str) -> list[str]:
    """What makes `python -m` of the module a command line. Nothing is loaded for it when the module is imported."""
    return ['if __name__ == "__main__":', f"{_INDENT}import typer", "", f"{_INDENT}typer.run({name})"]


def _plain(text: str) -> str:
    """Words that can't end or bend a docstring."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _inside_strings(source: str) -> frozenset[int]:
    """Lines that begin inside a string: what is put before them would be part of it."""
    return frozenset(
        line
        for node in ast.walk(parse(source))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    )
