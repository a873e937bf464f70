"""Why nobody can say what a name means in one of the copies, in words."""

from nb2mod.model import Meaning

_WHYS = {
    "session": "IPython binds it, or what the notebook runs in",
    "identity": "it is another in each file",
    "ambiguous": "it means different things in different cells",
    "unknown": "a cell that can't be read may bind it",
    "unbound": "nothing in the notebook binds it",
    "import statement": "an `if` or `try` says which import it is",
}


def why_uncertain(meaning: Meaning) -> str:
    """A clause that says why a name with this meaning can't be handed in as a value; "" for one that means something certain."""
    if meaning.kind == "star":
        origins = sorted({bound.binding.target for bound in meaning.bound})
        return f"{' or '.join(f'`from {origin} import *`' for origin in origins)} may bring it"
    if meaning.kind not in _WHYS:
        return ""
    return _subject(meaning.why) or _WHYS[meaning.kind]


def _subject(why: str) -> str:
    """What analyze says of the name, with the name as its subject: "may be bound again by %run"."""
    return f"it {why}" if why.partition(" ")[0] in ("may", "means", "is") else why
