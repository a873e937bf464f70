"""Functions of the package that got a parameter, its default what stood in them; copies in notebooks that pass another."""

from collections.abc import Mapping
from dataclasses import replace

from verify.lifts import LOAD, PANDAS, WITH_SEP, brings, lifted
from verify.pairs import INIT, MODULE, Pair
from verify.proving import Refactoring

HELP = "def hint():\n    return load('x')\n"
OLD = f'"""Reads."""\n\n{PANDAS}\n\n{LOAD}\n\n{HELP}'
NEW = OLD.replace(LOAD, WITH_SEP.replace("';'", "','"))
PIPES = LOAD.replace("','", "'|'")
A = "a = load('a.csv'‹, sep='|'›)\n"


def drift(
    name: str,
    *cells: str,
    old: str = OLD,
    new: str = NEW,
    copy: str = PIPES,
    others: Mapping[str, tuple[str, ...]] = {},
) -> Pair:
    """A copy in a notebook, and the module before and after."""
    return lifted(
        name, PANDAS, (copy, brings("load")), *cells, new=new, site="load", old={INIT: "", MODULE: old}, others=others
    )


def refactoring(pair: Pair) -> Refactoring:
    """Of a module that did more than grow nothing is recorded but its bytes."""
    made = replace(pair, old={}, new={}).refactoring()
    return replace(made, modules={MODULE: pair.new[MODULE]}, old_modules=dict(pair.old), insertions={})


BODY = "def load(path):\n    rows = pd.read_csv(path, sep=',')\n    # all of them\n    return rows[:3]\n"
BODY_NEW = (
    BODY.replace("path)", "path, *, sep=','):", 1).replace("::", ":").replace("sep=',')\n    #", "sep=sep)\n    #")
)

RIGHT_DRIFTS = [
    drift("a value", A),
    drift("the package's value", "a = load('a.csv')\n", copy=LOAD),
    drift(
        "the package's value, and another notebook",
        A,
        others={"b.ipynb": ("from reports.dataset import load\n", "load('b')\n")},
    ),
    drift(
        "a comment in it", A, old=f"{PANDAS}\n\n{BODY}", new=f"{PANDAS}\n\n{BODY_NEW}", copy=BODY.replace("','", "'|'")
    ),
    drift("another function came", A, new=f"{NEW}\n\ndef more():\n    return 3\n"),
    drift(
        "an import grew",
        "from math import log\n",
        A,
        old=f"from math import sqrt\n{OLD}",
        new=f"from math import sqrt, log\n{NEW}",
    ),
    drift(
        "two parameters",
        "a = load('a.csv'‹, sep='|', n=4›)\n",
        old=OLD.replace(LOAD, BODY),
        new=OLD.replace(LOAD, BODY_NEW.replace("sep=',')", "sep=',', n=3)", 1).replace("[:3]", "[:n]")),
        copy=BODY.replace("','", "'|'").replace("3", "4"),
    ),
]

WRONG_DRIFTS = [
    drift("another default in the package", A, new=NEW.replace("sep=','", "sep=';'")),
    drift("no default in the package", A, new=NEW.replace("sep=','", "sep")),
    drift("another function changed too", A, new=NEW.replace("'x'", "'y'")),
    drift("another function is gone", A, new=NEW.replace(HELP, "")),
    drift(
        "a comment is gone",
        A,
        old=f"{PANDAS}\n\n{BODY}",
        new=f"{PANDAS}\n\n{BODY_NEW}".replace("    # all of them\n", ""),
        copy=BODY.replace("','", "'|'"),
    ),
    drift("the docstring is gone", A, new=NEW.replace('"""Reads."""\n\n', "")),
    drift(
        "the body changed too",
        A,
        old=OLD.replace(LOAD, BODY),
        new=OLD.replace(LOAD, BODY_NEW.replace("[:3]", "[:4]")),
        copy=BODY.replace("','", "'|'").replace("3", "4"),
    ),
    drift("positional", A, new=NEW.replace("path, *, sep", "path, sep")),
    drift(
        "it has **rest",
        A,
        old=OLD.replace("(path)", "(path, **rest)"),
        new=NEW.replace("sep=',')", "sep=',', **rest)"),
        copy=PIPES.replace("(path)", "(path, **rest)"),
    ),
    drift(
        "it is looked at",
        A,
        old=OLD + "\n\ndef look():\n    return signature(load)\n",
        new=NEW + "\n\ndef look():\n    return signature(load)\n",
    ),
    drift(
        "another notebook looks at it",
        A,
        others={"b.ipynb": ("from reports.dataset import load\nfrom inspect import signature\n", "signature(load)\n")},
    ),
    drift(
        "it reads a name like that", A, old=OLD.replace("','", "','[sep]"), new=NEW.replace("sep=sep", "sep=sep[sep]")
    ),
    drift("the call leaves it out", "a = load('a.csv')\n"),
    drift("the call passes another", "a = load('a.csv'‹, sep=';'›)\n"),
]
