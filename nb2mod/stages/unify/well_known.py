"""What the parameters of well-known calls are called when their values are handed in by position. Words only.

By the last name of the call: `pd.read_csv(…)`, `path.read_csv(…)`; `np.sum` is that of the module, whatever its alias is, and
`subplot/1` the one with one argument by position. "" where a position has no telling name.
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.partition(":") for line in text.strip().splitlines())
    return {
        name: tuple("" if word == "-" else word for word in words.split())
        for names, _, words in rows
        for name in names.split()
    }


POSITIONAL = _table(
    """
open: path mode
read_csv read_table read_excel read_parquet read_json read_feather read_pickle read_html read_hdf read_stata read_sas: path
to_csv to_excel to_parquet to_json to_feather to_pickle to_html: path
np.load torch.load plt.load joblib.load loadtxt genfromtxt imread savefig: path
load_dataset tfds.load: dataset_name
load_metric: metric_name
from_pretrained: model_name
push_to_hub: repository
pipeline: task
save savetxt: path
imsave: path
Path listdir makedirs mkdir exists glob rglob chdir isfile isdir: path
joinpath: name
read_sql read_sql_query: query
urlopen get_json urlretrieve: url
head tail nlargest nsmallest: rows
sample: size
quantile: q
fillna: fill_value
dropna: axis
astype: dtype
rolling: window
shift diff pct_change: periods
resample: rule
groupby: column
apply applymap transform: function
sum mean median std var min max any all cumsum argmax argmin: axis
np.sum np.mean np.median np.std np.var np.min np.max np.any np.all np.cumsum np.argmax np.argmin: - axis
expand_dims concatenate stack vstack hstack squeeze: - axis
repeat: - repeats
tile: - repeats
roll: - shift
sort_values set_index: column
drop: labels
merge: right
join: other
clip: lower upper
np.clip: - lower upper
isin: values
cut: - bins
qcut: - quantiles
value_counts: normalize
nunique: axis
to_datetime: - date_format
strftime strptime: date_format date_format
to_numeric: - errors
round: - digits
around: - decimals
range/1: count
range: start stop step
arange/1: stop
arange: start stop step
linspace logspace geomspace: start stop num
zeros ones empty: shape
eye identity: size
full: shape fill_value
reshape/1: shape
reshape: rows columns
percentile: - q
histogram: - bins
hist: - bins
seed Random RandomState default_rng manual_seed set_seed: seed
normal: loc scale size
uniform: low high size
randint: low high size
choice: - size
poisson: rate size
exponential: scale size
binomial: trials probability size
rand/1 randn/1: size
rand randn: rows columns
figsize: width height
figure: figure_number
sleep: seconds
title set_title suptitle: title
xlabel set_xlabel: x_label
ylabel set_ylabel: y_label
set_zlabel: z_label
xlim set_xlim: left right
ylim set_ylim: bottom top
axhline: y
axvline: x
subplots: rows columns
subplot/1 add_subplot/1: position
subplot add_subplot: rows columns position
set_facecolor set_color set_edgecolor: color
set_alpha: alpha
view_init: elevation azimuth
text: x y label
annotate: label
legend: labels
split rsplit: sep
strip lstrip rstrip: characters
startswith: prefix
endswith removesuffix: suffix
removeprefix: prefix
zfill ljust rjust center: width filler
replace: old new
format: text
get: key fallback
query eval: condition
map: function
filter: predicate
step: action
grid: grid
sub: pattern replacement
match search findall finditer fullmatch re.compile: pattern
model.compile: optimizer loss
Dense LSTM GRU SimpleRNN: units
Dropout: rate
Embedding: vocabulary_size dimensions
Conv1D Conv2D Conv3D: filters kernel_size
MaxPooling1D MaxPooling2D AveragePooling2D: pool_size
Linear: in_features out_features
Adam SGD RMSprop: learning_rate
batch: batch_size
shuffle: buffer_size
take skip: count
encode decode: encoding
getenv: variable
getattr setattr hasattr: - attribute
pop setdefault: key
enumerate: - start
pow: - exponent
log: - base
info debug warning error critical exception: message
input: prompt
""".strip()
)

# What the modules of those calls are called, or mostly.
MODULES = {"numpy": "np", "tensorflow": "tf", "pyplot": "plt", "pylab": "plt"}

# Keywords that have a longer name, and are mostly given by the short one.
LONG = {
    "c": "color", "s": "marker_size", "lw": "linewidth", "ls": "linestyle", "ms": "marker_size", "fc": "facecolor",
    "ec": "edgecolor", "ha": "alignment", "va": "vertical_alignment", "lr": "learning_rate", "fname": "path",
    "filepath_or_buffer": "path",
}  # fmt: skip

# Functions that make one value of many, and those that hold many.
REDUCING = frozenset("sum min max len mean median std var prod any all nanmean nansum average".split())
GATHERING = frozenset(
    "list tuple set frozenset sorted dict Counter deque OrderedDict defaultdict iter array asarray".split()
)

# Of what a subscript with a text is a key, and no column.
KEYED = frozenset(
    "config configs cfg conf settings params parameters options opts environ env args kwargs meta metadata mapping dict d json "
    "response payload request headers state stats lookup cache registry info".split()
)

# Verbs that say less than what they are about: the text given to `get_layer` is a layer_name.
SUFFIXED = frozenset("get set load read make build create add find fetch save write use select".split())

UNITS = frozenset(
    "ms s sec secs seconds minutes min mins hours days weeks months years ns us m mm cm km meters kg g mg lb percent pct usd eur "
    "gbp bytes kb mb gb px pixels deg degrees rad hz khz mhz celsius kelvin volts watts kwh".split()
)

# Calls that show what they are given.
SHOWN = frozenset("print display pprint log info debug warning write".split())

# Calls that take a dict whose keys are columns, and what its values are.
MAPS = {"rename": "column", "agg": "aggregate", "aggregate": "aggregate", "astype": "dtype"}
