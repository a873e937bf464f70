"""Laws of unify over generated functions: what is unified does the same, in every order of the copies, and is at rest."""

import ast
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from unify.drifted_functions import drifted, run, run_lifted
from unify.texts import copies_of, lifted, replaced

from nb2mod.model import Copy, Unification
from nb2mod.stages.unify import unify
from nb2mod.syntax.shape import shape_of

_EXAMPLES, _SOAK = 60, 20_000


def _rounds(request: Any) -> int:
    return _SOAK if request.config.getoption("--soak") else _EXAMPLES


def test_what_is_unified_does_the_same(request: Any, record_property: Any) -> None:
    counts = {"classes": 0, "copies": 0, "parameters": 0, "apart": 0}

    @settings(max_examples=_rounds(request))
    @given(drifted())
    def law(texts: list[str]) -> None:
        found = unify(copies_of(*texts))
        _every_copy_once(found, len(texts))
        counts["apart"] += sum(len(one.copies) for one in found.apart)
        for one in found.classes:
            counts["classes"] += 1
            counts["copies"] += len(one.copies)
            counts["parameters"] += len(one.parameters[0])
            sources = [lifted(texts[index], own) for index, own in zip(one.copies, one.parameters, strict=True)]
            shapes = {shape_of(ast.parse(source).body[0], source).digest for source in sources}  # type: ignore[arg-type]
            assert len(shapes) == 1, sources
            for index, own in zip(one.copies, one.parameters, strict=True):
                for argument in (0, 1, 5):
                    before = run(texts[index], "", argument)
                    # What stands in the module is the text of any of the copies.
                    for other, theirs in zip(one.copies, one.parameters, strict=True):
                        chosen = [
                            replace(mine, replacements=it.replacements) for mine, it in zip(own, theirs, strict=True)
                        ]
                        assert run_lifted(texts[other], chosen, argument) == before

    law()
    sentence = (
        f"unify: {counts['copies']:,} generated copies in {counts['classes']:,} classes with {counts['parameters']:,} "
        f"parameters run as they did; {counts['apart']:,} stay apart"
    )
    record_property("score", sentence)
    assert counts["classes"] > _EXAMPLES // 4
    assert counts["parameters"] > _EXAMPLES // 4


def _every_copy_once(found: Unification, number: int) -> None:
    indexes = [index for one in (*found.classes, *found.apart) for index in one.copies]
    assert sorted(indexes) == list(range(number))


@settings(max_examples=25)
@given(drifted(), st.randoms(use_true_random=False))
def test_the_order_of_the_copies_changes_nothing(texts: list[str], random: Any) -> None:
    copies = copies_of(*texts)
    order = list(range(len(copies)))
    random.shuffle(order)
    assert _told(unify(copies), copies) == _told(unify(mixed := [copies[index] for index in order]), mixed)


def _told(found: Unification, copies: list[Copy]) -> object:
    """A unification in terms of places, whatever the indexes."""
    classes = {
        (frozenset((copies[i].place, own) for i, own in zip(one.copies, one.parameters, strict=True)), one.notes)
        for one in found.classes
    }
    apart = {
        (frozenset(copies[i].place for i in one.copies), one.reasons, one.contrasts, one.advice) for one in found.apart
    }
    return classes, apart


@settings(max_examples=25)
@given(drifted())
def test_what_was_unified_has_nothing_more_to_unify(texts: list[str]) -> None:
    for one in unify(copies_of(*texts)).classes:
        sources = [lifted(texts[index], own) for index, own in zip(one.copies, one.parameters, strict=True)]
        again = unify(copies_of(*sources))
        assert [found.copies for found in again.classes] == [tuple(range(len(sources)))]
        assert all(own == () for own in again.classes[0].parameters)


@settings(max_examples=25)
@given(drifted())
def test_lines_and_limits_hold(texts: list[str]) -> None:
    for one in unify(copies_of(*texts)).classes:
        for index, own in zip(one.copies, one.parameters, strict=True):
            assert replaced(texts[index], own).count("\n") == texts[index].count("\n")
            assert sum(parameter.kind != "default" for parameter in own) <= 4
            names = {node.id for node in ast.walk(ast.parse(texts[index])) if isinstance(node, ast.Name)}
            assert not any(parameter.name in names for parameter in own if parameter.kind == "literal")
