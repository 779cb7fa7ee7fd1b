"""What a command finds around it: the files named, standard input, the clock, the machine."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import click

from generator import owner
from generator.config import CONFIG
from generator.errors import UsageError
from generator.ledger import LEDGER
from generator.sources import piped_name

F = TypeVar("F", bound=Callable[..., Any])

# What stands for standard input among the sources.
STANDARD_INPUT = Path("-")


Sources = click.argument("source", nargs=-1, type=click.Path(path_type=Path))


def target_option(help_: str) -> Callable[[F], F]:
    """The option of every command that has to do with a published site, which says where it is."""
    kind = click.Path(path_type=Path)
    return click.option("-o", "--output", "target", type=kind, metavar="DIR", help=help_)


def existing(sources: Sequence[Path]) -> tuple[Path, ...]:
    """The sources, the current folder when none is named; UsageError for one that is not there.

    What stands for standard input (`-`) becomes a file. UsageError also where the one source is the
    current folder and that is part of a site: it alone has neither the site's settings nor ledger.
    """
    for source in sources:
        if source != STANDARD_INPUT and not source.exists():
            raise UsageError(f"{source}: no such file or folder")
    named = [source for source in sources if source != STANDARD_INPUT]
    piped = [standard_input()] if len(named) < len(sources) else []
    found = (*named, *piped) or (Path(),)
    above = _site_above(found[0]) if len(found) == 1 and found[0].is_dir() else None
    if above and found[0].resolve() == Path.cwd():
        up = os.path.relpath(above)
        raise UsageError(f"this folder is part of the site in {above}: cd {shlex.quote(up)} first")
    return found


def _site_above(folder: Path) -> Path | None:
    """The site folder, known by its settings or ledger, whose `content/` a folder is or is in."""
    whole = folder.resolve()
    parents = () if owner.is_site(whole) else whole.parents
    for above in parents:
        if any((above / name).is_file() for name in (CONFIG, LEDGER)):
            return above if whole.relative_to(above).parts[0] == owner.CONTENT else None
    return None


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


def default_target(sources: Sequence[Path]) -> Path:
    """`_site` in the one folder named; for files or several sources, in the current folder."""
    folders = [source for source in sources if source.is_dir()]
    inside = folders[0] if len(folders) == len(sources) == 1 else Path()
    return inside / "_site"


def today() -> str:
    """The day for the ledger: SOURCE_DATE_EPOCH where it is set, else the clock's, in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        seconds = float(epoch) if epoch else time.time()
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch} is no time: {error}") from error


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def command() -> str:
    """How this command is called from anywhere: by its name, or by its path where PATH lacks it."""
    beside = Path(sys.executable).with_name("bibpress")
    known = shutil.which("bibpress") or not beside.exists()
    return "bibpress" if known else shlex.quote(str(beside.absolute()))


def installed_from() -> str | None:
    """What pip recorded of where it has this bibpress from, if that is no index (PEP 610)."""
    try:
        return metadata.distribution("bibpress").read_text("direct_url.json")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return None
