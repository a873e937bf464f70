"""What is bound at the end of a run: names and a line about each value, as `digest.py` takes them in the kernel."""

import re
from collections.abc import Collection, Mapping, Sequence

from nb2mod.model.runs import Difference
from nb2mod.stages.verify.comparing.json_values import Clean
from nb2mod.stages.verify.comparing.meaningless import meaningful
from nb2mod.stages.verify.comparing.noise import compare_texts

_FUNCTION = re.compile(r"function [^\W\d]\w*")  # at the top of a notebook: no method, no inner function
BROUGHT = "module "  # how the digest of a module begins: an import that stands in the new notebook may bind one
TOLD = 8  # names that a note lists


def compare_names(
    olds: Sequence[Mapping[str, str]], new: Mapping[str, str], plain: Clean, local: Collection[str] = ()
) -> tuple[list[Difference], list[str]]:
    """Differences, and notes. Of values that differ between old runs, and say so in a note, what they share is compared; names
    in `local` need not be there any more.
    """
    differences: list[Difference] = []
    notes: list[str] = []
    inside: list[str] = []
    noisy = list({name for old in olds for name in old if not all(name in other for other in olds)})
    for name in olds[0]:
        if not all(name in old for old in olds):
            continue
        lines = [meaningful(plain(old[name])) for old in olds]
        if name not in new and name in local:
            inside.append(name)
            continue
        if name not in new:
            differences.append(Difference(0, "name", f"{name} = {lines[0]}", f"{name} is not bound"))
            continue
        line = meaningful(plain(new[name]))
        if called := _called_otherwise(lines, line):
            notes.append(f"{name} is a function that calls itself {called} now; nothing that ran shows it")
            continue
        compared = compare_texts(lines, line)
        if compared.noisy:
            noisy.append(name)
        if compared.differs:
            differences.append(Difference(0, "name", f"{name} = {compared.before}", f"{name} = {compared.after}"))
    extra = sorted(
        name for name, line in new.items() if not any(name in old for old in olds) and not line.startswith(BROUGHT)
    )
    notes += [f"bound at the end only after: {_listed(extra)}"] if extra else []
    notes += [f"inside of functions now, no longer bound at the end: {_listed(sorted(inside))}"] if inside else []
    notes += [f"at the end not the same in any two runs: {_listed(sorted(noisy))}"] if noisy else []
    return differences, notes


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
    return f"{', '.join(names[:TOLD])}{more}"


def _called_otherwise(olds: Sequence[str], new: str) -> str:
    """The new name of a function that is the same but for its own name; "" for all else.

    Copies under different names may become one function, imported under the old name (N20). Where anything shows the
    function's own name, outputs differ, and those are compared.
    """
    same_kind = all(_FUNCTION.fullmatch(line) for line in (*olds, new))
    return new.removeprefix("function ") if same_kind and new not in olds else ""
