"""The cell that lets a notebook find the package without an install (`bootstrap = "sys-path"`)."""

TAG = "nb2mod-bootstrap"


def bootstrap_source(package: str, source_root: str) -> str:
    """Walks up from the working directory to the first folder that holds the package and puts it on sys.path, once."""
    inside = "" if source_root in ("", ".") else source_root.strip("/")
    base = f'folder / "{inside}"' if inside else "folder"
    return (
        "import sys\n"
        "from pathlib import Path\n"
        "\n"
        "for folder in [Path.cwd(), *Path.cwd().parents]:\n"
        f'    if ({base} / "{package}").is_dir():\n'
        f"        if str({base}) not in sys.path:\n"
        f"            sys.path.insert(0, str({base}))\n"
        "        break"
    )
