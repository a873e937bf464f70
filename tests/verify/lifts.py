"""Definitions that got parameters, before and after: what they held or read is handed in by their calls. No rewriter made them.

What stands between ‹ and › in a cell came to it: `a = load('a.csv'‹, sep=','›)`. A cell that changes in another way is written
twice, before and after.
"""

import re
from collections.abc import Mapping

from verify.pairs import MODULE, Pair

Cell = str | tuple[str, str]
PANDAS = "import pandas as pd\n"
LOAD = "def load(path):\n    return pd.read_csv(path, sep=',')\n"
WITH_SEP = "def load(path, *, sep=';'):\n    return pd.read_csv(path, sep=sep)\n"
FRAME = "import pandas as pd\ndf = pd.read_csv('a.csv')\n"
AGAIN = "df = df.dropna()\n"
SHARE = "def share(column):\n    return df[column].mean()\n"
WITH_DF = "def share(column, *, df):\n    return df[column].mean()\n"


def brings(*names: str) -> str:
    """The import that stands in a definition's place."""
    return f"from reports.dataset import {', '.join(names)}\n"


def lifted(name: str, *cells: Cell, new: str | Mapping[str, str], site: str, **more: object) -> Pair:
    """`new` is the module, `site` the definition in question."""
    before, after = zip(*map(_sides, cells), strict=True)
    moved = {number: each for number, (old, each) in enumerate(zip(before, after, strict=True), 1) if old != each}
    texts = {MODULE: new} if isinstance(new, str) else new
    return Pair(name, before, moved, texts, site=site, **more)  # type: ignore[arg-type]


def literal(name: str, *cells: Cell, old: str = LOAD, new: str = WITH_SEP, head: str = PANDAS, **more: object) -> Pair:
    """`load` held `sep=','`; the package's has `sep=';'` for a default."""
    return lifted(name, head, (old, brings("load")), *cells, new=f"{head}\n\n{new}", site="load", **more)


def state(name: str, *cells: Cell, old: str = SHARE, new: str = WITH_DF, head: str = FRAME, **more: object) -> Pair:
    """`share` read `df` of the notebook, and is handed it now."""
    return lifted(name, head, (old, brings("share")), *cells, new=new, site="share", **more)


def _sides(cell: Cell) -> tuple[str, str]:
    if isinstance(cell, tuple):
        return cell
    return re.sub("‹.*?›", "", cell, flags=re.DOTALL), cell.replace("‹", "").replace("›", "")
