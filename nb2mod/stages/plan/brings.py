"""What importing a module certainly loads with it: dependencies it can't be imported without (hazard N18).

Only what has held in every release that a notebook may still use stands here. What is optional (pandas' matplotlib), loaded when
it is asked for (numpy's submodules), or new (seaborn's scipy came and went) does not. The proof has a table of its own.
"""

from collections.abc import Iterable

_BRINGS = {
    "cv2": ("numpy",),
    "geopandas": ("numpy", "pandas", "shapely"),
    "lightgbm": ("numpy", "scipy"),
    "matplotlib": ("numpy",),
    "mpl_toolkits.mplot3d": ("matplotlib",),
    "pandas": ("numpy",),
    "patsy": ("numpy",),
    "plotnine": ("matplotlib", "pandas"),
    "pylab": ("matplotlib", "matplotlib.pyplot"),
    "scipy": ("numpy",),
    "seaborn": ("matplotlib", "matplotlib.pyplot", "pandas"),
    "sklearn": ("numpy", "scipy"),
    "statsmodels": ("numpy", "pandas", "scipy"),
    "tensorflow": ("numpy",),
    "torchvision": ("numpy", "torch"),
    "xarray": ("numpy", "pandas"),
    "xgboost": ("numpy", "scipy"),
}


def with_brought(names: Iterable[str]) -> frozenset[str]:
    """The modules and all that is certainly loaded once they are."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_BRINGS.get(name, ()))
    return frozenset(found)
