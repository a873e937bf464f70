"""Comment lines that instruct a tool about the line or cell they stand in. They stay there; knows no metadata."""

import re

_DIRECTIVE = re.compile(
    r"""[ \t]*\#(?:
        [ ]?\|                                              # Quarto and nbdev: #| export, #| echo: false
      | [ ]?%%                                              # cell borders of text formats
      | [ ]?(?:\+|-|<codecell>|<markdowncell>|In\[[\d ]*\]:)[ \t]*(?:\{.*\})?$  # those of jupytext light and nbconvert
      | [ ]?@(?:title|param|markdown)\b                     # Colab forms
      | [ ]*(?:(?i:noqa)\b|type:|mypy:|pyright:|pylint:|pragma:|flake8:|ruff:|isort:|fmt:|yapf:|nosec|nb2mod:)
      | [ ]?(?:export(?:i|s|_and_show)?|hide(?:_input|_output)?)[ \t]*$   # nbdev before its second version
      | (?:default_exp|export[is]?)[ \t]+[\w.]+[ \t]*$
    )""",
    re.VERBOSE,
)


def is_directive(line: str) -> bool:
    """Whether the line is a comment for a tool (`#|`, `# %%`, `#@title`, `# noqa`, `# type:`, nbdev's `#export` …).

    Such a line does not travel with the definition it stands above. A comment after code is no directive line.
    """
    return _DIRECTIVE.match(line) is not None
