"""Runs made by hand, for tests of the comparison: short ways to say what each cell gave."""

import base64
import io
from typing import Any

from PIL import Image

from nb2mod.model.runs import CellRun, NotebookRun, RunError
from nb2mod.stages.verify.comparing import Comparison, compare

MODULES = ("team", "team.models", "team.models.deep")


def out(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def err(text: str) -> dict[str, Any]:
    return out(text, "stderr")


def show(_kind: str = "display_data", **forms: Any) -> dict[str, Any]:
    """A display; `text_html=…` is the form text/html. `text` is text/plain, `png` is image/png."""
    names = {
        "text": "text/plain",
        "html": "text/html",
        "png": "image/png",
        "svg": "image/svg+xml",
        "js": "application/javascript",
    }
    data = {names.get(name, name.replace("__", "/").replace("_", "-")): value for name, value in forms.items()}
    return {"output_type": _kind, "data": data, "metadata": {}}


def bundle(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


def error(name: str, message: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": ["\x1b[31mframes\x1b[0m"]}


def run(*cells: Any, names: dict[str, str] | None = None, **more: Any) -> NotebookRun:
    """A run whose cells gave these lists of outputs; a single output stands for a list of one, a text for what was printed."""
    made = []
    ended = None
    for number, given in enumerate(cells, 1):
        outputs = [out(given)] if isinstance(given, str) else [given] if isinstance(given, dict) else list(given)
        failed = next((output for output in outputs if output["output_type"] == "error"), None)
        ended = RunError(number, failed["ename"], failed["evalue"]) if failed else None
        made.append(CellRun(number, f"id-{number}", "", tuple(outputs), 0.1, ended))
    return NotebookRun("a.ipynb", tuple(made), {} if names is None else names, ended, **more)


def against(*runs: NotebookRun, cells: dict[int, int] | None = None) -> Comparison:
    """The last run is the new one."""
    *olds, new = runs
    mapping = {number: number for number in range(1, 100)} if cells is None else cells
    return compare(olds, new, modules=MODULES, cells=mapping)


def kinds(comparison: Comparison) -> list[str]:
    return [difference.what for difference in comparison.differences]


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> str:
    data = io.BytesIO()
    image.save(data, form, **options)
    return base64.b64encode(data.getvalue()).decode()


def drawn(size: tuple[int, int] = (120, 80), *boxes: tuple[int, int, int, int], colour: Any = "black") -> Image.Image:
    """A white picture with filled boxes."""
    image = Image.new("RGB", size, "white")
    for box in boxes:
        image.paste(colour, box)
    return image
