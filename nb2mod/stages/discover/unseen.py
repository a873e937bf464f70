"""Files that would be made where git does not look: who commits and pushes would leave them behind."""

import os
from collections.abc import Iterable
from pathlib import Path

from nb2mod.stages.discover.ignore import ignored, outer_rules, read_rules, repository


def ignored_by_git(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths, relative to the root, that a .gitignore or .git/info/exclude leaves out; none outside of git.

    A file that is tracked is seen whatever they say: ask only for files that do not exist. Effect: reads these files.
    """
    top = os.path.realpath(root)
    if repository(top) is None:
        return ()
    prefix, outer = outer_rules(top)
    found = []
    for path in paths:
        parts = path.split("/")
        rules, base = outer, ""
        for index, part in enumerate(parts):
            rules = read_rules(f"{top}/{base}.gitignore", prefix + base) + rules
            if ignored(prefix + base + part, index + 1 < len(parts), rules):
                found.append(path)
                break
            base = f"{base}{part}/"
    return tuple(found)
