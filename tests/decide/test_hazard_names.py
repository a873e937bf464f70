"""Names a definition reads: hazards N1 to N20, each with its harmless neighbour."""

import pytest
from decide.deciding import Row, asks, moved, moves, named, of_row, printed, stays

F = "def f(x):\n    y = x * 2\n    return y + {}\n"


def f(expression: str) -> str:
    """A function of two statements that reads something."""
    return F.replace("{}", expression)


G1 = "def g(x):\n    x = x + 1\n    return x"
G2 = "def g(x):\n    x = x + 2\n    return x"

ROWS = [
    # N1
    moves("N1_import_comes_along", "import math as m", f("m.pi"), "print(f(1))"),
    moves("N1_the_same_import_twice", "import math", "import math", f("math.pi"), "print(f(1))"),
    stays(
        "N1_depends_on_order",
        "NB301",
        "from math import floor as r",
        f("r(x)"),
        "print(f(1))",
        "from math import ceil as r",
    ),
    moves(
        "N1_the_last_is_in_force",
        "from math import floor as r",
        "from math import ceil as r",
        f("r(x)"),
        "print(f(1.5))",
    ),
    # N2
    moves(
        "N2_try_import_with_fallback",
        "try:\n    import cPickle as p\nexcept ImportError:\n    import pickle as p",
        f("len(p.dumps(x))"),
        "print(f(1))",
    ),
    moves(
        "N2_type_checking",
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING",
        "if TYPE_CHECKING:\n    from decimal import Decimal",
        "def f(x: Decimal):\n    y = x * 2\n    return y",
        "print(f(1))",
        runs=False,
    ),
    stays(
        "N2_the_statement_does_more",
        "NB302",
        "try:\n    import json as j\nexcept ImportError:\n    print('none')\n    import pickle as j",
        f("len(j.dumps(x))"),
    ),
    stays(
        "N2_the_statement_reads_state",
        "NB302",
        "fast = input()",
        "if fast:\n    import json as j\nelse:\n    import pickle as j",
        f("j"),
    ),
    # N3
    asks("N3_only_a_star_import", "NB303", "from math import *", f("sqrt(x)")),
    moves("N3_star_that_is_not_needed", "from math import *", "import os", f("len(os.sep)"), "print(f(1))"),
    moves("N3_star_that_hides_no_builtin", "from typing import *", f("int(x)"), "print(f(1))"),
    asks("N3_star_that_may_hide_a_builtin", "NB303", "from numpy import *", f("sum(x)")),
    stays("N3_star_after_the_import", "NB301", "from math import sqrt\nfrom cmath import *", f("sqrt(x)"), "f(1)"),
    stays(
        "N3_star_after_the_helper", "NB307", G1.replace("g", "mean"), f("mean(x)"), "from statistics import *", "f(1)"
    ),
    asks(
        "N3_star_nobody_knows_after_the_import",
        "NB303",
        "from math import sqrt\nfrom numpy import *",
        f("sqrt(x)"),
        "f(1)",
    ),
    moves("N3_star_after_the_last_call", "from math import sqrt", f("sqrt(x)"), "print(f(1))\nfrom numpy import *"),
    moves("N3_star_that_does_not_have_it", "from math import sqrt\nfrom typing import *", f("sqrt(x)"), "print(f(1))"),
    moves("N3_star_before_the_import", "from math import *\nfrom cmath import sqrt", f("sqrt(x)"), "print(f(1))"),
    asks("N3_pylab", "NB303", "%pylab inline", f("linspace(0, x)"), runs=False),
    moves("N3_pylab_gives_np", "%pylab inline", f("np.pi"), runs=False),
    # N4
    moves("N4_constant", "LIMIT = 3", f("LIMIT"), "print(f(1), LIMIT)"),
    moves("N4_list_that_is_only_read", "COLS = ['a', 'b']", f("len(COLS)"), "print(f(1), [c for c in COLS])"),
    moves("N4_list_as_an_index", "COLS = ['a']", "def f(x):\n    y = x[COLS]\n    return y", runs=False),
    stays("N4_list_that_is_changed", "NB305", "COLS = ['a']", f("len(COLS)"), "COLS.append('b')"),
    stays(
        "N4_tuple_of_lists_that_is_changed",
        "NB305",
        "T = ([], 1)",
        f("len(T)"),
        "change(T)",
        "def change(t):\n    t[0].append(1)",
    ),
    moves("N4_tuple_with_a_bracket_in_text", "T = ('[', 1)", f("len(T)"), "print(f(1), T)"),
    stays("N4_bound_twice", "NB305", "LIMIT = 3", f("LIMIT"), "LIMIT = 4"),
    stays("N4_different_values", "NB304", "LIMIT = 3", f("LIMIT"), other=("LIMIT = 5", f("LIMIT"))),
    stays("N4_kept_constant", "NB304", "LIMIT = 3  # nb2mod: keep", f("LIMIT")),
    # N4b
    stays("N4b_lower_case", "NB305", "limit = 3", f("limit")),
    stays("N4b_parameters", ("NB305",), "LIMIT = 3", f("LIMIT"), cell={"tags": ("parameters",)}),
    # N5
    stays("N5_computed", "NB305", "df = input()", f("len(df)")),
    moves(
        "N5_as_a_parameter", "df = [1, 2]", "def f(x, df):\n    y = x * 2\n    return y + len(df)", "print(f(1, df))"
    ),
    stays("N5_counted", "NB305", "n = 0", f("n"), "n += 1"),
    stays("N5_lambda", "NB305", "double = lambda a: a * 2", f("double(x)")),
    # N6
    moves("N6_helper", G1, f("g(x)"), "print(f(1))"),
    moves("N6_helper_defined_later", f("g(x)"), G1, "print(f(1))"),
    moves("N6_helper_class", "class G:\n    def a(self):\n        return 3", f("G().a()"), "print(f(1))"),
    stays("N6_helper_must_stay", "NB315", "df = input()", "def g(x):\n    x = x + 1\n    return df", f("g(x)")),
    # N7
    stays("N7_helper_depends_on_order", "NB307", G1, f("g(x)"), "print(f(1))", G2, "print(f(1))"),
    moves("N7_the_last_helper_is_in_force", G1, G2, f("g(x)"), "print(f(1))"),
    stays("N7_helper_under_a_condition", "NB307", "if input():\n    def g(x): return x\n", f("g(x)")),
    # N8
    moves(
        "N8_locals",
        "k = 1\nz = w = e = j = m = k",
        "def f(x):\n    import json as j\n    def k(z): return z\n    if (w := x):\n        pass\n    try:\n        pass\n"
        "    except ValueError as e:\n        print(e)\n    match x:\n        case [m]:\n            print(m)\n"
        "    return [z for z in [k(w)]], (lambda k: k)(1)",
        "print(f(1))",
    ),
    # N9
    moves("N9_display", "def f(x):\n    y = x\n    display(y)", runs=False),
    moves("N9_get_ipython", "def f(x):\n    y = get_ipython()\n    return y.config", runs=False),
    stays("N9_underscore", "NB309", f("_"), "1 + 1"),
    stays("N9_out", "NB309", f("Out[3]")),
    stays("N9_numbered", "NB309", f("_3")),
    moves("N9_underscore_as_a_local", "def f(x):\n    y = [x for _ in range(3)]\n    return y", "print(f(1))"),
    # N10
    stays("N10_bound_nowhere", "NB310", f("missing")),
    stays("N10_only_in_a_broken_cell", "NB355", "limit = = 3", f("limit"), runs=False),
    moves("N10_read_in_a_broken_cell", "import math", "print math.pi", f("math.pi"), runs=False),
    stays("N10_bound_again_in_a_broken_cell", "NB355", "import math", "math = print 1", f("math.pi"), runs=False),
    stays(
        "F5_only_one_notebook_hides_a_name",
        "NB355",
        *("import math", f("math.pi")),
        other=("math = print 1", "import math", f("math.pi")),
        runs=False,
    ),
    stays(
        "N5_computed_here_and_a_constant_there",
        "NB305",
        *("LIMIT = 3", f("LIMIT")),
        other=("LIMIT = len(input())", f("LIMIT")),
        runs=False,
    ),
    stays("N10_run_may_bind_it", "NB310", "%run setup.py", f("missing"), runs=False),
    stays("N10_run_may_bind_it_again", "NB307", G1, "%run setup.py", f("g(x)"), runs=False),
    moves(
        "N10_looking_at_globals_binds_nothing",
        "import math",
        f("math.pi"),
        "print(len(vars(math)) > 0, 'f' in globals())",
    ),
    # N11
    stays("N11_builtin_bound_to_state", "NB311", "sum = input()", f("sum")),
    moves(
        "N11_builtin_replaced_by_a_helper",
        "def sum(x):\n    x = list(x)\n    return len(x)",
        f("sum([x, x])"),
        "print(f(1))",
    ),
    moves("N11_builtin", f("sum([x, x])"), "print(f(1))"),
    # N12
    stays(
        "N12_query",
        "NB312",
        "limit = input()",
        "def f(df):\n    df = df.query('x > @limit')\n    return df",
        runs=False,
    ),
    moves("N12_query_of_columns", "def f(df):\n    df = df.query('x > y')\n    return df", runs=False),
    moves("N12_query_of_a_local", "def f(df, limit):\n    df = df.query('x > @limit')\n    return df", runs=False),
    moves(
        "N12_query_of_a_constant", "LIMIT = 3", "def f(df):\n    df = df.query('x > @LIMIT')\n    return df", runs=False
    ),
    moves("N12_string_annotation", "x = input", "def f(a: 'Frame'):\n    b = a\n    return b", "print(f(1))"),
    # N13
    stays("N13_magic_inside", "NB313", "def f(x):\n    %time y = x\n    return y", runs=False),
    stays("N13_shell_inside", "NB313", "def f(x):\n    !ls {x}\n    return x", runs=False),
    stays(
        "N13_called_magic",
        "NB313",
        "def f(x):\n    y = x\n    get_ipython().run_line_magic('time', 'y')\n    return y",
        runs=False,
    ),
    moves("N13_magic_above", "%matplotlib inline\ndef f(x):\n    y = x\n    return y", runs=False),
    # N14
    stays("N14_globals", "NB314", f("globals()['a']")),
    stays("N14_exec", "NB314", "def f(x):\n    exec(x)\n    return x"),
    stays("N14_vars", "NB314", f("len(vars())")),
    stays("N14_frame", "NB314", "import sys", f("sys._getframe()")),
    stays("N14_main", "NB314", "import sys", f("sys.modules['__main__']")),
    moves("N14_vars_of_something", f("len(vars(x))"), runs=False),
    moves("N14_method_called_eval", "def f(model):\n    model.eval()\n    return model", runs=False),
    # N15
    stays("N15_name", "NB316", f("__name__")),
    stays("N15_file", "NB316", f("__file__")),
    asks("N15_logger", "NB316", "import logging", "def f(x):\n    log = logging.getLogger(__name__)\n    return log"),
    moves(
        "N15_logger_by_another_name",
        "import logging",
        "def f(x):\n    log = logging.getLogger('a')\n    return log",
        "print(f(1))",
    ),
    # N19
    stays("N19_local_file", "NB319", "import tools", f("tools.a"), local={"\ntools": "tools.py"}, runs=False),
    stays("N19_known_to_nobody", "NB319", "from madeup import a", f("a"), runs=False),
    stays("N19_relative", "NB319", "from .tools import a", f("a"), runs=False),
    stays("N19_inside", "NB319", "def f(x):\n    import madeup\n    return madeup.a", runs=False),
    moves("N19_own_package", "from team.tools import a", f("a"), local={"\nteam": "team/__init__.py"}, runs=False),
    moves("N19_declared", "import pandas as pd", f("pd.NA"), runs=False),
    # N20
    moves("N20_passed_on_under_its_own_name", f("x"), "print(list(map(f, [1, 2])))"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_verdict(row: Row) -> None:
    _, candidates = of_row(row)
    found = named(candidates, row.name)
    assert [candidate.verdict for candidate in found] == [row.verdict], found
    codes = {reason.code for reason in found[0].reasons if reason.effect in ("blocks", "review")}
    assert codes == set(row.codes), found[0].reasons
    assert all(reason.location is not None for reason in found[0].reasons)


@pytest.mark.parametrize("row", [row for row in ROWS if row.verdict == "extract" and row.runs], ids=lambda row: row.id)
def test_what_moves_does_the_same(row: Row) -> None:
    files, candidates = of_row(row)
    for file, before in enumerate(files):
        cells = [cell.source for cell in before.cells]
        after = moved(files, candidates, file, "moved_names")
        assert after != cells
        assert printed(after) == printed(cells)
