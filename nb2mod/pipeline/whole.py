"""One notebook as a whole (NB203): its steps as functions of one module, and `main`, which takes them in order."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.errors import UsageError
from nb2mod.model import (
    Block,
    BlockClass,
    BlockFlow,
    Candidate,
    Extraction,
    Features,
    Finding,
    Location,
    PlanResult,
    Reason,
    Step,
    Verdict,
    Whole,
)
from nb2mod.pipeline import cutting
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import analyze, detect
from nb2mod.stages.plan.gather import chosen_module
from nb2mod.stages.plan.naming import taken_names, usable
from nb2mod.stages.rewrite.main import Driver, Main, main_of
from nb2mod.stages.rewrite.main_statements import Moved

CODE = "NB203"


def with_steps(seen: Survey, paths: Sequence[str]) -> Survey:
    """The survey with every step of one notebook that can become a function laid into it, and limits that let all of it move.

    `paths` is that one notebook's. Raises UsageError when it can't be read, or is none of Python.
    """
    path = next(iter(paths), "")
    file = file_of(seen.features, path)
    features = seen.features[file]
    if features.error:
        raise UsageError(f"{path}: {features.error}")
    seen = replace(seen, config=_without_limits(seen.config), stages={}, whole=path)
    flows: dict[Block, BlockFlow] = {}
    chosen: list[Block] = []
    for step in detect.steps(features, file, seen.package.name):
        for block in dict.fromkeys((step.block, *step.parts)):
            flows[block] = analyze.flow_of(features, seen.names[file], block)
        chosen += [step.block] if _is_clean(flows[step.block]) else step.parts
    laid = cutting.with_classes(seen, [_class_of(features, block) for block in chosen], flows)
    step_told = Reason(CODE, f"a step of {path}", "note")
    told = {member: (*reasons, step_told) for member, reasons in laid.blocks.told.items()}
    return replace(laid, blocks=replace(laid.blocks, told=told))


def file_of(features: Sequence[Features], path: str) -> int:
    """The place of a notebook in the list. Raises UsageError when it is not there."""
    for file, one in enumerate(features):
        if one.path == path and one.kind == "notebook":
            return file
    raise UsageError(f"{path}: expected a notebook of the project (.ipynb)")


def module_of(seen: Survey, asked: str | None) -> str:
    """The module that a notebook becomes: the one asked for, else one named after the notebook that is not there yet."""
    package = seen.package
    if asked is not None:
        return chosen_module(asked, package.name)
    standing = set(_modules(seen))
    stem = seen.whole.rpartition("/")[2].removesuffix(".ipynb")
    word = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_").lstrip("0123456789_") or "notebook"
    taken = taken_names(seen.features)
    for name in (word, f"{word}_notebook", *(f"{word}_{number}" for number in range(2, 100))):
        module = f"{package.name}.{name}"
        if module not in standing and usable(module, taken):
            return module
    raise UsageError(f"{seen.whole}: no free name for its module; choose one with --module")


def with_main(seen: Survey, planned: PlanResult, candidates: Sequence[Candidate], module: str) -> PlanResult:
    """The plan with `main` at the end of the module, and what is to be told of the whole. `planned` is the plan for the
    notebook in which steps stand as functions.
    """
    told = Whole(
        seen.whole,
        module,
        steps=tuple(_steps(seen, planned)),
        stays=tuple(_staying(planned, candidates)),
        folder=seen.whole.rpartition("/")[0],
    )
    new = [item for item in planned.plan.extractions if item.module == module and not item.existing]
    if not new:
        why = Reason(CODE, "all that moves stands in the package already", "note")
        return replace(planned, whole=replace(told, refused=(why,)))
    purpose = f"The steps of {seen.whole}." if seen.whole.isprintable() else "The steps of a notebook."
    named = [replace(item, purpose=purpose) if item in new else item for item in planned.plan.extractions]
    if told.stays:
        refused = tuple(
            Reason(CODE, f"`{name}` stays in the notebook", "note", why.location) for name, why in told.stays
        )
        plan = replace(planned.plan, extractions=tuple(named))
        return replace(planned, plan=plan, whole=replace(told, refused=refused))
    main = main_of(_driver(seen, planned, module, new))
    if seen.undriven:
        main = Main(refused=(Reason(CODE, seen.undriven, "note"),))
    if main.text:
        name = f"main of {seen.whole}"
        named.append(Extraction(name, "function", module, main.name, main.text, (), main.imports, drives=seen.whole))
    plan = replace(planned.plan, extractions=tuple(named))
    third = tuple(sorted({*planned.third_party, *_third_party(main, seen.package.name)}))
    return replace(planned, plan=plan, third_party=third, whole=_with(told, main))


def undriven(findings: Sequence[Finding], planned: PlanResult) -> str:
    """What the proof found against `main`, in words; "" when it found nothing against that."""
    mains = {item.candidate for item in planned.plan.extractions if item.drives}
    against = next((finding for finding in findings if mains.intersection(finding.candidates)), None)
    return f"the proof failed ({against.check}): {against.message}" if against else ""


def nothing(seen: Survey, planned: PlanResult) -> str:
    """Why a notebook becomes no module, for a person."""
    stays = planned.whole.stays if planned.whole else ()
    if not stays:
        return f"{seen.whole}: nothing in it can become a module: it defines nothing, and no cell holds a step of two statements"
    name, why = stays[0]
    place = f"cell {why.location.cell}, " if why.location else ""
    more = f" ({len(stays) - 1} more)" if len(stays) > 1 else ""
    return f"{seen.whole}: nothing in it can become a module: {place}{name} stays ({why.code}): {why.message}{more}"


def shown(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates as the report tells them: steps, and definitions that come along, of one notebook; not the notebook itself."""
    return tuple(
        replace(
            one, code=CODE, clone_type=None, reasons=tuple(r for r in one.reasons if r.effect != "note" or _says(r))
        )
        if one.existing is None
        else one
        for one in candidates
    )


def _says(reason: Reason) -> bool:
    """Whether a note says more than that the candidate moves because all does."""
    return reason.code not in (CODE, "NB201", "NB110")


def _without_limits(config: Config) -> Config:
    return replace(
        config, threshold_notebooks=1, threshold_statements=1, production_notebooks=1, production_statements=1
    )


def _is_clean(flow: BlockFlow) -> bool:
    return all(reason.effect == "note" for reason in flow.reasons)


def _class_of(features: Features, block: Block) -> BlockClass:
    """A step as a class of its own."""
    parts = [
        statement
        for cell in range(block.cell, block.last_cell + 1)
        for index, statement in enumerate(features.cells[cell].facts.statements)
        if (block.cell, block.first) <= (cell, index) <= (block.last_cell, block.last)
    ]
    shape = b"".join(one.fixed for one in parts)[:16]
    lines = sum(one.end_line - one.line + 1 for one in parts)
    return BlockClass(shape, (block,), None, sum(one.size for one in parts), lines, code=CODE)


# What becomes of it.


def _steps(seen: Survey, planned: PlanResult) -> Iterator[Step]:
    moved = {site.name for item in planned.plan.extractions for site in item.sites if site.path == seen.whole}
    for _, one in sorted(seen.blocks.cuts.items()):
        cells = seen.blocks.real[one.block.file].cells
        if one.name in moved:
            yield Step(one.name, cells[one.block.cell].number, cells[one.block.last_cell].number)


def _staying(planned: PlanResult, candidates: Sequence[Candidate]) -> Iterator[tuple[str, Reason]]:
    """Steps and definitions that do not move, each with its first reason. `candidates` stand in the notebooks as they are."""
    moved = {item.candidate for item in planned.plan.extractions}
    for one in candidates:
        if one.id in moved or one.verdict is Verdict.BELOW:
            continue
        place = one.occurrences[0]
        where = Location(place.path, place.cell, place.line, place.cell_id)
        why = next((reason for reason in one.reasons if reason.effect in ("blocks", "review")), None)
        why = why or Reason(CODE, "was not asked for", "note", where)
        yield one.name, why if why.location else replace(why, location=where)


def _driver(seen: Survey, planned: PlanResult, module: str, new: Sequence[Extraction]) -> Driver:
    file = file_of(seen.features, seen.whole)
    sites = [(item, site) for item in planned.plan.extractions for site in item.sites if site.path == seen.whole]
    moved = {(site.cell, site.line, site.name): Moved(item.module, item.name, site.name) for item, site in sites}
    standing = _modules(seen).get(module)
    names = {item.name for item in new} | set(standing.names if standing else ())
    real = seen.blocks.real[file] if seen.blocks.real else seen.features[file]
    return Driver(
        features=seen.features[file],
        module=module,
        constants=detect.parameters(real),
        moved=moved,
        names=frozenset(names),
        imports=tuple(dict.fromkeys(text for item in new for text in item.imports)),
        silent=frozenset(one.name for one in seen.blocks.cuts.values() if not one.returns),
    )


class _Standing:
    """A module of the package as it is."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)


def _modules(seen: Survey) -> Mapping[str, _Standing]:
    """The package's modules by their dotted names, with the names that they bind."""
    return {
        analyze.dotted_module(one.path, seen.package.source_root): _Standing(list(seen.names[file].bindings))
        for file, one in enumerate(seen.features)
        if one.kind == "module"
    }


def _with(told: Whole, main: Main) -> Whole:
    if not main.text:
        return replace(told, refused=main.refused)
    return replace(
        told,
        main=main.name,
        parameters=main.parameters,
        inside=main.inside,
        left_out=main.left_out,
        command=f"python -m {told.module}",
    )


def _third_party(main: Main, package: str) -> Iterator[str]:
    """Top-level modules outside of Python and the package that `main` imports when it runs as a script."""
    for node in ast.walk(ast.parse(main.text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for root in (name.partition(".")[0] for name in names):
            if root not in sys.stdlib_module_names and root != package.partition(".")[0]:
                yield root
