"""How deep a syntax tree is nested. Everything downstream walks trees by recursion, and has room for so many levels."""

import ast

# Python's stack takes a thousand calls, and the walks spend up to four of them on one level. People nest ten levels, a chain of
# `elif` or of added strings a few dozen.
DEEPEST = 200

# Each level of a tree takes one of these at least; most cells have fewer, and are not walked.
_NESTING = "([{.+-*/%@&|^~<>:,=\n"
_WORDS = ("not ", "not(", "and ", "or ", "if ", "await", "lambda", "yield")


def too_deep(tree: ast.Module, source: str) -> bool:
    """Whether the tree of `source` has more than DEEPEST levels."""
    if sum(map(source.count, _NESTING)) + sum(map(source.count, _WORDS)) < DEEPEST:
        return False
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True
