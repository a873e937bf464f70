"""What a run of statements is for, as verbs and objects: `pd.read_csv(…)` loads, `model.fit(…)` fits, `plt.plot(…)` plots.

Words for names and sentences, nothing that decides: a wrong guess costs a better name, never behaviour.
"""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from nb2mod.syntax import parse
from nb2mod.syntax.depth import too_deep
from nb2mod.syntax.evaluated import dotted

Words = tuple[str, ...]


class Deed(Struct, frozen=True):
    """One thing that a run does: its verb, and what it does that to, best object first; maybe nothing can be said."""

    verb: str
    objects: tuple[Words, ...] = ()


_WORD = re.compile(r"(?<![A-Za-z])[A-Z][A-Z][a-z]+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STEM = re.compile(
    r"([^/\\?#]+?)(?:\.(?:csv|tsv|txt|json|xlsx?|parquet|pkl|pickle|npy|npz|h5|hdf5|png|jpe?g|gz|zip))+\Z", re.I
)


def _table(text: str) -> dict[str, str]:
    """`verb: name name; verb: name` as name → verb."""
    pairs = (part.split(":") for part in text.split(";"))
    return {name: verb.strip() for verb, names in pairs for name in names.split()}


_FUNCTIONS = _table(
    "load: read_csv read_excel read_json read_parquet read_sql read_table read_hdf read_pickle read_feather read_html loadtxt "
    "genfromtxt load_dataset load_iris load_digits fetch_openml loadmat load_data load_workbook;"
    "read: imread open read readlines;"
    "download: urlretrieve download wget;"
    "fetch: urlopen requests get_json;"
    "save: to_csv to_excel to_json to_parquet to_pickle to_sql savetxt savefig dump save write_csv;"
    "fit: fit fit_transform polyfit curve_fit linregress ols fit_generator;"
    "train: train backward;"
    "predict: predict predict_proba forecast;"
    "evaluate: evaluate score cross_val_score accuracy_score classification_report confusion_matrix mean_squared_error "
    "r2_score roc_auc_score f1_score roc_curve;"
    "split: train_test_split;"
    "tune: GridSearchCV RandomizedSearchCV;"
    "group: groupby pivot_table crosstab resample;"
    "merge: merge concat join;"
    "clean: dropna fillna drop_duplicates interpolate;"
    "count: value_counts Counter bincount;"
    "sort: sort_values sort_index argsort;"
    "describe: describe info;"
    "solve: solve solve_ivp odeint fsolve lstsq;"
    "minimize: minimize minimize_scalar maximize;"
    "sample: choice randn randint rand normal uniform choices sample poisson binomial;"
    "simulate: simulate run_simulation run_solve_ivp;"
    "transform: transform get_dummies melt stack;"
    "parse: findall fromstring BeautifulSoup strptime;"
    "measure: perf_counter timeit"
)
_PRIORITY = {
    "fit": 90, "train": 90, "tune": 88, "load": 85, "read": 60, "download": 84, "fetch": 84, "evaluate": 80, "predict": 78,
    "solve": 76, "minimize": 76, "simulate": 75, "split": 70, "save": 64, "merge": 62, "group": 58, "clean": 56, "count": 54,
    "transform": 53, "sort": 40, "describe": 38, "sample": 36, "measure": 30, "parse": 50,
}  # fmt: skip
_OWN, _METHOD, _PLOT, _PRINT = (
    52,
    44,
    48,
    10,
)  # functions and methods named for what they do; plots and prints beside other work
_MOSTLY = 87  # plots and prints that are most of the run
_OWN_VERBS = frozenset(
    "add apply bin bootstrap build calculate check clean clip collect combine compare compute convert count create crop decode "
    "detect draw encode estimate evaluate expand explore extract fetch fill filter find fit format generate get identify "
    "initialize insert integrate interpolate invert iterate load make map measure merge minimize normalize optimize parse "
    "predict prepare process query read reduce remove render resample rescale reshape run sample save scale score search "
    "segment select simulate smooth solve sort split standardize summarize sweep test tokenize train transform update "
    "validate write".split()
)
_PLOT_ROOTS = frozenset("plt sns pyplot pylab thinkplot px go alt fig ax axs axes ax1 ax2 bokeh plotly seaborn".split())
_PLOT_METHODS = _table(
    "plot: plot plot_surface plot_wireframe loglog semilogx semilogy errorbar fill_between step lineplot plot_date relplot;"
    "histogram: hist hist2d histplot distplot countplot kdeplot displot;"
    "scatter: scatter scatterplot scatter3D regplot lmplot pairplot jointplot;"
    "bars: bar barh barplot;"
    "boxes: boxplot violinplot catplot;"
    "image: imshow matshow;"
    "heatmap: heatmap clustermap pcolormesh pcolor;"
    "contours: contour contourf;"
    "pie: pie;"
    "labels: xlabel ylabel title suptitle legend set_title set_xlabel set_ylabel xlim ylim set_xlim set_ylim axhline axvline "
    "decorate grid colorbar xticks yticks tight_layout subplots figure subplot show config annotate Config Show savefig"
)
_TITLES = ("title", "set_title", "suptitle")
_LABELS = ("ylabel", "set_ylabel", "xlabel", "set_xlabel")
_SHOWS = frozenset("print display pprint".split())
_CONTAINERS = frozenset({"Sequential", "Pipeline", "Model"})  # the name that holds one says more
_NO_OBJECT = frozenset("csv excel json parquet sql table hdf pickle feather html data dataset".split())


def words_of(identifier: str) -> Words:
    """load_HTMLPage2 gives load, html, page, 2."""
    return tuple(word.lower() for word in _WORD.findall(identifier))


@lru_cache(maxsize=1024)  # copies are often spelled the same
def deeds_of(source: str) -> tuple[Deed, ...]:
    """What the statements do, most telling first; the same verb once. Nothing of what is no Python."""
    try:
        tree = parse(source)
        return _deeds(tree) if not too_deep(tree, source) else ()
    except (SyntaxError, RecursionError):
        return ()


def _deeds(tree: ast.Module) -> tuple[Deed, ...]:
    made = _made(tree)
    found: dict[str, tuple[int, list[Words]]] = {}
    plots, prints = 0, 0
    for statement in tree.body:
        calls = list(_calls(statement))
        plots += any(_is_plot(call) for call, _ in calls)
        prints += isinstance(statement, ast.Expr) and any(_name(call) in _SHOWS for call, _ in calls)
        for call, targets in calls:
            if not _is_plot(call) and (told := _told(call, targets, made)):
                verb, priority, objects = told
                best, known = found.setdefault(verb, (priority, []))
                found[verb] = (max(best, priority), [*known, *objects])
    most = len(tree.body) / 2
    if sum(isinstance(one, ast.Assert) for one in tree.body) >= most:
        found["check"] = (_MOSTLY, _called(tree))
    if sum(_is_plain(one) for one in tree.body) >= 1.4 * most and not plots and not _heavy(found):
        found["define"] = (_MOSTLY, [("parameters",)])
    if sum(isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body) >= 1.4 * most:
        found["import"] = (_MOSTLY, [("modules",)])
    if plots:
        found["plot"] = (_MOSTLY if plots >= most else _PLOT, _plotted(tree))
    if prints:
        found.setdefault("print", (_MOSTLY - 1 if prints >= most and len(found) == 0 else _PRINT, _printed(tree)))
    ranked = sorted(found.items(), key=lambda item: -item[1][0])  # stable: what comes first in the text stays first
    return tuple(Deed(verb, tuple(dict.fromkeys(objects))) for verb, (_, objects) in ranked)


def _heavy(found: Mapping[str, tuple[int, list[Words]]]) -> bool:
    """Whether something is done that a name should tell of."""
    return any(priority > _OWN + 2 for priority, _ in found.values())


def _calls(statement: ast.stmt) -> Iterator[tuple[ast.Call, list[str]]]:
    """Each call with the names that its value goes to: those of an assignment around it, however deep it stands."""
    bound = [name for node in ast.walk(statement) if isinstance(node, ast.Assign) for name in _names(node.targets)]
    targets = bound[-2:] if not isinstance(statement, ast.Assign) else _names(statement.targets)
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            yield node, targets


def _names(targets: list[ast.expr]) -> list[str]:
    found = []
    for target in targets:
        if isinstance(target, ast.Name):
            found.append(target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            found += _names(list(target.elts))
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            found.append(str(target.slice.value))
    return found


def _name(call: ast.Call) -> str:
    return (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_plot(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id.startswith("plot") or call.func.id == "decorate"
    return _name(call) in _PLOT_METHODS or _root(call.func) in _PLOT_ROOTS or _name(call).startswith("plot")


def _told(call: ast.Call, targets: list[str], made: dict[str, Words]) -> tuple[str, int, list[Words]] | None:
    """(verb, priority, objects) of one call; None when its name says nothing."""
    name = _name(call)
    first, *rest = words_of(name) or ("",)
    if first == "save" and "fig" in rest:
        return None  # a plot's last line
    receiver = _root(call.func) if isinstance(call.func, ast.Attribute) else ""
    bound = [words_of(target) for target in targets]
    own = [tuple(rest)] if rest and not _NO_OBJECT.issuperset(rest) else []
    verb = _FUNCTIONS.get(name, "") if receiver not in ("os", "") or name != "join" else ""
    if verb in ("fit", "train", "predict", "evaluate"):
        chained = [words_of(one)] if (one := _chained(call)) else []
        known = [made[receiver]] if receiver in made else []
        return verb, _PRIORITY[verb], [*chained, *known, words_of(receiver), *bound]
    if verb in ("load", "read", "download", "fetch"):
        return verb, _PRIORITY[verb], [*_shelf(call), *bound, *_stems(call), *own]
    if verb == "save":
        return verb, _PRIORITY[verb], [words_of(receiver), *_stems(call)]
    if verb:
        return verb, _PRIORITY.get(verb, _OWN), [*bound, words_of(receiver)]
    if first == "read" and isinstance(call.func, ast.Name | ast.Attribute):
        return "read", _PRIORITY["load"], [*bound, *own, *_stems(call)]
    if first in _OWN_VERBS and not rest and receiver and not targets:
        return first, _METHOD, [words_of(receiver)]
    if first in _OWN_VERBS and (rest or isinstance(call.func, ast.Name)):
        return first, _OWN + 2 * isinstance(call.func, ast.Name), [*own, *bound]
    return None


def _chained(call: ast.Call) -> str:
    """What makes the object whose method is called at once: LinearRegression().fit(…)."""
    maker = call.func.value if isinstance(call.func, ast.Attribute) else None
    return dotted(maker.func).rpartition(".")[2] if isinstance(maker, ast.Call) else ""


def _shelf(call: ast.Call) -> list[Words]:
    """What a module of data sets loads: datasets.cifar10.load_data()."""
    path = dotted(call.func).split(".")
    return [words_of(path[-2])] if path[-1] == "load_data" and len(path) > 2 else []


def _stems(call: ast.Call) -> list[Words]:
    """Names of files in the call's own text arguments, without folder and suffix."""
    texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [words_of(found[1]) for text in texts if (found := _STEM.search(text[:300]))]


def _made(tree: ast.Module) -> dict[str, Words]:
    """Names bound to a new object of a class, with the class's words: model = LinearRegression()."""
    found: dict[str, Words] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            # Estimators and their like: what is called in capitals throughout is a constant or a short alias.
            called = dotted(node.value.func).rpartition(".")[2]
            if called[:1].isupper() and not called.isupper() and called not in _CONTAINERS:
                found.update(dict.fromkeys(_names(node.targets), words_of(called)))
    return found


def _plotted(tree: ast.Module) -> list[Words]:
    """What is plotted: the title, the data's columns and names, the labels, the kind of plot."""
    titles: list[Words] = []
    labels: list[Words] = []
    columns: list[Words] = []
    names: list[Words] = []
    kinds: list[Words] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not _is_plot(node):
            continue
        name = _name(node)
        titles += _texts(node, name in _TITLES, "title")
        labels += _texts(node, name in _LABELS, "ylabel", "xlabel")
        kind = _PLOT_METHODS.get(name)
        if kind == "labels" or (kind is None and not name.startswith("plot")):
            continue
        own = words_of(name)
        if own[:1] == ("plot",) and own[1:] and name not in _PLOT_METHODS:
            titles.append(own[1:])
        drawn = [*node.args, node.func.value] if isinstance(node.func, ast.Attribute) else node.args
        for argument in drawn:
            columns += _columns(argument)
            if (root := _root(argument)) not in _PLOT_ROOTS:
                names.append(words_of(root))
        kinds.append(own if kind is None else (kind,) if kind != "plot" else ())
    return [words for words in [*titles[:1], *columns, *labels[:1], *names, *kinds] if words]


def _texts(call: ast.Call, positional: bool, *keywords: str) -> list[Words]:
    """Text that is a title or label: the first argument, or one of these keywords."""
    values = call.args[:1] if positional else []
    values = [*values, *(keyword.value for key in keywords for keyword in call.keywords if keyword.arg == key)]
    return [
        words_of(one.value)
        for one in values
        if isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and "$" not in one.value
        and "{" not in one.value
    ]


def _columns(node: ast.expr) -> list[Words]:
    """df["age"], df.age."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return [words_of(node.slice.value)]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in _PLOT_ROOTS:
        return [words_of(node.attr)]
    return _columns(node.value) if isinstance(node, ast.Subscript | ast.Attribute) else []


def _is_plain(statement: ast.stmt) -> bool:
    """An assignment that calls nothing: a number, a text, a table of them, another name."""
    return isinstance(statement, ast.Assign) and not any(
        isinstance(node, ast.Call | ast.BinOp | ast.Subscript) for node in ast.walk(statement)
    )


def _called(tree: ast.Module) -> list[Words]:
    """The functions that are called, by their own names."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [words_of(one.id) for one in calls if isinstance(one, ast.Name) and not hasattr(builtins, one.id)]


def _printed(tree: ast.Module) -> list[Words]:
    """Names that are shown."""
    found: list[Words] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in _SHOWS:
            found += [words_of(inner.id) for one in node.args for inner in ast.walk(one) if isinstance(inner, ast.Name)]
    return found
