"""A Report made by hand: two candidates that move, one under review, two blocked for one reason, one below, odd notebooks."""

from nb2mod.model import (
    CallSite,
    Candidate,
    CellEdit,
    ChangeSet,
    Diagnostic,
    Extraction,
    FileChange,
    Location,
    Occurrence,
    Plan,
    Reason,
    Report,
    Severity,
    Summary,
    Target,
    Verdict,
)

LOAD = 'def load(path):\n    """Rows of a file."""\n    return path.read()\n'
USE = "rows = load(P)\n"
IMPORT = "from team.dataset import load\n"


def candidate(name: str, verdict: Verdict, places: list[tuple[str, int, int, int]], **fields: object) -> Candidate:
    """`places` are path, cell, first and last line."""
    occurrences = tuple(Occurrence(path, cell, line, end, name, f"id-{cell}") for path, cell, line, end in places)
    values: dict[str, object] = {
        "id": f"{name}-1a2b3c4d",
        "code": "NB101",
        "kind": "function",
        "clone_type": 1,
        "reasons": (),
        "members": (),
        "places": len({path for path, *_ in places}),
    }
    return Candidate(name=name, verdict=verdict, occurrences=occurrences, **(values | fields))  # type: ignore[arg-type]


def scanned() -> Report:
    state = Reason(
        "NB305", "`df` is computed in the notebook; a parameter would do", "blocks", Location("nb/a.ipynb", 4, 2)
    )
    pickled = Reason("NB330", "the notebook pickles it", "review", Location("nb/b.ipynb", 9, 1))
    short = Reason("NB100", "has 1 statement; the threshold is 2", "below")
    six = [(f"nb/{letter}.ipynb", 3, 1, 3) for letter in "abcdef"]
    return Report(
        root="/project",
        summary=Summary(notebooks=8, skipped=1, cells=60, code_cells=40, definitions=21, seconds=0.04),
        candidates=(
            candidate("load", Verdict.EXTRACT, six, target=Target("team.dataset", "load")),
            candidate(
                "Model",
                Verdict.EXTRACT,
                [("nb/a.ipynb", 5, 1, 10), ("nb/a.ipynb", 8, 2, 11), ("nb/b.ipynb", 6, 1, 10)],
                kind="class",
                code="NB102",
                clone_type=2,
                target=Target("team.modeling", "Model"),
            ),
            candidate("store", Verdict.REVIEW, [("nb/a.ipynb", 6, 1, 4), ("nb/b.ipynb", 7, 1, 4)], reasons=(pickled,)),
            candidate("show", Verdict.BLOCKED, [("nb/a.ipynb", 4, 1, 5), ("nb/c.ipynb", 2, 1, 5)], reasons=(state,)),
            candidate("tell", Verdict.BLOCKED, [("nb/a.ipynb", 4, 7, 9), ("nb/d.ipynb", 2, 1, 3)], reasons=(state,)),
            candidate("one", Verdict.BELOW, [("nb/a.ipynb", 1, 1, 1), ("nb/b.ipynb", 1, 1, 1)], reasons=(short,)),
        ),
        diagnostics=(
            *(
                Diagnostic("NB410", "opened from Colab links", Location(f"nb/{i}.ipynb"), Severity.NOTE)
                for i in range(14)
            ),
            Diagnostic("NB404", "not valid JSON: line 3", Location("nb/broken.ipynb")),
        ),
    )


def extracted(*, applied: bool = False) -> Report:
    """`load` of two notebooks moves to a new module."""
    report = scanned()
    sites = tuple(CallSite(f"nb/{letter}.ipynb", 3, "id-3", 1, 1, 3, "load") for letter in "ab")
    plan = Plan("team", "src", (Extraction("load-1a2b3c4d", "function", "team.dataset", "load", LOAD, sites),), True)
    changes = (
        *(FileChange(f"nb/{c}.ipynb", b"{}", b"{ }", (CellEdit(3, "id-3", LOAD + USE, IMPORT + USE),)) for c in "ab"),
        FileChange("src/team/dataset.py", None, LOAD.encode()),
    )
    moved = candidate(
        "load",
        Verdict.EXTRACT,
        [("nb/a.ipynb", 3, 1, 3), ("nb/b.ipynb", 3, 1, 3)],
        target=Target("team.dataset", "load"),
    )
    proved = tuple(
        Occurrence(o.path, o.cell, o.line, o.end_line, o.name, o.cell_id, "proved") for o in moved.occurrences
    )
    kept = tuple(one for one in report.candidates if one.verdict is not Verdict.EXTRACT)
    return Report(
        root=report.root,
        summary=report.summary,
        candidates=(candidate_with(moved, proved), *kept),
        diagnostics=report.diagnostics,
        plan=plan,
        changes=ChangeSet(changes),
        notes=("Install team where the notebooks run:\npython3 -m pip install -e .", "Restart the kernels."),
        applied=applied,
    )


def candidate_with(one: Candidate, occurrences: tuple[Occurrence, ...]) -> Candidate:
    from msgspec.structs import replace

    return replace(one, occurrences=occurrences)
