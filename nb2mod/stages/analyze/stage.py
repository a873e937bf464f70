"""The stage of a notebook from evidence, each with its place. Limits are not looked at here.

The rule. What a person declares decides alone: a pattern in the settings, else `nb2mod.stage` in the notebook's metadata. Else
one strong evidence makes production (papermill's parameters or run, an orchestrator's import, a write to a table or an object
store), or weak evidence of two different kinds (clients of two different clouds or clusters): who only downloads a file with
boto3, or tries Spark out, is exploring.
"""

import re
from collections.abc import Iterator, Sequence

from nb2mod.model import BindKind, CellFeatures, Evidence, Features, Location, NotebookStage, Stage
from nb2mod.notebook import mask
from nb2mod.stages.analyze.stage_words import (
    CLIENTS,
    LOCAL_DATABASE,
    ORCHESTRATORS,
    REMOTE,
    SAVES,
    SPARK_ENDS,
    SPARK_WRITERS,
    STORE,
    TABLE,
    WRITES,
    may_write,
)
from nb2mod.syntax.calls import Call, calls

_WEIGHTS = ("decides", "strong", "weak", "note")
_PARAMETERS = ("parameters", "injected-parameters")
_MODULES = {name: name.partition(".")[0] for name in (*ORCHESTRATORS, *CLIENTS)}
_ROOTS = frozenset(_MODULES.values())


def stage_of(features: Features, declared: tuple[Stage, str] | None = None) -> NotebookStage:
    """The stage with all evidence, strongest first. `declared` is what the settings say, with the pattern that says it."""
    evidence = [*_declared(features, declared), *_papermill(features), *_imports(features), *_writes(features)]
    evidence.sort(key=lambda one: _WEIGHTS.index(one.weight))  # stable: in the order of the notebook
    return NotebookStage(features.path, _stage(features, declared, evidence), tuple(evidence))


def _stage(features: Features, declared: tuple[Stage, str] | None, evidence: Sequence[Evidence]) -> Stage:
    if declared is not None:
        return declared[0]
    if features.stage is not None:
        return Stage(features.stage)
    strong = any(one.weight == "strong" for one in evidence)
    weak = {one.message for one in evidence if one.weight == "weak"}
    return Stage.PRODUCTION if strong or len(weak) > 1 else Stage.EXPLORATORY


def _declared(features: Features, declared: tuple[Stage, str] | None) -> Iterator[Evidence]:
    if declared is not None:
        stage, pattern = declared
        message = f"matches {pattern} of stage.{stage.value} in the settings"
        yield Evidence("configuration", message, "decides", Location(features.path))
    if features.stage is not None:
        message = f"its metadata say {features.stage}" + ("; the settings win" if declared is not None else "")
        yield Evidence("metadata", message, "decides" if declared is None else "note", Location(features.path))
    elif features.misdeclared is not None:
        message = f"its metadata say {features.misdeclared}: expected exploratory or production, so it does not count"
        yield Evidence("metadata", message, "note", Location(features.path))


def _papermill(features: Features) -> Iterator[Evidence]:
    """A cell of parameters, and the traces of a run."""
    for tag in _PARAMETERS:
        cell = next((cell for cell in features.cells if tag in cell.tags), None)
        if cell is not None:
            place = Location(features.path, cell.number, 0, cell.id)
            yield Evidence("parameters", f"a cell is tagged {tag}, for papermill", "strong", place)
    if features.papermill:
        yield Evidence("papermill", "its metadata say that papermill ran it", "strong", Location(features.path))


def _imports(features: Features) -> Iterator[Evidence]:
    """The first import of each orchestrator, and of each cloud or cluster."""
    seen: set[str] = set()
    for cell in features.cells:
        if not _ROOTS.isdisjoint(cell.facts.modules):
            for module, line in _imported(cell):
                of = CLIENTS.get(module, module)
                if of in seen:
                    continue
                seen.add(of)
                place = Location(features.path, cell.number, line, cell.id)
                if module in ORCHESTRATORS:
                    yield Evidence("orchestrator", f"imports {module}, which schedules or chains runs", "strong", place)
                else:
                    yield Evidence("client", f"imports {module}, a client of {of}", "weak", place)


def _imported(cell: CellFeatures) -> Iterator[tuple[str, int]]:
    """The modules of the tables that a cell imports, with the line; imports inside functions too."""
    targets = [
        (binding.target, binding.line)
        for binding in cell.facts.bindings
        if binding.kind in (BindKind.IMPORT, BindKind.STAR)
    ]
    for module, root in _MODULES.items():
        if root not in cell.facts.modules:
            continue
        lines = [line for target, line in targets if target == module or target.startswith(f"{module}.")]
        line = min(lines) if lines else _line_inside(cell.source, module)
        if line is not None:
            yield module, line


def _line_inside(source: str, module: str) -> int | None:
    """The line of an import that binds no name of the notebook; None when there is none of just this module."""
    parent, _, last = module.rpartition(".")
    forms = [rf"^\s*(?:from|import)\s+(?:[\w.]+\s*,\s*)*{re.escape(module)}\b"]
    forms += [rf"^\s*from\s+{re.escape(parent)}\s+import\s+[^#\n]*\b{last}\b"] if parent else []
    found = next(filter(None, (re.search(form, source, re.MULTILINE) for form in forms)), None)
    return source.count("\n", 0, found.start(0) + len(found[0])) + 1 if found else None


def _writes(features: Features) -> Iterator[Evidence]:
    """The first write of each kind. One to a table counts for nothing where the database is a file of the notebook's own."""
    told: set[tuple[str, bool]] = set()
    for cell, call in _calls(features):
        where = _written(call)
        if where is None:
            continue
        scratch = call.names[-1] == "to_sql" and any(LOCAL_DATABASE.search(one.source) for one in features.cells)
        if (where, scratch) not in told:
            told.add((where, scratch))
            message = f"writes to {where}: {'.'.join(filter(None, call.names))}(…)"
            message += ", of a local database as it seems" if scratch else ""
            place = Location(features.path, cell.number, call.line, cell.id)
            yield Evidence("write", message, "note" if scratch else "strong", place)


def _calls(features: Features) -> Iterator[tuple[CellFeatures, Call]]:
    """Calls of the cells that look as if they wrote."""
    for cell in features.cells:
        if not cell.facts.error and not cell.facts.opaque and may_write(cell.source):
            for call in calls(mask(cell.source).python):
                yield cell, call


def _written(call: Call) -> str | None:
    """What the call writes to: a table, an object store; None for anything else."""
    *above, last = call.names
    if last in WRITES and (above or last.startswith("write_")):
        return WRITES[last]
    if last in SPARK_ENDS and not SPARK_WRITERS.isdisjoint(above):
        return STORE if any(REMOTE.match(text) for text in call.texts) else TABLE
    if SAVES.fullmatch(last) and any(REMOTE.match(text) for text in call.texts):
        return STORE
    return None
