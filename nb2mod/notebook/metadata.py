"""What a notebook's and a cell's metadata mean to nb2mod: language, pairs, tags, locks. Reads values, never text or files."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nb2mod.notebook.document import described

STAGES = ("exploratory", "production")
PYTHON = frozenset({"python", "python2", "python3", "ipython", "ipython3"})

_KERNELS = (  # kernels that leave out their language in the metadata, by how their names begin
    ("ir", "r"),
    ("julia", "julia"),
    ("javascript", "javascript"),
    ("jslab", "javascript"),
    ("deno", "typescript"),
    ("bash", "bash"),
    ("gophernotes", "go"),
    ("gonb", "go"),
    ("xcpp", "c++"),
    ("rust", "rust"),
    ("scala", "scala"),
    ("spylon", "scala"),
    ("almond", "scala"),
    ("kotlin", "kotlin"),
    ("octave", "octave"),
    ("matlab", "matlab"),
    (".net-csharp", "c#"),
    (".net-fsharp", "f#"),
    (".net-powershell", "powershell"),
    ("sparkkernel", "scala"),
    ("sparkrkernel", "r"),
    ("stata", "stata"),
    ("sos", "sos"),
)
_PARAMETER_TAGS = {
    "parameters": "papermill sets its values from outside (tag parameters)",
    "injected-parameters": "papermill writes it (tag injected-parameters)",
}
_NBGRADER = {
    "locked": "nbgrader has locked it",
    "grade": "nbgrader grades it",
    "solution": "nbgrader collects it as a solution",
    "task": "nbgrader grades it as a task",
}
_LONGEST_WORD = 40
_FORM_FIELD = re.compile(r"#[ \t]*@param\b")


def language_of(kernel_language: object, kernel: object, info_language: object, version: object = None) -> str:
    """The language in lower case: what the kernelspec says, else language_info, else the kernel's name, else python.

    Python 2 is "python 2", a language of its own: the version that language_info tells is that of the kernel that ran the
    notebook last, so the kernel's name must not say otherwise.
    """
    name = kernel.lower() if isinstance(kernel, str) else ""
    for said in (kernel_language, info_language):
        if isinstance(said, str) and said.strip():
            language = said.strip().lower()
            return _python(name, version) if language in PYTHON else language
    for beginning, language in _KERNELS:
        if name == beginning or (name.startswith(beginning) and not name[len(beginning)].isalpha()):
            return language
    return _python(name, version)


def _python(kernel: str, version: object) -> str:
    told = version.strip() if isinstance(version, str) else ""
    old = told.startswith("2.") and not kernel.startswith("python3")
    return "python 2" if old or (kernel.startswith("python2") and not told.startswith("3")) else "python"


def paired_formats(formats: object) -> str | None:
    """jupytext's formats when they name more than one file, as text."""
    if isinstance(formats, str):
        return formats if "," in formats else None
    return json.dumps(formats, sort_keys=True) if formats else None


def stage_of(declared: object) -> tuple[str | None, str | None]:
    """The stage that a notebook declares, and, when what stands there is no stage, what it is, in words."""
    if declared is None or declared == "":
        return None, None
    if isinstance(declared, str):
        word = declared.strip().lower()
        return (word, None) if word in STAGES else (None, repr(declared[:_LONGEST_WORD]))
    return None, described(declared)


def tags_of(tags: object) -> tuple[str, ...]:
    """The tags that are text; one bare string counts as one tag, as it does for papermill."""
    if isinstance(tags, str):
        return (tags,)
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list | tuple) else ()


def locked(metadata: Mapping[str, Any], source: str, tags: Iterable[str]) -> str | None:
    """Why no tool may edit a cell, in words that continue "cell 3: "; None when one may.

    Locks: papermill's parameter cells, nbgrader's cells, cells marked as not editable, Colab forms. Quarto's, nbdev's and
    other directives do not: they are comments and stay with their line.
    """
    for tag in tags:
        if tag in _PARAMETER_TAGS:
            return _PARAMETER_TAGS[tag]
    grading = metadata.get("nbgrader")
    if isinstance(grading, Mapping):
        for key, reason in _NBGRADER.items():
            if grading.get(key):
                return reason
    if metadata.get("editable") is False:
        return "its metadata says that it is not to be edited"
    if metadata.get("cellView") == "form":
        return "it is shown as a form (cellView)"
    if "@param" in source and _FORM_FIELD.search(source):
        return "it is a form (#@param)"
    return None
