"""One display: its forms (MIME types), each compared by its own rule. A form that is missing or new is a difference."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nb2mod.stages.verify.comparing.images import compare_images
from nb2mod.stages.verify.comparing.json_values import Clean, compare_json
from nb2mod.stages.verify.comparing.markup import compare_html
from nb2mod.stages.verify.comparing.meaningless import meaningful, meaningful_markup
from nb2mod.stages.verify.comparing.noise import Compared, compare_texts
from nb2mod.stages.verify.comparing.terminal import shown

UNREAD = ("application/pdf",)
# The form that tells a person most comes first: of a display that differs only one form is reported.
BY_WORTH = ("text/html", "image/", "application/", "text/", "text/plain")


class Display(NamedTuple):
    """What comparing one display came to. `unread`: a form that was there in every run and is not compared further."""

    what: str
    compared: Compared
    unread: str = ""


def compare_bundles(olds: Sequence[Mapping[str, Any]], new: Mapping[str, Any], plain: Clean) -> Display:
    """`olds` and `new` are outputs with `data` and `metadata`. `plain` takes module names out of a text."""
    datas, data = [_data(old, "data") for old in olds], _data(new, "data")
    always, ever = set.intersection(*(set(old) for old in datas)), set.union(*(set(old) for old in datas))
    noisy, tired = always != ever, False
    unread = ""
    worst: tuple[str, Compared] | None = None
    for mime in sorted(always | (data.keys() - ever), key=_worth):
        if mime not in data or mime not in always:
            what, compared = _what(mime), _missing(mime, mime in data)
        elif mime in UNREAD:
            values = [old[mime] for old in datas]
            unread = unread if data[mime] in values else mime
            continue
        else:
            what, compared = _compare_form(mime, [old[mime] for old in datas], data[mime], plain)
        noisy |= compared.noisy
        tired |= compared.tired
        if compared.differs and worst is None:
            worst = what, compared
    if worst is None:
        worst = "data", compare_json([_data(old, "metadata") for old in olds], _data(new, "metadata"), plain)
        noisy |= worst[1].noisy
    return Display(worst[0], worst[1]._replace(noisy=noisy, tired=tired), unread)


def describe(output: Mapping[str, Any]) -> str:
    """A display in a word: its form that tells most."""
    forms = sorted(_data(output, "data"), key=_worth)
    result = " (result)" if output.get("output_type") == "execute_result" else ""
    return (forms[0] if forms else "empty display") + result


def clean_text(text: str, plain: Clean) -> str:
    """A text as it is compared: as on a screen, without module names and what carries no meaning."""
    return meaningful(plain(shown(text)))


def _data(output: Mapping[str, Any], part: str) -> dict[str, Any]:
    found = output.get(part)
    return found if isinstance(found, dict) else {}


def _worth(mime: str) -> tuple[int, str]:
    if mime in BY_WORTH:
        return BY_WORTH.index(mime), mime
    return next((rank for rank, start in enumerate(BY_WORTH) if mime.startswith(start)), 2), mime


def _what(mime: str) -> str:
    if mime.startswith("image/"):
        return "image"
    return "text" if mime.startswith("text/") else "data"


def _missing(mime: str, in_new: bool) -> Compared:
    with_it, without = f"shown as {mime}", f"not shown as {mime}"
    return Compared(False, True, *((without, with_it) if in_new else (with_it, without)))


def _compare_form(mime: str, olds: Sequence[Any], new: Any, plain: Clean) -> tuple[str, Compared]:
    values = [_joined(value, mime) for value in (*olds, new)]
    if not all(isinstance(value, str) for value in values):
        return _what(mime), compare_json(values[:-1], values[-1], lambda text: meaningful_markup(plain(text)))
    *before, after = values
    if after in before and all(value == after for value in before):
        return _what(mime), Compared()
    if mime == "image/svg+xml":
        cleaned = [meaningful_markup(plain(value)) for value in values]
        return "image", compare_texts(cleaned[:-1], cleaned[-1])
    if mime.startswith("image/"):
        return "image", compare_images(before, after)
    if mime == "text/html":
        cleaned = [meaningful_markup(plain(value)) for value in values]
        return compare_html(cleaned[:-1], cleaned[-1])
    if "javascript" in mime or mime.startswith("application/"):
        cleaned = [meaningful_markup(plain(value)) for value in values]
    else:
        cleaned = [clean_text(value, plain) for value in values]
    return _what(mime), compare_texts(cleaned[:-1], cleaned[-1])


def _joined(value: Any, mime: str) -> Any:
    """Text that a notebook file keeps as a list of lines is one text."""
    if isinstance(value, list) and not mime.endswith("json") and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value
