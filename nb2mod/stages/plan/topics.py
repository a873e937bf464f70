"""What a definition does, in the words data teams sort their code by: dataset, features, plots, modeling."""

import re
from collections.abc import Iterable

DATASET, FEATURES, PLOTS, MODELING = "dataset", "features", "plots", "modeling"
SETTINGS = "settings"  # constants that can't stand beside their function
TOOLS = "tools"  # functions that have nothing in common
# Names a package may already use for the topic; the first is the one nb2mod chooses.
MODULE_NAMES = {
    DATASET: ("dataset", "datasets", "data", "io", "loading", "data_loading"),
    FEATURES: ("features", "preprocessing", "transforms", "cleaning", "build_features"),
    PLOTS: ("plots", "plotting", "visualization", "visualize", "viz", "figures"),
    MODELING: ("modeling", "models", "model", "training", "train", "predict"),
    SETTINGS: ("settings", "constants", "config"),
    TOOLS: ("tools", "utils", "helpers", "common", "toolbox", "functions"),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = {
    DATASET: _words(
        "load read fetch download save write dump export upload store query connect scrape crawl unzip import parse"
    ),
    PLOTS: _words(
        "plot draw show hist visualize visualise render scatter barplot heatmap imshow annotate display animate"
    ),
    MODELING: _words(
        "fit train predict evaluate score crossvalidate finetune tune optimize classify infer sample forward backward"
    ),
    FEATURES: _words(
        "clean encode normalize normalise standardize standardise scale transform preprocess process prepare "
        "featurize impute tokenize bin merge join aggregate drop fill convert winsorize clip resample lag augment "
        "resize crop vectorize"
    ),
}
# one_hot_encode, im_convert: verbs that end a name and still say what it does.
_LAST = _words(
    "encode normalize normalise standardize standardise scale preprocess tokenize convert resize crop augment vectorize "
    "impute transform"
)
_NOUNS = {
    DATASET: _words("data dataset datasets csv json file files table tables loader dataloader database"),
    PLOTS: _words("plot plots figure figures chart charts axis axes histogram curve heatmap"),
    MODELING: _words(
        "model models classifier regressor network net estimator accuracy loss metrics optimizer learner rnn cnn "
        "lstm gan encoder decoder attention layer policy agent"
    ),
    FEATURES: _words("feature features column columns frame df dummies embedding tokens"),
}
_PLOTTING = _words("matplotlib seaborn plotly bokeh altair plotnine holoviews folium pylab mpl_toolkits")
_LEARNING = _words(
    "sklearn torch tensorflow keras statsmodels xgboost lightgbm catboost jax flax transformers fastai torchvision "
    "pytorch_lightning lightning prophet pymc evaluate trl peft accelerate datasets"
)
_SHOWING = _words("IPython ipywidgets")  # what reads a file to show it is no reader of data
_READS = _words(
    "open read_csv read_excel read_json read_parquet read_sql read_table read_hdf read_pickle read_feather read_html urlopen "
    "urlretrieve to_csv to_parquet to_excel to_json to_sql to_pickle loadtxt genfromtxt savetxt load_dataset glob"
)
_FRAMES = _words("df frame data dataframe")
_STORED_MODELS = _words("model models checkpoint weights network classifier estimator")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> list[str]:
    """load_HTMLPage2 gives load, html, page, 2."""
    return [word.lower() for word in _WORD.findall(name)]


def topic_of(name: str, kind: str, imports: Iterable[str], words: Iterable[str], params: Iterable[str]) -> str:
    """The topic, or "" when nothing speaks for one.

    `imports` are top-level modules it uses, `words` the functions and methods it calls. The verb a function's name
    begins with says most; what it imports comes next.
    """
    parts = words_of(name)
    roots = set(imports)
    if kind != "class" and parts:
        for topic, verbs in _VERBS.items():
            if parts[0] in verbs:
                if topic == DATASET:
                    return MODELING if _STORED_MODELS & set(parts) else DATASET
                return PLOTS if topic == FEATURES and roots & _PLOTTING else topic
    if roots & _PLOTTING:
        return PLOTS
    if kind != "class" and parts and parts[-1] in _LAST:
        return FEATURES
    if kind != "class" and _READS & set(words) and not roots & (_LEARNING | _SHOWING):
        return DATASET
    if kind == "class" and parts and parts[-1] in ("dataset", "dataloader", "loader", "datamodule"):
        return DATASET
    if roots & _LEARNING:
        return MODELING
    for topic, nouns in _NOUNS.items():
        if set(parts) & nouns:
            return topic
    return FEATURES if "pandas" in roots or _FRAMES & set(params) else ""
