"""Which files are read, under which names they are spoken of, and how their bytes become text."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from unicodedata import normalize

from generator import disk
from generator.errors import UsageError
from generator.model import Problem, Where
from generator.place import is_published

# A larger file is not read: it has more papers than one build is made for (docs/scale.md).
LARGEST = 1_000_000_000
CONFIG = "bibpress.toml"
CONTENT = "content"
PAGES = "pages"
# By this file a folder is known as an environment of Python.
ENVIRONMENT = "pyvenv.cfg"
# What stands beside papers in any repository, and Hugo's pages of sections, which are no papers;
# compared without regard to case.
NEVER = ("readme", "readme.*", "license", "license.*", "changelog", "changelog.*",
         "requirements*.txt", "_index.md", "_index.*.md")  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A file to read: its name as said in messages, where it is, and how it is read.

    `meant`: somebody named the file, or put it into the `content/` of a site, so that it surely is
    a source.
    """

    name: str
    path: Path
    format: str
    meant: bool = True


def find(sources: Sequence[Path], formats: Mapping[str, str]) -> tuple[Found, ...]:
    """The files of all sources, sorted by name; none twice, however many ways lead to it.

    A source is a site folder (it holds `bibpress.toml` or `content/`: only `content/` is read),
    another folder, or a file. `formats` tells by the ending, in lower case, how a file is read;
    others are passed over. Raises UsageError for a source that does not exist and for a file,
    named itself, that nothing can read.

    Never read: what begins with a dot or is in NEVER, a published site, an environment of Python,
    links that lead out of the folder they were found under, whatever is not a regular file. A
    folder that cannot be listed stands in the result itself, so that reading it says why.
    """
    found: dict[Path, Found] = {}
    for source in sources:
        for file in sorted(_files(source, formats)):
            found.setdefault(file.path, file)
    return tuple(sorted(_named_apart(found.values())))


def own_pages(home: Path) -> tuple[Found, ...]:
    """The Markdown files below `content/pages/` of a site folder: pages of its owner's own.

    In the order of their names, under which they are spoken of. Links, and what is never read as a
    source, are passed over.
    """
    root = home.resolve()
    folder = (root / CONTENT / PAGES).resolve()
    if not folder.is_relative_to(root):
        return ()
    named = ((path.relative_to(folder), path) for path in disk.files_below(folder, forgiving=True))
    return tuple(
        Found(_shown(f"{CONTENT}/{PAGES}/{name.as_posix()}"), path, "note")
        for name, path in named
        if _is_page(PAGES / name) and not path.is_symlink() and _is(path, stat.S_ISREG)
        if not any(map(_is_never_read, name.parts))
    )


def contents(path: Path) -> bytes:
    """The bytes of what `find` gave; raises OSError, also for a folder that cannot be listed."""
    if _is(path, stat.S_ISDIR):
        os.scandir(path).close()
    return disk.contents(path, LARGEST)


def decode(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    r"""A file's text, its lines ended by "\n" alone, and what was wrong with its bytes.

    UTF-8 is expected; a byte order mark can say UTF-16 or UTF-32 instead. Bytes that are not
    UTF-8 are read as Windows-1252, each for itself: old .bib files are written so, wholly or in
    a few entries pasted in. Control characters become spaces. Either is reported once, where it
    first occurs. Never raises.
    """
    mark, encoding = next(pair for pair in _MARKS if data.startswith(pair[0]))
    data, about_encoding = _as_utf8(data[len(mark) :], encoding, name)
    # All that can be done in bytes takes a quarter of the time it takes in a text.
    data = _RETURN.sub(b"\n", data)
    data, about_controls = _without_controls(data, name)
    text, about_bytes = _text(data, name)
    return text, (*about_encoding, *about_bytes, *about_controls)


# --- finding ------------------------------------------------------------------------------------


def _files(source: Path, formats: Mapping[str, str]) -> Iterator[Found]:
    """The files that one source stands for; where a folder's links lead is already followed."""
    try:
        root = source.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"{source}: there is no such file or folder") from error
    if not _is(root, stat.S_ISDIR):
        yield from _single_file(source, root, formats)
    elif _is(root / CONFIG, stat.S_ISREG) or _is(root / CONTENT, stat.S_ISDIR):
        content = (root / CONTENT).resolve()
        if content.is_relative_to(root) and _is(content, stat.S_ISDIR):
            yield from _below(content, formats, CONTENT)
    else:
        yield from _below(root, formats, "")


def _single_file(source: Path, path: Path, formats: Mapping[str, str]) -> Iterator[Found]:
    if _is_never_read(source.name):
        return
    if (form := formats.get(source.suffix.casefold())) is None:
        raise UsageError(f"{source}: only files that end in {', '.join(formats)} can be read")
    if _is(path, stat.S_ISREG):
        yield Found(_shown(source.name), path, form)


def _below(root: Path, formats: Mapping[str, str], prefix: str) -> Iterator[Found]:
    """Every file below a resolved folder; `prefix` is "content" in a site, else empty.

    Links come last, so that a file goes by its own name.
    """
    places, links, seen = deque([(root, prefix)]), deque[tuple[Path, str]](), set[Path]()
    while places or links:
        path, name = places.popleft() if places else links.popleft()
        if path in seen or (prefix and _is_page(path.relative_to(root))):
            continue
        seen.add(path)
        if _is(path, stat.S_ISDIR):
            entries = [] if _is_no_source(path) else _entries(path)
            if entries is None:
                yield Found(f"{_shown(name)}/", path, "dump")
            for entry in entries or ():
                if real := _real_path(entry, root):
                    below = f"{name}/{entry.name}" if name else entry.name
                    (links if entry.is_symlink() else places).append((real, below))
        elif (form := formats.get(path.suffix.casefold())) and _is(path, stat.S_ISREG):
            yield Found(_shown(name), path, form, meant=bool(prefix))


def _is_no_source(folder: Path) -> bool:
    """Whether a folder holds what a program has made: a published site, an environment."""
    try:
        return _is(folder / ENVIRONMENT, stat.S_ISREG) or is_published(folder)
    except OSError:
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]] | None:
    """What may be read in a folder, in a fixed order; None if it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            readable = [entry for entry in entries if not _is_never_read(entry.name)]
    except OSError:
        return None
    return sorted(readable, key=lambda entry: entry.name)


def _real_path(entry: os.DirEntry[str], root: Path) -> Path | None:
    """Where an entry really is; None if that is nowhere, outside, or a place never read."""
    if not entry.is_symlink():
        return Path(entry.path)
    try:
        path = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):  # a link to nothing, or a ring of links
        return None
    if not path.is_relative_to(root) or any(map(_is_never_read, path.relative_to(root).parts)):
        return None
    return path


def _is_never_read(name: str) -> bool:
    folded = name.casefold()
    return name.startswith(".") or any(fnmatchcase(folded, pattern) for pattern in NEVER)


def _is_page(path: Path) -> bool:
    """In a site, Markdown below `content/pages/` is pages of one's own, not notes on papers."""
    return path.parts[:1] == (PAGES,) and path.suffix.casefold() in {".md", ".markdown"}


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    """Whether a path is of a kind; a pipe or a device is no regular file: reading could hang."""
    try:
        return kind(path.stat().st_mode)
    except (OSError, ValueError):
        return False


# --- naming -------------------------------------------------------------------------------------


def _shown(name: str) -> str:
    """A path as it can be shown: text, composed letters, what cannot be seen as its number."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", normalize("NFC", text))


# Controls, the ends of lines that some programs see, what turns a line round, no characters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")


def _named_apart(files: Iterable[Found]) -> Iterable[Found]:
    """The files, with as many of the folders above named as it takes to tell them apart.

    `a/refs.bib` and `b/refs.bib`, both named as sources, would else both be "refs.bib".
    """
    named = tuple(_spelled_apart(tuple(files)))
    for _ in range(max((len(file.path.parts) for file in named), default=0)):
        times = Counter(file.name for file in named)
        if len(times) == len(named):
            break
        named = tuple(_longer(file) if times[file.name] > 1 else file for file in named)
    return named


def _spelled_apart(files: Sequence[Found]) -> Iterator[Found]:
    """The files; where names look alike (é is one character or two), spelled letter by letter."""
    spelled = {file: "/".join(file.path.parts[-file.name.count("/") - 1 :]) for file in files}
    ways: dict[str, set[str]] = {}
    for file in files:
        ways.setdefault(file.name, set()).add(spelled[file])
    for file in files:
        letters = spelled[file].encode("ascii", "backslashreplace").decode()
        yield replace(file, name=_shown(letters)) if len(ways[file.name]) > 1 else file


def _longer(file: Found) -> Found:
    parts = file.path.parts[-file.name.count("/") - 2 :]
    return replace(file, name=_shown("/".join(part.strip(os.sep) for part in parts)))


# --- decoding -----------------------------------------------------------------------------------

# The longer marks first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"", "utf-8"),
)
_RETURN = re.compile(rb"\r\n?")
# How surrogateescape marks a byte that is not UTF-8, and what that byte is in Windows-1252.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_CP1252 = {0xDC00 + byte: bytes((byte,)).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
# In UTF-8. Line and paragraph separators too: some programs end a line there and some do not; and
# what Unicode says is no character (U+FFFE and its like), which HTML may not hold.
_CONTROL = re.compile(
    rb"[\x00-\x08\x0b-\x1f\x7f\xc2\xe2\xef-\xf4](?:(?<![\xc2\xe2\xef-\xf4])|(?<=\xc2)[\x80-\x9f]"
    rb"|(?<=\xe2)\x80[\xa8\xa9]|(?<=\xef)(?:\xbf[\xbe\xbf]|\xb7[\x90-\xaf])"
    rb"|(?<=[\xf0-\xf4])[\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf])"
)


def _as_utf8(data: bytes, encoding: str, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    """The same text in UTF-8, and what is to be said where it is not all text: a file cut off."""
    if encoding == "utf-8":
        return data, ()
    try:
        return data.decode(encoding).encode(), ()
    except UnicodeDecodeError as error:
        before = _RETURN.sub(b"\n", data[: error.start].decode(encoding, "replace").encode())
        said = f"is not all {encoding[:-3].upper()}: what is not, first here, is read as \ufffd"
        problem = _odd(name, before.count(b"\n") + 1, said)
    return data.decode(encoding, "replace").encode(), (problem,)


def _without_controls(data: bytes, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    """UTF-8 with spaces for its control characters, and what is to be said of that."""
    first = _CONTROL.search(data)
    if not first:
        return data, ()
    line = data.count(b"\n", 0, first.start()) + 1
    data, count = _CONTROL.subn(b" ", data)
    return data, (_odd(name, line, f"control characters: {count}, the first here; read as spaces"),)


def _text(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of bytes that should be UTF-8, and what is to be said of those that are not."""
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    text, count = _NOT_UTF8.subn(
        lambda match: _CP1252[ord(match[0])], data.decode(errors="surrogateescape")
    )
    said = (
        f"bytes that are not UTF-8: {count}, the first here; read as Windows-1252, "
        "save the file as UTF-8"
    )
    return text, (_odd(name, line, said),)


def _odd(name: str, line: int, said: str) -> Problem:
    return Problem(Where(name, line, line), said, "warning")
