"""The one cell that may be inserted: it puts the folder of the package at the end of sys.path. Known by its syntax tree."""

import ast

from nb2mod.stages.verify.proof.cells import parsed


def finds_package(source: str, package: str, source_root: str) -> bool:
    """Whether a cell does just this: from the working directory upwards, the first folder that holds the package."""
    inside = source_root.strip("/")
    base = "folder" if inside in ("", ".") else f"folder / {inside!r}"
    top = package.partition(".")[0]
    wanted = (
        "import pathlib\n"
        "import sys\n"
        "sys.path += [\n"
        f"    str({base})\n"
        "    for folder in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents]\n"
        f"    if ({base} / {{name!r}}).is_dir() and str({base}) not in sys.path\n"
        "][:1]"
    )
    found = parsed(source)
    texts = {wanted.replace("{name!r}", repr(name)) for name in (package, top)}
    return found is not None and ast.dump(ast.Module(found, [])) in {ast.dump(ast.parse(text)) for text in texts}
