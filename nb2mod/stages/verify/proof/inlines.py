"""Check (c): putting the imported definitions back gives the notebook that was there, and they mean what they meant.

Every replaced statement that passes is evidence for its place; everything else that changed is a finding.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from nb2mod.model import Finding
from nb2mod.stages.verify.proof import flowing, lifting
from nb2mod.stages.verify.proof.alignment import Problem, Replacement, align, changed_cells
from nb2mod.stages.verify.proof.around import Around
from nb2mod.stages.verify.proof.bindings import Place
from nb2mod.stages.verify.proof.frames import Difference
from nb2mod.stages.verify.proof.leftovers import hidden_or_shown, lost_or_new, with_comments
from nb2mod.stages.verify.proof.meanings import Meanings
from nb2mod.stages.verify.proof.moments import runs_anew
from nb2mod.stages.verify.proof.package import Found
from nb2mod.stages.verify.proof.passed import Told
from nb2mod.stages.verify.proof.retyped import with_edits
from nb2mod.stages.verify.proof.scopes import reads
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import first_line
from nb2mod.stages.verify.proof.visible import unsure_of

Site = tuple[str, int, str]  # path, cell, name


class Shown(NamedTuple):
    """A replaced statement that nothing was found against. `unsure` says what the text alone can't tell; "": nothing."""

    site: Site
    target: str  # what its import brings
    place: Place
    unsure: str
    reads: frozenset[str]  # names that the statement read from the notebook


def check(subject: Subject, pair: NotebookPair) -> tuple[list[Finding], list[Shown]]:
    """Findings of one notebook, and its places that are shown to be the same."""
    alignment = align(pair, subject.after.owns)
    findings = [_finding(subject, pair, problem) for problem in alignment.problems]
    around = Around(pair.written[0])
    against = {key: flowing.check(subject, pair, around, called) for key, called in pair.functions.items()}
    found = {one: subject.after.find(one.target) for one in alignment.replacements}
    ends = {id(one.statement): end for one, end in found.items() if end is not None}
    meanings = Meanings(subject, pair, ends)
    came = lifting.check(subject, pair, pair.lifted) if pair.lifted else {}
    shown: list[Shown] = []
    failed: set[Site] = set()  # one name may stand for two runs of a cell
    ended = Counter(end.identity for end in found.values() if end is not None)
    for one, end in found.items():
        again = end is not None and ended[end.identity] > 1
        told = _different(pair, meanings, one, end, again=again)
        called = pair.functions.get(id(one.statement))
        problems, unsure = against.get(id(one.statement), ([], ""))
        if why := pair.unfit.get(id(one.statement)):
            problems, told = [*problems, why], ""
        parameters = came.get(one.name, Told((), ""))
        unsure = unsure or parameters.unsure
        if isinstance(told, str) and not problems and not parameters.problems:
            site = (pair.path, (called or one).cell.number, one.name)
            as_it_was = pair.lifted.originals.get(id(one.statement)) if pair.lifted else None
            names = frozenset(read.name for read in reads(as_it_was or one.statement))
            place = (one.import_cell.index, one.import_position)
            shown.append(Shown(site, one.target, place, told or unsure, names))
            continue
        found_here = [Problem(each, called.cell, called.line, (one.name,)) for each in problems] if called else []
        line = first_line(one.statement)
        found_here += [Problem(f"`{one.name}`: {each}", one.cell, line, (one.name,)) for each in parameters.problems]
        if isinstance(told, Problem):
            found_here.append(told._replace(cell=called.cell) if called else told)
        findings += [_finding(subject, pair, each, one.target) for each in found_here]
        failed.add((pair.path, (called or one).cell.number, one.name))
    text = _text(pair, alignment.replacements, comments=subject.recorded)
    findings += [_finding(subject, pair, problem) for problem in text]
    findings += [_finding(subject, pair, problem) for problem in _not_done(subject, pair, alignment.replacements)]
    return findings, [one for one in shown if one.site not in failed]


def _different(
    pair: NotebookPair, meanings: Meanings, one: Replacement, end: Found | None, *, again: bool
) -> Problem | str:
    """Why a replaced statement is not what its import brings; when it is, what is not certain about that, or ""."""
    line = first_line(one.statement)
    place = (one.cell.index, one.position)
    before = next((each for each in pair.before.bindings.get(one.name, ()) if each.place == place), None)
    if end is None or not end.name:
        return Problem(f"`{one.target}` is imported, and nothing stands there", one.cell, line, (one.name,))
    if before is None or before.kind not in ("definition", "literal"):
        return Problem(f"`{one.name}` may be set from outside the notebook", one.cell, line, (one.name,))
    if why := runs_anew(pair.before.bindings, before, again=again):
        return Problem(why, one.cell, line, (one.name,))
    try:
        return meanings.show(before, end) or unsure_of(pair.before, before)
    except Difference as difference:
        return Problem(f"`{one.name}`: {difference}", one.cell, difference.line or line, (one.name,))
    except RecursionError:
        return Problem(f"`{one.name}` is nested too deeply to be compared", one.cell, line, (one.name,))


def _text(pair: NotebookPair, replacements: Sequence[Replacement], *, comments: bool) -> Iterator[Problem]:
    """Lines that are lost, or new and no import; without `comments`, only what is hidden or shown by a `;`."""
    left: dict[int, list[ast.stmt]] = {}
    stand: dict[int, list[ast.stmt]] = {}
    originals = pair.lifted.originals if pair.lifted else {}
    for one in replacements:
        if id(one.statement) not in pair.functions:
            left.setdefault(one.cell.index, []).append(originals.get(id(one.statement), one.statement))
        stand.setdefault(one.import_cell.index, []).append(one.import_statement)
    written = replace(pair, before=pair.written[0], after=pair.written[1])
    edits = pair.lifted.edits if pair.lifted else {}
    for called in pair.functions.values():
        for index in called.cells:
            left.setdefault(index, []).extend(with_comments(written.before.cells[index], called.in_cell(index)))
        stand.setdefault(called.call_place[0], []).extend((called.call, *called.stays))
    for before, after in changed_cells(written):
        if before.tree is None or after.tree is None:
            continue  # told by the alignment
        gone, come = left.get(before.index, []), stand.get(after.index, [])
        typed = with_edits(before, after, edits[before.index]) if before.index in edits else before
        odd = lost_or_new(typed, after, gone, come) if comments else None
        odd = odd or hidden_or_shown(before, after, gone)
        if odd:
            yield Problem(odd[0], before, odd[1])
        for node in gone if comments else ():
            kept = before.lines[first_line(node) - 1 : (node.end_lineno or node.lineno)]
            if any("nb2mod: keep" in line for line in kept):
                yield Problem("code marked `# nb2mod: keep` was replaced", before, first_line(node))


def _not_done(subject: Subject, pair: NotebookPair, replacements: Sequence[Replacement]) -> Iterator[Problem]:
    """Places where the plan says an import would stand, and none does."""
    done = {(pair.functions.get(id(one.statement), one).cell.number, one.name) for one in replacements}
    for _, site in subject.planned_in(pair.path):
        if (site.cell, site.name) not in done and site.cell <= len(pair.before.cells):
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
