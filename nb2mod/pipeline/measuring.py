"""What a repository says about the settings: comments for the `[tool.nb2mod]` that init and extract write. Decides nothing."""

from collections import Counter
from collections.abc import Sequence

from nb2mod.pipeline.survey import Survey


def measure(seen: Survey) -> dict[str, str]:
    """What this repository says about each key, by the key's name: comments for the section."""
    notebooks = [one for one in seen.features if one.kind == "notebook" and not one.error]
    candidates = seen.candidates()
    spread = sorted(candidate.places for candidate in candidates)
    sizes = sorted(candidate.statements for candidate in candidates)
    links = Counter(link for one in notebooks for link in one.links)
    measured = {
        "notebooks": f"{len(notebooks)} notebooks with {sum(len(one.cells) for one in notebooks)} code cells were found.",
    }
    if spread:
        measured["threshold.notebooks"] = (
            f"Here {len(spread)} definitions are repeated; half of them stand in up to {_share(spread, 0.5)} places, "
            f"90 % in up to {_share(spread, 0.9)}."
        )
        measured["threshold.statements"] = (
            f"Half of them have up to {_share(sizes, 0.5)} statements, 90 % up to {_share(sizes, 0.9)}."
        )
    if links:
        told = ", ".join(f"{count} from {link.capitalize()}" for link, count in sorted(links.items()))
        measured["bootstrap"] = (
            f'Notebooks are opened from links ({told}): "sys-path" lets them find the package without an install.'
        )
    return measured


def _share(values: Sequence[int], part: float) -> int:
    """The smallest value that at least `part` of the values do not exceed."""
    return values[min(len(values) - 1, max(0, -(-int(part * len(values) * 100) // 100) - 1))]
