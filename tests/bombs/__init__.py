"""Input that is made to take for ever: bombs, regular expressions, functions of text.

`python -m tests.bombs` runs all of it at full length; `tests/test_bombs.py` a short version.
"""
