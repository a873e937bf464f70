"""W1: pickles name the module of a class or function. Old ones keep loading, new ones need the package."""

from collections.abc import Iterator

from nb2mod.model import Reason, Used, UseKind
from nb2mod.stages.decide.subject import Subject

CODE = "NB341"
_PICKLERS = frozenset(("pickle", "cPickle", "_pickle", "joblib", "torch", "dill", "cloudpickle", "pandas", "shelve"))
_DUMPS = frozenset(("dump", "dumps", "save", "Pickler", "to_pickle", "open"))
_HOLDERS = frozenset(
    (
        *("FunctionTransformer", "Pipeline", "make_pipeline", "CountVectorizer", "TfidfVectorizer", "make_scorer"),
        *("dump", "dumps", "save", "="),  # "=": stored in something that may be pickled later
    )
)


def check(subject: Subject) -> Iterator[Reason]:
    """Wants a review of classes in a notebook that writes pickles, and of functions that are put into one."""
    if not subject.names.modules & _PICKLERS:
        return
    dumps = [used for used in _dumps(subject) if not _saves_weights(subject, used)]
    if not dumps:
        return
    held = any(used.use.kind is UseKind.VALUE and used.use.detail.lstrip(".") in _HOLDERS for used in subject.uses())
    if subject.definition.kind == "class" or held:
        message = (
            "the notebook writes pickles, and new ones would name the package instead of __main__: "
            "who reads them needs the package; old ones still load here"
        )
        yield subject.review(CODE, message, subject.at(dumps[0]))


def _dumps(subject: Subject) -> Iterator[Used]:
    for name, bounds in subject.names.bindings.items():
        if len(bounds) == 1 and not bounds[0].binding.text:
            continue  # most names are no import, and this is asked of every copy
        for target in {bound.binding.target for bound in bounds if bound.binding.text}:
            module, _, last = target.rpartition(".")
            if target not in _PICKLERS and module not in _PICKLERS:
                continue
            for used in subject.names.uses.get(name, ()):
                whole = target in _PICKLERS and used.use.kind is UseKind.ATTRIBUTE_CALL
                if whole and used.use.detail in _DUMPS and (used.use.detail != "open" or target == "shelve"):
                    yield used
                called = used.use.kind in (UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD)
                if module in _PICKLERS and last in _DUMPS and called:
                    yield used


def _saves_weights(subject: Subject, dump: Used) -> bool:
    """`torch.save(model.state_dict(), path)` holds tensors only."""
    return any(
        use.line == dump.use.line and use.detail.endswith("state_dict")
        for use in subject.features.cells[dump.cell].facts.uses
    )
