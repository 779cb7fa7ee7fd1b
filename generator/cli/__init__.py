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


class _InOrder(click.Group):
    """Lists its commands as they were added: in the order in which somebody comes to need them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bibpress")
def main() -> None:
    """Turn piles of paper abstracts into a linked, searchable, citable static site.

    \b
    Examples:
      bibpress build refs.bib -o site     makes a site at once; open site/index.html
      bibpress init my-papers refs.bib    begins one to keep and to publish
      bibpress build --help               says more, as --help does of every command
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a locale may lack letters that a title has
            stream.reconfigure(errors="backslashreplace")


for each in (
    init_command,
    build_command,
    serve_command,
    check_command,
    import_command,
    enrich_command,
    export_command,
    search_command,
    forget_command,
):
    main.add_command(each)
