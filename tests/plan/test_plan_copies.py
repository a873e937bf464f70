"""Which copy is kept, and what the plan records of the others."""

from plan.building import Project

from nb2mod.config import Config

DOCUMENTED = 'def load(a):\n    """Reads."""\n    b = a\n    return b'
PLAIN = "def load(x):\n    y = x\n    return y"
NOTED = "def load(x: int):\n    y = x  # why\n    return y"


def test_the_most_frequent_text_is_kept() -> None:
    project = Project({"a.ipynb": [DOCUMENTED], "b.ipynb": [PLAIN], "c.ipynb": [PLAIN]})
    (extraction,) = project.plan().plan.extractions
    assert extraction.source == PLAIN + "\n"
    assert extraction.ignored == ("docstring",)
    site = next(site for site in extraction.sites if site.path == "a.ipynb")
    assert (site.ignored, site.renames) == (("docstring",), (("a", "x"), ("b", "y")))


def test_between_equals_the_documented_one_is_kept() -> None:
    (extraction,) = Project({"a.ipynb": [PLAIN], "b.ipynb": [DOCUMENTED]}).plan().plan.extractions
    assert extraction.source == DOCUMENTED + "\n"


def test_annotations_and_comments_that_are_lost_are_told() -> None:
    (extraction,) = Project({"a.ipynb": [PLAIN], "b.ipynb": [PLAIN], "c.ipynb": [NOTED]}).plan().plan.extractions
    assert extraction.ignored == ("annotations", "comments")


def test_names_that_only_the_kept_copy_reads_are_found_in_its_notebook() -> None:
    annotated = "def load(x: np.ndarray):\n    y = x\n    return y"
    plain = ["import numpy as np", PLAIN]
    project = Project(
        {"a.ipynb": plain, "b.ipynb": ["import numpy as np", annotated], "c.ipynb": ["import numpy as np", annotated]}
    )
    (extraction,) = project.plan().plan.extractions
    assert extraction.imports == ("import numpy as np",)


def test_a_copy_whose_names_nothing_provides_is_passed_over() -> None:
    annotated = "def load(x: Frame):\n    y = x\n    return y"
    project = Project(
        {"a.ipynb": [PLAIN], "b.ipynb": ["Frame = make()", annotated], "c.ipynb": ["Frame = make()", annotated]}
    )
    (extraction,) = project.plan().plan.extractions
    assert extraction.source == PLAIN + "\n"


def test_comments_above_and_at_the_end_travel_directives_stay() -> None:
    cell = "# heading\n\n#| export\n# reads it\ndef load(x):\n    return x\n    # old: return y\n\nprint(1)"
    (extraction,) = Project({"a.ipynb": [cell], "b.ipynb": [cell]}).plan().plan.extractions
    assert extraction.source == "# reads it\ndef load(x):\n    return x\n    # old: return y\n"
    assert {(site.top, site.end_line) for site in extraction.sites} == {(4, 7)}


def test_imports_at_the_top_only_where_nothing_can_see_the_difference() -> None:
    config = Config(imports="top")
    top = Project({n: ["import json", "print(1)", PLAIN, "load(1)"] for n in ("a.ipynb", "b.ipynb")}, config=config)
    assert {(s.import_cell, s.import_line) for e in top.plan().plan.extractions for s in e.sites} == {(1, 1)}
    for cells in (
        ["import json", PLAIN, "load = 3"],
        ["import json", "print(load)", PLAIN],
        ["import json", "%run other.py", PLAIN],
        ["print(1)", PLAIN],
    ):
        stays = Project({"a.ipynb": cells, "b.ipynb": cells}, config=config)
        assert {s.import_cell for e in stays.plan().plan.extractions for s in e.sites} <= {0}
