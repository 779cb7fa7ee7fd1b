"""Inputs that nobody would write: valid files, edited until they are hardly any.

`edits` changes an input, `targets` says what has to hold whatever the input, `found` keeps what
once did not. `tests/test_fuzz.py` does it a few hundred times; `python -m tests.fuzz --count N`
as often as one likes.
"""
