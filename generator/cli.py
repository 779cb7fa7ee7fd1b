"""The command: the only place that prints, and that reads the clock and the environment."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import IO, NoReturn

import click

from generator import __version__, start, styles, text
from generator.build import Means, Order, RefusedError, Report, build, load, search_documents
from generator.cite import EXPORTERS, item
from generator.errors import BibpressError, UsageError
from generator.model import Group, Paper
from generator.place import MARK
from generator.search import documents_json
from generator.search.ask import EVERYTHING, Answer, Narrow, Sort, answer, plain
from generator.search.read import Hit, Index
from generator.sources import piped_name

# What stands for standard input among the sources.
STANDARD_INPUT = Path("-")

# How many problems are spelled out on a terminal; all of them are in --json and on the site.
SHOWN = 20

# And how many notes, which ask for nothing: so that one does not look for the only one.
SHOWN_NOTES = 3
# How many pages a slip of the hand may have meant: more are no help.
SHOWN_PAGES = 5
# How many kinds of files the summary names, those with most bytes.
HEAVIEST = 4

Sources = click.argument("source", nargs=-1, type=click.Path(path_type=Path))


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


@main.command("build")
@Sources
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the site goes; by default _site in the source folder.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    default=None,
    help="How many processes make pages; by default one a core.",
)
@click.option(
    "--executor",
    callback=lambda _context, _option, kind: executor_kind(kind),
    metavar="inline|process|dask=ADDRESS",
    default="process",
    help="Where pages are made: in this process, in several, or on a Dask cluster.",
)
@click.option(
    "--site-url",
    default="",
    metavar="URL",
    help="The address the site will have; full addresses are written where they help.",
)
@click.option("--strict", is_flag=True, help="Publish nothing when there is an error or a warning.")
@click.option(
    "--zip",
    "archive",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also pack the site into one archive.",
)
@click.option("--profile", is_flag=True, help="Say where the time went.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def build_command(
    source: tuple[Path, ...],
    target: Path | None,
    jobs: int | None,
    executor: str,
    site_url: str,
    strict: bool,
    archive: Path | None,
    profile: bool,
    as_json: bool,
) -> None:
    """Build the site of SOURCE: a site folder, a folder of files, or files.

    Reads .bib, .ris, CSL-JSON, MODS and EndNote's XML, tables (.csv, .tsv), .txt and .md; by
    default the current folder. A lone - is standard input, whose format is told by what it says.
    What could not be read is reported, and shown on the site's pages of sources.

    \b
    Examples:
      bibpress build
      bibpress build refs.bib zotero.ris notes/ -o site
      cat refs.bib | bibpress build - -o site
      bibpress build --site-url https://example.org/papers/ --strict
    """
    started = time.monotonic()
    with errors_said(as_json, started):
        order = Order(
            sources=existing(source),
            target=target or default_target(source),
            today=today(),
            site_url=site_url,
            strict=strict,
            jobs=jobs or cores(),
            executor=executor,
            archive=archive,
        )
        tell = teller()
        try:
            report = build(order, tell)
        finally:
            tell.end()
        ended = time.monotonic()
        if profile:
            for line in tell.profile(started, ended):
                click.echo(line, err=True)
        say(report, order.target, as_json, ended - started)


@main.command("search")
@click.argument("query", required=False)
@click.argument("site", type=click.Path(path_type=Path), required=False)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", default=10, help="How many are shown; else 10."
)
@click.option("--tag", "tags", multiple=True, metavar="SLUG", help="Only papers of this topic.")
@click.option("--author", "authors", multiple=True, metavar="SLUG", help="Only by this author.")
@click.option("--venue", "venues", multiple=True, metavar="SLUG", help="Only of this venue.")
@click.option("--year", "years", default="", metavar="YEARS", help="As 2019 or 2019..2021.")
@click.option("--sort", type=click.Choice(["relevance", "year", "title"]), default="relevance")
@click.option("--plain", "is_plain", is_flag=True, help="QUERY is in the language of Lunr.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array on standard output.")
@click.option(
    "--documents",
    is_flag=True,
    help="Print every document of the one folder or file named as it is indexed, as JSON.",
)
def search_command(
    query: str | None,
    site: Path | None,
    limit: int,
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    venues: tuple[str, ...],
    years: str,
    sort: Sort,
    is_plain: bool,
    as_json: bool,
    documents: bool,
) -> None:
    """Search the built SITE, as its search page does.

    SITE is a published folder or the folder that it was built from; by default the current one.
    A SLUG is the name of a page, as pruning is of tags/pruning.html; several narrow further.
    A QUERY that begins with a minus goes after --.

    \b
    Examples:
      bibpress search "graph neural networks"
      bibpress search 'author:"ada smith" year:2019..' site --limit 3
      bibpress search pruning --tag model-compression --sort year
      bibpress search "+graph -neural title:deep^2" --plain --json
      bibpress search --documents . > documents.json
    """
    with errors_said(False, time.monotonic()):
        if documents:
            say_documents(query, site)
            return
        if query is None:
            raise UsageError('say what to search for: bibpress search "graph neural networks"')
        index = Index(published(site or Path()))
        narrow = Narrow(tags, authors, venues, years)
        if is_plain and (narrow != EVERYTHING or sort != "relevance"):
            raise UsageError("--plain is Lunr's own answer, which cannot be narrowed or sorted")
        found = plain(index, query) if is_plain else answer(index, query, narrow, sort)
        hits = index.hits(found.papers[:limit])
        if as_json:
            scores = (found.scores[paper] for paper in found.papers)
            shown = [_hit_json(hit, score) for hit, score in zip(hits, scores, strict=False)]
            say_json(json.dumps(shown, ensure_ascii=False))
        else:
            say_hits(query, found, hits)


@main.command("export")
@Sources
@click.option(
    "--format",
    "name",
    type=click.Choice(sorted(EXPORTERS)),
    help="How they are written: for BibTeX (the default), others (csl, ris), or as lines of text.",
)
@click.option(
    "--style",
    default="",
    metavar="STYLE",
    help="As text in any style of CSL: a .csl file, or its name, as chicago-author-date.",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.File("wb", lazy=True),
    default="-",
    metavar="FILE",
    help="Where to; by default standard output.",
)
@click.option("--tag", "tags", multiple=True, metavar="SLUG", help="Only papers of this topic.")
@click.option("--author", "authors", multiple=True, metavar="SLUG", help="Only by this author.")
@click.option("--venue", "venues", multiple=True, metavar="SLUG", help="Only of this venue.")
@click.option(
    "--year", "years", default="", metavar="YEARS", help="As 2020, 2019-2021, 2020-, or undated."
)
@click.option("--abstracts", is_flag=True, help="With abstracts, in formats that have them.")
def export_command(
    source: tuple[Path, ...],
    name: str | None,
    style: str,
    target: IO[bytes],
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    venues: tuple[str, ...],
    years: str,
    abstracts: bool,
) -> None:
    """Write the papers of SOURCE in a format of others, in the order of all lists.

    A SLUG is the name of a page, as pruning is of tags/pruning.html; several narrow further. Styles
    of CSL need an optional extra, and order the papers as they like: pip install "bibpress[csl]".

    \b
    Examples:
      bibpress export refs.bib --format ris -o refs.ris
      bibpress export --tag pruning --year 2019-2021 --format apa
      bibpress export --style chicago-author-date -o references.txt
      bibpress export --format csl --abstracts > papers.json
    """
    with errors_said(False, time.monotonic()):
        sources = existing(source)
        _check_target(Path(target.name), sources)
        if style and name:
            raise UsageError("--style is a format of its own: leave --format out")
        read_style = styles.read(style) if style else None
        first, last = span_of_years(years)
        tell = teller()
        try:
            loaded = load(Order(sources, default_target(sources), today()), Means(progress=tell))
        finally:
            tell.end()
        show_problems(loaded.report)
        asked = {"tags": tags, "authors": authors, "venues": venues}
        wanted = {kind: _known(slugs, loaded.library.groups[kind]) for kind, slugs in asked.items()}
        found = loaded.library.within(wanted)
        papers = [paper for paper in found if first <= (paper.year or 0) <= last]
        if found and not papers:
            raise UsageError(f"no paper is of {years}: {_years_of(found)}")
        export = EXPORTERS[name or "bibtex"].export
        written = (
            styles.formatted(list(map(item, papers)), read_style)
            if style
            else export(papers, abstracts=abstracts)
        )
        target.write(written.encode())


@main.command("init")
@click.argument("names", nargs=-1, metavar="[DIR] [FILE]...", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "given",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="SOURCE",
    help="A file or a folder of papers to put in, in place of the examples.",
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


# --- reading the surroundings -------------------------------------------------------------------


def existing(sources: Sequence[Path]) -> tuple[Path, ...]:
    """The sources, the current folder when none is named; UsageError for one that is not there.

    What stands for standard input (`-`) becomes a file.
    """
    for source in sources:
        if source != STANDARD_INPUT and not source.exists():
            raise UsageError(f"{source}: no such file or folder")
    named = [source for source in sources if source != STANDARD_INPUT]
    piped = [standard_input()] if len(named) < len(sources) else []
    return (*named, *piped) or (Path(),)


def standard_input() -> Path:
    """What comes in by standard input, as a file that is there for as long as the command runs.

    A build asks for its sources more than once, and standard input can be read but once. The file
    has a name that stays, so that messages, pages and their addresses do. UsageError for a
    terminal, where nothing would come in.
    """
    if sys.stdin.isatty():
        raise UsageError("- is standard input: cat refs.bib | bibpress build -")
    data = sys.stdin.buffer.read()
    folder = tempfile.TemporaryDirectory(prefix="bibpress-", ignore_cleanup_errors=True)
    path = Path(click.get_current_context().with_resource(folder)) / piped_name(data)
    with path.open("wb") as file:
        file.write(data)
    return path


def span_of_years(said: str) -> tuple[int, int]:
    """The first and the last year of what --year says; 0 stands for papers without a year.

    UsageError for what is neither a year nor a span of years.
    """
    if said in ("", "undated"):
        return (0, 0) if said else (0, _NEVER)
    found = _YEARS.fullmatch(said)
    if not found or not (found["first"] or found["last"]):
        raise UsageError(f"--year {said}: say 2020, 2019-2021, 2020-, -2019 or undated")
    last = found["last"] if found["between"] else found["first"]
    return int(found["first"] or 1), int(last or _NEVER)


_NEVER = 10_000
_YEARS = re.compile(r"(?P<first>[0-9]{1,4})?(?:(?P<between>-|–|\.\.)(?P<last>[0-9]{1,4})?)?")


def _years_of(papers: Sequence[Paper]) -> str:
    years = [paper.year for paper in papers if paper.year]
    return f"those there are go from {min(years)} to {max(years)}" if years else "none has a year"


def _known(asked: Sequence[str], groups: Mapping[str, Group]) -> Sequence[str]:
    """The names of pages that are asked for; what names a thing itself is its page's name.

    UsageError where only a part of a page's name is given, with the pages that it is a part of.
    """
    known = [slug if slug in groups else text.slug(slug) for slug in asked]
    for slug in known:
        near = [] if slug in groups or not slug else [name for name in groups if slug in name]
        near.sort(key=lambda name: -len(groups[name].papers))
        if near:
            more = f" or {_counted(len(near) - SHOWN_PAGES, 'other')}" if near[SHOWN_PAGES:] else ""
            shown = ", ".join(near[:SHOWN_PAGES])
            raise UsageError(f"there is no page {slug}; did you mean {shown}{more}?")
    return known


def _check_target(target: Path, sources: Sequence[Path]) -> None:
    """Raises UsageError for a file that cannot be made, or that would replace a source."""
    if target.resolve() in {path.resolve() for path in sources}:
        raise UsageError(f"{target} is a source: export to another file")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent}: no such folder; make it first")
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file in it")


def published(site: Path) -> Path:
    """The folder of a built site: the one named, or the `_site` that a build makes of it."""
    if not site.exists():
        raise UsageError(f"{site}: no such file or folder; put a query of several words in quotes")
    for folder in (site, default_target((site,))):
        if (folder / MARK).is_file() or (folder / "search" / "head").is_dir():
            return folder
    raise BibpressError(
        f"no built site in {site}: run bibpress build first, or name the folder it was built into"
    )


def executor_kind(kind: str) -> str:
    """What --executor says; click.BadParameter for what is no executor."""
    if kind in ("inline", "process") or re.fullmatch(r"dask=[a-z]+://\S+", kind):
        return kind
    raise click.BadParameter(f"{kind!r} is neither inline nor process nor dask=tcp://HOST:PORT")


def default_target(sources: Sequence[Path]) -> Path:
    """`_site` in the one folder named; for files or several sources, in the current folder."""
    folders = [source for source in sources if source.is_dir()]
    inside = folders[0] if len(folders) == len(sources) == 1 else Path()
    return inside / "_site"


def installed_from() -> str | None:
    """What pip recorded of where it has this bibpress from, if that is no index (PEP 610)."""
    try:
        return metadata.distribution("bibpress").read_text("direct_url.json")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return None


def command() -> str:
    """How this command is called from anywhere: by its name, or by its path where PATH lacks it."""
    beside = Path(sys.executable).with_name("bibpress")
    known = shutil.which("bibpress") or not beside.exists()
    return "bibpress" if known else shlex.quote(str(beside.absolute()))


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def today() -> str:
    """The day for the ledger: SOURCE_DATE_EPOCH where it is set, else the clock's, in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        seconds = float(epoch) if epoch else time.time()
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch} is no time: {error}") from error


# --- saying -------------------------------------------------------------------------------------


@dataclass
class Teller:
    """Tells of long work as it goes on, and afterwards where the time went.

    On a terminal a bar a stage, with how many a second and the time left; else a line a stage.
    """

    show: Callable[[str, int, int, float], bool]
    """Says how far a stage is (done, total, seconds so far); whether the line is still open."""
    stages: list[tuple[str, float]] = field(default_factory=list)
    is_open: bool = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` (0 where that is not known) of a stage are done."""
        now = time.monotonic()
        if not self.stages or self.stages[-1][0] != stage:
            self.stages.append((stage, now))
        with suppress(BrokenPipeError):  # nobody looks any longer: no reason not to build
            self.is_open = self.show(stage, done, total, now - self.stages[-1][1])

    def end(self) -> None:
        """End a line that is still open: what follows is something else."""
        if self.is_open:
            self.is_open = False
            with suppress(BrokenPipeError):
                click.echo(err=True)

    def profile(self, started: float, ended: float) -> Iterator[str]:
        """Where the time went: a line a stage, with its seconds and its part of the whole."""
        begun = [("beginning", started), *self.stages, ("", ended)]
        for (stage, begin), (_, end) in pairwise(begun):
            part = (end - begin) / (ended - started) if ended > started else 0.0
            yield f"{stage:<24} {end - begin:8.2f} s {part:6.1%}"


def teller() -> Teller:
    """What tells of long work here."""
    return Teller(_bar() if sys.stderr.isatty() else _lines())


def _bar() -> Callable[[str, int, int, float], bool]:
    shown = [0.0]
    is_open = [False]

    def show(stage: str, done: int, total: int, seconds: float) -> bool:
        now = time.monotonic()
        finished = 0 < total <= done
        if finished or now - shown[0] > 0.1:
            shown[0] = now
            line = f"\r{stage:<24} {filled(done, total, seconds)}\x1b[K"
            click.echo(line, nl=finished, err=True)
            is_open[0] = not finished
        return is_open[0]

    return show


def filled(done: int, total: int, seconds: float, width: int = 24) -> str:
    """How much is done, as a bar where the whole is known; how fast, and how long it will take."""
    rate = done / seconds if seconds > 0.5 else 0.0
    speed = f", {rate:,.0f}/s" if rate >= 1 else ""
    if not total:
        return f"{done:,}{speed}"
    bar = "#" * min(width, width * done // total)
    left = f", {_duration((total - done) / rate)} left" if rate >= 1 and done < total else ""
    return f"[{bar:.<{width}}] {done:,} of {total:,}{speed}{left}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _lines() -> Callable[[str, int, int, float], bool]:
    said: set[str] = set()

    def show(stage: str, done: int, total: int, seconds: float) -> bool:
        del done, seconds
        if stage not in said:
            said.add(stage)
            click.echo(f"{stage}: {total:,}" if total else stage, err=True)
        return False

    return show


@contextmanager
def errors_said(as_json: bool, started: float) -> Iterator[None]:
    """Turn what stops a build into one plain line and the right exit status."""
    try:
        with _ended_in_good_order():
            yield
    except RefusedError as refused:
        show_problems(refused.report)
        stop(refused, refused.report, as_json, started)
    except BibpressError as error:
        stop(error, Report(), as_json, started)
    except KeyboardInterrupt as error:
        for number in (signal.SIGINT, signal.SIGTERM):  # a second one would break off the clearing
            signal.signal(number, signal.SIG_IGN)
        click.echo("bibpress: interrupted; nothing needs to be put right, build again", err=True)
        sys.exit(128 + (error.number if isinstance(error, _Ended) else signal.SIGINT))
    except BrokenPipeError:  # whoever reads what we print has seen enough
        _leave_unheard()
        sys.exit(0)
    except OSError as error:
        stop(BibpressError(str(error)), Report(), as_json, started)
    except MemoryError:
        stop(BibpressError("there is not enough memory for all this"), Report(), as_json, started)
    except Exception as error:  # a fault of ours: where it is helps to mend it, whatever it is
        traceback.print_exc()
        stop(_fault(error), Report(), as_json, started)


def _leave_unheard() -> None:
    """Let what is still to be said to somebody who has gone vanish: Python would complain of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Ended(KeyboardInterrupt):
    """Somebody, or a system that shuts down, asks the command to end."""

    number = signal.SIGTERM


@contextmanager
def _ended_in_good_order() -> Iterator[None]:
    """SIGTERM as an interrupt: workers and temporary files are cleared away first."""

    def end(*_: object) -> NoReturn:
        raise _Ended

    if threading.current_thread() is not threading.main_thread():  # signals are for that alone
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fault(error: Exception) -> BibpressError:
    return BibpressError(
        f"this is a fault of bibpress, {type(error).__name__}; nothing needs to be put right. "
        "Please report it with the lines above"
    )


def stop(error: BibpressError, report: Report, as_json: bool, started: float) -> NoReturn:
    """Say the error and leave with its status; with --json also the object that scripts expect."""
    click.echo(f"bibpress: {in_a_line(error)}", err=True)
    if as_json and error.exit_status == 1:
        say_json(json.dumps(report.as_json(time.monotonic() - started), ensure_ascii=False))
    sys.exit(error.exit_status)


def in_a_line(said: object) -> str:
    """What is said as one line of a terminal: what it would obey, and what turns a line, by number.

    Messages repeat what a ledger or a source says.
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", str(said))


_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def say(report: Report, target: Path, as_json: bool, seconds: float) -> None:
    """The summary of a build that published."""
    for warning in report.weight.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        say_json(json.dumps(report.as_json(seconds), ensure_ascii=False))
        return
    show_problems(report)
    click.echo(
        f"{_counted(report.papers, 'paper')} from {_counted(report.records, 'record')} "
        f"({report.merged:,} merged, {report.quarantined:,} skipped)"
    )
    click.echo(
        f"{_counted(report.files, 'file')}, {report.bytes / 1e6:.1f} MB, in {target}: "
        f"{report.made:,} made, {report.kept:,} kept, {report.removed:,} removed, {seconds:.1f} s"
    )
    click.echo(f"of which {_heaviest(report)}")
    click.echo(f"open {target / 'index.html'}")


def _heaviest(report: Report) -> str:
    """Where most of the bytes are, in one line."""
    kinds = report.weight.kinds[:HEAVIEST]
    return ", ".join(f"{kind} {size / 1e6:.1f} MB" for kind, _, size in kinds)


def say_json(text: str) -> None:
    """JSON is UTF-8, whatever the locale makes of text for people (RFC 8259, section 8.1)."""
    click.echo(text.encode("utf-8", "backslashreplace"))


def show_problems(report: Report) -> None:
    """Errors and warnings, the first few of them, and how many there are of each kind."""
    serious = [problem for problem in report.problems if problem.severity != "note"]
    for problem in serious[:SHOWN]:
        click.echo(f"{problem.severity}: {in_a_line(problem)}", err=True)
    if len(serious) > SHOWN:
        click.echo(f"… and {len(serious) - SHOWN:,} more; the pages of sources list all", err=True)
    notes = [problem for problem in report.problems if problem.severity == "note"]
    for problem in notes[: SHOWN_NOTES if len(serious) < SHOWN else 0]:
        click.echo(f"note: {in_a_line(problem)}", err=True)
    if notes:
        click.echo(f"{_counted(len(notes), 'note')} on the pages of sources", err=True)


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


def say_hits(query: str, found: Answer, hits: Sequence[Hit]) -> None:
    """How many papers match, and what is known of the first: a few lines each."""
    if not found.papers:
        click.echo(f"No paper matches {query!r}")
    else:
        click.echo(_counted(len(found.papers), "paper"))
    for typed, words in found.instead.items() if found.papers else ():
        click.echo(f"No paper has {typed!r}: showing {' or '.join(words[:3])}")
    for hit in hits:
        facts = (hit.authors, hit.venue, str(hit.year or ""))
        lines = (hit.title, " · ".join(filter(None, facts)), f"papers/{hit.id}.html")
        click.echo("\n" + "\n".join(filter(None, lines)))


def _hit_json(hit: Hit, score: float) -> dict[str, object]:
    return {
        "id": hit.id,
        "score": score,
        "title": hit.title,
        "authors": hit.authors,
        "year": hit.year,
        "venue": hit.venue,
    }


def say_documents(source: str | None, more: Path | None) -> None:
    """What the index of a source is made of; the current folder when none is named."""
    if more is not None:
        raise UsageError("--documents takes one folder or file")
    sources = existing((Path(source or ""),))
    loaded = load(Order(sources, default_target(sources), today()), Means(progress=teller()))
    say_json(documents_json(search_documents(loaded.library)))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
