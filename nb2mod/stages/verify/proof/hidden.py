"""Check: no file beside a notebook takes the package's place when the inserted import asks for it (hazard N19).

A file that stands there does, and one that a notebook of the same folder speaks of may: it downloads or writes it.
"""

import re
from collections.abc import Iterator

from nb2mod.model import Finding
from nb2mod.stages.verify.proof.loads import imports_of_package
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import dump
from nb2mod.stages.verify.proof.views import Unreadable, read_notebook

_WORDS = re.compile(r"[^\s'\"`(),;=>?#\[\]{}]+")


def check(subject: Subject) -> list[Finding]:
    """Findings over the changed notebooks that import the package anew."""
    spoken: dict[str, str] = {}
    findings = []
    for pair in subject.notebooks:
        folder = pair.path.rpartition("/")[0]
        if folder == subject.plan.source_root.strip("./") or not _imports_anew(subject, pair):
            continue
        if folder not in spoken:
            spoken[folder] = next(_in_the_way(subject, folder), "")
        if spoken[folder]:
            message = f"the package would not be found from {pair.path}: {spoken[folder]}"
            findings.append(Finding("loads", message, pair.path, candidates=subject.candidates_in(pair.path)))
    return findings


def _imports_anew(subject: Subject, pair: NotebookPair) -> bool:
    fresh = [node for _, _, node in pair.after.statements if imports_of_package(node, subject.after)]
    kinds = tuple({type(node) for node in fresh})
    known = {dump(node) for _, _, node in pair.before.statements if isinstance(node, kinds)}
    return any(dump(node) not in known for node in fresh)


def _in_the_way(subject: Subject, folder: str) -> Iterator[str]:
    top = subject.plan.package.partition(".")[0]
    base = f"{folder}/" if folder else ""
    files = (f"{top}.py", f"{top}/__init__.py")
    for name in files:
        if subject.read(base + name) is not None:
            yield f"{base}{name} stands before it"
    others = {*subject.others, *(pair.path for pair in subject.notebooks)}
    for path in sorted(path for path in others if path.rpartition("/")[0] == folder):
        data = subject.read(path)
        if data is not None and top.encode() in data:
            yield from _spoken_of(path, data, files)


def _spoken_of(path: str, data: bytes, files: tuple[str, ...]) -> Iterator[str]:
    try:
        view = read_notebook(path, data)
    except Unreadable:
        return
    for cell in view.cells:
        if cell.kind != "code":
            continue
        for line in cell.source.splitlines():
            words = () if line.lstrip().startswith("#") else _WORDS.findall(line)
            for word in words:
                ends = next((name for name in files if word == name or word.endswith("/" + name)), "")
                if ends and ("://" in word or word.removeprefix("./") == ends):
                    yield f"cell {cell.number} of {path} speaks of {ends}, which would stand before it"
