"""The same input gives the same bytes, however, wherever and whenever a site is built.

`ways` is the table of what may differ between two builds; `site` makes the site that is built and
builds it in one of these ways. `python -m tests.same_bytes` tries them all, one at a time.
"""
