"""The cell that lets a notebook find the package without an install (`bootstrap = "sys-path"`)."""

TAG = "nb2mod-bootstrap"


def bootstrap_source(package: str, source_root: str) -> str:
    """Walks up from the working directory to the first folder that holds the package and puts it on sys.path, once.

    At the end of sys.path, so that nothing the notebook imports today is found elsewhere. It defines no function: that
    would be a copy in every notebook, and the next scan would find it.
    """
    inside = source_root.strip("/")
    base = f'folder / "{inside}"' if inside not in ("", ".") else "folder"
    return f"""# Finds the package {package} from any working directory (nb2mod, bootstrap = "sys-path").
import pathlib
import sys

sys.path += [
    str({base})
    for folder in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents]
    if ({base} / "{package}").is_dir() and str({base}) not in sys.path
][:1]"""
