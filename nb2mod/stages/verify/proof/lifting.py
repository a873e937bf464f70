"""Whether a notebook with lifted definitions does what it did: all rules over one notebook, told by name.

`handed.py` asks each definition, `passed.py` each use that is spelled; here are those that are not spelled as Python, and who
falls with whom.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from nb2mod.stages.verify.proof.flow import reaching
from nb2mod.stages.verify.proof.handed import Handed
from nb2mod.stages.verify.proof.lifted import Lifted
from nb2mod.stages.verify.proof.lifts import Raised
from nb2mod.stages.verify.proof.looks import code_names
from nb2mod.stages.verify.proof.mentions import looks_at_names, read_by_others, words_in_texts
from nb2mod.stages.verify.proof.passed import Passed, Told, Use
from nb2mod.stages.verify.proof.retyped import retyped
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.views import CellView, NotebookView

_WORD = re.compile(r"[^\W\d]\w*")


def check(subject: Subject, pair: NotebookPair, lifted: Lifted) -> Mapping[str, Told]:
    """Name of a definition that went → what is against it because of what came to it, or to one that it leads to."""
    view = pair.before
    handed = Handed(view, lifted)
    passed = Passed(view, lifted, handed, pair.functions)
    raised: dict[str, list[Raised]] = {}
    for one in lifted.raised.values():
        raised.setdefault(one.lift.name, []).append(one)
    uses = passed.uses()
    found: dict[str, Told] = {}
    for name in lifted.lifts:
        used = any(use.statement is not one.made for use in uses[name] for one in raised.get(name, ())[:1])
        own = [why for one in raised.get(name, ()) for why in handed.against(one)] if used else []
        told = passed.told(uses[name])
        needs = any(map(passed.needs_passing, raised.get(name, ())))
        unspelled = list(_unspelled(subject, view, name)) if needs else []
        typed = _typed(pair, lifted, uses[name], subject.recorded)
        problems = (*own, *told.problems, *(why for why, certain in unspelled if certain), *typed)
        doubts = (why for why, certain in unspelled if not certain)
        found[name] = Told(problems, told.unsure or next(doubts, ""))
    _fall_together(view, lifted, uses, found)
    return found


def _unspelled(subject: Subject, view: NotebookView, name: str) -> Iterator[tuple[str, bool]]:
    """(who may call it where no call stands, whether that is certain)."""
    for cell in view.cells:
        if cell.kind != "code":
            continue
        where = f"in cell {cell.number}"
        for magic in cell.masked.magics:
            if name in magic.reads:
                sign = "%" if magic.name.isidentifier() else ""
                yield f"`{sign}{magic.name}` reads it {where}, and nothing can be passed", True
        if cell.tree is None:
            if name in (cell.masked.unknown if cell.masked.opaque else _WORD.findall(cell.source)):
                yield f"a cell that can't be read, {cell.number}, speaks of `{name}`", False
            continue
        yield from _in_texts(cell, view, name, where)
    for other in read_by_others(subject, view, {name}).values():
        yield f"{other} runs this notebook and speaks of `{name}`", True


def _in_texts(cell: CellView, view: NotebookView, name: str, where: str) -> Iterator[tuple[str, bool]]:
    lines = {line for magic in cell.masked.magics for line in range(magic.line, magic.end_line + 1)}
    for node in cell.tree or ():
        calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
        if name in words_in_texts(node) or any(name in code_names(call) for call in calls):
            yield f"a text reads it {where}, and nothing can be passed", True
        elif how := looks_at_names(node, view.bindings, one_by_one=True, magics=lines):
            yield f"`{how}` {where} sees names that it does not spell", False


def _typed(pair: NotebookPair, lifted: Lifted, uses: Sequence[Use], recorded: bool) -> Iterator[str]:
    """What else was typed into statements that got arguments; of a change that people made, only into magics."""
    cells = {use.place[0] for use in uses}
    for index in sorted(cells & lifted.edits.keys()):
        sides = pair.written[0].cells[index], pair.written[1].cells[index]
        if why := retyped(*sides, lifted.edits[index], magics_only=not recorded):
            yield f"in cell {index + 1}, {why}"


def _fall_together(
    view: NotebookView, lifted: Lifted, uses: Mapping[str, Sequence[Use]], found: dict[str, Told]
) -> None:
    """What is against a definition is against those that lead to it, and against those that it passes its own on to."""
    grown = True
    while grown:
        grown = False
        for name in list(found):
            if not found[name].problems and not found[name].unsure:
                continue
            why = f"`{name}`, which it leads to"
            for other in (*reaching(view, name), *_handed_on(lifted, uses, name)):
                if other == name:
                    continue
                old = found.get(other, Told((), ""))
                new = Told(
                    old.problems or ((f"{why}: {found[name].problems[0]}",) if found[name].problems else ()),
                    old.unsure or (f"{why}: {found[name].unsure}" if found[name].unsure else ""),
                )
                if new != old:
                    found[other] = new
                    grown = True


def _handed_on(lifted: Lifted, uses: Mapping[str, Sequence[Use]], name: str) -> list[str]:
    """Lifted names that are called in a definition of this name."""
    return [
        other
        for other, places in uses.items()
        if any((one := lifted.raised.get(id(use.statement))) is not None and one.lift.name == name for use in places)
    ]
