"""`bibpress check`: what a librarian would say of the collection."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import click

from generator import api, check, disk, output, owner, place, sources, weight
from generator.cache import Cache
from generator.check import Finding, mend
from generator.cli.ending import errors_said
from generator.cli.progress import teller
from generator.cli.saying import counted, in_a_line, say_json
from generator.cli.surroundings import (
    STANDARD_INPUT,
    Sources,
    default_target,
    existing,
    target_option,
    today,
)
from generator.errors import BibpressError, UsageError
from generator.library import Library
from generator.load import Means, Order, RefusedError, load, own_extensions
from generator.model import Problem, Where
from generator.plan import findings, remarked

# How many findings of one rule are spelled out, where nobody asks for that rule.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, by file and line, and in how many papers; `folder` is where files lie."""

    found: tuple[Finding, ...]
    papers: int
    folder: Path
    only: Sequence[str] = ()

    def count(self, severity: str) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity == severity for finding in self.found)

    @property
    def shown(self) -> Iterator[Finding]:
        """The findings that are spelled out: of a rule with many, the first."""
        seen: Counter[str] = Counter()
        for finding in self.found:
            seen[finding.rule] += 1
            if self.only or seen[finding.rule] <= SHOWN:
                yield finding


@click.command("check", short_help="Say what is wrong, odd or missing in your papers.")
@Sources
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are written: for people, as one JSON object, as annotations of GitHub.",
)
@click.option(
    "--rule", "only", multiple=True, metavar="NAME", help="Only what this rule finds; all of it."
)
@click.option("--strict", is_flag=True, help="End with 1 at a warning, too.")
@click.option(
    "--fix", is_flag=True, help="First put right in your .bib files what is safe, and say what."
)
@target_option(
    "Where the site was published, to see what would vanish; by default as build has it."
)
def check_command(
    source: tuple[Path, ...],
    form: str,
    only: tuple[str, ...],
    strict: bool,
    fix: bool,
    target: Path | None,
) -> None:
    """Say what is wrong, odd or missing in SOURCE, each with its place, its rule and what to do.

    Ends with 0 when nothing is an error (with --strict: nor a warning), else with 1. [check] in
    bibpress.toml says how grave each rule is. Nothing is written, but for --fix.

    \b
    Examples:
      bibpress check
      bibpress check refs.bib --rule missing-doi
      bibpress check --fix
      bibpress check --format github --strict
    """
    with errors_said(False, time.monotonic()):
        _check_rules(only)
        if fix and STANDARD_INPUT in source:
            raise UsageError("--fix changes files: name one instead of -")
        named = existing(source)
        fixed = list(_fixed(named)) if fix else []
        if form == "text":
            for line in fixed:
                click.echo(f"fixed {in_a_line(line)}")
        checked = _checked(named, target or default_target(named), only)
        _SAID[form](checked, fixed)
        sys.exit(1 if checked.count("error") or (strict and checked.count("warning")) else 0)


def _check_rules(names: Iterable[str]) -> None:
    """Raise UsageError at the first rule that there is none of."""
    for name in names:
        if name not in check.RULES:
            near = get_close_matches(name, check.RULES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(check.RULES)}"
            raise UsageError(f"there is no rule {name}; {hint}")


# --- looking ------------------------------------------------------------------------------------


def _checked(named: Sequence[Path], target: Path, only: Sequence[str]) -> Checked:
    """What the rules find in sources, and in the site that was published from them.

    What the last build remembered is used, and left as it is.
    """
    where = place.Place(target)
    order = Order(tuple(named), target, today())
    own = own_extensions(order.sources)
    memory = Cache(where.work / "cache", own.stamped(output.stamp()))
    folder = named[0] if len(named) == 1 and named[0].is_dir() else Path()
    tell = teller()
    try:
        loaded = remarked(load(order, Means(memory, progress=tell, extensions=own)))
    except RefusedError as refused:
        nothing = Problem(Where(str(folder)), str(refused), "error", "no-papers")
        subject = check.Subject(Library(()), (*refused.report.problems, nothing))
        return Checked(check.findings(subject, check.severities({})), 0, folder, only)
    finally:
        tell.end()
    sizes = _sizes(where.target)
    further = [
        *_about_files(named),
        *_about_site(where.target.name, sizes, loaded.library),
        *(owner.lost_ledger(order.sources, where.target) if sizes else ()),
    ]
    keys = api.published_keys(where.target) if sizes else {}
    found = findings(loaded, order.today, further, tuple(sizes), keys)
    wanted = tuple(finding for finding in found if not only or finding.rule in only)
    return Checked(wanted, len(loaded.library.papers), folder, only)


def _about_files(named: Sequence[Path]) -> Iterator[Problem]:
    """What is to be said of the sources as files: how they are written, how large they are."""
    for file in sources.find(named):
        try:
            size = file.path.stat().st_size
            if file.format == "bib" and size <= sources.LARGEST:
                text = disk.contents(file.path).decode("utf-8-sig")
                yield from mend.problems(file.name, text)
        except (OSError, UnicodeDecodeError):
            continue  # its reader has said so
        if size > weight.NEAR * weight.FILE_LIMIT:
            said = f"has {size / 1e6:,.0f} MB, and GitHub takes no file over 100 MB"
            yield Problem(Where(file.name), said, "warning", "host-limit")


def _about_site(name: str, sizes: Mapping[str, int], library: Library) -> Iterator[Problem]:
    """What is to be said of how large the published site is."""
    for warning in weight.of(sizes, library).warnings:
        yield Problem(Where(name), warning, "warning", "host-limit")


def _sizes(target: Path) -> dict[str, int]:
    """The files of a published site with their sizes; none where there is no such site."""
    try:
        if not place.is_published(target):
            return {}
        files = disk.files_below(target)
        return {file.relative_to(target).as_posix(): file.stat().st_size for file in files}
    except OSError:
        return {}


# --- putting right ------------------------------------------------------------------------------


def _fixed(named: Sequence[Path]) -> Iterator[str]:
    """Make the safe edits in all .bib files, and say each as a line.

    BibpressError for a file that is a link or not UTF-8, or changes meanwhile; those before it are
    done by then.
    """
    for link in filter(Path.is_symlink, named):
        raise UsageError(f"{link} is a link, and --fix writes through none: name what it leads to")
    for file in sources.find(named):
        if file.format != "bib":
            continue
        try:
            before = disk.contents(file.path)
            after, settled = mend.mended(file.name, before)
            if settled:
                owner.edit(file.path, before, after)
        except OSError as error:
            raise BibpressError(f"{file.name}: {error.strerror or error}") from error
        for remark in settled:
            yield f"{file.name}:{remark.line}: {remark.message} [{remark.rule}]"


# --- saying -------------------------------------------------------------------------------------


def _as_text(checked: Checked, fixed: Sequence[str]) -> None:
    """Findings as lines, a paragraph a file; then what each rule wants, and the sum."""
    del fixed  # said as it was done
    last = ""
    for finding in checked.shown:
        if last and finding.where.file != last:
            click.echo("")
        last = finding.where.file
        said = f"{finding.where}: {finding.severity}: {finding.message} [{finding.rule}]"
        click.echo(in_a_line(said))
    for name, count in check.counted(checked.found).items():
        click.echo("")
        rule, more = check.RULES[name], count > SHOWN and not checked.only
        click.echo(f"{name}: {count:,}. {rule.about}")
        click.echo(f"  {rule.todo}")
        if more:
            click.echo(f"  Above are the first {SHOWN}; bibpress check --rule {name} shows all.")
    sums = [counted(checked.count(each), each) for each in ("error", "warning", "note")]
    click.echo("")
    click.echo(f"{counted(checked.papers, 'paper')}: {', '.join(sums)}")


def _as_json(checked: Checked, fixed: Sequence[str]) -> None:
    """One object with all findings."""
    shown = [
        {
            "file": finding.where.file,
            "line": finding.where.line,
            "severity": finding.severity,
            "rule": finding.rule,
            "message": finding.message,
            "todo": finding.todo,
            "paper": finding.paper,
        }
        for finding in checked.found
    ]
    counts = dict(check.counted(checked.found))
    whole = {"papers": checked.papers, "findings": shown, "rules": counts, "fixed": list(fixed)}
    say_json(json.dumps(whole, ensure_ascii=False))


def _as_github(checked: Checked, fixed: Sequence[str]) -> None:
    """Annotations, the gravest first, since GitHub shows ten of each kind; then the sum."""
    del fixed
    for finding in sorted(checked.shown, key=lambda each: -check.LEVELS.index(each.severity)):
        file = (checked.folder / finding.where.file).as_posix()
        line = f",line={finding.where.line}" if finding.where.line else ""
        said = f"{finding.message} ({finding.todo})"
        click.echo(
            f"::{_COMMANDS[finding.severity]} file={_property(file)}{line},"
            f"title={_property(finding.rule)}::{_escaped(in_a_line(said))}"
        )
    for name, count in check.counted(checked.found).items():
        click.echo(f"{name}: {count:,}")


_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def _escaped(said: str) -> str:
    """A message as GitHub's workflow commands want it: a per cent sign begins a code."""
    return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    """A value before the message, where colons and commas part."""
    return _escaped(said).replace(":", "%3A").replace(",", "%2C")


_SAID: Mapping[str, Callable[[Checked, Sequence[str]], None]] = {
    "text": _as_text,
    "json": _as_json,
    "github": _as_github,
}
