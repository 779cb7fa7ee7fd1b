"""What can go so wrong that a build stops.

    BibpressError          said to the user as one line; exit status 1
    ├── UsageError         the command was called wrongly; exit status 2
    ├── ConfigError        a configuration file says something we do not understand; status 2
    ├── RefusedError       the data does not allow publishing (`generator.build`, with its report)
    └── PublishError       the output folder could not be written or exchanged

Trouble in the data is no exception: it is a `generator.model.Problem`, and the build goes on.
"""

from __future__ import annotations


class BibpressError(Exception):
    """The user's input or machine does not allow this; the message says what to do."""

    exit_status = 1


class UsageError(BibpressError):
    """The command was called with something it does not accept."""

    exit_status = 2


class ConfigError(BibpressError):
    """A configuration file could not be read or holds a setting nobody knows."""

    exit_status = 2


class PublishError(BibpressError):
    """The site could not be put in its place; what was published before is untouched."""
