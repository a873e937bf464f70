"""What IPython's magics read and bind, by name. Knows names and their arguments, not where they stand in a cell.

Unknown is never taken for harmless: a magic that is in no table reads every identifier of its line.
"""

import ast
import re
import warnings
from typing import NamedTuple

IDENTIFIER = re.compile(r"[^\W\d]\w*")

PYTHON_OPTIONS = {  # magics whose argument is Python: their options, as getopt writes them
    "time": "",
    "timeit": "n:r:tcp:qov:",
    "prun": "D:l:rs:T:q",
    "memit": "r:t:i:coh",
    "mprun": "rf:T:c",
    "lprun": "rsf:m:D:T:u:z",
    "snakeviz": "tf:",
}
PYTHON_BODIES = frozenset(PYTHON_OPTIONS) | {"capture"}  # %% magics whose body is Python run in the notebook
RETURNS_VALUE = frozenset({"time"})  # x = %time f() binds what f() gives

_SEALED_BODIES = (
    "bash sh script shell system_script html HTML javascript js latex markdown svg SVG writefile file perl ruby cmd "
    "powershell pwsh python python2 python3 pypy node deno mermaid dot"
)
SEALED_BODIES = frozenset(_SEALED_BODIES.split())  # %% magics whose body never meets the notebook's names
EXPANDED_BODIES = frozenset({"!", "sx", "system"})  # %% magics whose body has {x} and $x filled in

_EXPANDING = (
    "alias alias_magic autoawait autocall automagic autoreload bookmark cat cd clear colors config conda connect_info cp "
    "dhist dirs doctest_mode env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy logoff logon "
    "logstart logstate logstop ls lsmagic lx magic mamba man matplotlib micromamba mkdir more mv notebook page pastebin "
    "pdb pip popd pprint precision profile pushd pwd pycat pylab qtconsole quickref recall rehashx reload_ext rep rm rmdir "
    "save set_env sh shell subshell sx system tb tensorboard tensorflow_version unalias unload_ext uv version_information "
    "watermark who who_ls whos writefile xmode ! ?"
)
_HARMLESS = frozenset(_EXPANDING.split())  # line magics that read only what {x} and $x name, and bind nothing
_READS_ARGUMENTS = frozenset({"pdef", "pdoc", "pfile", "pinfo", "pinfo2", "psource", "Rpush"})
_RUNNING = "autopx cpaste ed edit paste pxresult reload_kedro rerun reset reset_selective run"
_BINDS_ANY = frozenset(_RUNNING.split())  # line magics that run or restore what does not stand here, or take names away
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\$\$|\$([^\W\d]\w*)")
_AST_WITH_AWAIT = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_ASSIGNED_RESULT = re.compile(r"^\s*(?:-\S+\s+)*([^\W\d]\w*)\s*<<")
_SHELL_CAPTURE = re.compile(r"^\s*(?:-[lv]+\s+)*([^\W\d]\w*)\s*=")


class Effects(NamedTuple):
    """Names read, names bound; `unknown`: it may bind any name."""

    reads: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    unknown: bool = False


def line_effects(name: str, text: str) -> Effects:
    """What the line magic `name` with the argument `text` does to the notebook's names. "!" is the shell, "?" help."""
    expanded = expanded_names(text)
    if name in _HARMLESS:
        return Effects(expanded)
    if name in _BINDS_ANY:
        return Effects(expanded, (), True)
    if name in _READS_ARGUMENTS:
        return Effects(_merged(expanded, identifiers(text)))
    special = _SPECIAL.get(name)
    if special:
        found = special(text)
        return found._replace(reads=_merged(found.reads, expanded))
    return Effects(identifiers(text))


def identifiers(text: str) -> tuple[str, ...]:
    """Every word of `text` that could be a name, once, in order."""
    return tuple(dict.fromkeys(word for word in IDENTIFIER.findall(text) if word.isidentifier()))


def expanded_names(text: str) -> tuple[str, ...]:
    """Names that IPython fills in where `text` says {expression} or $name. A field that is no Python is left as it stands."""
    if "{" not in text and "$" not in text:
        return ()
    found: list[str] = []
    for match in _FIELD.finditer(text):
        if match[2]:
            found.append(match[2])
        elif match[1]:
            found += _expression_names(match[1])
    return tuple(dict.fromkeys(found))


def bound_by_option(text: str, *options: str) -> tuple[str, ...]:
    """The names that follow these options on a magic's line: `--out x`, `--out=x`, `-o x,y`."""
    pattern = rf"(?:^|\s)(?:{'|'.join(map(re.escape, options))})[= ]\s*([\w.,]+)"
    return tuple(name for value in re.findall(pattern, text) for name in value.split(",") if name.isidentifier())


def parsed(python: str) -> ast.Module | None:
    """The syntax tree, top-level await allowed; None when it is no Python. Never warns: escapes are the notebook's affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(python, "<magic>", "exec", _AST_WITH_AWAIT, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return tree if isinstance(tree, ast.Module) else None


def _expression_names(field: str) -> list[str]:
    for candidate in (field, re.split("[:!]", field, maxsplit=1)[0]):
        tree = parsed(f"({candidate}\n)")
        if tree is not None:
            return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return []


def _merged(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _store(text: str) -> Effects:
    words = text.split()
    names = tuple(word for word in words if word.isidentifier())
    if "-r" in words:
        return Effects((), names, unknown=not names)
    if "-d" in words or "-z" in words:
        return Effects()
    if len(words) > 1 and words[1].startswith(">"):
        return Effects(names[:1])
    return Effects(names)


def _aimport(text: str) -> Effects:
    found: list[str] = []
    for part in text.split(","):
        module, _, alias = part.strip().partition(" as ")
        found.append(alias.strip() or module.split(".")[0])
    return Effects((), tuple(name for name in dict.fromkeys(found) if name.isidentifier()))


def _unbind(text: str) -> Effects:
    names = tuple(word for word in text.split() if word.isidentifier())
    return Effects(names, names)


def _macro(text: str) -> Effects:
    return Effects((), tuple(word for word in text.split() if word.isidentifier())[:1])


def _sql(text: str) -> Effects:
    result = _ASSIGNED_RESULT.match(text)
    return Effects(identifiers(text), (result[1],) if result else ())


def _shell_capture(text: str) -> Effects:
    result = _SHELL_CAPTURE.match(text)
    return Effects((), (result[1],) if result else ())


def _foreign(text: str) -> Effects:
    return Effects(identifiers(text), bound_by_option(text, "-o", "--output"))


def _pull(text: str) -> Effects:
    return Effects((), identifiers(text))


def _debug(text: str) -> Effects:
    return Effects(identifiers(text), (), unknown=bool(text.strip()))


_SPECIAL = {
    "R": _foreign,
    "Rget": _pull,
    "Rpull": _pull,
    "aimport": _aimport,
    "debug": _debug,
    "macro": _macro,
    "octave": _foreign,
    "sc": _shell_capture,
    "sql": _sql,
    "store": _store,
    "xdel": _unbind,
}
