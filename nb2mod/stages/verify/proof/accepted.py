"""Check (e): nbformat accepts the result, or has the same to say against it as it had before."""

from nb2mod.model import Finding
from nb2mod.notebook import validate
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject


def check(subject: Subject, pair: NotebookPair) -> list[Finding]:
    """Findings of one notebook."""
    after = validate(pair.change.after)
    if after is None:
        return []
    before = validate(pair.change.before or b"")
    if before is not None and (before == after or pair.inserted):
        # With a cell inserted above, the place inside an old complaint moves on by one.
        return []
    blamed = subject.candidates_in(pair.path)
    return [Finding("nbformat", f"nbformat does not accept the result: {after}", pair.path, candidates=blamed)]
