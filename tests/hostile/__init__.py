"""Hostile strings in every field of every source, and what must hold of the site made of them.

The strings lie in `lists/`, a file a kind, one a line: a new one is a new line. `python -m
tests.hostile` tries all of them everywhere; `tests/test_hostile.py` tries some in each build.
"""
