"""black, for what nb2mod writes and nothing else, with the project's own settings. Loaded on first use only."""

from collections.abc import Mapping
from typing import Any

_DEFAULT_LENGTH = 88
# black tries line after line of `a = b = …`, and its work on one line grows with the square of what can be split there.
_MOST_TARGETS, _MOST_SPLITS = 50, 3_000
_SPLITTING = (",", "+", " and ", " or ", "(", "[", ".", " if ")


class Style:
    """The settings of `[tool.black]`; keys that do not shape text (`exclude`, `include` …) say nothing here."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        self._settings = {key.replace("_", "-"): value for key, value in settings.items()}
        self._mode: Any = None
        length = self._settings.get("line-length")
        self.line_length = length if isinstance(length, int) and length > 0 else _DEFAULT_LENGTH

    def formatted(self, text: str) -> str:
        """The text as black writes it; as it is when this black can't read it (syntax newer than black is), or would take
        minutes for it.
        """
        if any(map(_is_endless, text.split("\n"))):
            return text
        import black
        from black.parsing import InvalidInput

        try:
            return black.format_str(text, mode=self._black_mode())
        except (InvalidInput, ValueError, RecursionError):
            return text

    def import_line(self, text: str) -> str:
        """One import statement without its line end, over several lines when it is too long for one."""
        return text if len(text) <= self.line_length else self.formatted(text + "\n").rstrip("\n")

    def statements(self, text: str) -> str:
        """Short statements without their last line end: as they are when every line fits, else as black writes them."""
        fits = all(len(line) <= self.line_length for line in text.split("\n"))
        return text if fits else self.formatted(text + "\n").rstrip("\n")

    def _black_mode(self) -> Any:
        if self._mode is None:
            import black
            from black.mode import TargetVersion

            known = {version.name.lower(): version for version in TargetVersion}
            targets = self._settings.get("target-version", ())
            names = targets if isinstance(targets, list | tuple) else [targets]
            self._mode = black.Mode(
                target_versions={known[str(name).lower()] for name in names if str(name).lower() in known},
                line_length=self.line_length,
                string_normalization=not self._settings.get("skip-string-normalization", False),
                magic_trailing_comma=not self._settings.get("skip-magic-trailing-comma", False),
                preview=bool(self._settings.get("preview", False)),
                unstable=bool(self._settings.get("unstable", False)),
            )
        return self._mode


def _is_endless(line: str) -> bool:
    if line.count(" = ") > _MOST_TARGETS:
        return True
    return len(line) > _MOST_SPLITS and sum(map(line.count, _SPLITTING)) > _MOST_SPLITS
