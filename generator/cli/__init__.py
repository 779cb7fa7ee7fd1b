"""The command: the only place that prints, and that reads the clock and the environment.

A module a command, and what they share: how they find their surroundings, tell of long work, say
things and end.
"""

from __future__ import annotations

import io
import sys

import click

from generator import __version__
from generator.cli.build import build_command
from generator.cli.check import check_command
from generator.cli.enrich import enrich_command
from generator.cli.export import export_command
from generator.cli.forget import forget_command
from generator.cli.import_ import import_command
from generator.cli.init import init_command
from generator.cli.search import search_command
from generator.cli.serve import serve_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bibpress")
def main() -> None:
    """Turn piles of paper abstracts into a linked, searchable, citable static site.

    \b
    Example:
      bibpress build refs.bib -o site     then open site/index.html
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a locale may lack letters that a title has
            stream.reconfigure(errors="backslashreplace")


for each in (
    build_command,
    check_command,
    search_command,
    export_command,
    forget_command,
    init_command,
    serve_command,
    import_command,
    enrich_command,
):
    main.add_command(each)
