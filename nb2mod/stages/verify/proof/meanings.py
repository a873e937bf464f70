"""Whether a definition of the package means what a definition of the notebook meant: same text up to renaming, and every free
name standing for the same thing on both sides, through helpers and their helpers.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from nb2mod.stages.verify.proof.alpha import Comparison, compare
from nb2mod.stages.verify.proof.bindings import Binding, Place
from nb2mod.stages.verify.proof.cells import parsed
from nb2mod.stages.verify.proof.flow import bound_by, bound_unseen, first_run, in_force
from nb2mod.stages.verify.proof.frames import Difference, Slot
from nb2mod.stages.verify.proof.imports import same_import, submodules_missing
from nb2mod.stages.verify.proof.package import Found
from nb2mod.stages.verify.proof.scopes import Definition, reads
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject, imports_in
from nb2mod.stages.verify.proof.trees import all_nodes, dump, has_annotations, last_name
from nb2mod.stages.verify.proof.unbound import BUILTINS, hides_no_builtin, same_unbound
from nb2mod.stages.verify.proof.views import ModuleView
from nb2mod.stages.verify.proof.visible import only_called, reads_annotations, reads_docstrings, rename_seen


class Meanings:
    """Both sides of one notebook. `replaced` maps the id of a replaced statement to what its import ends at."""

    def __init__(self, subject: Subject, pair: NotebookPair, replaced: Mapping[int, Found]) -> None:
        self._subject = subject
        self._pair = pair
        self._replaced = replaced
        self._runs: dict[Place, Place] = {}
        self._reads = {id(node): tuple(read.name for read in found) for _, node, found in pair.before.reads}
        self._begun: set[int] = set()
        self._told: dict[tuple[int, int], str] = {}  # what is shown → why the text alone can't tell, or ""
        self._differ: dict[tuple[int, int], tuple[str, int]] = {}  # what is not the same → message and line
        self._shown: set[tuple[int, int]] = set()  # those being shown now are taken as shown
        self._unsure: list[str] = []

    def show(self, before: Binding, after: Found) -> str:
        """Raises Difference where the notebook's binding and the package's are not the same.

        Gives the reason why the text alone can't tell; "" when they are certainly the same.
        """
        for helper, end in self._helpers_first(before):
            with suppress(Difference):
                self._show(helper, end)
        return self._show(before, after)

    def _show(self, before: Binding, after: Found) -> str:
        self._unsure, self._shown = [], set()
        for binding in after.bindings:
            self._same_binding(before, after.module, binding, before.statement.lineno)
        told = self._unsure[0] if self._unsure else ""
        whole = self._shown if not told else {(id(before.statement), id(each.statement)) for each in after.bindings[:1]}
        self._told.update(dict.fromkeys(whole, told))
        return told

    def _helpers_first(self, reader: Binding) -> Iterator[tuple[Binding, Found]]:
        """What a definition reads and was replaced too, lowest first: long chains of helpers are never gone down twice."""
        self._begun.add(id(reader.statement))
        work = [(reader, iter(self._helpers(reader)))]
        while work:
            one, helpers = work[-1]
            below = next((each for each in helpers if id(each.statement) not in self._begun), None)
            if below is not None:
                self._begun.add(id(below.statement))
                work.append((below, iter(self._helpers(below))))
                continue
            work.pop()
            if work:
                yield one, self._replaced[id(one.statement)]

    def _helpers(self, reader: Binding) -> list[Binding]:
        bindings = self._pair.before.bindings
        found = (one for name in self._reads.get(id(reader.statement), ()) for one in bindings.get(name, ()))
        return [one for one in found if id(one.statement) in self._replaced]

    def _same_binding(self, before: Binding, module: ModuleView, after: Binding, line: int) -> None:
        if after.kind == "import" and before.kind != "import":
            found = self._subject.after.find(after.target)
            if found is None or not found.name:
                raise Difference(f"`{before.name}` is {_kind(before)} here and an import in {module.name}", line)
            for binding in found.bindings:
                self._same_binding(before, found.module, binding, line)
            return
        if before.kind != after.kind:
            raise Difference(f"`{before.name}` is {_kind(before)} here and {_kind(after)} in {module.name}", line)
        if before.kind == "definition":
            self._same_definition(before, module, after)
        elif before.kind == "literal":
            if before.value is None or after.value is None or dump(before.value) != dump(after.value):
                raise Difference(f"`{before.name}` has another value in {module.name}", line)
        elif before.kind == "fallback":
            self._same_fallback(before, module, after, line)
        elif before.kind == "import":
            if why := same_import(self._subject, self._pair.before, before, after):
                raise Difference(why, line)
        else:
            raise Difference(f"`{before.name}` is {_kind(before)} in the notebook", line)

    def _same_definition(self, before: Binding, module: ModuleView, after: Binding) -> None:
        key = (id(before.statement), id(after.statement))
        if key in self._differ:
            raise Difference(*self._differ[key])
        if key in self._told:
            self._unsure += filter(None, (self._told[key],))
        elif key not in self._shown:
            self._shown.add(key)
            try:
                self._same_text(before, module, after)
            except Difference as difference:
                self._differ[key] = (str(difference), difference.line)
                raise

    def _same_text(self, before: Binding, module: ModuleView, after: Binding) -> None:
        own, theirs = before.definition, after.definition
        if own is None or theirs is None:
            raise Difference(f"`{before.name}` is no definition on one side", before.statement.lineno)
        extraction = self._subject.extraction(module.name, after.name)
        local = [node for text in (extraction.local_imports if extraction else ()) for node in parsed(text) or ()]
        allowed = frozenset(map(dump, local)) if self._subject.recorded else None
        comparison = compare(own, theirs, allowed)
        self._only_recorded(comparison, before, module, after)
        self._loads_no_more(comparison.local_imports, before)
        self._same_futures(own, before, module)
        if why := rename_seen(self._pair.before, before, after.name, comparison.parameters):
            raise Difference(why, before.statement.lineno)
        if why := submodules_missing(self._pair.before, before, module):
            raise Difference(why, before.statement.lineno)
        loggers = _names_only_loggers(own)
        for slot in comparison.slots:
            if slot.before == "__name__" and loggers:
                continue
            self._in_time(slot, before)
            try:
                self._same_slot(slot, before, module, after)
            except Difference:
                if not slot.annotation or reads_annotations(self._pair.before):
                    raise

    def _same_slot(self, slot: Slot, reader: Binding, module: ModuleView, user: Binding) -> None:
        own: Sequence[Binding] = (reader,)
        until = reader.place if slot.eager else self._first_run(reader)
        recursive = not slot.eager and slot.before == reader.name and only_called(self._pair.before, reader)
        if not recursive:
            own = in_force(self._pair.before, slot.before, until, slot.eager)
        if not slot.soft and not slot.annotation:
            self._only_seen(slot, until, recursive=recursive, module=module, user=user)
        if slot.inside is not None:
            theirs: Sequence[Binding] = [Binding(slot.after, "import", (0, 0), True, user.statement, slot.inside)]
        else:
            theirs = module.bindings.get(slot.after, ())
        if slot.soft and not own:
            return
        if not own or not theirs:
            if why := same_unbound(slot, own, theirs, self._pair.before.stars, module.stars):
                raise Difference(why, slot.line)
            return
        for one in own:
            for other in theirs:
                try:
                    self._same_binding(one, module, other, slot.line)
                except Difference as difference:
                    raise Difference(f"`{slot.before}`, read here, differs: {difference}", slot.line) from difference
                self._same_object(one, module, other, slot.line)

    def _in_time(self, slot: Slot, reader: Binding) -> None:
        """A module has all its names before anybody calls: what read a name too early would find one that was not there."""
        view = self._pair.before
        if slot.annotation and (slot.soft or "annotations" in view.futures(reader.place)):
            return
        bound = view.bindings.get(slot.before, ())
        until = reader.place if slot.eager else self._first_run(reader)
        early = bound_by(bound, until)
        if early or not bound:
            return
        if early is None and not slot.soft:
            raise Difference(f"`{slot.before}` is bound in the notebook only after it may be read here", slot.line)
        self._unsure.append(f"`{slot.before}` may not be bound yet when it is read")

    def _only_seen(self, slot: Slot, until: Place, *, recursive: bool, module: ModuleView, user: Binding) -> None:
        """Notes where a name may be bound by something that does not spell it."""
        view = self._pair.before
        unseen = [one for one in view.unseen if one.lasting] if recursive else view.unseen
        own = view.bindings.get(slot.before, ())
        if why := bound_unseen(own, unseen, slot.before, until, slot.eager):
            builtin = not own and why.star and hides_no_builtin(why.star, slot.before)
            # A name that only star imports bring is compared by them; they must all have run by then.
            same_star = not own and why.star and len(view.stars) == 1 and why.place < until
            if not builtin and not same_star:
                self._unsure.append(f"`{slot.before}` may be bound by {why.why} in cell {why.place[0] + 1}")
        if slot.inside is None:
            theirs = module.bindings.get(slot.after, ())
            end: Place = user.place if slot.eager else (1, 0)
            if (why := bound_unseen(theirs, module.unseen, slot.after, end, slot.eager)) and (theirs or not why.star):
                self._unsure.append(f"`{slot.after}` may be bound by {why.why} in {module.name}")

    def _first_run(self, reader: Binding) -> Place:
        if reader.place not in self._runs:
            self._runs[reader.place] = first_run(self._pair.before, reader)
        return self._runs[reader.place]

    def _same_object(self, before: Binding, module: ModuleView, after: Binding, line: int) -> None:
        """What came along must have left the notebook: two classes of one text are two classes, two constants two knobs."""
        if before.kind not in ("definition", "literal"):
            return
        now = self._replaced.get(id(before.statement))
        there = self._subject.after.find(f"{module.name}.{after.name}")
        if now is None:
            raise Difference(f"`{before.name}` still stands in the notebook beside the one in {module.name}", line)
        if there is None or now.identity != there.identity:
            raise Difference(
                f"`{before.name}` is imported from {now.module.name}, but {module.name} reads another", line
            )

    def _same_fallback(self, before: Binding, module: ModuleView, after: Binding, line: int) -> None:
        """An import with a fallback is the same statement, and what it tests is the same."""
        if dump(before.statement) != dump(after.statement):
            raise Difference(f"`{before.name}` is imported in another way in {module.name}", line)
        for read in reads(before.statement):
            if read.name != before.name:
                slot = Slot(read.name, read.name, eager=True, line=line, soft=read.name in BUILTINS)
                self._same_slot(slot, before, module, after)

    def _only_recorded(self, comparison: Comparison, before: Binding, module: ModuleView, after: Binding) -> None:
        """What differs must stand in the plan, so that the report shows it; and nothing may read it."""
        cell = self._pair.before.cells[before.place[0]]
        line = before.statement.lineno
        planned = self._subject.site(self._pair.path, cell.number, before.name, line)
        extraction = self._subject.extraction(module.name, after.name)
        ignored = set(planned[1].ignored if planned else ()) | set(extraction.ignored if extraction else ())
        renames = set(planned[1].renames if planned else ())
        recorded = self._subject.recorded
        for what in sorted(comparison.ignored & {"docstring", "annotations"} - ignored if recorded else ()):
            raise Difference(
                f"the {what} of `{before.name}` differs in {module.name}, and the plan does not say so", line
            )
        for old, new in comparison.renames:
            if recorded and (old, new) not in renames:
                raise Difference(f"`{old}` of `{before.name}` is `{new}` now, and the plan does not say so", line)
        for what, is_read in (("docstring", reads_docstrings), ("annotations", reads_annotations)):
            if {what, f"gained {what}"} & comparison.ignored and is_read(self._pair.before):
                raise Difference(f"the {what} of `{before.name}` differs, and the notebook reads such", line)

    def _loads_no_more(self, statements: Sequence[ast.stmt], before: Binding) -> None:
        """An import that went into the function loads what the notebook's own imports load."""
        if not statements:
            return
        known = {name for _, _, node in self._pair.before.statements for name in imports_in(node, "")}
        for statement in statements:
            if extra := sorted(set(imports_in(statement, "")) - known):
                message = f"`{before.name}` imports {extra[0]} in its body, which the notebook imports nowhere"
                raise Difference(message, before.statement.lineno)

    def _same_futures(self, definition: Definition, before: Binding, module: ModuleView) -> None:
        """`from __future__ import annotations` rules a whole module: it must have ruled the notebook's definition too."""
        lazy = ["annotations" in futures for futures in (self._pair.before.futures(before.place), module.futures)]
        if lazy[0] != lazy[1] and has_annotations(definition):
            message = f"annotations are evaluated on one side only: {module.name} or the notebook has the future import"
            raise Difference(message, before.statement.lineno)


def _names_only_loggers(definition: Definition) -> bool:
    """Whether `__name__` is read for `getLogger(__name__)` alone: a person has said yes to the logger's new name (N15)."""
    nodes = list(all_nodes(definition))
    reads_of_name = [node for node in nodes if isinstance(node, ast.Name) and node.id == "__name__"]
    given = [
        argument
        for node in nodes
        if isinstance(node, ast.Call) and last_name(node.func) == "getLogger"
        for argument in node.args
    ]
    return all(any(node is argument for argument in given) for node in reads_of_name)


def _kind(binding: Binding) -> str:
    words = {"import": "an import", "definition": "a definition", "literal": "a literal", "fallback": "an import"}
    return words.get(binding.kind, binding.kind)
