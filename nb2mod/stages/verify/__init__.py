"""STAGE: shows that notebooks still do what they did, and repairs nothing.

proof    by syntax, from the bytes of a ChangeSet alone; runs nothing
running  by running: old, old again, new, each in a fresh kernel on a scratch copy of the project
comparing  what differs between such runs, but for what differs between the two old ones; pure
replay   by calling: what the old notebook passed to a definition is passed to the old and the new one
"""
