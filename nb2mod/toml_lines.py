"""Where a key stands in TOML text: tomllib keeps no positions. For the wording of errors and for lines to be added.

Not fast, and imported only when one of these is at hand.
"""


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line, from 1, of the statement that binds the key `path`, or the nearest table around it; 0 if there is none."""
    found = statement_of(text, path)
    if found is not None:
        return found[0]
    return line_of(text, path[:-1]) if len(path) > 1 else 0


def statement_of(text: str, path: tuple[str, ...]) -> tuple[int, int] | None:
    """First and last line, from 1, of the statement (or table header) that binds the key `path` first.

    It begins at the first line above which everything parses without the key, and ends where it parses with it. Only
    lines that hold the key's own name are tried: a key written with escapes is not found.
    """
    lines = [line + "\n" for line in text.split("\n")]
    for start, line in enumerate(lines):
        if path[-1] not in line or _lookup("".join(lines[:start]), path) is not False:
            continue
        for end in range(start + 1, len(lines) + 1):
            bound = _lookup("".join(lines[:end]), path)
            if bound is not None:
                if bound:
                    return start + 1, end
                break
    return None


def _lookup(text: str, path: tuple[str, ...]) -> bool | None:
    """Whether the document binds the key; None when it does not parse."""
    import tomllib

    try:
        value: object = tomllib.loads(text)
    except (ValueError, RecursionError):  # numbers beyond Python's limit and deep nesting are no TOMLDecodeError
        return None
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True
