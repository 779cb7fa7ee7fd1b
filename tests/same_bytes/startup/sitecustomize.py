"""What Python finds in other surroundings: this folder on PYTHONPATH changes every process below.

Python imports a module of this name before anything else, in workers too. What is to be changed
stands in the variable SURROUNDINGS, as JSON; nothing is where it is empty:

    {"clock": 915148800, "order": 1, "network": "PATH"}

`clock` is the time at which the process starts, in seconds since 1970. `order` shuffles what
folders are said to hold, by this number; 0 turns it round. `network` names a file to which every
attempt to reach another process over a network is added; the attempt fails.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


def set_clock(start: float) -> None:
    """Have the clock show `start` now, wherever Python asks it; files keep the system's time.

    A weakness: what C code asks the system itself is not changed. libfaketime does that where it
    is installed (`tests.same_bytes.ways`).
    """
    real, shift = time.time, start - time.time()
    time.time = lambda: real() + shift
    time.time_ns = lambda: int(time.time() * 1e9)
    for name in ("gmtime", "localtime", "ctime"):
        setattr(time, name, _now_by_default(getattr(time, name)))
    datetime.datetime = _DateTime  # type: ignore[misc]  # this is what the module is for
    datetime.date = _Date  # type: ignore[misc]


def _now_by_default(function: Callable[[float], T]) -> Callable[..., T]:
    return lambda seconds=None: function(time.time() if seconds is None else seconds)


class _Meta(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__mro__[1])


class _DateTime(datetime.datetime, metaclass=_Meta):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> datetime.datetime:  # type: ignore[override]
        return cls.now(datetime.UTC).replace(tzinfo=None)


class _Date(datetime.date, metaclass=_Meta):
    @classmethod
    def today(cls) -> datetime.date:  # type: ignore[override]
        return cls.fromtimestamp(time.time())


def shuffle(number: int) -> None:
    """Have folders list what they hold in another order."""
    listdir, scandir = os.listdir, os.scandir

    def in_order(entries: list[T], name: Callable[[T], Any]) -> list[T]:
        entries.sort(key=name, reverse=True)
        if number:
            random.Random(number).shuffle(entries)  # noqa: S311 - nothing is secret here
        return entries

    class Scan:
        """What os.scandir gives: an iterator that can be closed."""

        def __init__(self, path: Any = ".") -> None:
            with scandir(path) as entries:
                self._entries = iter(in_order(list(entries), lambda entry: entry.name))

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            return self._entries

        def __next__(self) -> os.DirEntry[str]:
            return next(self._entries)

        def __enter__(self) -> Scan:
            return self

        def __exit__(self, *_: object) -> None:
            self.close()

        def close(self) -> None:
            """Nothing is open."""

    os.listdir = lambda path=".": in_order(listdir(path), str)  # type: ignore[assignment]
    os.scandir = Scan  # type: ignore[assignment]  # a class does for a function


def cut_off(log: str) -> None:
    """Let no socket reach another process, and write down each that tries; pipes are no matter."""

    def refused(*args: object, **_: object) -> NoReturn:
        with open(log, "a") as file:  # noqa: PTH123 - pathlib would bind what is not changed yet
            file.write(f"{args}\n")
        raise OSError("this process has no network")

    for name in ("connect", "connect_ex", "sendto", "sendmsg", "bind"):
        setattr(socket.socket, name, refused)
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
        setattr(socket, name, refused)


CHANGES: dict[str, Callable[[Any], None]] = {
    "clock": set_clock,
    "order": shuffle,
    "network": cut_off,
}

for change, value in json.loads(os.environ.get("SURROUNDINGS") or "{}").items():
    CHANGES[change](value)
