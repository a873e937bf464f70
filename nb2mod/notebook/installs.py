"""Distributions that a cell installs with pip: %pip install, !pip install and their spellings. Reads magics, installs nothing."""

import re

from nb2mod.model import Masked

_PIP = re.compile(
    r"(?:^|\s)(?:(?:\S*[/\\])?pip[\d.]*(?:\.exe)?|(?:\S*python[\d.]*(?:\.exe)?|\{sys\.executable\}|\$\{?sys\.executable\}?)[\"']?\s+-m\s+pip)"
    r"\s+(?:-\S+\s+)*install\s+(.*)"
)
_AUTOMAGIC = re.compile(r"\s*pip\s+install\s[^=(]*\Z")
_COMMAND_END = re.compile(r"&&|\|\|?|;(?=\s|$)|\s#|\s\d?>{1,2}|\s&\s*$")
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s\"']+(?:\"[^\"]*\"|'[^']*')?[^\s\"']*")
_OPTIONS = (
    "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target -e --editable --root "
    "--prefix --src --platform --python-version --abi --implementation --progress-bar --proxy --retries --timeout --python "
    "--trusted-host --cert --client-cert --cache-dir --log --upgrade-strategy --no-binary --only-binary -p --index "
    "--global-option --config-settings --report --exists-action --use-feature --use-deprecated"
)
_WITH_VALUE = frozenset(_OPTIONS.split())
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
_EGG = re.compile(r"#(?:.*&)?egg=([\w.-]+)")
_REPOSITORY = re.compile(r"git\+[^#\s]*?/([\w.-]+?)(?:\.git)?/?(?:@[^/#]*)?(?:#.*)?\Z")
_FILE = re.compile(r"\.(?:whl|zip|tar\.gz|tar\.bz2|tgz|txt|toml|py|cfg)\Z")


def installs(masked: Masked) -> tuple[str, ...]:
    """Names of the distributions, as written, without versions, extras, options and addresses; each once, in order.

    A git address gives its #egg= or the repository's name. Files, folders and names filled in by {…} or $… give none.
    """
    if not masked.magics and "pip" not in masked.python:
        return ()
    found: dict[str, None] = {}
    for command in _commands(masked):
        for part in _COMMAND_END.split(command):
            match = _PIP.search(part)
            if match:
                found.update(dict.fromkeys(_distributions(match[1])))
    return tuple(found)


def _commands(masked: Masked) -> list[str]:
    commands = [masked.python] if _AUTOMAGIC.match(masked.python) else []
    for magic in masked.magics:
        if magic.name in ("pip", "uv"):
            commands.append(f"{magic.name} {magic.text}")
        elif magic.name in ("!", "sx", "system", "sh", "shell"):
            commands.append(magic.text)
    return commands


def _distributions(arguments: str) -> list[str]:
    found: list[str] = []
    words = [
        word.strip("\"'") if word[0] in "\"'" else word.replace('"', "").replace("'", "")
        for word in _WORD.findall(arguments)
    ]
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word in ("-e", "--editable"):
            continue  # its value may be a git address
        elif word.startswith("-"):
            skip = word in _WITH_VALUE
        elif index and words[index - 1] == "@":
            continue  # the address of `name @ address`
        else:
            name = _distribution(word)
            if name:
                found.append(name)
    return found


def _distribution(word: str) -> str | None:
    egg = _EGG.search(word)
    if egg:
        return egg[1]
    named = re.match(r"([\w.-]+)(?:\[[^\]]*\])?\s*@\s*(?=\w+[+:])", word)
    if named:
        return named[1]
    repository = _REPOSITORY.match(word)
    if repository:
        return repository[1]
    if word == "@" or any(mark in word for mark in "/\\{}$") or _FILE.search(word):
        return None
    match = _NAME.match(word)
    return match[0] if match else None
