"""Notebooks of realistic size, the same for the same seed: what a census of public repositories found, as a generator.

A notebook has about 23 code cells with 242 lines and 126 KB, of which code is the smallest part; one cell in four defines a
function; one in ten holds a magic or shell line. Half of all cells are copies of a cell elsewhere, or none is.
"""

import json
import random
import string
from collections.abc import Sequence
from pathlib import Path

CODE_CELLS, MARKDOWN_CELLS, BYTES = 23, 9, 126_000
COPIES_PER_CELL = 4  # how often a copied cell stands in the corpus, on average

_NOUNS, _VERBS = (
    words.split()
    for words in (
        "trips scores rows frame weights windows counts signal labels batch table prices errors paths nodes events",
        "load clean scale count merge plot fit score split label rank smooth trim encode sample resample",
    )
)
_STATEMENTS = (
    "{a} = [{b} * {n} for {b} in {c} if {b} > {m}]",
    "{a} = sorted({c}, key=lambda item: item[{m}], reverse=True)[:{n}]",
    "{a} = np.where({c} > {n}, {c} - {m}, {c} / {n})",
    '{a} = {c}.groupby("{s}")["{t}"].mean().sort_values()',
    "if len({c}) > {n}:\n    {a} = {c}[:{n}]\nelse:\n    {a} = {c} + [{m}] * {n}",
    "for index, {b} in enumerate({c}):\n    {d}[index] = {b} * {n}\n    if index % {m} == 0:\n        continue",
    'print(f"{s}: {{len({c})}} of {{{n}}}")',
    'with open("{s}.csv") as handle:\n    {a} = [line.split(",")[{m}] for line in handle]',
    'plt.plot({c}, label="{s}")\nplt.title("{t} {n}")\nplt.legend()',
    "try:\n    {a} = float({c}[{m}])\nexcept ValueError:\n    {a} = {n}",
    '{a} = {{"{s}": {n}, "{t}": {m}, "both": {n} + {m}}}',
    "{a} = ({c} - {c}.mean()) / ({c}.std() + {n})",
    '{d} = pd.DataFrame({{"{s}": {c}, "{t}": {c}}}).dropna(subset=["{s}"])',
    "{a}, {d} = {c}[:{n}], {c}[{n}:]",
    "# {s} comes from the {t} export, see the {n} entries above",
    "assert {m} < {n}, '{s}'",
)
_MAGICS = ("%matplotlib inline", "%time {a} = {c} * {n}", "!ls {s}", "%%time\n{a} = sum({c})", "!pip install {s}-{t}")
_IMPORTS = "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"
_LETTERS = string.ascii_letters + string.digits + "+/"


def generate(root: Path, notebooks: int, *, copies: bool, seed: int = 0, size: int = BYTES) -> None:
    """Effect: writes `notebooks` files of `size` bytes under `root`. With `copies`, half of the cells stand elsewhere, too: three
    in four of them as runs of statements, the others as functions.
    """
    rng = random.Random(seed)
    pool = [_cell(rng) for _ in range(notebooks * CODE_CELLS // (2 * COPIES_PER_CELL))] if copies else []
    noise = "".join(
        rng.choices(_LETTERS, k=1_000_000)
    )  # what figures look like in a file, drawn once: it is never read
    for number in range(notebooks):
        folder = root / f"team_{number % 20:02}"
        folder.mkdir(parents=True, exist_ok=True)
        sources = [_IMPORTS]
        sources += [
            rng.choice(pool) if pool and rng.random() < 0.5 else _cell(rng)
            for _ in range(round(rng.gauss(CODE_CELLS - 1, 4)))
        ]
        content = _notebook(rng, sources, noise, size)
        (folder / f"analysis_{number:04}.ipynb").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _cell(rng: random.Random) -> str:
    if rng.random() < 0.25:
        return "\n\n\n".join(_function(rng) for _ in range(rng.choice((1, 1, 2))))
    lines = [_statement(rng) for _ in range(rng.randint(3, 9))]
    if rng.random() < 0.1:
        lines.insert(0, _filled(rng, rng.choice(_MAGICS)))
    return "\n".join(lines)


def _function(rng: random.Random) -> str:
    name = f"{rng.choice(_VERBS)}_{rng.choice(_NOUNS)}_{rng.choice(_NOUNS)}"
    parameters = rng.sample(_NOUNS, rng.randint(1, 3))
    # One definition in eight reads what its notebook computed (measured over public repositories: 12 %).
    names = _NOUNS if rng.random() < 0.12 else parameters
    body = [_filled(rng, rng.choice(_STATEMENTS), names) for _ in range(rng.randint(2, 7))]
    if rng.random() < 0.3:
        body.insert(0, f'"""{name.replace("_", " ").capitalize()}."""')
    lines = "\n".join([*body, f"return {rng.choice(parameters)}"]).splitlines()
    return f"def {name}({', '.join(parameters)}):\n" + "\n".join(f"    {line}" for line in lines)


def _statement(rng: random.Random) -> str:
    return _filled(rng, rng.choice(_STATEMENTS))


def _filled(rng: random.Random, template: str, pool: Sequence[str] = _NOUNS) -> str:
    names = rng.sample(pool, 4) if len(pool) > 3 else rng.choices(pool, k=4)
    words = {"s": rng.choice(_NOUNS), "t": rng.choice(_VERBS), "n": rng.randint(2, 9_999), "m": rng.randint(1, 99)}
    return template.format(**dict(zip("abcd", names, strict=True)), **words)


def _notebook(rng: random.Random, sources: list[str], noise: str, size: int) -> dict[str, object]:
    cells = [_code_cell(rng, source, noise, size // CODE_CELLS - len(source)) for source in sources]
    for place in sorted(rng.sample(range(len(cells)), min(MARKDOWN_CELLS, len(cells))), reverse=True):
        text = f"## {rng.choice(_NOUNS).capitalize()}\n\nWhat the {rng.choice(_NOUNS)} say."
        cells.insert(place, {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)})
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def _code_cell(rng: random.Random, source: str, noise: str, size: int) -> dict[str, object]:
    """One cell in three shows a figure three times its share, the others some text."""
    start = rng.randrange(len(noise) - 4 * BYTES // CODE_CELLS)
    if rng.random() < 1 / 3:
        figure = noise[start : start + max(0, size - 300) * 3]
        output = {
            "data": {"image/png": figure + "\n", "text/plain": ["<Figure>"]},
            "metadata": {},
            "output_type": "display_data",
        }
    else:
        output = {"name": "stdout", "output_type": "stream", "text": [f"{noise[start : start + 60]}\n"]}
    return {
        "cell_type": "code",
        "execution_count": rng.randint(1, 99),
        "metadata": {},
        "outputs": [output],
        "source": source.splitlines(keepends=True),
    }
