"""Whether a notebook with lifted definitions does what it did: all rules over one notebook, told by name.

`handed.py` asks each definition, `passed.py` each use that is spelled; here are those that are not spelled as Python, and who
falls with whom.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.flow import reaching
from nb2mod.stages.verify.proof.handed import Handed
from nb2mod.stages.verify.proof.lifted import Lifted
from nb2mod.stages.verify.proof.lifts import Raised
from nb2mod.stages.verify.proof.looks import code_names
from nb2mod.stages.verify.proof.mentions import looks_at_names, may_look, read_by_others, words_in_texts
from nb2mod.stages.verify.proof.passed import Passed, Told, Use
from nb2mod.stages.verify.proof.retyped import retyped
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.views import NotebookView

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
    needing = {name for name in lifted.lifts if any(map(passed.needs_passing, raised.get(name, ())))}
    mentions = list(_mentions(view, needing)) if needing else []
    typed = dict(_typed(pair, lifted, subject.recorded))
    found: dict[str, Told] = {}
    for name in lifted.lifts:
        used = any(use.statement is not one.made for use in uses[name] for one in raised.get(name, ())[:1])
        own = [why for one in raised.get(name, ()) for why in handed.against(one)] if used else []
        told = passed.told(uses[name])
        certain, maybe = [], []
        if name in needing:
            certain = [each.why for each in mentions if each.names is not None and name in each.names and each.certain]
            certain += [f"{other} runs this notebook and speaks of it" for other in _runners(subject, view, name)]
            maybe = [each.why for each in mentions if not each.certain and (each.names is None or name in each.names)]
        also = [typed[index] for index in dict.fromkeys(use.place[0] for use in uses[name]) if index in typed]
        found[name] = Told((*own, *told.problems, *certain, *also), told.unsure or next(iter(maybe), ""))
    _fall_together(view, lifted, uses, found)
    return found


class _Mention(NamedTuple):
    """Something that may call a function where no call stands. `names`: of which; None: of any."""

    names: frozenset[str] | None
    why: str
    certain: bool


def _mentions(view: NotebookView, names: set[str]) -> Iterator[_Mention]:
    """Of some names, in every cell that speaks of one of them or sees names that it does not spell."""
    for cell in view.cells:
        spoken = cell.kind == "code" and not names.isdisjoint(_WORD.findall(cell.source))
        if cell.kind != "code" or not (spoken or may_look(cell.source)):
            continue
        where = f"in cell {cell.number}"
        for magic in cell.masked.magics:
            sign = "%" if magic.name.isidentifier() else ""
            why = f"`{sign}{magic.name}` reads it {where}, and nothing can be passed"
            yield _Mention(frozenset(magic.reads), why, True)
        if cell.tree is None:
            words = cell.masked.unknown if cell.masked.opaque else _WORD.findall(cell.source)
            yield _Mention(frozenset(words), f"a cell that can't be read, {cell.number}, speaks of it", False)
        else:
            yield from _in_texts(cell, cell.tree, view, where)


def _in_texts(cell: CellView, tree: Sequence[ast.stmt], view: NotebookView, where: str) -> Iterator[_Mention]:
    lines = {line for magic in cell.masked.magics for line in range(magic.line, magic.end_line + 1)}
    for node in tree:
        calls = [inner for inner in all_nodes(node) if isinstance(inner, ast.Call)]
        words = words_in_texts(node).union(*map(code_names, calls)) if calls else set()
        yield _Mention(frozenset(words), f"a text reads it {where}, and nothing can be passed", True)
        if how := looks_at_names(node, view.bindings, one_by_one=True, magics=lines):
            yield _Mention(None, f"`{how}` {where} sees names that it does not spell", False)


def _runners(subject: Subject, view: NotebookView, name: str) -> list[str]:
    return list(read_by_others(subject, view, {name}).values())


def _typed(pair: NotebookPair, lifted: Lifted, recorded: bool) -> Iterator[tuple[int, str]]:
    """(cell, what else was typed into statements that got arguments); of a change that people made, only into magics."""
    for index, edits in lifted.edits.items():
        sides = pair.written[0].cells[index], pair.written[1].cells[index]
        if why := retyped(*sides, edits, magics_only=not recorded):
            yield index, f"in cell {index + 1}, {why}"


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
