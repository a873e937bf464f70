"""The sources that are sent into a kernel: the prologue that begins to record, the epilogue that makes the calls again.

Text only; what they hold is the files of `inside`, as they stand.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from nb2mod.stages.verify.replay.calls import Target

PACKAGE = "_nb2mod_replay"
"""The modules' package in the kernel."""

_ORDER = (
    "copying", "telling", "tables", "sameness", "records", "watching", "calling", "staging", "expressing", "writing", "again",
)  # fmt: skip

# Any Python reads this; the modules want 3.8.
_PROLOGUE = """\
def _load(sources, wanted):
    import sys, types
    package = sys.modules[{package!r}] = types.ModuleType({package!r})
    package.__path__ = []
    package.note = ""
    if sys.version_info < (3, 8):
        package.note = "calls are recorded from Python 3.8 on; this kernel runs %d.%d" % sys.version_info[:2]
        return
    for name, source in sources:
        module = types.ModuleType({package!r} + "." + name)
        module.__package__ = {package!r}
        sys.modules[module.__name__] = module
        setattr(package, name, module)
        exec(compile(source, "<nb2mod " + name + ">", "exec", dont_inherit=True), vars(module))
    try:
        from IPython import get_ipython
        package.recorder = package.watching.watch(wanted, get_ipython())
    except Exception as error:
        package.note = "the kernel could not be watched (%s: %s)" % (type(error).__name__, error)

import json as _json
_load(_json.loads({sources!r}), _json.loads({wanted!r}))
"""

_EPILOGUE = """\
def _replay():
    import json, sys
    package = sys.modules.get({package!r})
    if package is None:
        return json.dumps({{"note": "the notebook removed nb2mod's recorder from sys.modules"}})
    if package.note:
        return json.dumps({{"note": package.note}})
    from IPython import get_ipython
    package.recorder.finished()
    namespace = get_ipython().user_ns
    answers = package.again.run(package.recorder.watched, namespace, {folder!r}, {name!r}, {seconds!r})
    return json.dumps({{"note": "", "targets": answers}})

_nb2mod_result = _replay()
"""


@cache
def _sources() -> str:
    folder = Path(__file__).with_name("inside")
    return json.dumps([[name, (folder / f"{name}.py").read_text(encoding="utf-8")] for name in _ORDER])


def prologue(targets: Sequence[Target]) -> str:
    """Source that begins to record the calls of these definitions."""
    keys = ("cell", "name", "source", "line", "module", "new_name", "passes")
    wanted = [{key: getattr(target, key) for key in keys} for target in targets]
    return _PROLOGUE.format(package=PACKAGE, sources=_sources(), wanted=json.dumps(wanted))


def epilogue(folder: str, package: str, seconds: float) -> str:
    """Source that makes the recorded calls again, with the new package from `folder`, in about `seconds`; it leaves JSON."""
    return _EPILOGUE.format(package=PACKAGE, folder=folder, name=package, seconds=seconds)
