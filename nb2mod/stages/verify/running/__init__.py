"""Runs notebooks before and after a change, each in a fresh kernel on a scratch copy of the project; compares what they gave."""
