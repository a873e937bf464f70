"""The docstring of a function made of a block: what it does, what goes in, what comes out. Names only; no type is invented."""

from collections.abc import Sequence

from nb2mod.stages.cut.wording import plain_sentence

_INDENT = "    "
_WIDTH = 88


def docstring_of(name: str, parameters: Sequence[str], returns: Sequence[str], purpose: str | None) -> str:
    """The lines of the docstring, indented and in quotes, as they stand below `def name(…):`.

    `purpose` is a sentence, or any text: what could end or bend a string is taken out of it; when nothing is left, the words of
    `name` speak. None: nobody knows, and only what goes in and out is told; "" where nothing does. One line when that fits.
    """
    flow = _flow(parameters, returns)
    told = "; ".join([*flow[:1], *map(_lowered, flow[1:])]) + "." * bool(flow)
    if purpose is None:
        sentence = ""
        if not flow:
            return ""
    else:
        sentence = plain_sentence(purpose) or plain_sentence(name.replace("_", " ")) or "Do what the notebook did here."
    single = f'{_INDENT}"""{f"{sentence} {told}".strip()}"""'
    if not flow or len(single) <= _WIDTH:
        return single
    lines = [line for part in flow for line in _wrapped(f"{part}.")]
    if not sentence:
        first, *lines = lines
        return "\n".join([f'{_INDENT}"""{first}', *(_INDENT + line for line in lines), f'{_INDENT}"""'])
    return "\n".join([f'{_INDENT}"""{sentence}', "", *(_INDENT + line for line in lines), f'{_INDENT}"""'])


def _flow(parameters: Sequence[str], returns: Sequence[str]) -> list[str]:
    told = [("Takes", parameters), ("Returns", returns)]
    return [f"{verb} {_listed(names)}" for verb, names in told if names]


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]


def _listed(names: Sequence[str]) -> str:
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} and {last}" if most else last


def _wrapped(text: str) -> list[str]:
    """Lines of words that fit beside the indentation; a word that never fits stands alone."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if len(longer) <= _WIDTH - len(_INDENT) or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
