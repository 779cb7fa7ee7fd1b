"""A server on this machine that answers as arXiv, Crossref, OpenAlex and a publisher do.

What it knows are the files beside it: a new paper is a new file.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HERE = Path(__file__).parent
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query</title>
{}</feed>
"""


@dataclass
class Reply:
    """An answer of HTTP; `cut` says more is to come than does, `hang` gives none until the end."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False


@dataclass
class Served:
    """The running server: where it is, what was asked, and what it answers first, in order."""

    base: str
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    first: list[Reply] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def options(self) -> list[str]:
        """What makes the command ask here."""
        return [
            word
            for name in ("arxiv", "crossref", "openalex")
            for word in ("--service", f"{name}={self.base}/{name}")
        ]


@contextmanager
def served() -> Iterator[Served]:
    """A server for as long as this lasts."""
    here = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            here.agents.append(self.headers["User-Agent"])
            reply = here.first.pop(0) if here.first else answer(self.path)
            if reply.hang:
                here.ended.wait(30)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + reply.cut))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def answer(path: str) -> Reply:
    """What the services would say."""
    parts = urlsplit(path)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    service, _, rest = parts.path.lstrip("/").partition("/")
    return _ANSWERS[service](rest, asked) if service in _ANSWERS else Reply(404)


def _arxiv(_: str, asked: Mapping[str, str]) -> Reply:
    files = [HERE / "arxiv" / f"{id_.replace('/', '_')}.xml" for id_ in asked["id_list"].split(",")]
    entries = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    return Reply(body=FEED.format("".join(entries)).encode())


def _crossref(rest: str, asked: Mapping[str, str]) -> Reply:
    works = _works("crossref")
    if rest.startswith("works/"):
        doi = unquote(rest.removeprefix("works/")).casefold()
        found = [work for work in works if work["DOI"].casefold() == doi]
        return _json({"status": "ok", "message": found[0]}) if found else Reply(404)
    if "filter" in asked:
        dois = [part.removeprefix("doi:").casefold() for part in asked["filter"].split(",")]
        found = [work for work in works if work["DOI"].casefold() in dois]
    else:
        found = [work for work in works if _said(work["title"][0]) <= _said(_words(asked))]
    return _json({"status": "ok", "message": {"total-results": len(found), "items": found}})


def _openalex(_: str, asked: Mapping[str, str]) -> Reply:
    works = _works("openalex")
    if "filter" in asked:
        dois = asked["filter"].removeprefix("doi:").casefold().split("|")
        found = [work for work in works if work["doi"].rpartition("doi.org/")[2] in dois]
    else:
        found = [work for work in works if _said(work["title"]) <= _said(asked["search"])]
    return _json({"meta": {"count": len(found)}, "results": found})


def _words(asked: Mapping[str, str]) -> str:
    return asked["query.bibliographic"]


def _said(text: str) -> set[str]:
    for tag in ("<i>", "</i>", "<sub>", "</sub>"):
        text = text.replace(tag, "")
    return set(text.casefold().split())


def _page(rest: str, _: Mapping[str, str]) -> Reply:
    file = HERE / "pages" / rest
    if not file.exists():
        return Reply(404)
    return Reply(body=file.read_bytes(), headers={"Content-Type": "text/html"})


def _works(service: str) -> list[dict[str, Any]]:
    files = sorted((HERE / service).glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def _json(said: object) -> Reply:
    return Reply(body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})


_ANSWERS: Mapping[str, Callable[[str, Mapping[str, str]], Reply]] = {
    "arxiv": _arxiv,
    "crossref": _crossref,
    "openalex": _openalex,
    "pages": _page,
}
