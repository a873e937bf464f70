"""What functions made of blocks are called: examples a person would nod at, and laws that hold for any text."""

import builtins
import itertools
import keyword
import re
import sys

import pytest
from cut.naming_notebooks import block_of, class_of, features_of, name_of, naming
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.stages.cut import wording

PLAIN = "a1 = table[0]\na2 = table[1]\na3 = a1 - a2\na4 = a3 / a1\nshare_of_total = a4 * 100"
LOAD = "rows = read_rows(path)\nrows = [row for row in rows if row]\nscores = dict(rows)\nscores.pop('')\nkeys = list(scores)"
CSV = "df = pd.read_csv('data/monthly_sales.csv')\ndf.columns = columns\ndf['x'] = 1\ndf['y'] = 2\ndf = df[df.x > 1]"
FIT = "model = LinearRegression()\nmodel.fit(X, y)\nslope = model.coef_\nbase = model.intercept_\nerror = y - slope * X"
PLOT = "plt.figure()\nplt.plot(t, v)\nplt.title('Temperature over time')\nplt.xlabel('t')\nplt.legend()"
SECOND = "md:# Chapter 3"  # the notebook's title

BY_HEADING = {
    "## Load the scores": "load_scores",
    "## Loading the scores": "load_scores",
    "## 2.1 Data cleaning": "clean_data",
    "## Step 3: Normalize prices": "normalize_prices",
    "### Exercise 4: Estimate the growth rate": "estimate_growth_rate",
    "## Visualization of the residuals": "plot_residuals",
    "## Fit a model using least squares": "fit_model",
    "## Load and clean the data": "load_clean_data",
    "## We now compute the total": "compute_total",
    "## Share of the total": "compute_share_total",
    "## 🚀 Prepare features": "prepare_features",
    "## Implementing the cavity flow": "implement_cavity_flow",
    "## Compute Burgers' equation in 2D": "compute_burgers_equation_2d",
}


@pytest.mark.parametrize("heading", BY_HEADING)
def test_the_heading_above_comes_first(heading: str) -> None:
    assert name_of(SECOND, f"md:{heading}", PLAIN) == BY_HEADING[heading]


def test_a_verb_is_not_its_own_object() -> None:
    split = "y = table.y\nX_train, X_test, y_train, y_test = train_test_split(X, y)\na = y\nb = a\nc = b"
    assert name_of(SECOND, split) == "split_data"


def test_a_word_of_comments_is_no_subject() -> None:
    comments = "# this and this, and\n# this line: try this"
    assert name_of(SECOND, f"a = q\n{comments}\nb = a\nwaves = b\nc = waves\nd = c", "e = d") == "define_parameters"
    assert name_of(SECOND, f"a = q[1]\n{comments}\nb = a[1]\nc = waves[b]\nd = c[2]\ne = d[1]") == "process_waves"


@pytest.mark.parametrize(
    "heading",
    [
        "Exercise 3",
        "Solution",
        "2.1",
        "Introduction",
        "Part A",
        "Step 1",
        "What is going on here?",
        "Results",
        "(a)",
        "IV.",
        "",
    ],
)
def test_a_heading_that_says_nothing_gives_no_name(heading: str) -> None:
    assert name_of(SECOND, f"md:## {heading}", PLAIN) == "compute_share_total"


def test_the_title_of_the_notebook_is_no_heading() -> None:
    assert name_of("md:# Load the scores", PLAIN) == "compute_share_total"


def test_a_heading_far_above_speaks_for_other_cells() -> None:
    between = [f"print({number})" for number in range(5)]
    assert name_of(SECOND, "md:## Load the scores", *between, FIT) == "fit_linear_regression"


BY_CODE = {
    "# keep only rows with scores\n" + PLAIN: "keep_rows",
    "# df = df.dropna()\n" + PLAIN: "compute_share_total",
    "# noqa: E501\n" + PLAIN: "compute_share_total",
    "# ---------------\n# Scale the shares\n" + PLAIN: "scale_shares",
    "#|export\n" + PLAIN: "compute_share_total",
    CSV: "load_monthly_sales",
    CSV.replace("df", "orders"): "load_orders",
    LOAD: "read_scores",
    FIT: "fit_linear_regression",
    FIT.replace("LinearRegression()", "make()"): "fit_model",
    PLOT: "plot_temperature_over_time",
    PLOT.replace("plt.title('Temperature over time')", "plt.grid()"): "plot_data",
    "ax.hist(df['age'])\nax.set_xlabel('Age')\nax.grid()\nax.legend()\nax.axhline(1)": "plot_age",
    "g = orders.groupby('city')\nh = g.sum()\nk = h.x\nm = k.y\ntop = m[0]": "group_orders",
    "x = 1\ny = 2\nrate = 3.5\nmode = 'fast'\nstart = None": "define_parameters",
    "assert area(1) == 1\nassert area(2) == 4\nassert area(3) == 9\nassert area(4) == 16\nassert area(5) == 25": "check_area",
    "a = y[0]\nb = y[1]\nc = y[2]\nd = y[3]\ne = y[4]": "run_steps",
}


@pytest.mark.parametrize("code", BY_CODE)
def test_the_code_speaks_where_no_heading_does(code: str) -> None:
    assert name_of(code) == BY_CODE[code]


def test_taken_names_give_way_to_more_specific_ones_and_numbers_come_last() -> None:
    taken = "def load_scores(): pass"
    first = name_of(taken, SECOND, "md:## Load the scores", CSV.replace("df", "orders"))
    assert first == "load_orders"
    both = name_of(taken + "\ndef load_orders(): pass", SECOND, "md:## Load the scores", CSV.replace("df", "orders"))
    assert re.fullmatch(r"load_\w+", both)
    assert not both[-1].isdigit()
    one = features_of("a.ipynb", *["x = y[0]"] * 3)
    giver = naming(one)
    names = [giver.name(class_of(block_of(0, one, cell))).name for cell in range(3)]
    assert names == ["run_steps", "run_steps_2", "run_steps_3"]


@pytest.mark.parametrize("word", ["print", "statistics", "class", "numpy", "match"])
def test_no_name_is_pythons_or_a_known_modules(word: str) -> None:
    assert name_of(SECOND, f"md:## {word}", PLAIN) != word


def test_names_do_not_depend_on_the_order_of_notebooks() -> None:
    notebooks = [
        features_of("a.ipynb", SECOND, "md:## Load the scores", CSV),
        features_of("b.ipynb", SECOND, "md:## Reading", CSV),
        features_of("c.ipynb", SECOND, "md:## Load the scores", CSV),
    ]
    found = set()
    for order in itertools.permutations(notebooks):
        blocks = [block_of(file, one, 0) for file, one in enumerate(order)]
        called = naming(*order).name(class_of(*blocks))
        found.add((called.name, called.sentence))
    assert found == {("load_scores", "Load the scores.")}


HEADED = "## Estimate the mass of the system"
SNRS = "import pylab\npylab.figure()\nfor one in snrs:\n    pylab.plot(masses, one)\npylab.legend()"


def sentence_of(*cells: str) -> str | None:
    one = features_of("a.ipynb", *cells)
    return naming(one).name(class_of(block_of(0, one, len(one.cells) - 1))).sentence


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((f"md:{HEADED}", SNRS), "Estimate the mass of the system."),  # all of the section
        ((f"md:{HEADED}", "found = search(data)\nbest = found[0]\n" * 9, SNRS), None),  # its second part
        (("md:## Model 2", "a1 = 1\na2 = 2\nbeta = a1 / a2"), None),
        (("md:## Model", "a1 = 1\na2 = 2\nbeta = a1 / a2"), None),
        (("md:## Load the scores", LOAD, "x = 1\n" * 40 + LOAD), "Load the scores."),  # the code spells them
    ],
)
def test_a_sentence_that_may_be_false_is_left_out(cells: tuple[str, ...], expected: str | None) -> None:
    assert sentence_of(SECOND, *cells) == expected


def test_a_number_that_avoids_a_clash_is_no_word_of_the_sentence() -> None:
    one = features_of("a.ipynb", SECOND, FIT)
    giver = naming(one)
    found = [giver.name(class_of(block_of(0, one, 0))) for _ in range(9)]
    assert any(called.name.endswith("_2") for called in found)
    assert all(called.sentence is None or not re.search(r"\d", called.sentence) for called in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Plot a standard normal distribution and mark the critical regions with shading",
            "Plot a standard normal distribution and mark the critical regions.",
        ),
        (
            "Compute the difference between the first of the measured series and the second one",
            "Compute the difference.",
        ),
        (
            "Load the trips of every month, join them to the stations, and count what each station lends",
            "Load the trips of every month, join them to the stations.",
        ),
        ("Word " * 40, ""),
        ("Load the scores", "Load the scores."),
    ],
)
def test_a_long_text_is_cut_where_a_clause_ends(text: str, expected: str) -> None:
    assert wording.plain_sentence(text) == expected


def test_a_heading_of_one_copy_in_three_is_its_own_matter() -> None:
    notebooks = [
        features_of("a.ipynb", SECOND, "md:## Draw the wings", CSV),
        features_of("b.ipynb", CSV),
        features_of("c.ipynb", CSV),
    ]
    blocks = [block_of(file, one, 0) for file, one in enumerate(notebooks)]
    assert naming(*notebooks).name(class_of(*blocks)).name == "load_monthly_sales"


WORDS = [*sorted(wording._VERBS)[:60], "the", "data", "2.", "(a)", "–", "?", "\\", '"']
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))


@settings(max_examples=300)
@given(heading=TEXTS, comment=TEXTS, code=st.sampled_from([PLAIN, LOAD, CSV, FIT, PLOT]))
def test_every_name_is_a_name(heading: str, comment: str, code: str) -> None:
    line = " ".join(comment.split("\n")).replace("\r", " ").encode("utf-8", "ignore").decode().replace("\0", "")
    one = features_of("a.ipynb", SECOND, f"md:## {heading}", f"#{line}\n{code}")
    if one.cells[0].facts.error or not one.cells[0].facts.statements:
        return
    giver = naming(one)
    called = giver.name(class_of(block_of(0, one, 0)))
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", called.name)
    assert len(called.name) <= wording.LONGEST
    assert len(called.name.split("_")) <= wording.MOST_WORDS + 1
    assert not hasattr(builtins, called.name)
    assert not keyword.iskeyword(called.name)
    assert called.name not in sys.stdlib_module_names
    assert called.sentence is None or called.sentence.endswith(".")
    assert called.name != giver.name(class_of(block_of(0, one, 0))).name
