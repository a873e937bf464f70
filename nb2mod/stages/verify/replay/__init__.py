"""Calls recorded while the old notebook ran, passed to the old and to the new definition in one process."""
