"""Which module a definition goes to, and why not another: topics, loading (N18), names, circles, what stands already."""

import subprocess
import sys
from importlib.util import find_spec

import pytest
from plan.building import Project

from nb2mod.config import Config
from nb2mod.errors import UsageError
from nb2mod.model import Choice, PlanOptions, Target, Verdict
from nb2mod.stages.plan.brings import _BRINGS, with_brought
from nb2mod.stages.plan.topics import topic_of
from nb2mod.stages.verify.proof.loads import _add

PANDAS = "import pandas as pd"
LOAD = "def load_scores(path):\n    return pd.read_csv(path)"
CLEAN = "def clean_scores(df):\n    df = df.dropna()\n    return df"


def targets(project: Project) -> dict[str, str]:
    """Name → module without the package, for each candidate that has a place."""
    result = project.plan()
    return {c.name: c.target.module.removeprefix("reports.") for c in result.candidates if c.target}


def both(*cells: str) -> dict[str, tuple[str, ...]]:
    return {"a.ipynb": cells, "b.ipynb": cells}


def rejected(project: Project) -> dict[str, tuple[str, str]]:
    return {key.rpartition("-")[0]: (reason.code, reason.effect) for key, reason in project.plan().rejected}


@pytest.mark.parametrize(
    ("name", "kind", "imports", "words", "topic"),
    [
        ("sigmoid", "function", [], [], ""),
        ("Grid", "class", [], [], ""),
        ("load_scores", "function", ["pandas"], [], "dataset"),
        ("load_model", "function", ["joblib"], [], "modeling"),
        ("plot_model", "function", ["matplotlib", "sklearn"], [], "plots"),
        ("fill_below", "function", ["matplotlib"], [], "plots"),
        ("residuals", "function", ["seaborn"], [], "plots"),
        ("clean_columns", "function", ["pandas"], [], "features"),
        ("train_epoch", "function", ["torch"], [], "modeling"),
        ("scores_of", "function", ["pandas"], ["read_csv"], "dataset"),
        ("Net", "class", ["torch"], [], "modeling"),
        ("ImageDataset", "class", ["torch"], [], "dataset"),
        ("summary", "function", ["pandas"], [], "features"),
        ("one_hot_encode", "function", ["numpy"], [], "features"),
        ("image_transform", "function", ["torchvision"], [], "features"),
        ("Convert", "class", [], [], ""),
        ("stream_docs", "function", [], ["open"], "dataset"),
        ("css_styling", "function", ["IPython"], ["open", "HTML"], ""),
        ("bmi", "function", [], ["df"], "features"),
    ],
)
def test_topic(name: str, kind: str, imports: list[str], words: list[str], topic: str) -> None:
    assert topic_of(name, kind, imports, words, words) == topic


def test_topics_share_modules() -> None:
    project = Project(both(PANDAS, LOAD, CLEAN, "class Grid:\n    def rows(self):\n        return []"))
    assert targets(project) == {"load_scores": "dataset", "clean_scores": "features", "Grid": "grid"}


def test_private_helper_goes_with_its_reader() -> None:
    helper = "def _load_part(path):\n    return path"
    reader = "def plot_part(path):\n    return _load_part(path)"
    assert targets(Project(both(helper, reader))) == {"_load_part": "plots", "plot_part": "plots"}


def test_leftovers_share_one_module() -> None:
    cells = [f"def {name}(x):\n    return x" for name in ("flatten", "pairs", "mapt", "quantify")]
    assert len(set(targets(Project(both(*cells))).values())) == 1


_LOOSE = {
    "a/n.ipynb": ("def flatten(x):\n    return x + 1",),
    "b/n.ipynb": ("def flatten(x):\n    return x + 1",),
    "c/n.ipynb": ("def gcd_of(x):\n    return x - 1",),
    "d/n.ipynb": ("def gcd_of(x):\n    return x - 1",),
}


def test_functions_that_nothing_joins_are_tools() -> None:
    assert targets(Project(_LOOSE)) == {"flatten": "tools", "gcd_of": "tools"}


def test_one_function_that_nothing_joins_is_named_for_what_it_is() -> None:
    assert targets(Project(both("def get_minibatch(x):\n    return x"))) == {"get_minibatch": "minibatch"}


@pytest.mark.parametrize(
    ("folders", "module"),
    [
        (("week1/answers", "week1/answers"), "tools"),
        (("Means/answers", "Means/questions"), "means"),
        (("lectures/soccer_2/notebooks", "lectures/soccer_2/exercises"), "soccer2"),
        (("answers_of_experts", "answers_of_experts"), "answers_of_experts"),
    ],
)
def test_a_folder_that_says_nothing_names_no_module(folders: tuple[str, str], module: str) -> None:
    cells = ("def flatten(x):\n    return x + 1", "def gcd_of(x):\n    return x - 1")
    found = targets(Project({f"{folder}/{n}.ipynb": cells for n, folder in enumerate(folders)}))
    assert found == {"flatten": module, "gcd_of": module}


def test_why_a_module_is_apart() -> None:
    score, clean = "def score_all(x):\n    return torch.s(x)", "def score(x):\n    return x"
    project = Project(
        {
            "a.ipynb": ("import torch", score),
            "b.ipynb": ("import torch", score),
            "c.ipynb": (clean,),
            "d.ipynb": (clean,),
        }
    )
    apart = {item.name: item.target.apart for item in project.plan().candidates if item.target}
    why = "not in reports.modeling: not all notebooks that import it have loaded torch by then"
    assert apart == {"score": "", "score_all": why}


def test_why_a_module_is_apart_from_one_that_loads_more() -> None:
    modules = {"src/reports/__init__.py": "", "src/reports/features.py": "import numpy\n"}
    project = Project({"c/a.ipynb": (CLEAN, "x = 1"), "c/b.ipynb": (CLEAN,)}, modules=modules)
    (target,) = [item.target for item in project.plan().candidates if item.target]
    assert target.module == "reports.preprocessing"
    assert target.apart == "not in reports.features, which loads numpy earlier than some of its notebooks do"


def test_leftovers_go_where_the_team_keeps_its_own() -> None:
    project = Project(_LOOSE, modules={"src/reports/__init__.py": "", "src/reports/utils.py": "x = 1\n"})
    assert targets(project) == {"flatten": "utils", "gcd_of": "utils"}


def test_what_loads_least_names_the_module() -> None:
    heavy, light = "def fit(x):\n    return torch.fit(x)", "def score(x):\n    return x"
    project = Project(
        {
            "a.ipynb": ("import torch", heavy),
            "b.ipynb": ("import torch", heavy),
            "c.ipynb": ("import torch", heavy),
            "d.ipynb": (light,),
            "e.ipynb": (light,),
        }
    )
    assert targets(project) == {"fit": "modeling_torch", "score": "modeling"}


def test_no_name_that_is_taken() -> None:
    cells = ["import dataset", "def load(x):\n    return x", "def queue_of(x):\n    return x"]
    found = targets(Project(both(*cells)))
    assert found["load"] == "datasets"
    assert found["queue_of"] not in ("queue", "utils", "common")


# N18: what an import loads


def test_n18_one_module_where_all_notebooks_load_the_same() -> None:
    project = Project(
        both(
            "import torch\nimport sklearn",
            "def fit(x):\n    return torch.fit(x)",
            "def score(x):\n    return sklearn.s(x)",
        )
    )
    assert set(targets(project).values()) == {"modeling"}


def test_n18_split_by_what_is_loaded() -> None:
    fit, score = "def fit(x):\n    return torch.fit(x)", "def score(x):\n    return sklearn.s(x)"
    project = Project(
        {
            "a.ipynb": ("import torch", fit),
            "b.ipynb": ("import torch", fit),
            "c.ipynb": ("import sklearn", score),
            "d.ipynb": ("import sklearn", score),
        }
    )
    assert targets(project) == {"fit": "modeling", "score": "modeling_sklearn"}


def test_n18_import_below_the_definition_moves_inside() -> None:
    project = Project(both("def fit(x):\n    '''Doc.'''\n    return torch.fit(x)", "import torch"))
    (extraction,) = project.plan().plan.extractions
    assert (extraction.imports, extraction.local_imports) == ((), ("import torch",))


def test_n18_helper_that_needs_more_is_imported_inside() -> None:
    cells = ("def go(x):\n    return fit(x)", "import torch", "@torch.no_grad()\ndef fit(x):\n    return x")
    extractions = {item.name: item for item in Project(both(*cells)).plan().plan.extractions}
    assert extractions["go"].local_imports == (f"from {extractions['fit'].module} import fit",)
    assert extractions["go"].module != extractions["fit"].module


def test_n18_import_needed_at_once_but_not_certain_is_rejected() -> None:
    cells = ("import torch", "@torch.no_grad()\ndef fit(x):\n    return x")
    project = Project(both(*cells), tags={"a.ipynb": {1: ["raises-exception"]}})
    assert rejected(project) == {"fit": ("NB318", "blocks")}
    assert rejected(Project(both(*cells))) == {}


def test_n18_part_of_a_loaded_package_moves_inside_rather_than_apart() -> None:
    f1 = "def score_f1(x):\n    return f1_score(x)"
    area = "def score_area(x):\n    return auc(x)"
    project = Project(
        {
            "a.ipynb": ("from sklearn.metrics import f1_score", f1),
            "b.ipynb": ("from sklearn.metrics import f1_score", f1),
            "c.ipynb": ("from sklearn.metrics import auc", area),
            "d.ipynb": ("from sklearn.metrics import auc", area),
        }
    )
    assert set(targets(project).values()) == {"modeling"}


@pytest.mark.parametrize(("library", "modules"), [("matplotlib.pyplot", 1), ("torch", 2)])
def test_n18_what_a_library_can_not_do_without_is_loaded(library: str, modules: int) -> None:
    draw = "def plot_raw(x):\n    return lib.plot(x)"
    centre = "def plot_centred(x):\n    x = np.asarray(x)\n    return lib.plot(x - x.mean())"
    light, heavy = f"import {library} as lib", f"import numpy as np\nimport {library} as lib"
    project = Project(
        {"a.ipynb": (light, draw), "b.ipynb": (light, draw), "c.ipynb": (heavy, centre), "d.ipynb": (heavy, centre)}
    )
    assert len(set(targets(project).values())) == modules


def test_n18_the_proof_knows_what_the_plan_takes_for_loaded() -> None:
    for name in _BRINGS:
        known: set[str] = set()
        _add(known, [name])
        assert with_brought([name]) <= known


@pytest.mark.parametrize("name", sorted(name for name in _BRINGS if find_spec(name.partition(".")[0]) is not None))
def test_n18_installed_libraries_load_what_the_plan_says(name: str) -> None:
    script = f"import sys, {name}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert with_brought([name]) <= set(ran.stdout.split())


def test_n2_fallback_import_is_loaded_where_the_same_statement_ran() -> None:
    fallback = "try:\n    import ujson as json\nexcept ImportError:\n    import json"
    project = Project(both(fallback, "def load(text):\n    return json.loads(text)"))
    (extraction,) = project.plan().plan.extractions
    assert extraction.imports == (fallback,)


# constants


def test_n4_constant_stands_beside_its_function() -> None:
    cells = (PANDAS, "LIMIT = 5", "def load_scores(path):\n    return pd.read_csv(path, nrows=LIMIT)")
    extractions = Project(both(*cells)).plan().plan.extractions
    assert [(item.kind, item.module) for item in extractions] == [
        ("constant", "reports.dataset"),
        ("function", "reports.dataset"),
    ]


def test_n4_constant_above_the_imports_gets_a_module_that_loads_nothing() -> None:
    cells = ("LIMIT = 5", PANDAS, "def load_scores(path):\n    return pd.read_csv(path, nrows=LIMIT)")
    extractions = {item.name: item for item in Project(both(*cells)).plan().plan.extractions}
    assert extractions["LIMIT"].module == "reports.settings"
    assert "from reports.settings import LIMIT" in extractions["load_scores"].imports


def test_n4_constant_bound_with_others_is_not_moved() -> None:
    reader = "def load_part(path):\n    return path[:LIMIT]"
    alone = Project(both("LIMIT = 5", reader))
    assert rejected(alone) == {}
    same_needs = {"load_part": {"needs": alone.candidates[0].needs}}
    assert rejected(Project(both("LIMIT = OTHER = 5", reader), changes_to=same_needs)) == {
        "load_part": ("NB315", "blocks")
    }


def test_n4_equal_constants_of_different_notebooks_stay_apart() -> None:
    one, other = "def load_a(x):\n    return x[:LIMIT]", "def load_b(x):\n    return x * LIMIT"
    project = Project({f"{n}.ipynb": ("LIMIT = 5", one if n < "c" else other) for n in "abcd"})
    constants = [item for item in project.plan().plan.extractions if item.kind == "constant"]
    assert len(constants) == len({item.module for item in constants}) == 2


# names


NET = "class Net:\n    def go(self):\n        return {}"


def test_same_name_other_body_classes_never_share_a_module() -> None:
    project = Project({f"{n}.ipynb": (NET.format(1 if n < "c" else 2),) for n in "abcd"})
    extractions = project.plan().plan.extractions
    assert [item.name for item in extractions] == ["Net", "Net"]
    assert len({item.module for item in extractions}) == 2


def test_same_name_other_body_functions_get_a_name_of_their_own() -> None:
    cells = {f"{n}.ipynb": (f"def load(x):\n    return x + {1 if n < 'c' else 2}",) for n in "abcd"}
    project = Project(cells, changes_to={"load": {"rename_ok": True}})
    assert [(item.module, item.name) for item in project.plan().plan.extractions] == [
        ("reports.dataset", "load"),
        ("reports.dataset", "load_2"),
    ]
    after = project.after()
    assert "def load_2(x):" in after["src/reports/dataset.py"]
    assert after["c.ipynb"] == "from reports.dataset import load_2 as load"


def test_a_recursive_function_is_never_renamed() -> None:
    cells = {f"{n}.ipynb": (f"def load(x):\n    return load(x + {1 if n < 'c' else 2})",) for n in "abcd"}
    project = Project(cells, changes_to={"load": {"rename_ok": True}})
    assert {item.name for item in project.plan().plan.extractions} == {"load"}


def test_one_alias_two_modules_of_the_package() -> None:
    use = "def scale{}(x):\n    return np.{}(x)"
    project = Project(
        {
            "a.ipynb": ("import numpy as np\nimport jax.numpy", use.format("", "mean")),
            "b.ipynb": ("import numpy as np\nimport jax.numpy", use.format("", "mean")),
            "c.ipynb": ("import numpy\nimport jax.numpy as np", use.format("_2", "max")),
            "d.ipynb": ("import numpy\nimport jax.numpy as np", use.format("_2", "max")),
        }
    )
    assert len(set(targets(project).values())) == 2


def test_a_builtin_stays_one() -> None:
    project = Project(
        {
            "a.ipynb": ("def sum(x):\n    return 0",),
            "b.ipynb": ("def sum(x):\n    return 0",),
            "c.ipynb": ("def total(x):\n    return sum(x)",),
            "d.ipynb": ("def total(x):\n    return sum(x)",),
        },
        config=Config(modules={"sum": "numbers_", "total": "numbers_"}),
    )
    assert len(targets(project)) == 1
    assert list(rejected(project).values()) == [("NB315", "blocks")]


def test_d6_only_those_with_the_future_import_share_a_module() -> None:
    future = "from __future__ import annotations\n"
    project = Project(
        {
            "a.ipynb": (future + "def load_a(x: int):\n    return x",),
            "b.ipynb": (future + "def load_a(x: int):\n    return x",),
            "c.ipynb": ("def load_c(x: int):\n    return 0", "def load_d(x):\n    return 1"),
            "d.ipynb": ("def load_c(x: int):\n    return 0", "def load_d(x):\n    return 1"),
        }
    )
    found = targets(project)
    assert found["load_a"] != found["load_c"]
    assert len(set(found.values())) == 2


# circles and dependents


def test_mutual_recursion_is_one_group() -> None:
    cells = (
        "def load_even(n):\n    return n and plot_odd(n - 1)",
        "def plot_odd(n):\n    return n and load_even(n - 1)",
    )
    assert len(set(targets(Project(both(*cells))).values())) == 1


def test_no_circle_between_modules() -> None:
    cells = (
        "def load_low(x):\n    return x",
        "def plot_mid(x):\n    return load_low(x)",
        "def load_high(x):\n    return plot_mid(x)",
    )
    found = targets(Project(both(*cells)))
    assert found["load_low"] == "dataset"
    assert found["plot_mid"] == "plots"
    assert found["load_high"] not in ("dataset", "plots")


def test_what_needs_something_rejected_is_rejected() -> None:
    cells = ("def load_low(x):\n    return x", "def plot_mid(x):\n    return load_low(x)", CLEAN)
    project = Project(both(*cells), changes_to={"load_low": {"verdict": Verdict.BLOCKED}})
    assert rejected(project) == {"plot_mid": ("NB315", "blocks")}
    assert targets(project) == {"clean_scores": "features"}


def test_below_comes_along_only_with_what_needs_it() -> None:
    cells = ("def load_low(x):\n    return x", "def plot_mid(x):\n    return load_low(x)", CLEAN)
    below = {"load_low": {"verdict": Verdict.BELOW}, "clean_scores": {"verdict": Verdict.BELOW}}
    assert targets(Project(both(*cells), changes_to=below)) == {"load_low": "dataset", "plot_mid": "plots"}


def test_review_wants_unsafe() -> None:
    changes = {"clean_scores": {"verdict": Verdict.REVIEW}}
    assert targets(Project(both(CLEAN), changes_to=changes)) == {}
    assert targets(Project(both(CLEAN), changes_to=changes, options=PlanOptions(unsafe=True))) != {}


# what a person chose


def test_config_and_option_and_plan_file_choose_the_module() -> None:
    chosen = Project(both(CLEAN), config=Config(modules={"clean_scores": "prep.tidy"}))
    assert targets(chosen) == {"clean_scores": "prep.tidy"}
    assert targets(Project(both(CLEAN), options=PlanOptions(module="reports.tidy"))) == {"clean_scores": "tidy"}
    key = chosen.candidates[0].id
    options = PlanOptions(module="other", choices=(Choice(key, "reports.tidy", "cleaned"),))
    project = Project(both(CLEAN), options=options)
    assert project.after()["a.ipynb"] == "from reports.tidy import cleaned as clean_scores"
    assert targets(Project(both(CLEAN), options=PlanOptions(choices=(Choice(key, "x", "x", apply=False),)))) == {}


def test_a_module_that_can_not_be_one_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="expected a module of reports"):
        Project(both(CLEAN), options=PlanOptions(module="my module")).plan()


# what stands already


def test_existing_module_is_extended_and_its_names_are_respected() -> None:
    project = Project(both(CLEAN), modules={"src/reports/__init__.py": "", "src/reports/features.py": "x = 1\n"})
    assert targets(project) == {"clean_scores": "features"}
    taken = {"src/reports/__init__.py": "", "src/reports/features.py": "def clean_scores():\n    return 1\n"}
    assert targets(Project(both(CLEAN), modules=taken)) != {"clean_scores": "features"}


def in_folders(*paths: str) -> dict[str, str]:
    """A package with these modules; each folder on the way has its `__init__.py`."""
    found = {"src/reports/__init__.py": ""}
    for path in paths:
        parts = path.split("/")
        found |= {f"src/reports/{'/'.join(parts[:end])}/__init__.py": "" for end in range(1, len(parts))}
        found[f"src/reports/{path}"] = "def known():\n    return 1\n"
    return found


@pytest.mark.parametrize(
    ("paths", "imported", "module"),
    [
        (("early/features.py", "late/features.py"), ("late.features", "late.dates"), "late.features"),  # imported there
        (("features.py", "late/features.py"), ("late.features", "late.dates"), "late.features"),
        (("features.py", "late/features.py"), (), "features"),  # nothing says more: the package's own
        (("features.py", "late/features.py"), ("early.dates",), "features"),
        (("late/features.py",), (), "late.features"),  # the only one
        (("late/features.py",), ("early.dates",), "features"),  # a folder that it has nothing to do with: a new module
        (("early/features.py", "late/features.py"), (), "features"),  # which of the two can't be told
        (("a/b/features.py", "late/features.py"), (), "late.features"),
        (
            ("preprocessing/clean.py", "features/cleaning.py"),
            ("early.dates",),
            "features.cleaning",
        ),  # named for the topic
        (("references/features.py",), (), "features"),  # other people's code
        (("early/vendor/nice/features.py",), ("early.vendor.nice.features",), "features"),
        (("late/features.py",), ("late.references.dates",), "features"),
    ],
)
def test_existing_module_of_a_folder(paths: tuple[str, ...], imported: tuple[str, ...], module: str) -> None:
    others = {f"{each.replace('.', '/')}.py" for each in imported}
    imports = "\n".join(f"from reports.{each} import known as known_{n}" for n, each in enumerate(imported))
    modules = in_folders(*sorted({*paths, *others}))
    cells = (imports or "import math", CLEAN)
    found = targets(Project(both(*cells), modules=modules))
    assert found == {"clean_scores": module}


def test_existing_module_beside_what_the_definition_reads() -> None:
    modules = in_folders("early/features.py", "late/features.py", "late/dates.py")
    modules["src/reports/early/dates.py"] = "def day(x):\n    return x\n"
    clean = "def clean_scores(df):\n    df = day(df)\n    return df"
    imports = "from reports.early.dates import day\nfrom reports.late.dates import known\nimport reports.late.features"
    assert targets(Project(both(imports, clean), modules=modules)) == {"clean_scores": "early.features"}
    taken = {**modules, "src/reports/early/features.py": "def day():\n    return 1\n"}
    taken["src/reports/late/features.py"] = taken["src/reports/early/features.py"]
    assert targets(Project(both(imports, clean), modules=taken)) == {"clean_scores": "features"}


def test_existing_module_in_a_folder_without_init_is_left_alone() -> None:
    modules = {"src/reports/__init__.py": "", "src/reports/late/features.py": "def known():\n    return 1\n"}
    cells = ("from reports.late.features import known", CLEAN)
    assert targets(Project(both(*cells), modules=modules)) == {"clean_scores": "features"}


def test_existing_module_with_effects_is_left_alone() -> None:
    project = Project(both(CLEAN), modules={"src/reports/__init__.py": "", "src/reports/features.py": "print(1)\n"})
    assert targets(project) == {"clean_scores": "preprocessing"}


def test_package_with_effects_wants_a_review() -> None:
    project = Project(both(CLEAN), modules={"src/reports/__init__.py": "print('hello')\n"})
    assert rejected(project) == {"clean_scores": ("NB318", "review")}
    project = Project(both(CLEAN), modules={"src/reports/__init__.py": "__version__ = '1'\n"})
    assert rejected(project) == {}


TIDY = Config(modules={"clean_scores": "tidy"})


@pytest.mark.parametrize(
    ("modules", "module", "told"),
    [
        ({"tidy.py": "print(1)\n"}, "tidy", ("NB318", "review")),
        ({"tidy.py": "def known(:\n"}, "tidy", ("NB318", "blocks")),
        ({"sub/__init__.py": "def known(:\n"}, "sub.tidy", ("NB318", "blocks")),
        ({"sub/__init__.py": "print(1)\n"}, "sub.tidy", ("NB318", "review")),
        ({"tidy/__init__.py": "x = 1\n"}, "tidy", ("NB315", "blocks")),
        ({"tidy/known.py": "x = 1\n"}, "tidy", ("NB315", "blocks")),
        ({"tidy.py": "x = 1\n"}, "tidy.known", ("NB315", "blocks")),
    ],
)
def test_a_chosen_module_that_can_not_take_it(modules: dict[str, str], module: str, told: tuple[str, str]) -> None:
    standing = {f"src/reports/{path}": text for path, text in {"__init__.py": "", **modules}.items()}
    project = Project(both(CLEAN), modules=standing, config=Config(modules={"clean_scores": module}))
    assert rejected(project) == {"clean_scores": told}


def test_a_package_that_does_not_parse_blocks_whatever_is_allowed() -> None:
    broken = {"src/reports/__init__.py": "def known(:\n"}
    assert rejected(Project(both(CLEAN), modules=broken, options=PlanOptions(unsafe=True))) == {
        "clean_scores": ("NB318", "blocks")
    }


@pytest.mark.parametrize("text", ["from .tidy import known\n", "from . import tidy\n", "from .tidy import *\n"])
def test_a_package_that_imports_its_module_is_no_circle(text: str) -> None:
    modules = {"src/reports/__init__.py": text, "src/reports/tidy.py": "def known():\n    return 1\n"}
    assert targets(Project(both(CLEAN), modules=modules, config=TIDY)) == {"clean_scores": "tidy"}


def test_an_import_from_the_package_may_close_a_circle() -> None:
    modules = {
        "src/reports/__init__.py": "",
        "src/reports/tidy.py": "def known():\n    return 1\n",
        "src/reports/parts.py": "from reports.tidy import known\n\n\ndef part():\n    return known()\n",
    }
    cells = ("from reports.parts import part", "def clean_scores(df):\n    df = df or part()\n    return df")
    assert rejected(Project(both(*cells), modules=modules, config=TIDY)) == {"clean_scores": ("NB315", "blocks")}
    assert targets(Project(both(*cells), modules=modules)) != {}


@pytest.mark.parametrize("star", ["from reports.features import *", "from reports import *"])
def test_what_a_notebook_takes_by_star_gets_nothing_unasked(star: str) -> None:
    """Whatever is added there would be bound in that notebook, over a name of its own maybe."""
    modules = {
        "src/reports/__init__.py": "from .features import *\n",
        "src/reports/features.py": "def known():\n    return 1\n",
    }
    found = targets(Project({**both(CLEAN), "c.ipynb": (star,)}, modules=modules))
    assert "clean_scores" in found
    assert found != {"clean_scores": "features"}
    assert targets(Project(both(CLEAN), modules=modules)) == {"clean_scores": "features"}


def test_package_that_loads_too_much_blocks() -> None:
    project = Project(both(CLEAN), modules={"src/reports/__init__.py": "import torch\n"})
    assert rejected(project) == {"clean_scores": ("NB318", "blocks")}


def test_who_imports_an_existing_module_already_loads_nothing_new() -> None:
    modules = {"src/reports/__init__.py": "", "src/reports/dataset.py": "def known():\n    return 1\n"}
    notebooks = {**both(PANDAS, LOAD), "c.ipynb": ("from reports.dataset import known",)}
    assert targets(Project(notebooks, modules=modules)) == {"load_scores": "dataset_pandas"}


def test_nb105_only_the_notebooks_change() -> None:
    modules = {"src/reports/__init__.py": "", "src/reports/features.py": CLEAN + "\n"}
    project = Project(
        both(CLEAN),
        modules=modules,
        changes_to={"clean_scores": {"existing": Target("reports.features", "clean_scores")}},
    )
    after = project.after()
    assert after["a.ipynb"] == "from reports.features import clean_scores"
    assert after["src/reports/features.py"] == modules["src/reports/features.py"]
