"""nb2mod moves code that notebooks repeat into the team's package. The version lives here; nothing else does."""

__version__ = "0.1.0"
