"""LIBRARY: a Report as text, JSON, editor lines or a diff. One file per format; nothing here reads or writes a file."""
