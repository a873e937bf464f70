"""Chosen calls → the text of test modules and the data beside them. Plain text: black formats it later. Nothing is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.stages.verify.replay.asserting import ASSERT_SAME, assertion, needs_helper
from nb2mod.stages.verify.replay.calls import NewFile, Record
from nb2mod.stages.verify.replay.inside.expressing import READERS

_CALLS = {kind: re.findall(r"def (\w+)", text)[0] for kind, text in READERS.items()}
_PLACE = re.compile(r"@@(\d+)@@")


class Rendered(Struct, frozen=True):
    """One test module: its file first, then its data; and which records each test function holds."""

    files: tuple[NewFile, ...]
    tests: Mapping[str, tuple[Record, ...]]


def render(records: Sequence[Record], *, folder: str, taken: Callable[[str], bool]) -> tuple[Rendered, ...]:
    """A test module for each module of the package. `folder` is the project's tests folder, relative to its root.

    `taken` says whether something stands at a path: no file is proposed there, another name is chosen.
    """
    by_module = sorted(records, key=lambda record: record.target.module)
    return tuple(
        _module(module, list(group), folder, taken)
        for module, group in groupby(by_module, key=lambda record: record.target.module)
    )


def _module(module: str, records: list[Record], folder: str, taken: Callable[[str], bool]) -> Rendered:
    stem = _free_stem(module.partition(".")[2].replace(".", "_") or module, folder, taken)
    data: list[NewFile] = []
    tests: dict[str, tuple[Record, ...]] = {}
    bodies: list[str] = []
    used = {record.target.new_name for record in records}
    for _, group in groupby(records, key=lambda record: (record.target.new_name, record.method)):
        for together in _together(list(group)):
            name = _test_name(together[0], tests)
            tests[name] = together
            texts = [_with_data(record, f"{name.removeprefix('test_')}_{number}", stem, folder, data)
                     for number, record in enumerate(together, start=1)]  # fmt: skip
            bodies.append(_parametrized(name, texts) if len(texts) > 1 else _single(name, texts[0], used))
    body = "\n\n".join(bodies)
    text = "\n\n".join([_head(module, records, body, stem), *_helpers(body), body]).rstrip() + "\n"
    file = NewFile(f"{folder}/test_{stem}.py", text.encode("utf-8"))
    return Rendered((file, *data), tests)


def _free_stem(wanted: str, folder: str, taken: Callable[[str], bool]) -> str:
    """A name for which neither the test module nor its data folder is there."""
    number = 1
    while True:
        stem = wanted + ("" if number == 1 else "_recorded" if number == 2 else f"_recorded_{number - 1}")
        if not taken(f"{folder}/test_{stem}.py") and not taken(f"{folder}/data/{stem}"):
            return stem
        number += 1


def _together(records: list[Record]) -> list[tuple[Record, ...]]:
    """Records that make one parametrized test, when they are plain; the others alone."""
    plain = [record for record in records if _is_plain(record)]
    if len(plain) < 2:
        plain = []
    alone = [(record,) for record in records if record not in plain]
    return [tuple(plain), *alone] if plain else list(alone)


def _is_plain(record: Record) -> bool:
    return (
        record.kind == "function"
        and record.result is not None
        and not (record.mutated or record.stdout or record.data)
        and all(not argument.name for argument in record.arguments)
    )


def _test_name(record: Record, used: Mapping[str, object]) -> str:
    wanted = "test_" + "_".join(part.strip("_") for part in (record.target.new_name, record.method) if part)
    number = 1
    while (name := wanted if number == 1 else f"{wanted}_{number}") in used:
        number += 1
    return name


def _with_data(record: Record, name: str, stem: str, folder: str, data: list[NewFile]) -> Record:
    """The record with calls that read the data where its texts have places for it; the files are added to `data`."""
    for number, one in enumerate(record.data):
        data.append(NewFile(f"{folder}/data/{stem}/{name}_{number + 1}.{one.kind}", one.content))

    def filled(text: str) -> str:
        return _PLACE.sub(
            lambda found: (
                f'{_CALLS[record.data[int(found[1])].kind]}("{name}_{int(found[1]) + 1}.'
                f'{record.data[int(found[1])].kind}")'
            ),
            text,
        )

    return replace(
        record,
        receiver=filled(record.receiver),
        result=None if record.result is None else filled(record.result),
        arguments=tuple(replace(one, text=filled(one.text)) for one in record.arguments),
        mutated=tuple(replace(one, text=filled(one.text)) for one in record.mutated),
    )


def _single(name: str, record: Record, used: set[str]) -> str:
    variables: dict[int | str, str] = {}
    lines = []
    for change in record.mutated:
        variable = "instance" if change.at == -1 else change.name
        while variable in used or variable in ("np", "pd", "json", "re", "cmath", "pytest", "capsys", "DATA"):
            variable += "_"
        variables[change.at] = variable
    if record.receiver and -1 in variables:
        lines.append(f"{variables[-1]} = {record.receiver}")
    given = []
    for number, argument in enumerate(record.arguments):
        at: int | str = argument.name or number
        text = argument.text
        if at in variables:
            lines.append(f"{variables[at]} = {text}")
            text = variables[at]
        given.append(f"{argument.name}={text}" if argument.name else text)
    call = f"{_called(record, variables)}({', '.join(given)})"
    call = f"list({call})" if record.yields else call
    if record.raises is not None:
        kind, message = record.raises
        match = f"re.escape({message!r})" if message else 'r"\\A\\Z"'
        lines += [f"with pytest.raises({kind}, match={match}):", f"    {call}"]
    else:
        lines.append(assertion(call, record.result or "None"))
    lines += [assertion(variables[change.at], change.text) for change in record.mutated]
    if record.stdout:
        lines.append(f"assert capsys.readouterr().out == {record.stdout!r}")
    head = f"def {name}({'capsys' if record.stdout else ''}):"
    return "\n".join([head, f'    """{_origin(record)}."""', *(f"    {line}" for line in lines)]) + "\n"


def _called(record: Record, variables: Mapping[int | str, str]) -> str:
    if not record.method:
        return record.target.new_name
    owner = record.target.new_name if record.kind in ("class", "static") else variables.get(-1, record.receiver)
    return f"{owner}.{record.method}"


def _parametrized(name: str, records: Sequence[Record]) -> str:
    rows = []
    for record in records:
        given = "".join(f"{argument.text}, " for argument in record.arguments)
        rows.append(
            f"        (({given.rstrip() if len(record.arguments) == 1 else given.rstrip(', ')}), {record.result}),"
        )
    call = f"{records[0].target.new_name}(*arguments)"
    call = f"list({call})" if any(record.yields for record in records) else call
    special = any(needs_helper(record.result or "None") for record in records)
    compared = f"_assert_same({call}, expected)" if special else f"assert {call} == expected"
    origins = "; ".join(dict.fromkeys(_origin(record) for record in records))
    return "\n".join(
        [
            '@pytest.mark.parametrize(\n    ("arguments", "expected"),\n    [',
            *rows,
            "    ],\n)",
            f'def {name}(arguments, expected):\n    """{origins}."""',
            f"    {compared}\n",
        ]
    )


def _origin(record: Record) -> str:
    return f"Recorded in {_quotable(record.target.path)}, cell {record.target.cell}"


def _quotable(path: str) -> str:
    """A path as it may stand in a docstring."""
    return "".join(each if each.isprintable() and each not in '"\\' else "?" for each in path)


def _head(module: str, records: Sequence[Record], body: str, stem: str) -> str:
    places: dict[tuple[str, int], dict[str, None]] = {}
    for record in records:
        where = (record.target.path, record.target.cell)
        places.setdefault(where, {})[record.target.new_name] = None
    told = [f"- {_quotable(path)}, cell {cell}: {', '.join(names)}" for (path, cell), names in sorted(places.items())]
    names = sorted({record.target.new_name for record in records})
    standard = [
        name
        for name in ("cmath", "datetime", "decimal", "fractions", "json", "re")
        if _uses(body, name) or (name in _needed_by_helpers(body))
    ]
    third = [line for word, line in _THIRD_PARTY.items() if _uses(body, word) or word in _needed_by_helpers(body)]
    from_data = any(f"{call}(" in body for call in _CALLS.values())
    lines = [
        f'"""Calls of {module} that were recorded while notebooks ran, and what they came to there.\n',
        *told,
        '"""\n',
        *(f"import {name}" for name in standard),
        *(["from pathlib import Path"] if from_data else []),
        *([""] if standard or from_data else []),
        *third,
        *([""] if third else []),
        f"from {module} import {', '.join(names)}",
        *([f'\nDATA = Path(__file__).parent / "data" / "{stem}"'] if from_data else []),
    ]
    return "\n".join(lines) + "\n"


_THIRD_PARTY = {"np": "import numpy as np", "pd": "import pandas as pd", "pytest": "import pytest"}


def _uses(body: str, module: str) -> bool:
    return re.search(rf"(?<![\w.]){module}\.", body) is not None


def _needed_by_helpers(body: str) -> set[str]:
    return {name for text in _helpers(body) for name in ("cmath", "json", "np", "pd") if _uses(text, name)}


def _helpers(body: str) -> list[str]:
    """The readers of data and the comparison, as far as the tests use them."""
    found = [text for kind, text in READERS.items() if f"{_CALLS[kind]}(" in body]
    if "_assert_same(" in body:
        numpy = _uses(body, "np") or "_array(" in body
        tables = "_table(" in body
        text = ASSERT_SAME["head"] + (ASSERT_SAME["numpy"] if numpy else "")
        found.append(text + (ASSERT_SAME["pandas"] if tables else "") + ASSERT_SAME["tail"])
    return found
