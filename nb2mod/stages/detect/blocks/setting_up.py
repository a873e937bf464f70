"""Which statements only set up a notebook: imports, and calls that change options, seeds and paths (hazard B15, code NB112)."""

import re
from collections.abc import Sequence

from nb2mod.model import BindKind, CellFeatures, Features, UseKind
from nb2mod.stages.detect.blocks.runs import IMPORTS, Line

_CALLS = frozenset((UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD, UseKind.ATTRIBUTE_CALL))
_STORES = frozenset((UseKind.ATTRIBUTE_STORE, UseKind.SUBSCRIPT_STORE, UseKind.ATTRIBUTE, UseKind.VALUE))
_CALLED = re.compile(
    r"matplotlib(\.\w+)*\.(style\.use|rc\w*|rcParams\.update|use|set_cmap|set_matplotlib_formats|set_loglevel)"
    r"|(matplotlib_inline|IPython)(\.\w+)*\.set_matplotlib_formats"
    r"|seaborn(\.\w+)*\.(set|set_theme|set_style|set_context|set_palette|set_color_codes)"
    r"|pandas\.(set_option|reset_option|options(\.\w+)*|plotting\.register_matplotlib_converters)"
    r"|polars\.Config\.\w+|numpy\.(set_printoptions|seterr|random\.seed)|random\.seed"
    r"|torch\.(manual_seed|set_printoptions|set_default_dtype|set_default_tensor_type|cuda\.manual_seed(_all)?)"
    r"|tensorflow\.(random\.set_seed|set_random_seed|get_logger\(\)\.setLevel|logging\.set_verbosity)"
    r"|warnings\.(filterwarnings|simplefilter|resetwarnings)|logging\.(basicConfig|disable|captureWarnings)"
    r"|os\.environ\.(setdefault|update|pop)|os\.chdir|sys\.path\.(append|insert|extend)|site\.addsitedir"
    r"|locale\.setlocale|gc\.(enable|disable)|plotly(\.\w+)*\.init_notebook_mode|bokeh(\.\w+)*\.output_notebook"
    r"|sklearn\.set_config|holoviews\.extension|panel\.extension|altair(\.\w+)*\.(enable|disable_max_rows)"
)
_STORED = re.compile(
    r"matplotlib(\.\w+)*\.rcParams(\.\w+)*|os\.environ|sys\.path|pandas\.options(\.\w+)+"
    r"|IPython(\.\w+)*\.ast_node_interactivity|torch\.backends(\.\w+)+|jax\.config(\.\w+)+|plotly(\.\w+)*\.default"
)


class SettingUp:
    """Answers for positions of a line; reads each cell once, when it is asked for."""

    def __init__(self, line: Line, features: Sequence[Features]) -> None:
        self._line = line
        self._features = features
        self._imported: dict[int, dict[str, str]] = {}
        self._cells: dict[tuple[int, int], frozenset[int]] = {}
        self._values: dict[tuple[int, int], frozenset[int]] = {}

    def at(self, position: int) -> bool:
        """Whether nothing else is done at a position than to import or to set up."""
        one = self._line.statements[position]
        if one is None:
            return False
        if one.kind in IMPORTS:
            return True
        if one.bound or one.kind not in ("expr", "assign", "augassign"):
            return False
        place = self._line.files[position], self._line.cells[position]
        found = self._cells.get(place)
        if found is None:
            found = self._cells[place] = self._read(*place)
        return self._line.indexes[position] in found

    def mostly(self, position: int, length: int) -> bool:
        """Whether more than half of the statements of a run do nothing else, or the rest only gives names to literals: values
        that somebody sets, which a function would take away from where they are set.
        """
        run = range(position, position + length)
        setting = [self.at(at) for at in run]
        return 2 * sum(setting) > length or all(up or self.gives_value(at) for up, at in zip(setting, run, strict=True))

    def gives_value(self, position: int) -> bool:
        """Whether a statement only gives names to literals."""
        one = self._line.statements[position]
        if one is None or one.kind not in ("assign", "annassign"):
            return False
        place = self._line.files[position], self._line.cells[position]
        found = self._values.get(place)
        if found is None:
            bindings = self._features[place[0]].cells[place[1]].facts.bindings
            others = {each.statement for each in bindings if each.kind is not BindKind.LITERAL}
            found = self._values[place] = frozenset(each.statement for each in bindings) - others
        return self._line.indexes[position] in found

    def _read(self, file: int, cell: int) -> frozenset[int]:
        imported = self._imported.get(file)
        if imported is None:
            imported = self._imported[file] = {
                one.name: one.target
                for each in self._features[file].cells
                for one in each.facts.bindings
                if one.kind is BindKind.IMPORT
            }
        return settings_in(self._features[file].cells[cell], imported)


def settings_in(cell: CellFeatures, imported: dict[str, str]) -> frozenset[int]:
    """Statements of a cell that only change options, seeds or paths. `imported`: names of the notebook and what they import."""
    found = set()
    statements = cell.facts.statements
    for use in cell.facts.uses:
        target = imported.get(use.name)
        if target is None or use.statement < 0:
            continue
        dotted = f"{target}.{use.detail}" if use.detail and use.kind is not UseKind.SUBSCRIPT_STORE else target
        kind = statements[use.statement].kind
        if (kind == "expr" and use.kind in _CALLS and _CALLED.fullmatch(dotted)) or (
            kind in ("assign", "augassign") and use.kind in _STORES and _STORED.fullmatch(dotted)
        ):
            found.add(use.statement)
    return frozenset(found)
