"""Runs of statements that became calls: wrong pairs are not proved, their harmless neighbours are; seeded errors are caught."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from verify.block_programs import behaves, program
from verify.blocks import function
from verify.blocks_elsewhere import ELSEWHERE
from verify.blocks_flowing import FLOWING
from verify.blocks_meanwhile import MEANWHILE
from verify.blocks_right import LINES, RIGHT_BLOCKS, ROWS
from verify.blocks_seeded import TIGHT, seeds, spellings
from verify.pairs import INIT, MODULE, A, B, F, Pair
from verify.proving import Refactoring, told
from verify.test_pairs import alone, proved

from nb2mod.model import CallSite, Extraction, Plan

WRONG_BLOCKS = [*FLOWING, *MEANWHILE, *ELSEWHERE]
Record = Callable[[str, object], None]
SEEDS = 4  # wrong steps per pair without --soak
PROGRAMS, MANY = 300, 20_000


def holds(pair: Pair) -> bool:
    """Whether the bytes alone show that the call does the same."""
    proof = alone(pair)
    return proved(proof, pair) and not proof.findings


@pytest.mark.parametrize("pair", RIGHT_BLOCKS, ids=lambda pair: pair.name)
def test_a_call_that_does_the_same_is_proved(pair: Pair, record_property: Record) -> None:
    for proof in (pair.refactoring().proof(), alone(pair)):
        record_property("tally", ("calls that stand for the same statements", {"proved": (int(not proof.findings), 1)}))
        assert not proof.findings, told(proof)
        assert proved(proof, pair), proof.unsure


@pytest.mark.parametrize("pair", WRONG_BLOCKS, ids=lambda pair: pair.name)
def test_a_call_that_does_something_else_is_not_proved(pair: Pair, record_property: Record) -> None:
    for proof in (pair.refactoring().proof(), alone(pair)):
        caught = bool(proof.findings) or not proved(proof, pair)
        record_property("tally", ("wrong block refactorings by hand", {"caught": (int(caught), 1)}))
        assert caught
        assert proof.findings or all(proof.unsure.values())


def test_seeded_errors_are_caught(request: pytest.FixtureRequest, record_property: Record) -> None:
    """One wrong step in the function, the call, or on the border of the run; from the bytes alone."""
    tried: Counter[str] = Counter()
    escaped: list[str] = []
    for pair in TIGHT:
        found = list(seeds(pair))
        if not request.config.getoption("--soak"):
            found = random.Random(pair.name).sample(found, min(SEEDS, len(found)))
        for name, made in found:
            tried[name] += 1
            if holds(made):
                escaped.append(f"{pair.name}: {name}")
    caught = tried.total() - len(escaped)
    record_property(
        "score", f"wrong block refactorings: {caught} of {tried.total()} caught, of {len(tried)} kinds of step"
    )
    assert not escaped, "\n".join(escaped)
    assert tried.total() >= 300


def test_harmless_spellings_are_proved(request: pytest.FixtureRequest, record_property: Record) -> None:
    tried = 0
    lost: list[str] = []
    for pair in RIGHT_BLOCKS:
        found = list(spellings(pair))
        if not request.config.getoption("--soak"):
            found = random.Random(pair.name).sample(found, min(2, len(found)))
        for name, made in found:
            tried += 1
            if not holds(made):
                lost.append(f"{pair.name}: {name}: {told(alone(made))}")
    record_property("score", f"harmless spellings of calls: {tried - len(lost)} of {tried} proved")
    assert not lost, "\n".join(lost)


def test_programs_at_random(request: pytest.FixtureRequest, record_property: Record) -> None:
    """Run before and after: what is proved prints the same. About three seconds; all of them in ten minutes."""
    shown = harmless = changed = 0
    for seed in range(MANY if request.config.getoption("--soak") else PROGRAMS):
        pair = program(random.Random(seed))
        same, ended = behaves(pair)
        proof = holds(pair)
        assert same or not proof, (seed, pair.cells, pair.moved)
        changed += not same
        harmless += same and not ended
        shown += proof and same and not ended
    record_property(
        "score",
        f"random programs whose call prints something else: {changed}, proved 0; {shown} of {harmless} others proved",
    )
    assert changed > 50
    assert shown > harmless / 3


# several calls, several notebooks

TWO = (LINES, ROWS, "print(rows, total)\n", 'lines = ["c;1"]\n', ROWS, "print(rows, total)\n")
CALL = "rows, total = f(lines)\n"


def made(before: tuple[str, ...], moved: dict[int, str], module: str, **more: object) -> Pair:
    return Pair("several", before, moved, {MODULE: module}, **more)  # type: ignore[arg-type]


def test_a_second_run_has_the_call_alone() -> None:
    pair = made(TWO, {2: F + CALL, 5: CALL}, function(ROWS, "lines", "rows, total"))
    for proof in (pair.refactoring().proof(), alone(pair)):
        assert not proof.findings, told(proof)
        assert set(proof.evidence) == {(A, 2, "f"), (A, 5, "f")}


def test_two_runs_with_an_import_each_or_one_above() -> None:
    whole = function(ROWS, "lines", "rows, total")
    for moved in ({2: F + CALL, 5: F + CALL}, {1: LINES + F, 2: CALL, 5: CALL}, {1: F + LINES, 2: CALL, 5: F + CALL}):
        proof = alone(made(TWO, moved, whole))
        assert not proof.findings, told(proof)
        assert set(proof.evidence) == {(A, 2, "f"), (A, 5, "f")}


def test_the_second_run_is_another_one() -> None:
    other = (*TWO[:4], ROWS.replace("int(points)", "float(points)"), TWO[5])
    proof = alone(made(other, {2: F + CALL, 5: CALL}, function(ROWS, "lines", "rows, total")))
    assert set(proof.evidence) == {(A, 2, "f")}
    assert any("cell 5" in each.message for each in proof.findings)


def test_two_runs_of_one_cell_and_one_of_them_wrong() -> None:
    both = ROWS + "print(rows)\n" + ROWS.replace("int(points)", "float(points)")
    after = F + CALL + "print(rows)\n" + CALL
    cells = (LINES, both, "print(rows, total)\n")
    proof = alone(made(cells, {2: after}, function(ROWS, "lines", "rows, total")))
    assert proof.findings
    assert not proof.evidence
    right = (LINES, ROWS + "print(rows)\n" + ROWS, "print(rows, total)\n")
    assert (A, 2, "f") in alone(made(right, {2: after}, function(ROWS, "lines", "rows, total"))).evidence


def test_a_function_that_the_notebook_called_already() -> None:
    """An earlier extraction: the import and a call stand on both sides."""
    module = function(ROWS, "lines", "rows, total")
    cells = (LINES, F + CALL, *TWO[2:])
    pair = made(cells, {5: CALL}, module, old={INIT: "", MODULE: module})
    proof = alone(pair)
    assert not proof.findings, told(proof)
    assert set(proof.evidence) == {(A, 5, "f")}


def test_a_definition_beside_it_moves_too() -> None:
    helper = "def g(v):\n    return v\n"
    module = f"{helper}\n\n{function(ROWS, 'lines', 'rows, total')}"
    merged = "from reports.dataset import f, g\n" + CALL
    apart = "from reports.dataset import g\n" + F + CALL
    for after in (merged, apart):
        pair = made((LINES, helper + ROWS, "print(g(rows), total)\n"), {2: after}, module)
        for proof in (pair.refactoring().proof(), alone(pair)):
            assert not proof.findings, told(proof)
            assert set(proof.evidence) == {(A, 2, "f"), (A, 2, "g")}
    below = made((LINES, ROWS + helper, "print(g(rows), total)\n"), {2: merged}, module)
    assert set(alone(below).evidence) == {(A, 2, "f"), (A, 2, "g")}


def test_a_definition_and_its_call_are_no_run() -> None:
    """As many statements as the function has stand above the same call: what became an import is the definition."""
    body = "def f(v):\n    print(v)\n    return v\n"
    for cells, moved, module, names in (
        (("a = 1\n", body + "f(a)\n"), {2: F + "f(a)\n"}, body, {(A, 2, "f")}),
        (
            (body, "LIMIT = 3\nf(LIMIT)\n"),
            {1: F, 2: "from reports.dataset import LIMIT\nf(LIMIT)\n"},
            f"LIMIT = 3\n\n\n{body}",
            {(A, 1, "f"), (A, 2, "LIMIT")},
        ),
    ):
        pair = made(cells, moved, module)
        for proof in (pair.refactoring().proof(), alone(pair)):
            assert not proof.findings, told(proof)
            assert set(proof.evidence) == names


def two_notebooks(renames: tuple[tuple[str, str], ...]) -> tuple[Refactoring, Plan]:
    """The second notebook has the same run under other names."""
    names = (("lines", "texts"), ("rows", "pairs"), ("line", "text"))
    other = ROWS
    for old, new in (*names[:2], ("line ", "text "), ("line.", "text.")):
        other = other.replace(old, new)
    first = [LINES, ROWS, "print(rows, total)\n"]
    second = ["texts = []\n", other, "print(pairs, total)\n"]
    call = "pairs, total = f(texts)\n"
    refactoring = Refactoring(
        before={A: first, B: second},
        after={A: [LINES, F + CALL, first[2]], B: [second[0], F + call, second[2]]},
        modules={INIT: "", MODULE: function(ROWS, "lines", "rows, total")},
    )
    sites = (CallSite(A, 2, "c2", 1, 1, 5, "f"), CallSite(B, 2, "c2", 1, 1, 5, "f", renames))
    return refactoring, Plan("reports", "src", (Extraction("f-1", "function", "reports.dataset", "f", "", sites),))


def test_renamed_copies() -> None:
    made, plan = two_notebooks((("texts", "lines"), ("pairs", "rows"), ("text", "line")))
    proof = made.proof(plan)
    assert not proof.findings, told(proof)
    assert set(proof.evidence) == {(A, 2, "f"), (B, 2, "f")}
    made, plan = two_notebooks(())
    proof = made.proof(plan)
    assert any("the plan does not say so" in each.message for each in proof.findings)
    assert set(proof.evidence) == {(A, 2, "f")} or not proof.evidence


def test_what_the_plan_says_and_nobody_did() -> None:
    made, plan = two_notebooks((("texts", "lines"), ("pairs", "rows"), ("text", "line")))
    made.after[B] = list(made.before[B])
    proof = made.proof(plan)
    assert any(each.candidates == ("f-1",) for each in proof.findings) or (B, 2, "f") not in proof.evidence


def test_comments_in_the_run_go_along_and_directives_do_not() -> None:
    first, _, rest = ROWS.partition("\n")
    module = function(ROWS, "lines", "rows, total")
    commented = (LINES, f"{first}\n\n# each line\n\n{rest}", "print(rows, total)\n")
    assert not made(commented, {2: F + CALL}, module).refactoring().proof().findings
    directive = (LINES, f"{first}\n\n#| export\n{rest}", "print(rows, total)\n")
    assert "is lost" in told(made(directive, {2: F + CALL}, module).refactoring().proof())
    kept = (LINES, f"{first}  # nb2mod: keep\n{rest}", "print(rows, total)\n")
    assert "nb2mod: keep" in told(made(kept, {2: F + CALL}, module).refactoring().proof())


def test_an_edit_beside_a_call_is_told_and_the_call_is_proved() -> None:
    pair = made(
        (LINES, ROWS, "print(rows, total)\n", "3\n"), {2: F + CALL, 4: "4\n"}, function(ROWS, "lines", "rows, total")
    )
    proof = alone(pair)
    assert set(proof.evidence) == {(A, 2, "f")}
    assert any("cell 4 was edited" in each.message for each in proof.findings)


def test_what_its_import_loads_is_asked_of_a_call_as_of_a_definition() -> None:
    """N18: the module loads what the notebook had not loaded by then."""
    pair = made(
        (LINES, ROWS, "print(rows, total)\n"),
        {2: F + CALL},
        "import torch\n\n\n" + function(ROWS, "lines", "rows, total"),
    )
    assert {each.check for each in alone(pair).findings} >= {"loads"}


def test_cells_in_great_number_do_not_take_long() -> None:
    """A thousand statements in one cell, thirty cells with a call each."""
    long = "".join(f"x{number} = {number}\n" for number in range(1000))
    cells = (LINES, long + ROWS, *(["print(rows, total)\n", ROWS] * 30), "print(rows, total)\n")
    moved = {number: F + CALL for number, source in enumerate(cells, 1) if source == ROWS} | {2: long + F + CALL}
    proof = alone(made(cells, moved, function(ROWS, "lines", "rows, total")))
    assert not proof.findings, told(proof)
    assert len(proof.evidence) == 31
