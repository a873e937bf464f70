"""Strings that are code, and calls that look at names: where a renaming could be seen, a name read unwritten.

pandas' `query("x > @limit")`, formulas, SQL over frames in scope, `locals()`, `inspect.signature`: hazards N12, N14, N20.
"""

import ast
import re
from collections.abc import Iterator

# They see the names of the frame they are called in.
NAMESPACE_READERS = frozenset(
    "locals vars dir eval exec globals _getframe currentframe stack getargvalues getinnerframes getouterframes".split()
)
# They read the parameter names of a function they are given.
SIGNATURE_READERS = frozenset(
    "signature getfullargspec getargspec interact interactive interactive_output interact_manual get_type_hints Parameter "
    "vectorize_signature describe validate_call singledispatch".split()
)
_AT_NAME = re.compile(r"@([^\W\d]\w*)")
_IDENTIFIER = re.compile(r"(?<![.\w])[^\W\d]\w*")
_FORMULAS = frozenset(
    "ols wls gls glsar rlm glm gee logit probit mnlogit poisson negativebinomial quantreg phreg mixedlm from_formula dmatrix "
    "dmatrices build_design_matrices anova_lm Formula feols Model bmb".split()
)
_SQL = frozenset("sql execute sqldf query_df from_query read_sql read_sql_query".split())
_WHOLE = frozenset("timeit repeat Timer run runctx evaluate".split())
_PANDAS = frozenset(("pd", "pandas", "ne", "numexpr"))
# They take code as text.
CODE_CALLS = _FORMULAS | _SQL | _WHOLE | {"query", "eval", "exec"}
_WORDS = (" def ", "\tdef ", *sorted(NAMESPACE_READERS | CODE_CALLS))
_WORTH_A_LOOK = re.compile(
    r"^[ \t]+(?:async[ \t]+)?def\b|\b(?:" + "|".join(sorted(NAMESPACE_READERS | CODE_CALLS)) + r")\b",
    re.MULTILINE,
)


def code_names(call: ast.Call) -> Iterator[str]:
    """Names that the strings among the arguments of a call read, when the call takes code as text."""
    callee = called_name(call)
    if callee not in CODE_CALLS:
        return
    for text in _strings(call):
        yield from _names_in(text, callee, call)


def called_name(call: ast.Call) -> str:
    """`c` of `a.b.c(…)`, `f` of `f(…)`, "" otherwise."""
    func = call.func
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def annotation_names(text: str) -> list[str]:
    """Names in a string annotation (a forward reference)."""
    return _IDENTIFIER.findall(text)


def seen_names(root: ast.AST, text: str) -> frozenset[str]:
    """Names that must keep their spelling because a string, or a look at the namespace or at a function, could see it."""
    # Plain substrings first: asked of every definition, a search for alternatives would cost more than the walk.
    if not any(word in text for word in _WORDS) or not _WORTH_A_LOOK.search(text):
        return frozenset()
    kept: set[str] = set()
    every: set[str] = set()
    nested: set[str] = set()
    dynamic = False
    for node in walk(root):
        if isinstance(node, ast.Call):
            if called_name(node) in NAMESPACE_READERS:
                dynamic = True
            kept.update(code_names(node))
        elif isinstance(node, ast.Name):
            every.add(node.id)
        elif isinstance(node, ast.arg):
            every.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node is not root:
            nested.add(node.name)
    if dynamic:
        return frozenset(every | nested)
    # A nested function that leaves shows its name (`__name__`, repr, pickles).
    return frozenset(kept | (nested & escaping_names(root) if nested else nested))


def escaping_names(root: ast.AST) -> frozenset[str]:
    """Names that are read in any way but as the function of a call with positional arguments only."""
    escaping: set[str] = set()
    called: set[int] = set()
    for node in walk(root):
        if isinstance(node, ast.Call):
            plain = not node.keywords and not any(isinstance(argument, ast.Starred) for argument in node.args)
            if plain and isinstance(node.func, ast.Name):
                called.add(id(node.func))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            escaping.add(node.id)
    return frozenset(escaping)


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """`ast.walk` from the outside in, at half the cost: contexts and operators have no fields and are left out."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if type(value) is list:
                stack.extend(item for item in reversed(value) if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST) and value._fields:
                stack.append(value)


def _strings(call: ast.Call) -> Iterator[str]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        for node in walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _names_in(text: str, callee: str, call: ast.Call) -> list[str]:
    if callee == "query" or (callee == "eval" and isinstance(call.func, ast.Attribute)):
        root = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(root, ast.Name) and root.id in _PANDAS:
            return _IDENTIFIER.findall(text)
        return _AT_NAME.findall(text)
    if callee in _FORMULAS and "~" not in text and callee not in ("dmatrix",):
        return []
    if callee in _SQL and not re.search(r"\b(?:from|join|into|table)\b", text, re.IGNORECASE):
        return []
    return _IDENTIFIER.findall(text)
