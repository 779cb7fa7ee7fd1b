"""Harm done to the real command while it builds a small site, and what holds all the same.

`python -m tests.faults` does it at full length; `tests/test_faults.py` a little of each kind.
"""
