"""A host of static pages that tells what it sent: gzipped, as every public one does."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LEVEL = 6  # zlib's own choice, which lunr.js here takes too
QUIET = 0.3  # seconds without a request after which a page is taken to have all it wants
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
KINDS = {
    "words": "words, endings",
    "endings": "words, endings",
    "tags": "facets",
    "authors": "facets",
    "venues": "facets",
}


class Sent(NamedTuple):
    """One answered request: which file, and how many bytes its gzipped body had."""

    path: str
    bytes: int

    @property
    def kind(self) -> str:
        """What sort of file that is: "page", "scripts", "terms" and so on."""
        return kind(self.path)


def kind(path: str) -> str:
    """What sort of file a path is of; the parts of the index go by the folders they lie in."""
    match path.split("/"):
        case ["search", folder, _]:
            return KINDS.get(folder, folder)
        case [*_, name] if name.endswith(".js"):
            return "scripts"
        case [*_, name] if name.endswith(".html"):
            return "page"
        case [*_, name] if name.endswith(".css"):
            return "style"
    return "other"


def gzipped(data: bytes) -> bytes:
    """The bytes as a host would send them."""
    return gzip.compress(data, LEVEL, mtime=0)


@dataclass
class Host:
    """A running host; `url` is the site's address with its final slash."""

    url: str
    log: list[Sent] = field(default_factory=list)
    changed: float = 0.0

    def note(self, sent: Sent) -> None:
        """Remember what was sent."""
        self.log.append(sent)
        self.changed = monotonic()

    def taken(self) -> tuple[Sent, ...]:
        """What was sent since this was asked last, once no more is asked for."""
        while (rest := self.changed + QUIET - monotonic()) > 0:
            sleep(rest)
        sent, self.log[:] = tuple(self.log), ()
        return sent


@contextmanager
def hosted(folder: Path) -> Iterator[Host]:
    """A host of the site in a folder, on a port of this machine."""
    read = _reader(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            body = read(path)
            host.note(Sent(path, len(body)))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", TYPES.get(Path(path).suffix, "text/plain"))
            self.send_header("Content-Encoding", "gzip" if body else "identity")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        host = Host(f"http://127.0.0.1:{server.server_port}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield host
        server.shutdown()


def _reader(folder: Path) -> Callable[[str], bytes]:
    """Path → the gzipped file below the folder, worked out once; empty where there is none."""

    @cache
    def read(path: str) -> bytes:
        file = folder / path
        return gzipped(file.read_bytes()) if file.is_file() else b""

    return read


def by_kind(sent: Sequence[Sent]) -> dict[str, tuple[int, int]]:
    """Kind → how many files of it were sent, and their bytes."""
    found: dict[str, tuple[int, int]] = {}
    for each in sent:
        files, size = found.get(each.kind, (0, 0))
        found[each.kind] = (files + 1, size + each.bytes)
    return found
