"""Every link of a built site, checked as a browser would follow it from disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_LINKS = {("a", "href"), ("link", "href"), ("script", "src"), ("img", "src"), ("form", "action"),
          ("use", "href"), ("image", "href"), ("iframe", "src"), ("source", "src")}  # fmt: skip
# What a browser fetches by itself; a link to another host is only followed by a reader.
_FETCHED = {"script", "img", "iframe", "source", "use", "image"}
_FETCHED_RELS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str, bool]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        rels = set(values.get("rel", "").split())
        fetched = tag in _FETCHED or (tag == "link" and bool(rels & _FETCHED_RELS))
        for name, value in values.items():
            if (tag, name) in _LINKS:
                self.links.append((tag, value, fetched))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.links.append((tag, values["content"].split("url=", 1)[-1], False))


class Site:
    """The HTML pages below a folder: their links and the ids in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        self._pages: dict[str, _Collector] = {}

    def page(self, path: str) -> _Collector:
        """A page's links and ids."""
        if path not in self._pages:
            self._pages[path] = _Collector()
            self._pages[path].feed((self.folder / path).read_text(encoding="utf-8"))
        return self._pages[path]

    def pages(self) -> Iterator[str]:
        """The paths of all pages."""
        return (path for path in sorted(self.files) if path.endswith(".html"))

    def faults(self) -> Iterator[str]:
        """Links that lead nowhere, to a folder, or to the host's root; doubled ids; fetches."""
        for path in self.pages():
            page = self.page(path)
            if len(set(page.ids)) < len(page.ids):
                yield f"{path}: an id stands twice"
            for tag, url, fetched in page.links:
                if fault := self._fault(path, url, fetched):
                    yield f"{path}: <{tag}> {url}: {fault}"

    def _fault(self, path: str, url: str, fetched: bool) -> str:
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            return "fetched from another host" if fetched and parts.scheme != "data" else ""
        if parts.path.startswith("/"):
            return "leads to the host's root"
        target = self.resolve(path, parts.path)
        if target not in self.files:
            return "no such file"
        if parts.fragment and target.endswith(".html"):
            return "" if unquote(parts.fragment) in self.page(target).ids else "no such fragment"
        return ""

    def resolve(self, path: str, target: str) -> str:
        """The file that a relative link on a page leads to."""
        if not target:
            return path
        steps: list[str] = []
        for step in (PurePosixPath(path).parent / unquote(target)).parts:
            if step == "..":
                if not steps:
                    return "outside"
                steps.pop()
            elif step != ".":
                steps.append(step)
        return "/".join(steps)

    def reachable(self, start: str = "index.html") -> set[str]:
        """Every file that a reader gets to by following links, without JavaScript."""
        found = {start}
        waiting = deque([start])
        while waiting:
            path = waiting.popleft()
            if not path.endswith(".html"):
                continue
            for _, url, _ in self.page(path).links:
                parts = urlsplit(url)
                target = self.resolve(path, parts.path)
                if not parts.scheme and not parts.netloc and target in self.files - found:
                    found.add(target)
                    waiting.append(target)
        return found
