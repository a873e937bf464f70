"""DOOR: the command line. One command, one file; `app.py` puts them together, `errors.py` turns trouble into exit statuses."""
