"""What the parameters of well-known calls are called when their values are handed in by position. Words only.

By the last name of the call: `pd.read_csv(…)`, `path.read_csv(…)`. "" where a position has no telling name.
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
load loadtxt genfromtxt imread savefig: path
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
sort_values set_index: column
drop: labels
merge: right
join: other
clip: lower upper
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
range: stop stop step
arange: start stop step
linspace logspace geomspace: start stop num
zeros ones empty: shape
full: shape fill_value
reshape: shape
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
rand randn: size
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
subplot add_subplot: rows columns position
text: x y label
annotate: label
legend: labels
split rsplit: sep
strip lstrip rstrip: characters
startswith: prefix
endswith removesuffix: suffix
removeprefix: prefix
zfill ljust rjust center: width
replace: old new
sub: pattern replacement
match search findall finditer fullmatch compile: pattern
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

# Calls that show what they are given.
SHOWN = frozenset("print display pprint log info debug warning write".split())

# Calls that take a dict whose keys are columns, and what its values are.
MAPS = {"rename": "column", "agg": "aggregate", "aggregate": "aggregate", "astype": "dtype"}
