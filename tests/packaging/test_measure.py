"""What init writes down about a repository, from one scan's values."""

import pytest

from nb2mod.config import Config
from nb2mod.model import (
    Binding,
    BindKind,
    Candidate,
    CellFacts,
    CellFeatures,
    CopiedNotebooks,
    Features,
    Use,
    UseKind,
    Verdict,
)
from nb2mod.stages.measure import measure


def _notebook(path: str, *facts: CellFacts, links: tuple[str, ...] = ()) -> Features:
    cells = tuple(CellFeatures(number, None, "", b"", fact) for number, fact in enumerate(facts, 1))
    return Features(path=path, cells=cells, links=links)


def _candidate(places: int, statements: int = 3) -> Candidate:
    return Candidate("f-0", "NB101", "function", "f", 1, Verdict.EXTRACT, (), (), (), statements, places)


def test_nothing_to_measure_says_nothing_false() -> None:
    found = measure(Config(), [], [], [])
    assert found.config == Config()
    assert found.comments == {"notebooks": "No notebooks yet."}
    assert found.proposals == ()


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (["a.ipynb", "notebooks/b.ipynb"], (".",)),
        (["notebooks/deep/a.ipynb", "notebooks/b.ipynb"], ("notebooks",)),
        (["eda/a.ipynb", "reports/b.ipynb"], ("eda", "reports")),
        (["a/x.ipynb", "b/x.ipynb", "c/x.ipynb", "d/x.ipynb"], (".",)),
    ],
)
def test_folders_are_narrowed_where_they_hold_all(paths: list[str], folders: tuple[str, ...]) -> None:
    features = [*map(_notebook, paths), Features(path="src/reports/x.py", kind="module")]
    assert measure(Config(), features, [], []).config.notebooks == folders
    chosen = Config(notebooks=("mine",))
    assert measure(chosen, features, [], []).config == chosen


def test_what_is_repeated_is_counted() -> None:
    candidates = [*[_candidate(2, 1)] * 5, *[_candidate(3, 4)] * 4, _candidate(40, 9), _candidate(1)]
    comments = measure(Config(), [_notebook("a.ipynb")], candidates, [CopiedNotebooks(("a", "b", "c"), 0.9)]).comments
    assert (
        comments["threshold.notebooks"] == "10 definitions repeated across notebooks; 90 % of them in 2 to 3 notebooks."
    )
    assert comments["threshold.statements"] == "Half of them have 3 statements or more; 5 have only one."
    assert comments["count-copied-notebooks"] == "3 notebooks are copies of each other as a whole, in 1 group."
    assert comments["notebooks"] == "1 notebook: 1 in ."


def test_links_and_reloading_are_proposed_not_decided() -> None:
    reloads = CellFacts(magic_lines=((1, 1, "load_ext"), (2, 2, "autoreload")))
    features = [_notebook("a.ipynb", reloads), _notebook("b.ipynb", links=("colab",))]
    found = measure(Config(), features, [], [])
    assert found.config.bootstrap == "none"
    assert found.comments["bootstrap"] == "1 of 2 notebooks are opened from Colab or Binder links."
    assert [proposal.partition(" ")[0] for proposal in found.proposals] == ["1", "1"]
    assert 'bootstrap = "sys-path"' in found.proposals[0]
    assert "--autoreload" in found.proposals[1]
    settled = measure(Config(bootstrap="sys-path"), [_notebook("a.ipynb", reloads, links=("colab",))], [], [])
    assert settled.proposals == ()


def test_decorators_nobody_vouched_for_are_named_in_full() -> None:
    facts = CellFacts(
        bindings=(
            Binding("interact", BindKind.IMPORT, 1, True, "ipywidgets.interact"),
            Binding("ft", BindKind.IMPORT, 2, True, "functools"),
            Binding("own", BindKind.DEF, 3, True),
            Binding("timed", BindKind.IMPORT, 4, True, "tools.timed"),
        ),
        uses=(
            Use("interact", UseKind.DECORATOR, 5),
            Use("ft", UseKind.DECORATOR, 6, "lru_cache"),
            Use("own", UseKind.DECORATOR, 7),
            Use("timed", UseKind.DECORATOR, 8),
        ),
    )
    features = [_notebook("a.ipynb", facts), _notebook("b.ipynb", facts)]
    comments = measure(Config(pure_decorators=("tools.timed",)), features, [], []).comments
    assert comments["pure-decorators"] == "Seen here and not known to be pure: ipywidgets.interact (2 notebooks)."
