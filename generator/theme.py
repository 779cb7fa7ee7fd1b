"""The look of a site: templates and static files, the owner's before our own, file by file.

A `Theme` is plain data, read once by `load`. All else here is a pure function of it, so that any
worker on any machine makes the same bytes of the same page. What a template may show is its
context and nothing else: there is no global but `asset`, `words` and what Jinja2 has of pure
helpers, and `digest` stands for all that the theme itself brings to a page.

What many pages share is rendered once in a process: a macro of a file of macros (`_cards.html`)
is a function of its arguments, so the HTML it gave for a card it gives again. That holds for an
owner's files like for ours, and needs no word in them. Known weaknesses: a macro that is given
lists (`links`, `pager`) is not remembered; a file of macros that includes or imports another is
rendered anew each time, as is one that is imported "with context".
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path, PurePosixPath
from sys import getsizeof
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.meta import find_referenced_templates
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.utils import missing

from generator import config, disk, look, words
from generator.config import Look, decoded
from generator.errors import BibpressError
from generator.model import Card, Problem, Where
from generator.text import annotated, runs_leftward, slug, to_html, to_plain
from generator.toml import Toml, did_you_mean
from generator.words import DEFAULT as DEFAULT  # also for those who ask the theme
from generator.words import Words

STYLE = "style.css"
NO_SETTINGS = Look()

PREFIX = "default/"
"""Under this a template of ours is always found, also when the owner has one of its name."""

ROOM = 64_000_000
"""Bytes of HTML that a process remembers at most; the cards of 10,000 papers take 11 million."""

LONGEST = 20_000
"""Characters of the longest HTML that is remembered; a card has some 600, with math up to 3,000."""


@dataclass(frozen=True, slots=True)
class Template:
    """The source of a template; `file` is what messages call it, `own` says the owner wrote it."""

    text: str
    file: str
    own: bool


@dataclass(frozen=True, eq=False)
class Theme:
    """All that makes a page of its context, as plain data; two are equal when `digest` is.

    `templates` by the name other templates know them by ("paper.html", "default/paper.html"),
    `paths` from a name within static/ to its path in the site, `files` what to publish: that path
    and the file on this machine, which only `outputs` reads. A script's words stand before it, what
    settings say of the `style` behind style.css.
    """

    templates: Mapping[str, Template]
    paths: Mapping[str, str]
    files: tuple[tuple[str, str], ...] = ()
    words: Words = field(default_factory=words.english)
    style: str = ""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        sources = sorted((name, template.text) for name, template in self.templates.items())
        made_of = sources, sorted(self.paths.items()), self.words
        object.__setattr__(self, "digest", _hash(made_of, 16))

    def __repr__(self) -> str:
        return f"Theme({self.digest})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Theme) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def asset(self, name: str) -> str:
        """The path in the site of a file of static/: "style.css" gives "assets/style.1f….css"."""
        if name not in self.paths:
            raise BibpressError(f'there is no file "{name}" in static/')
        return self.paths[name]


@dataclass(frozen=True, slots=True)
class Layout:
    """One template of a theme, as the argument of a page that is not made yet.

    Its `repr` stands for what the theme brings to this page and nothing else (`digest`), so that
    a change in one template leaves the pages of others as they are.
    """

    theme: Theme
    template: str

    def __repr__(self) -> str:
        return f"Layout({self.template}, {digest(self.theme, self.template)})"


def load(
    site_folder: Path | None, language: str = words.ENGLISH, settings: Look = NO_SETTINGS
) -> tuple[Theme, tuple[Problem, ...]]:
    """The default theme with the owner's `templates/**` and `static/**` laid over it.

    Static files that the default theme has get an address with a hash of their content, the
    owner's version too; the owner's other files keep their own name (CNAME, verification files).
    Files that cannot be used are left out, each with a problem.

    Raises ConfigError for a template that is not UTF-8 and a logo that is not there, and what
    `words.load` raises.
    """
    files, problems = _owners(site_folder, "static")
    templates, further = _owners(site_folder, "templates")
    ours = {name: file for name, file, _ in _files(DEFAULT / "static")}
    setting = config.said(site_folder)
    said, wrong = words.load(language, dict(_languages(templates)), setting)
    paths = {name: name for name in files} | {
        name: _hashed_path(name, said.script(name), files.get(name, file))
        for name, file in ours.items()
    }
    if style := look.style(settings, _logo(settings.logo, paths, setting)):
        paths[STYLE] = _hashed_path(STYLE, style, files.get(STYLE, ours[STYLE]))
    published = sorted((paths[name], str(file)) for name, file in (ours | files).items())
    theme = Theme(dict(_templates(templates)), paths, tuple(published), said, style)
    return theme, (*further, *wrong, *problems)


def slips(theme: Theme) -> Iterator[Problem]:
    """The owner's templates that no page of ours uses, with names nearly like those that are used.

    What another file of the owner's names is meant so, and what begins with "_" is for such use.
    """
    ours = {name.removeprefix(PREFIX) for name in theme.templates if name.startswith(PREFIX)}
    pages = sorted(name for name in ours if not name.startswith("_"))
    own = {name: template for name, template in theme.templates.items() if template.own}
    for name, template in own.items():
        meant = (
            () if name in ours or name.startswith("_") else get_close_matches(name, pages, 1, 0.8)
        )
        if meant and not any(name in other.text for other in own.values()):
            said = f"no page uses a template of this name; did you mean {meant[0]}?"
            yield Problem(Where(_printable(template.file)), said, "warning", "left-out-file")


def lost_blocks(theme: Theme) -> Iterator[Problem]:
    """The blocks of the owner's templates that no page shows: what these extend has none like them.

    A block within another one is a part of it, and what `self.NAME()` calls is shown there. Nothing
    is said of a template that extends one whose name is computed, or cannot be read.
    """
    own = {name: template for name, template in theme.templates.items() if template.own}
    called = {name for each in own for name in _outline(theme, each).called}
    for name, template in own.items():
        known = _inherited(theme, name)
        if known is None:
            continue
        for block, line in _outline(theme, name).outer:
            if block not in known | called:
                near = get_close_matches(block, sorted(known), 1)
                hint = f'did you mean "{near[0]}"?' if near else _there_are(known)
                said = f'no page shows the block "{block}": what this extends has none such; {hint}'
                where = Where(_printable(template.file), line, line)
                yield Problem(where, said, "warning", "left-out-file")


def ids(theme: Theme) -> frozenset[str]:
    """The ids that templates give to places of a page, as far as they are written out in them."""
    return frozenset(found for each in theme.templates.values() for found in _ID.findall(each.text))


_ID = re.compile(r"""\bid=["']?([^\s"'<>{}]+)""")


def outputs(theme: Theme) -> Iterator[tuple[str, bytes]]:
    """Path and content of every static file, read one at a time: an owner's may be large.

    An owner's `static/index.html` has the path of a page: whoever gathers all outputs sees both
    and decides.
    """
    scripts = {path: theme.words.script(name) for name, path in theme.paths.items()}
    behind = {theme.paths.get(STYLE): theme.style.encode()}
    for path, file in theme.files:
        before = scripts.get(path, "").encode()
        yield path, before + disk.contents(file) + behind.get(path, b"")


def paint(layout: Layout, context: Mapping[str, object]) -> bytes:
    """The page that a layout makes of its context: `render`, with the arguments of an output."""
    return render(layout.theme, layout.template, context)


def render(theme: Theme, template: str, context: Mapping[str, object]) -> bytes:
    """The page that a template makes of its context, in UTF-8.

    Raises BibpressError with file and line where a template of the owner's is at fault.
    """
    if template not in theme.templates:
        raise BibpressError(f'there is no template "{template}"; put it into templates/')
    try:
        page = environment(theme).get_template(template).render(context)
    except Exception as error:
        place = _place(theme, template, error)
        if not place:
            raise  # a fault of ours: it should look like one
        raise BibpressError(f"{place}: {_reason(error, context)}") from error
    # A file name that is not UTF-8 arrives as half characters, which no page can show.
    return page.encode("utf-8", "replace")


@lru_cache(maxsize=4)
def environment(theme: Theme) -> jinja2.Environment:
    """The Jinja2 environment of a theme, made once per process.

    What is undefined is an error, every value is escaped, and what is not pure is taken away.
    """
    made = _Environment(
        loader=jinja2.FunctionLoader(lambda name: _source(theme, name)),
        autoescape=True,
        undefined=_Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    del made.globals["lipsum"], made.filters["random"]  # never the same twice
    made.globals |= {"asset": theme.asset, "words": theme.words.spoken}
    made.filters |= {
        "html": to_html,
        "annotated": annotated,
        "beside": beside,
        "plain": to_plain,
        "isolated": isolated,
        "label": label,
        "leftward": words.leftward,
        "number": theme.words.number,
        "day": theme.words.day,
        "slug": slug,
    }
    return made


@lru_cache(maxsize=1024)
def digest(theme: Theme, template: str) -> str:
    """Stands for everything that the theme brings to a page made by `template`.

    That is its source, the sources it extends, includes or imports, directly or not, and the
    paths of the assets they name. Where a name is computed it may be any, so all of them count. So
    do all words: whoever changes one is seldom in a hurry.
    """
    names, assets = _closure(theme, template)
    sources = [(name, theme.templates[name].text) for name in sorted(names)]
    named = [(name, theme.paths.get(name)) for name in sorted(assets)]
    return _hash((sources, named, theme.words), 16)


def isolated(text: str) -> str:
    """A text of somebody else's as it stands in a line of ours: as `label` gives it.

    Where letters of it run from right to left, it is kept from turning what stands beside it
    (`<bdi>`); elsewhere that would do nothing, eleven bytes at a time.
    """
    html = label(text)
    return type(html)(f"<bdi>{html}</bdi>") if runs_leftward(text) else html


def label(text: str) -> str:
    """A canonical text as HTML that may stand in a link: addresses in it are no links there.

    HTML has no link within a link: a browser would end the outer one at a title's address.
    """
    html = to_html(text)
    return type(html)(_ANCHOR.sub("", html)) if "<a " in html else html


_ANCHOR = re.compile(r"<a [^<>]*>|</a>")


def beside(path: str) -> str:
    """The way to a file from another one of its folder: "papers/a.html" gives "a.html"."""
    return path[path.rfind("/") + 1 :]


# --- reading the folders ------------------------------------------------------------------------


def _templates(owners: Mapping[str, Path]) -> Iterator[tuple[str, Template]]:
    """Templates by name; of two with one name the later stands."""
    for name, file, _ in _files(DEFAULT / "templates"):
        if not name.endswith(".html"):
            continue  # the words
        template = Template(_text(file, name), PREFIX + name, own=False)
        yield from ((name, template), (PREFIX + name, template))
    for name, file in owners.items():
        if name.endswith(".html") and not name.startswith(PREFIX):
            place = f"templates/{name}"
            yield name, Template(_text(file, place), place, own=True)


def _languages(owners: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """The files of words among an owner's templates, each with its language."""
    for name, file in owners.items():
        path = PurePosixPath(name)
        if path.parent == PurePosixPath("words") and path.suffix == ".toml":
            yield path.stem, file


def _owners(site_folder: Path | None, kind: str) -> tuple[dict[str, Path], tuple[Problem, ...]]:
    """The files of an owner's templates/ or static/ by name, and what cannot be used of them.

    Nothing where the site is the checkout that our own templates and static files are in.
    """
    folder = site_folder and site_folder / kind
    if not folder or not folder.is_dir() or folder.resolve() == (DEFAULT / kind).resolve():
        return {}, ()
    found = tuple(_told_apart(_files(folder)))
    return {name: file for name, file, fault in found if not fault}, tuple(
        Problem(
            Where(f"{kind}/{_printable(name)}"), f"{fault}; left out", "warning", "left-out-file"
        )
        for name, _, fault in found
        if fault
    )


def _printable(name: str) -> str:
    """A name as a message can say it: a terminal obeys some characters, and some cannot be seen."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def _files(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Each file below a folder, in the order of names: its name, itself, and what is wrong with it.

    Names that begin with a dot are passed over: editors and systems leave them, nobody means them.
    """
    for file in disk.files_below(folder):
        within = file.relative_to(folder)
        if not any(part.startswith(".") for part in within.parts):
            address = unicodedata.normalize("NFC", within.as_posix())
            yield address.encode("utf-8", "replace").decode(), file, _fault(file, address, folder)


def _told_apart(found: Iterable[tuple[str, Path, str]]) -> Iterator[tuple[str, Path, str]]:
    """The same files; of those that macOS or Windows take for one the first stays, others do not.

    Their names differ in capitals only, or in how accents are encoded.
    """
    known: dict[str, Path] = {}
    for name, file, fault in found:
        fold = unicodedata.normalize("NFC", name.casefold())
        if not fault and known.setdefault(fold, file) != file:
            fault = f"some systems take the name for that of {known[fold].name}"
        yield name, file, fault


def _fault(file: Path, address: str, folder: Path) -> str:
    """Why a file cannot be used, or an empty string."""
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder.parent)):
        return "the link leads out of the site folder"
    if not file.is_file():
        return "this is no ordinary file"
    if not address.isprintable() or "\\" in address:
        return "the name cannot stand in an address"
    if _NO_NAME.search(address) or any(len(part.encode()) > 255 for part in address.split("/")):
        return "not every system can hold a file of this name"
    if not os.access(file, os.R_OK):
        return "the file cannot be read"
    return ""


# What Windows refuses: signs, a dot or blank at the end, devices (with any ending).
_NO_NAME = re.compile(
    r"""[<>:"|?*]|[. ](?:/|$)|(?:^|/)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\.[^/]*)?(?:/|$)""",
    re.IGNORECASE,
)


def _logo(name: str, paths: Mapping[str, str], setting: Toml) -> str:
    """The way to the owner's logo from the style sheet, which lies in a folder; empty for none."""
    if name and name not in paths:
        wrong = f'logo names "{name}", and static/ has no such file'
        raise setting.wrong(wrong, "look", "logo")
    return f"../{paths[name]}" if name else ""


def _text(file: Path, place: str) -> str:
    try:
        return decoded(disk.contents(file), place)
    except OSError as error:
        raise BibpressError(f"{place}: {error}") from error


def _hashed_path(name: str, before: str, file: Path) -> str:
    """Where an asset is published: the name says its content, so it may be cached for ever."""
    path = PurePosixPath("assets", name)
    mark = blake2b(before.encode() + disk.contents(file), digest_size=4).hexdigest()
    return str(path.with_name(f"{path.stem}.{mark}{path.suffix}"))


# --- what a template is written of ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a template extends (None: a name that is computed) and which blocks it has.

    `outer` are those that stand in no other, with their lines, where it extends anything; `blocks`
    are all; `called` is what `self` is asked for.
    """

    parents: tuple[str | None, ...] = ()
    outer: tuple[tuple[str, int], ...] = ()
    blocks: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def _outline(theme: Theme, name: str) -> _Outline:
    """The outline of a template; that of one that cannot be read says that nobody knows."""
    template = theme.templates[name]
    try:
        tree = environment(theme).parse(template.text, name, template.file)
    except jinja2.TemplateSyntaxError:  # which is said where a page is to be made of it
        return _Outline((None,))
    blocks = list(tree.find_all(nodes.Block))
    within = {id(inner) for block in blocks for inner in block.find_all(nodes.Block)}
    parents = tuple(
        str(each.template.value) if isinstance(each.template, nodes.Const) else None
        for each in tree.find_all(nodes.Extends)
    )
    return _Outline(
        parents,
        tuple((each.name, each.lineno) for each in blocks if parents and id(each) not in within),
        frozenset(each.name for each in blocks),
        frozenset(
            each.attr
            for each in tree.find_all(nodes.Getattr)
            if isinstance(each.node, nodes.Name) and each.node.name == "self"
        ),
    )


def _inherited(theme: Theme, template: str) -> frozenset[str] | None:
    """The blocks of all that a template extends, directly or not; None where nobody knows."""
    found, seen = set[str](), set[str]()
    waiting = list(_outline(theme, template).parents)
    while waiting:
        name = waiting.pop()
        if name is None or name not in theme.templates:
            return None
        if name not in seen:
            seen.add(name)
            outline = _outline(theme, name)
            found |= outline.blocks
            waiting += outline.parents
    return frozenset(found)


def _there_are(known: Iterable[str]) -> str:
    return f"there are {', '.join(sorted(known))}" if known else "there are none"


# --- what a template draws on -------------------------------------------------------------------


def _closure(theme: Theme, template: str) -> tuple[set[str], set[str]]:
    """The templates that take part when `template` is rendered, and the assets they name."""
    names: set[str] = set()
    assets: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name in theme.templates and name not in names:
            names.add(name)
            further, named = _references(theme, name)
            waiting += further
            assets |= named
    return names, assets


@lru_cache(maxsize=1024)
def _references(theme: Theme, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The templates and the assets that one template names itself."""
    template = theme.templates[name]
    try:
        tree = environment(theme).parse(template.text, name, template.file)
    except jinja2.TemplateSyntaxError as error:
        raise BibpressError(f"{template.file}:{error.lineno}: {error.message}") from error
    return (
        _known(find_referenced_templates(tree), theme.templates),
        _known(_assets(tree), theme.paths),
    )


def _known(named: Iterable[str | None], known: Iterable[str]) -> frozenset[str]:
    """The names, or all that are known where one of them is None: computed."""
    names = frozenset(named)
    return frozenset(known) if None in names else frozenset(name for name in names if name)


def _assets(tree: nodes.Template) -> Iterator[str | None]:
    """The names in `asset("…")`; None where a name is computed or the function itself handed on."""
    uses = sum(use.name == "asset" for use in tree.find_all(nodes.Name))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "asset":
            uses -= 1
            name = call.args[0] if call.args else None
            yield str(name.value) if isinstance(name, nodes.Const) else None
    if uses:
        yield None


def _hash(value: object, size: int) -> str:
    return blake2b(repr(value).encode("utf-8", "replace"), digest_size=size).hexdigest()


# --- rendering ----------------------------------------------------------------------------------


def _source(theme: Theme, name: str) -> tuple[str, str, None] | None:
    """What Jinja2's loader wants: the text, and the name by which a traceback calls it."""
    template = theme.templates.get(name)
    return (template.text, template.file, None) if template else None


def _place(theme: Theme, template: str, error: Exception) -> str:
    """Where in the owner's templates an error arose (file:line), empty if nowhere in them.

    An owner's file that lacks what one of ours asks of it fails in ours; then only the file is
    known.
    """
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    taking_part = _closure(theme, template)[0]
    own = sorted(theme.templates[name].file for name in taking_part if theme.templates[name].own)
    places = [
        f"{frame.f_code.co_filename}:{line}"
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_filename in own
    ]
    return (places[-1:] or own[:1] or [""])[0]


class _Undefined(jinja2.StrictUndefined):
    """What a template asks of a value that has none such; the message says what was meant."""

    @property
    def _undefined_message(self) -> str:
        """Jinja2 names the type as Python does, which says nothing to who writes templates."""
        value, name = self._undefined_obj, self._undefined_name
        if self._undefined_hint or value is missing or not isinstance(name, str):
            return super()._undefined_message
        known = value if isinstance(value, Mapping) else dir(value)
        meant = [each for each in known if isinstance(each, str) and not each.startswith("_")]
        kind = type(value).__name__
        hint = did_you_mean(name, meant, _NEARLY)
        return f'{_CALLED.get(kind, kind.lower())} has no "{name}"{hint}'


_NEARLY = 0.75  # with difflib's own 0.6, "nothing" is nearly "citing"
_CALLED = {"str": "a text", "int": "a number", "tuple": "a list", "list": "a list", "dict": "this"}


def _reason(error: Exception, context: Iterable[str]) -> str:
    if isinstance(error, RecursionError):
        return f'the template leads back to itself; the default one is "{PREFIX}NAME.html"'
    if isinstance(error, jinja2.TemplateNotFound):
        return f'there is no template "{error.name}"'
    unknown = _UNDEFINED.fullmatch(str(error)) if isinstance(error, jinja2.UndefinedError) else None
    return f"{error}{did_you_mean(unknown[1], context, _NEARLY)}" if unknown else str(error)


_UNDEFINED = re.compile(r"'(\w+)' is undefined")  # as Jinja2 says it of a name by itself


# --- rendering once what many pages share -------------------------------------------------------


class Memo:
    """HTML by what it was made of. Full, it is emptied; what is too long never enters."""

    def __init__(self, room: int = ROOM) -> None:
        self.html: dict[tuple[object, ...], str] = {}
        self._room = room
        self._held = 0

    def keep(self, key: tuple[object, ...], html: str) -> None:
        """Remember some HTML."""
        if len(html) > LONGEST:
            return
        self._held += getsizeof(html)
        if self._held > self._room:
            self.html.clear()
            self._held = getsizeof(html)
        self.html[key] = html


class _RememberingMacro(Macro):
    """A macro that shows nothing but its arguments, and remembers what it gave for them."""

    def __init__(self, macro: Macro, template: str, memo: Memo) -> None:
        vars(self).update(vars(macro))
        self._place = template, macro.name
        self._memo = memo

    @jinja2.pass_eval_context
    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """The HTML for these arguments, rendered if it is not known."""
        key = None if kwargs else _key(self._place, args)
        if key is None:
            return super().__call__(*args, **kwargs)
        html = self._memo.html.get(key)
        if html is None:
            html = super().__call__(*args)
            self._memo.keep(key, html)
        return html


def _key(place: tuple[str, str], args: Iterable[object]) -> tuple[object, ...] | None:
    """Stands for a macro and its arguments; None where one of these may change, or be large.

    Types are part of it, because to Python 1 is True, and HTML the text of its characters.
    """
    key: list[object] = [place]
    for value in args:
        kind = type(value)
        if kind not in _STAND_FOR:
            return None
        stand_for = _STAND_FOR[kind]
        key += kind, stand_for(value) if stand_for else value
    return tuple(key)


_STAND_FOR: Mapping[type, Callable[[Any], object] | None] = {
    str: None,
    int: None,
    bool: None,
    Card: attrgetter("digest"),
    EvalContext: attrgetter("autoescape"),
}


class _Context(Context):
    """Jinja2's, with a short way to macros: a page calls ten, and all know what they are."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What something gives that a template calls."""
        if not isinstance(called, Macro):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)  # for functions that ask for their caller's variables
        kwargs.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **kwargs)


class _Generator(CodeGenerator):
    """Jinja2's compiler, but what stands in a page goes through `shown`, and macros remember."""

    _lasting: Sequence[nodes.Macro] = ()

    def visit_Template(  # noqa: N802  # named by Jinja2
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Compile a template."""
        self._lasting = _lasting_macros(node)
        self.writeline("from generator.text.markup import shown")
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write what makes a macro of its function."""
        lasting = any(macro_ref.node is macro for macro in self._lasting)
        self.write("environment.remembering(" if lasting else "")
        super().macro_def(macro_ref, frame)
        self.write(f", {self.name!r}, context)" if lasting else "")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Environment(jinja2.Environment):
    """Jinja2's, quicker where a page asks most; the pages are the same."""

    code_generator_class = _Generator
    context_class = _Context

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.memo = Memo()
        self._known: dict[str, jinja2.Template] = {}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # named by Jinja2
    ) -> jinja2.Template:
        """A template by its name. A page asks for eight, and a theme never changes."""
        if not isinstance(name, str) or globals:
            return super().get_template(name, parent, globals)
        if name not in self._known:
            self._known[name] = super().get_template(name)
        return self._known[name]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that a template sees of itself: a plain dictionary, where it has no others."""
        return super().make_globals(d) if d else self.globals

    def remembering(self, macro: Macro, template: str, context: Context) -> Macro:
        """The macro with a memory, unless it may see a page's own values."""
        if context.parent.keys() - self.globals.keys():
            return macro
        return _RememberingMacro(macro, template, self.memo)


def _lasting_macros(tree: nodes.Template) -> Sequence[nodes.Macro]:
    """The macros of a file that holds nothing else and takes nothing from another file.

    Such a macro sees its arguments, its neighbours and the pure helpers. In any other file it
    could see what the file has set, last or so far.
    """
    macros = [node for node in tree.body if isinstance(node, nodes.Macro)]
    others = (node for node in tree.body if not isinstance(node, nodes.Macro))
    return () if any(map(tree.find, _ELSEWHERE)) or not all(map(_is_blank, others)) else macros


_ELSEWHERE = nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport, nodes.Block


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and part.data.isspace() for part in node.nodes
    )
