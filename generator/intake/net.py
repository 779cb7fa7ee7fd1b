"""Asking others over the net, politely: one question at a time, who asks said, answers remembered.

Python's own `urllib` asks; why none of the libraries for arXiv, Crossref and OpenAlex does stands
in docs/decisions/0008. Time comes in as arguments, so that tests need none.
"""

from __future__ import annotations

import errno
import http.client
import json
import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib import error, request
from urllib.parse import urlsplit

from generator import disk
from generator.errors import BibpressError

# A page of a publisher has 0.3 MB, fifty works of OpenAlex 1 MB. More is no answer to us.
LARGEST = 20_000_000
# Seconds until a silent server has failed, and until one that sends a byte now and then has.
PATIENCE = 20.0
LONGEST = 120.0
# How often is asked, how long is waited before the second time, and the longest wait that a server
# may ask for: whoever is told to come back in an hour does that himself.
TRIES = 4
FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0
# Too many questions, and a server's own trouble (RFC 9110, RFC 6585): to be asked again.
AGAIN = frozenset({429, 500, 502, 503, 504})
GONE = frozenset({404, 410})


class NetError(BibpressError):
    """Somebody on the net does not answer, or not with what was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: whether there is such a thing at all, and its text."""

    found: bool
    text: str = ""


@dataclass
class Net:
    """How others are asked: under which name, how often, and what is remembered of the answers.

    `agent` says who asks (RFC 9110, 10.1.5). Answers are kept in `folder`, where one is given, and
    asked for again only with `refresh`. `clock` gives seconds since 1970.
    """

    agent: str
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    folder: Path | None = None
    refresh: bool = False
    tell: Callable[[str], None] = lambda _: None
    asked: int = 0
    _last: dict[str, float] = field(default_factory=dict)
    _fresh: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, accept: str, *, pause: float = 1.0) -> Answer:
        """What is at an address; `pause` seconds lie between two questions to one host.

        A server that is busy is asked again, when it says, and at most TRIES times. Raises
        NetError.
        """
        host = _host(url)
        wait = pause
        for attempt in range(1, TRIES + 1):
            self._wait_for(host, max(wait, pause))
            outcome = self._ask(url, accept)
            self._last[host] = self.clock()
            if isinstance(outcome, Answer):
                return outcome
            if not outcome.again or attempt == TRIES:
                raise NetError(f"{host} {outcome.said}")
            wait = FIRST_WAIT * 2 ** (attempt - 1) if outcome.wait is None else outcome.wait
            if wait > LONGEST_WAIT:
                raise NetError(f"{host} asks to wait {wait:,.0f} seconds; try again later")
            self.tell(f"{host} {outcome.said}; asking again in {wait:.0f} s")
        raise AssertionError

    def recalled(self, question: str) -> Any:
        """What was kept under a question, as plain data; KeyError for nothing."""
        if question in self._fresh:
            return json.loads(self._fresh[question])
        if not self.folder or self.refresh:
            raise KeyError(question)
        try:
            kept = json.loads(disk.contents(self._file(question), LARGEST, ours=True))
            return kept["answer"] if kept["question"] == question else _missing(question)
        except (OSError, ValueError, RecursionError, TypeError, KeyError) as lost:
            raise KeyError(question) from lost

    def keep(self, question: str, answer: Any) -> None:
        """Remember an answer, which is plain data, for `recalled`. To lose it costs a question."""
        self._fresh[question] = json.dumps(answer)
        if self.folder:
            said = json.dumps({"question": question, "answer": answer})
            with suppress(OSError):
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                disk.replace(self._file(question), said.encode("utf-8", "backslashreplace"))

    def _file(self, question: str) -> Path:
        name = blake2b(question.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return (self.folder or Path()) / f"{name}.json"

    def _wait_for(self, host: str, seconds: float) -> None:
        """Let so many seconds pass since this host was last asked, if it was."""
        if host in self._last:
            left = self._last[host] + seconds - self.clock()
            self.sleep(min(max(left, 0.0), seconds))

    def _ask(self, url: str, accept: str) -> Answer | _Failure:
        self.asked += 1
        try:
            asking = request.Request(  # noqa: S310 - the opener knows http and https alone
                url, headers={"User-Agent": self.agent, "Accept": accept}
            )
            with _opener().open(asking, timeout=PATIENCE) as response:
                data = self._data(response)
                return Answer(True, _text(data, response.headers.get_content_charset()))
        except error.HTTPError as refused:
            with refused:
                return self._refused(refused)
        except TimeoutError:
            return _Failure("does not answer in time", again=True)
        except error.URLError as failed:
            timed_out = isinstance(failed.reason, TimeoutError)
            said = "does not answer in time" if timed_out else _unreached(failed.reason)
            return _Failure(said, again=timed_out or isinstance(failed.reason, ConnectionError))
        except (OSError, http.client.HTTPException) as failed:
            return _Failure(f"breaks off: {failed or type(failed).__name__}", again=True)
        except ValueError as failed:
            return _Failure(f"is no address to ask: {failed}")

    def _data(self, response: http.client.HTTPResponse) -> bytes:
        """All that an answer says; OSError for too much of it, TimeoutError where it never ends."""
        begun, size, pieces = self.clock(), 0, []
        while piece := response.read1(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST:
                raise ValueError(f"its answer is larger than {LARGEST / 1e6:.0f} MB")
            if self.clock() - begun > LONGEST:
                raise TimeoutError
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(pieces)

    def _refused(self, refused: error.HTTPError) -> Answer | _Failure:
        if refused.code in GONE:
            return Answer(False)
        said = f"answers {refused.code} {refused.reason}".strip()
        return _Failure(said, refused.code in AGAIN, self._wait_asked_for(refused))

    def _wait_asked_for(self, refused: error.HTTPError) -> float | None:
        """The seconds of Retry-After, given as a number or a date (RFC 9110, 10.2.3)."""
        said = (refused.headers.get("Retry-After") or "").strip()
        if _SECONDS.fullmatch(said):
            return float(said)
        try:
            return max(parsedate_to_datetime(said).timestamp() - self.clock(), 0.0)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no answer, whether to ask again, and after how many seconds, if known."""

    said: str
    again: bool = False
    wait: float | None = None


def _unreached(reason: object) -> str:
    """Why a host cannot be reached, in the system's words; what to do where no way leads there."""
    said = f"cannot be reached ({getattr(reason, 'strerror', None) or reason})"
    is_lost = isinstance(reason, socket.gaierror) or getattr(reason, "errno", 0) in _NO_WAY
    return f"{said}; is there a network?" if is_lost else said


_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_SECONDS = re.compile(r"[0-9]{1,9}")


def _missing(question: str) -> Any:
    raise KeyError(question)


def _host(url: str) -> str:
    """The host of an address; raises NetError where it has none that could be asked."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"}:
        raise NetError(f"{url}: only addresses of http and https can be asked")
    return host


class _Redirects(request.HTTPRedirectHandler):
    """Follows to http and https alone: urllib's own would also go to ftp."""

    def redirect_request(self, *asked: Any) -> Any:
        """The next question, or HTTPError; the last that is given is where it leads."""
        req, fp, code, _message, headers, newurl = asked
        if urlsplit(newurl).scheme not in {"http", "https"}:
            raise error.HTTPError(req.full_url, code, "and leads off the web", headers, fp)
        return super().redirect_request(*asked)


def _opener() -> request.OpenerDirector:
    """What opens addresses of http and https, and no files, as `urlopen` would."""
    opener = request.OpenerDirector()
    handlers: Sequence[request.BaseHandler] = (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        _Redirects(),
        request.HTTPErrorProcessor(),
    )
    for handler in handlers:
        opener.add_handler(handler)
    return opener


_CHARSET = re.compile(rb"<meta\b[^>]{0,200}\bcharset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)


def _text(data: bytes, charset: str | None) -> str:
    """The text of an answer, in the charset that it or the page itself names; else in UTF-8."""
    named = _CHARSET.search(data[:4096])
    for name in (charset, named[1].decode("ascii") if named else None):
        try:
            if name:
                return data.decode(name, "replace")
        except (LookupError, UnicodeError):
            continue
    return data.decode("utf-8", "replace")
