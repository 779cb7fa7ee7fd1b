"""What a site may add of its own: readers, exporters and pages, in modules its settings name.

    from generator.extensions import reader, exporter, page, …

An extension registers functions with the decorators that we use ourselves. What stands in `__all__`
is all that it may rely on: names, arguments and fields change incompatibly with the first number of
the version only (before 1.0 with the second), and the changelog says how. The rest of `generator`
is free to change at any time.

A module named "extras.py" is a file of the site folder; any other name is that of an installed one.
What a file registers is taken out of our tables again as soon as it has run, and goes from there as
a value: nothing of one site is left when another is built. The file itself becomes a module whose
name says its content, so that two sites, or two versions, never meet under one name; workers get
its text along with their work (`carried`).

Known weaknesses: an extension is a program and is trusted like one. A file imports no other file of
the site folder. What an installed module changes is seen by the next process only, and of the
libraries that an extension uses nobody knows the versions.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import pickle
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path, PurePosixPath
from traceback import walk_tb
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from generator import config, disk, exports, pages, text
from generator.cite import item
from generator.config import decoded
from generator.errors import BibpressError, ConfigError
from generator.exports import Export, Exporter, exporter
from generator.library import Library, group_path, paper_path
from generator.memo import digest
from generator.model import Card, Paper, Problem, Record, Ref, Section, SourceText, Where
from generator.names import OTHERS
from generator.output import Inline
from generator.pages import CARDS, Collection, Page, PageType, page, paged
from generator.sources import Means, Readers, reader, readers
from generator.sources.entries import Entry, excerpts, latex, named, one_name, raw, source_text
from generator.sources.fields import Understood, understand

__all__ = [
    "CARDS",
    "OTHERS",
    "Card",
    "Collection",
    "Entry",
    "Means",
    "Page",
    "Paper",
    "Problem",
    "Record",
    "Ref",
    "Section",
    "SourceText",
    "Understood",
    "Where",
    "excerpts",
    "exporter",
    "group_path",
    "item",
    "page",
    "paged",
    "paper_path",
    "reader",
    "source_text",
    "to_html",
    "to_latex",
    "to_plain",
    "understood",
]

P = ParamSpec("P")
T = TypeVar("T")

to_html, to_latex, to_plain = text.to_html, text.to_latex, text.to_plain


def understood(
    kind: str, said: Mapping[str, str], people: Mapping[str, Iterable[str]] | None = None
) -> Understood:
    """What an entry gives whose type and fields are called as in a .bib file, and say plain text.

    `people` are those of the fields that hold names ("author", "editor"), each name by itself:
    "Family, Given" or "Given Family". Nothing is raised; what is odd becomes a remark.
    """
    names = {
        role: named(name for each in each_one for name in one_name(each))
        for role, each_one in (people or {}).items()
    }
    is_address = ("url", "doi", "arxiv", "pdf")
    values = {name: value if name in is_address else latex(value) for name, value in said.items()}
    return understand(raw(kind, values | names))


# --- what the build asks ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Module:
    """A module as its owner names it, as pickles do, and its text (empty: it is installed)."""

    place: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the modules of a site have registered; `made_of` are the files that it hangs on."""

    modules: tuple[Module, ...] = ()
    readers: Readers = field(default_factory=Readers)
    exporters: Mapping[str, Exporter] = field(default_factory=dict)
    pages: tuple[PageType, ...] = ()
    made_of: tuple[Path, ...] = ()
    digest: str = ""

    def stamped(self, stamp: str) -> str:
        """The stamp of our code and of these modules: with either, anything may have changed."""
        return digest(stamp + self.digest) if self.modules else stamp

    def carried(self, pool: Executor) -> Executor:
        """The same workers, who know the modules."""
        carried = tuple(module for module in self.modules if module.text)
        return pool if isinstance(pool, Inline) or not carried else _Carrying(pool, carried)


NONE = Extensions()


def load(folder: Path | None, names: Sequence[str]) -> Extensions:
    """What the modules of these names register, those of a site folder or installed ones.

    Raises ConfigError where there is no such module, where it cannot be run, and where it gives a
    name that we or another module have given before.
    """
    if folder is None or not names:
        return NONE
    found = NONE
    for name in names:
        found = _with(
            found, _of_file(folder, name) if name.endswith(".py") else _installed(folder, name)
        )
    return found


def _with(found: Extensions, more: Extensions) -> Extensions:
    """Two sets of extensions as one."""
    for kind, called, taken, theirs in (
        ("reader", "name", {*readers.READERS, *found.readers.reads}, more.readers.reads),
        ("exporter", "name", {*exports.EXPORTERS, *found.exporters}, more.exporters),
        # Endings of ours may be taken over, but by one.
        ("reader of", "ending", {*found.readers.formats}, more.readers.formats),
    ):
        for name in theirs:
            if name in taken:
                said = f'the {kind} "{name}" is there already; give yours another {called}'
                place = _place(more.modules[0], _registered(more, kind, name))
                raise ConfigError(f"{place}: {said}")
    return Extensions(
        (*found.modules, *more.modules),
        Readers(
            {**found.readers.formats, **more.readers.formats},
            {**found.readers.reads, **more.readers.reads},
        ),
        {**found.exporters, **more.exporters},
        (*found.pages, *more.pages),
        (*found.made_of, *more.made_of),
        digest(found.digest + more.digest),
    )


def _registered(more: Extensions, kind: str, name: str) -> object:
    """The function that a module has registered under a name."""
    if kind == "exporter":
        return more.exporters[name].export
    form = more.readers.formats[name] if kind == "reader of" else name
    return more.readers.reads.get(form)


def _of_file(folder: Path, name: str) -> Extensions:
    """What a file of a site folder registers."""
    path = folder / name
    where = path.resolve()
    if not where.is_relative_to(folder.resolve()) or not where.is_file():
        wrong = f'extensions names "{name}", and the folder has no such file'
        raise config.said(folder).wrong(wrong, "extensions")
    try:
        source = decoded(disk.contents(path), name)
    except OSError as error:
        raise ConfigError(f"{name}: {error.strerror or error}") from error
    stem = text.slug(PurePosixPath(name).stem).replace("-", "_")
    module = Module(name, f"bibpress_{stem}_{digest(name + source)[:16]}", source)
    return replace(_of(module), made_of=(path,), digest=module.name)


def _installed(folder: Path, name: str) -> Extensions:
    """What an installed module registers; its files stand for it."""
    if not all(map(str.isidentifier, name.split("."))):
        fault = 'neither a file ("extras.py") nor a module ("ourgroup.extras") is called so'
        raise config.said(folder).wrong(f'extensions names "{name}": {fault}', "extensions")
    module = Module(name, name)
    try:
        found = _of(module)
    except ConfigError as error:
        lacking = error.__cause__
        if not isinstance(lacking, ModuleNotFoundError) or not _is_part(lacking.name or "", name):
            raise
        fault = f'no module of this name is installed; a file of the folder is called "{name}.py"'
        wrong = f'extensions names "{name}", and {fault}'
        raise config.said(folder).wrong(wrong, "extensions") from error
    file = getattr(sys.modules.get(name), "__file__", None)
    path = Path(file) if file else None
    whole = sorted(path.parent.rglob("*.py")) if path and path.stem == "__init__" else [path]
    files = tuple(each for each in whole if each)
    said = [digest(each.read_bytes().hex()) for each in files]
    return replace(found, made_of=files, digest=digest(repr((name, said))))


def _is_part(name: str, module: str) -> bool:
    """Whether a name is that of a module, or of a package that it is in."""
    return f"{module}.".startswith(f"{name}.")


# --- running a module ---------------------------------------------------------------------------

_ENDING = re.compile(r"\.[^\s./A-Z]+")
_TABLES: tuple[Any, ...] = (readers.FORMATS, readers.READERS, exports.EXPORTERS, pages.PAGES)


@functools.cache  # for good: Python runs an installed module once
def _of(module: Module) -> Extensions:
    """What a module registers when it runs; once it has, it is remembered."""
    with _recorded() as registered:
        _run(module)
    formats, reads, exporters, types = registered
    for ending, form in formats.items():
        if not _ENDING.fullmatch(ending):
            place = _place(module, reads.get(form))
            raise ConfigError(f'{place}: "{ending}" is no ending; say it like ".nbib"')
    return Extensions(
        (module,),
        Readers(formats, {form: _reader(module, form, read) for form, read in reads.items()}),
        {name: _exporter(module, each) for name, each in exporters.items()},
        tuple(_pages(module, each) for each in types),
    )


@contextmanager
def _recorded() -> Iterator[list[Any]]:
    """What is registered meanwhile, in the order of `_TABLES`, which are then as they were."""
    before = [table.copy() for table in _TABLES]
    registered: list[Any] = []
    for table in _TABLES:
        table.clear()
    try:
        yield registered
        registered += [table.copy() for table in _TABLES]
    finally:
        for table, was in zip(_TABLES, before, strict=True):
            table.clear()
            table.extend(was) if isinstance(table, list) else table.update(was)


def _run(module: Module) -> None:
    """Have a module among the modules of this process; ConfigError where it cannot be run."""
    try:
        if not module.text:
            importlib.import_module(module.name)
        else:
            made = ModuleType(module.name)
            sys.modules[module.name] = made  # before it runs: dataclasses look it up
            # Without our own `from __future__`, which would make texts of an owner's annotations.
            code = compile(module.text, module.place, "exec", dont_inherit=True)
            exec(code, vars(made))  # noqa: S102  # the owner's own
    except (Exception, SystemExit) as error:
        sys.modules.pop(module.name, None)
        raise ConfigError(_blame(module, error)) from error


def _blame(module: Module, error: BaseException, doing: str = "") -> str:
    """What went wrong in a module, in one line that begins with the place."""
    if isinstance(error, SyntaxError) and error.filename == module.place:
        return f"{module.place}:{error.lineno}: {error.msg}"
    file = module.place if module.text else getattr(sys.modules.get(module.name), "__file__", "")
    lines = [
        line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == file
    ]
    place = f"{module.place}:{lines[-1]}" if lines else module.place
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{place}: {doing}{said}"


def _place(module: Module, made: Any) -> str:
    """Where in a module something is: where a function begins, or where a generator is.

    Of an installed module the name alone.
    """
    frame = getattr(made, "gi_frame", None)
    code = getattr(made, "gi_code", None) or getattr(inspect.unwrap(made), "__code__", None)
    if not module.text or not code or code.co_filename != module.place:
        return module.place
    return f"{module.place}:{frame.f_lineno if frame else code.co_firstlineno}"


# --- minding what its functions do --------------------------------------------------------------


@contextmanager
def _minded(module: Module, doing: str) -> Iterator[None]:
    """What goes wrong in a function of a module becomes one plain line; nothing is published."""
    try:
        yield
    except BibpressError:
        raise
    except (Exception, SystemExit) as error:  # "exit" would end us without a word
        raise BibpressError(_blame(module, error, f"while {doing}: ")) from error


def _of_kind(value: Any, kind: type[T], place: str, who: str) -> T:
    if not isinstance(value, kind):
        raise BibpressError(f"{place}: {who} gives {_an(type(value))}, and should {_an(kind)}")
    return value


def _an(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'aeiou' else 'a'} {kind.__name__}"


def _reader(module: Module, form: str, read: readers.Read) -> readers.Read:
    """A reader that says where it fails: what it left out would count as gone."""

    @functools.wraps(read, assigned=())
    def minded(source: str, name: str, means: Means) -> SourceText:
        with _minded(module, f"reading {name}"):
            given, place = read(source, name, means), _place(module, read)
            said = _of_kind(given, SourceText, place, f"the reader {form}")
            records = tuple(replace(record, format=form) for record in said.records)
            return replace(said, file=name, format=form, records=records)

    return minded


def _exporter(module: Module, own: Exporter) -> Exporter:
    """An exporter that says where it fails."""

    @functools.wraps(own.export, assigned=())
    def minded(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
        with _minded(module, f"writing {own.name}"):
            written = own.export(papers, abstracts=abstracts)
            place = _place(module, own.export)
            return _of_kind(written, str, place, f"the exporter {own.name}")

    export: Export = minded
    return replace(own, export=export)


def _pages(module: Module, plan: PageType) -> PageType:
    """A page type that says where it fails, and whose pages are what pages have to be."""
    name = getattr(plan, "__name__", "a page")

    def minded(collection: Collection) -> Iterator[Page]:
        with _minded(module, f"making the pages of {name}"):
            made = plan(collection) or ()
            at = made if hasattr(made, "gi_code") else plan
            for each in made:
                place = _place(module, at)
                yield _sound(_of_kind(each, Page, place, name), place)

    return minded


def _sound(made: Page, place: str) -> Page:
    """A page that can be written, and is made anew when what it shows has changed."""
    parts = made.path.split("/")
    if not made.path.endswith(".html") or {"", ".", ".."} & {*parts} or "\\" in made.path:
        raise BibpressError(
            f'{place}: a page has the path "{made.path}"; it must be like awards/2024.html'
        )
    for name, value in made.context.items():
        if fault := _fault(value):
            raise BibpressError(f'{place}: {made.path}: "{name}" holds {fault}')
    return made


def _fault(value: object) -> str:
    """Why a value cannot stand in the context of a page; empty if it can.

    A context is compared by its `repr` and travels to workers, so it is plain data to the last.
    """
    match value:
        case Library() | Collection():
            return "the whole collection: give the page what it shows of it"
        case Paper(records=records) if records:
            return "a paper with its records: give the page paper.without_sources()"
        case str() | int() | float() | None:
            return ""
        case tuple() | list():
            return next(filter(None, map(_fault, value)), "")
        case Mapping():
            return next(filter(None, map(_fault, (*value, *value.values()))), "")
        case _ if is_dataclass(value) and not isinstance(value, type):
            return next(
                filter(None, (_fault(getattr(value, each.name)) for each in fields(value))), ""
            )
    return f"{_an(type(value))}, which is no plain data; a tuple or a text is"


# --- modules in workers -------------------------------------------------------------------------


class _Carrying(Executor):
    """Workers who are given modules along with their work: theirs may be any process, anywhere."""

    def __init__(self, pool: Executor, modules: tuple[Module, ...]) -> None:
        self._pool = pool
        self._modules = modules

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called where the modules are known."""
        work = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        return self._pool.submit(_knowing, self._modules, work)


def _knowing(modules: Iterable[Module], work: bytes) -> Any:
    """What a worker does with its work: first the modules, which it may hold functions of."""
    for module in modules:
        if module.name not in sys.modules:
            with _recorded():
                _run(module)
    fn, args, kwargs = pickle.loads(work)  # noqa: S301  # from the process that started this one
    return fn(*args, **kwargs)
