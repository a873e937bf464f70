"""Check (c): putting the imported definitions back gives the notebook that was there, and they mean what they meant.

Every replaced statement that passes is evidence for its place; everything else that changed is a finding.
"""

import ast
from collections.abc import Iterator, Sequence

from nb2mod.model import Finding
from nb2mod.stages.verify.proof.alignment import Problem, Replacement, align, changed_cells
from nb2mod.stages.verify.proof.bindings import Binding
from nb2mod.stages.verify.proof.frames import Difference
from nb2mod.stages.verify.proof.leftovers import lost_or_new
from nb2mod.stages.verify.proof.meanings import Meanings
from nb2mod.stages.verify.proof.package import Found
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import first_line

Site = tuple[str, int, str]  # path, cell, name
# What a default may call: the same value whenever it is called, and one that nobody can change; or a new one that can be.
_VALUES = frozenset(
    (
        *(
            "abs",
            "all",
            "any",
            "bool",
            "bytes",
            "chr",
            "complex",
            "divmod",
            "float",
            "float.fromhex",
            "frozenset",
            "int",
        ),
        *("len", "max", "min", "ord", "pow", "range", "repr", "round", "slice", "str", "sum", "tuple", "type"),
        *("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "decimal.Decimal"),
        *(
            "fractions.Fraction",
            "math.cos",
            "math.exp",
            "math.log",
            "math.log10",
            "math.log2",
            "math.radians",
            "math.sin",
        ),
        *("math.sqrt", "numpy.dtype", "numpy.float32", "numpy.float64", "numpy.int32", "numpy.int64", "numpy.sqrt"),
        *("operator.attrgetter", "operator.itemgetter", "operator.methodcaller", "pathlib.Path", "pathlib.PurePath"),
        *("re.compile", "uuid.UUID"),
    )
)
_CONTAINERS = frozenset(
    (
        *("bytearray", "dict", "dict.fromkeys", "enumerate", "list", "map", "object", "reversed", "set", "sorted"),
        *("str.maketrans", "zip", "collections.Counter", "collections.OrderedDict", "collections.defaultdict"),
        *("collections.deque", "functools.partial", "itertools.count", "threading.Lock", "threading.RLock"),
        *("types.MappingProxyType", "types.SimpleNamespace"),
    )
)


def check(subject: Subject, pair: NotebookPair) -> tuple[list[Finding], list[Site]]:
    """Findings of one notebook, and its places that are shown to be the same."""
    alignment = align(pair, subject.after.owns)
    findings = [_finding(subject, pair, problem) for problem in alignment.problems]
    found = {one: subject.after.find(one.target) for one in alignment.replacements}
    ends = {id(one.statement): end for one, end in found.items() if end is not None}
    meanings = Meanings(subject, pair, ends)
    shown: list[Site] = []
    for one, end in found.items():
        problem = _different(pair, meanings, one, end)
        if problem is None:
            shown.append((pair.path, one.cell.number, one.name))
        else:
            findings.append(_finding(subject, pair, problem, one.target))
    findings += [_finding(subject, pair, problem) for problem in _text(pair, alignment.replacements)]
    findings += [_finding(subject, pair, problem) for problem in _not_done(subject, pair, alignment.replacements)]
    return findings, shown


def _different(pair: NotebookPair, meanings: Meanings, one: Replacement, end: Found | None) -> Problem | None:
    """Why a replaced statement is not what its import brings."""
    line = first_line(one.statement)
    place = (one.cell.index, one.position)
    before = next((each for each in pair.before.bindings.get(one.name, ()) if each.place == place), None)
    if end is None or not end.name:
        return Problem(f"`{one.target}` is imported, and nothing stands there", one.cell, line, (one.name,))
    if before is None or before.kind not in ("definition", "literal"):
        return Problem(f"`{one.name}` may be set from outside the notebook", one.cell, line, (one.name,))
    if why := _runs_anew(pair, before):
        return Problem(why, one.cell, line, (one.name,))
    try:
        meanings.show(before, end)
    except Difference as difference:
        return Problem(str(difference), one.cell, difference.line or line, (one.name,))
    except RecursionError:
        return Problem(f"`{one.name}` is nested too deeply to be compared", one.cell, line, (one.name,))
    return None


def _runs_anew(pair: NotebookPair, before: Binding) -> str | None:
    """Why it matters that an import runs a definition once, and maybe at another time (D1)."""
    definition = before.definition
    if definition is None:
        return None
    functions = [node for node in ast.walk(definition) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    outer = (
        functions[:1] if not isinstance(definition, ast.ClassDef) else [f for f in functions if f in definition.body]
    )
    again = len([each for each in pair.before.bindings.get(before.name, ()) if each.kind == "definition"]) > 1
    for function in outer:
        for default in (*function.args.defaults, *filter(None, function.args.kw_defaults)):
            for node in ast.walk(default):
                called = _called(pair, node) if isinstance(node, ast.Call) else ""
                of_text = isinstance(node, ast.Call) and _is_method_of_text(node)
                other = isinstance(node, ast.Call) and not of_text and called not in (*_VALUES, *_CONTAINERS)
                if other or isinstance(node, (ast.Await, ast.NamedExpr)):
                    return f"a default value of `{function.name}` is computed when the definition runs"
                if again and (called in _CONTAINERS or isinstance(node, (ast.List, ast.Dict, ast.Set))):
                    return f"`{before.name}` is defined again, which resets a default value; an import does not"
    return None


def _called(pair: NotebookPair, call: ast.Call) -> str:
    """The full name of what is called: a builtin that nothing hides, or what every binding of the name imports; else ""."""
    root, _, rest = ast.unparse(call.func).partition(".")
    bound = pair.before.bindings.get(root, ())
    if not bound:
        return f"{root}.{rest}" if rest else root
    targets = {each.target if each.kind == "import" else "" for each in bound}
    target = targets.pop() if len(targets) == 1 else ""
    return f"{target}.{rest}" if target and rest else target


def _is_method_of_text(call: ast.Call) -> bool:
    """`"a b c".split()`"""
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant)


def _text(pair: NotebookPair, replacements: Sequence[Replacement]) -> Iterator[Problem]:
    """Lines that are lost, or new and no import."""
    for before, after in changed_cells(pair):
        if before.tree is None or after.tree is None:
            continue  # told by the alignment
        gone = [one.statement for one in replacements if one.cell is before]
        come = [one.import_statement for one in replacements if one.import_cell is after]
        if odd := lost_or_new(before, after, gone, come):
            yield Problem(odd[0], before, odd[1])
        for node in gone:
            kept = before.lines[first_line(node) - 1 : (node.end_lineno or node.lineno)]
            if any("nb2mod: keep" in line for line in kept):
                yield Problem("a definition marked `# nb2mod: keep` was replaced", before, first_line(node))


def _not_done(subject: Subject, pair: NotebookPair, replacements: Sequence[Replacement]) -> Iterator[Problem]:
    """Places where the plan says an import would stand, and none does."""
    done = {(one.cell.number, one.name) for one in replacements}
    for extraction in subject.plan.extractions:
        for site in extraction.sites:
            if site.path == pair.path and (site.cell, site.name) not in done and site.cell <= len(pair.before.cells):
                cell = pair.before.cells[site.cell - 1]
                yield Problem(f"`{site.name}` was to become an import and did not", cell, site.line, (site.name,))


def _finding(subject: Subject, pair: NotebookPair, problem: Problem, target: str = "") -> Finding:
    cell, names = problem.cell.number, problem.names
    blamed = subject.candidates(path=pair.path, cell=cell, line=problem.line, names=names)
    if target and not blamed:
        module, _, name = target.rpartition(".")
        blamed = subject.candidates_of_module(module, (name,))
    message = f"cell {cell}: {problem.message}"
    return Finding("inlines", message, pair.path, cell, problem.line, blamed)
