"""One name for what lived in `__main__` and lives in the package now: the module's name is taken out.

`__main__.Model` and `team.models.Model` become `Model`, as Python itself writes it in a printed traceback of `__main__`.
"""

import re
from collections.abc import Callable, Collection

Plain = Callable[[str], str]


def without_modules(modules: Collection[str]) -> Plain:
    """A function that takes the names of `modules` and `__main__` out of a text, wherever they qualify a name.

    The longest module goes first. Only whole dotted names count: `myteam.models.X`, `x.team.models.Y` and a sentence that ends
    with `team.models.` stay as they are.
    """
    names = "|".join(re.escape(name) for name in sorted({*modules, "__main__"}, key=lambda name: (-len(name), name)))
    qualified = re.compile(rf"(?<![\w.])(?:{names})\.(?=[^\W\d])")
    # help(Model) heads its page with "Help on class Model in module team.models:".
    headed = re.compile(rf"(\bin module )(?:{names})(?=:)")
    # repr(pickle.dumps(x)): the frame's length, then the module's as a short string, or as a line in the older protocols.
    byte = r"(?:\\x[0-9a-f]{2}|\\[tnr'\\]|[^\\])"
    framed = re.compile(rf"(\\x80\\x0[45]\\x95){byte}{{8}}")
    pickled = re.compile(
        rf"\\x8c(?:\\x[0-9a-f]{{2}}|\\[tnr'\\]|[^\\])(?:{names})(?=\\x94)|(?<=c)(?:{names})(?=\\n[^\W\d])"
    )
    # What none of the names stands in needs no search by pattern; most outputs are such.
    hints = tuple({name.split(".")[0] for name in (*modules, "__main__")})

    def plain(text: str) -> str:
        if "\\x95" in text or "\\n" in text:
            text = pickled.sub("", framed.sub(r"\1", text))
        if not any(hint in text for hint in hints):
            return text
        return qualified.sub("", headed.sub(r"\1…", text))

    return plain
