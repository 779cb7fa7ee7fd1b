"""`bibpress import`: new papers for a site, from files, arXiv ids, DOIs and addresses."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from generator import edit
from generator.cli.asking import asking, say_problems, services
from generator.cli.ending import errors_said
from generator.cli.saying import counted, in_a_line
from generator.cli.surroundings import today
from generator.errors import UsageError
from generator.intake import (
    Addition,
    Brought,
    Thing,
    addition,
    brought,
    collected,
    contents,
    save,
    thing,
)
from generator.load import own_extensions
from generator.owner import is_site


@click.command("import", short_help="Add papers: files, arXiv ids, DOIs, addresses.")
@click.argument("names", nargs=-1, required=True, metavar="THING...")
@click.option(
    "--into",
    default="content/imported.bib",
    metavar="FILE",
    help="The .bib file in content/ that they are put into; by default content/imported.bib.",
)
@click.option(
    "--site",
    default=".",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The site folder; by default the current one.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be added, and write nothing.")
@asking
def import_command(
    names: tuple[str, ...],
    into: str,
    site: Path,
    dry_run: bool,
    mailto: str,
    refresh: bool,
    bases: tuple[str, ...],
) -> None:
    """Add papers to a site, as entries of BibTeX in its content/.

    A THING is a file that bibpress reads (.bib, .ris, CSL-JSON, MODS or EndNote's XML, .csv, .txt),
    an arXiv id, a DOI, or the address of a paper's page. A paper that the site has already is said
    to be there and not added again; nothing that is there is changed.

    \b
    Examples:
      bibpress import 2001.01234 10.1000/182
      bibpress import https://arxiv.org/abs/hep-th/9901001
      bibpress import zotero.ris --into content/zotero.bib
    """
    with errors_said(False, time.monotonic()):
        target = _target(site, into)
        things = list(dict.fromkeys(map(thing, names)))
        own = own_extensions([site]).readers
        collection = collected(site, today(), own)
        _refuse_own(things, {path.resolve() for path in collection.paths.values()})
        asked = services(site, mailto, refresh, bases, hopeful=True)
        found = brought(things, asked, own)
        say_problems([problem for each in found for problem in each.problems])
        before = contents(target)
        added = addition(collection, found, before)
        after = edit.spliced(before, added.splices)
        if dry_run:
            for line in edit.diff(into, before, added.splices):
                click.echo(in_a_line(line))
        elif after != before:
            save(target, before, after)
        _say(added, found, into, dry_run)
        if any(not each.records for each in found):
            sys.exit(1)


def _target(site: Path, into: str) -> Path:
    """The file that is added to; UsageError where it is no .bib in the content/ of a site."""
    if not is_site(site):
        raise UsageError(
            f"{site} is no site: it has neither bibpress.toml nor content/; "
            "bibpress init makes one, --site names another folder"
        )
    target, content = (site / into).resolve(), (site / "content").resolve()
    if target.suffix.casefold() != ".bib" or not target.is_relative_to(content):
        raise UsageError(f"--into {into}: name a .bib file in content/, as content/imported.bib")
    if any(part.startswith(".") for part in target.relative_to(content).parts):
        raise UsageError(f"--into {into}: what begins with a dot is never read")
    return target


def _refuse_own(things: Sequence[Thing], paths: set[Path]) -> None:
    for each in things:
        if each.kind == "file" and Path(each.id).resolve() in paths:
            raise UsageError(
                f"{each.said} is in content/ already, and read as it is; to have its papers as "
                "BibTeX, move it elsewhere and import it from there"
            )


def _say(added: Addition, found: Sequence[Brought], into: str, dry_run: bool) -> None:
    """A line a paper, and how many there were."""
    for each in added.found:
        paper = each.paper
        if each.where:
            said = f"already here: papers/{paper.id}, {each.where} ({each.said})"
        else:
            said = f"{'new' if dry_run else 'added'}: {paper.key}: {paper.title}"
        click.echo(in_a_line(said), err=dry_run)
    new = sum(not each.where for each in added.found)
    verb = "would be added" if dry_run else "added"
    empty = [each.unasked for each in found if not each.records]
    others = (
        (len(added.found) - new, "already here"),
        (empty.count(False), "not found"),
        (empty.count(True), "could not be asked for"),
    )
    rest = "".join(f", {count:,} {what}" for count, what in others if count)
    click.echo(f"{counted(new, 'paper')} {verb} to {into}{rest}", err=dry_run)
