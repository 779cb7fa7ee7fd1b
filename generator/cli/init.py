"""`bibpress init`: begin a site, and say what to do next."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import click

from generator import __version__, start
from generator.cli.ending import errors_said
from generator.cli.surroundings import command, installed_from


@click.command("init", short_help="Begin a site: settings, examples, workflows.")
@click.argument("names", nargs=-1, metavar="[DIR] [FILE]...", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "given",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="SOURCE",
    help="A file or a folder of papers to put in; may be said again.",
)
def init_command(names: tuple[Path, ...], given: tuple[Path, ...]) -> None:
    """Begin a site in DIR, by default the current folder: settings, examples, workflows.

    Puts in the FILEs that are named, or else the .bib files of DIR, or else an example of each kind
    of content; and what GitHub Pages and GitLab Pages need to publish on every push. Files that are
    there already are kept.

    \b
    Examples:
      bibpress init my-papers
      bibpress init my-papers refs.bib
      bibpress init --from refs.bib
    """
    with errors_said(False, time.monotonic()):
        folder, files = start.parted(names)
        origin = installed_from()
        asked = start.requirement(__version__, origin)
        begun = start.begin(folder, (*given, *files), asked)
        say_begun(begun, command(), is_local=bool(origin) and "://" not in asked)


def say_begun(begun: start.Begun, command: str, is_local: bool) -> None:
    """What is in the new site, what else is to be done, and the next three commands.

    `is_local`: this bibpress is from a folder or file of this machine, where no workflow finds it.
    """
    for name in begun.made:
        click.echo(f"made {begun.folder / name}")
    if begun.kept:
        click.echo(f"kept what was there: {', '.join(begun.kept)}")
    for path, name in begun.given.items():
        if name in begun.made:
            click.echo(f"{begun.folder / name} is a copy of {path.name}: edit the copy from now on")
    for note in _notes(begun, is_local):
        click.echo(f"note: {note}", err=True)
    guide = "README.md" if "README.md" in begun.made else ".github/workflows/publish.yml"
    click.echo(f"\nNext ({guide} says how the site is published):")
    for line in _next(begun, command):
        click.echo(f"  {line}")


def _notes(begun: start.Begun, is_local: bool) -> Iterator[str]:
    if is_local and begun.workflows:
        yield (
            f"this bibpress was installed from this machine; {' and '.join(begun.workflows)} "
            f"ask pip for version {__version__}: say there after BIBPRESS where else they get it"
        )
    if begun.unignored:
        yield f"{begun.folder / '.gitignore'} lacks these lines: {'  '.join(begun.unignored)}"
    if begun.repository and begun.repository != begun.folder.resolve():
        yield (
            f"{begun.folder} is part of the repository {begun.repository}; "
            "GitHub and GitLab look for workflows at its root only"
        )


def _next(begun: start.Begun, command: str) -> tuple[str, ...]:
    """Three lines for a shell: build the site, and put the folder into a repository."""
    enter = (
        () if begun.folder.resolve() == Path.cwd() else (f"cd {shlex.quote(str(begun.folder))}",)
    )
    found = () if begun.repository else ("git init -b main",)
    lines = (*enter, f"{command} build", *found, "git add --all", 'git commit -m "A bibliography"')
    return (*lines[:2], " && ".join(lines[2:]))
