"""Pages made on a Dask cluster: an executor whose workers may be other machines.

A unit of work travels as the bytes of a pickle, and `pickle.loads` is the function that Dask is
asked to call: the scheduler need not have bibpress, and Dask looks for nothing in the arguments.
Workers return values and write nothing. Before each unit a worker compares the bibpress, the
libraries and the Python it runs with ours, so none that differs makes a byte, whenever it joins.

Weaknesses. What is returned comes by way of the scheduler: workers may be out of our reach. How
much is handed out at a time goes by the workers there are in the beginning.
Whoever can reach a Dask cluster can run any program there; that is Dask's to guard (TLS). A worker
whose files are exchanged while it lives is known by what they were when it was first asked, and
might load the rest of them later; restart workers after an upgrade.
"""

from __future__ import annotations

import functools
import logging
import pickle
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from typing import Any, ParamSpec, TypeVar

from generator import __version__, output
from generator.errors import BibpressError, PublishError, UsageError

__all__ = ["Cluster", "executor", "here"]

P = ParamSpec("P")
T = TypeVar("T")

CONNECT = 10
"""Seconds in which a scheduler must answer, and its workers must say what they run."""

PATIENCE = 60
"""Seconds without any worker after which none is waited for: Dask restarts one in a few."""

LOOK = 5
"""Seconds between looks at whether there is a worker, and for the answer."""

HEAVY = 8_000_000
"""Bytes above which a unit of work is done here: Dask warns of 10 MB, and its scheduler holds it.

Such are the few outputs that list a large collection whole. Of 1,000 papers the 177 units had
0.1 MB in the median and 2.6 MB at most.
"""

_ADDRESS = re.compile(
    r"(?:(?:tcp|tls|ucx|wss?)://)?(?:[^\s:/@\[\]]+|\[[0-9a-fA-F:.%]+\]):[0-9]{1,5}"
)


class KilledError(PublishError, BrokenExecutor):
    """A unit of work has killed every worker that took it."""


@contextmanager
def executor(address: str) -> Iterator[Cluster]:
    """Connect to the scheduler at an address, "tcp://HOST:PORT", as long as the block lasts.

    Raises UsageError for what is no address, BibpressError where Dask is not installed, nobody
    answers, or a worker would make other bytes than this process.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f'"{address}" is no address of a Dask scheduler: say dask=tcp://HOST:PORT as '
            "dask scheduler prints it"
        )
    with _hushed(), _client(address) as client:
        cluster = Cluster(client, address)
        try:
            cluster.refuse_others()
            yield cluster
        finally:
            cluster.shutdown()


class Cluster(Executor):
    """Hands work to the workers of a Dask cluster; `jobs` is how many units they do at a time.

    A worker that is killed takes nothing along: its work is done again by another. A future raises
    KilledError when Dask gives a unit up, and PublishError when the scheduler is lost or there
    has been no worker for `PATIENCE` seconds.
    """

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._pool = client.get_executor(pure=False)
        self._waiting: set[Future[Any]] = set()
        self._over = threading.Event()
        self.jobs = max(1, _threads(client, CONNECT))
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called, which stands at the top of a module of ours."""
        work = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        if len(work) > HEAVY:
            return output.Inline().submit(fn, *args, **kwargs)
        future: Future[T] = Future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        try:
            there = self._pool.submit(pickle.loads, _calling(_do, here(), work))
        except Exception:  # of no class of Dask's own, in some of its versions: we are cut off
            future.set_exception(self._lost("is gone"))
        else:
            there.add_done_callback(functools.partial(self._settle, future))
        return future

    def refuse_others(self) -> None:
        """Raise BibpressError where a worker would make other bytes than this process."""
        try:
            ask = functools.partial(self._client.run, pickle.loads, _calling(here))
            found: Mapping[str, object] = _within(CONNECT, ask, on_error="return")
        except Exception as error:
            raise self._lost(f"does not answer for its workers: {_said(error)}") from error
        faults = [fault for worker in sorted(found) if (fault := _fault(worker, found[worker]))]
        if faults:
            more = f" ({len(faults) - 1} more differ)" if len(faults) > 1 else ""
            raise BibpressError(faults[0] + more)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give up whatever is still out; Dask does when its client is closed."""
        del wait, cancel_futures
        self._over.set()
        for future in list(self._waiting):
            future.cancel()

    def _settle(self, future: Future[Any], there: Future[Any]) -> None:
        with suppress(InvalidStateError):  # nobody waits for it any more
            if there.cancelled():
                future.set_exception(self._lost("is gone"))
            elif error := there.exception():
                future.set_exception(_plain(error))
            else:
                future.set_result(there.result())

    def _watch(self) -> None:
        alone = 0
        while not self._over.wait(LOOK):
            alone = 0 if _threads(self._client, LOOK) else alone + LOOK
            if alone >= PATIENCE:
                for future in list(self._waiting):
                    with suppress(InvalidStateError):  # it has just come
                        future.set_exception(self._lost(f"has had no worker for {alone} seconds"))

    def _lost(self, what: str) -> PublishError:
        return PublishError(
            f"the Dask cluster at {self._address} {what}; "
            "start it again, or build with --executor process"
        )


def here() -> dict[str, str]:
    """What makes bytes in this process: versions by name, and the stamp of all of it."""
    return dict(_here())


@functools.cache
def _here() -> tuple[tuple[str, str], ...]:
    versions = [(name, output.version(name)) for name in output.LIBRARIES]
    python = ".".join(map(str, sys.version_info[:2]))
    return ("bibpress", __version__), ("Python", python), *versions, ("stamp", output.stamp())


# --- there --------------------------------------------------------------------------------------

_ONE_AT_A_TIME = threading.Lock()


def _do(ours: Mapping[str, str], work: bytes) -> object:
    """What a worker does with a unit of work.

    Threads of one worker take turns: Python would make them anyway, and nothing of ours has to
    bear two.
    """
    if here() != ours:
        import distributed

        raise BibpressError(_difference(distributed.get_worker().address, here(), ours))
    fn, args, kwargs = pickle.loads(work)  # noqa: S301  # from whoever can run programs here anyway
    with _ONE_AT_A_TIME, output.seldom_collecting():
        return fn(*args, **kwargs)


class _Call:
    """A call that takes place when its pickle is read."""

    def __init__(self, fn: Callable[..., object], args: tuple[object, ...]) -> None:
        self._fn, self._args = fn, args

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._fn, self._args


def _calling(fn: Callable[..., object], *args: object) -> bytes:
    return pickle.dumps(_Call(fn, args), pickle.HIGHEST_PROTOCOL)


# --- saying -------------------------------------------------------------------------------------


def _fault(worker: str, found: object) -> str:
    """What is wrong with a worker, which told what it has or could not; nothing if it is as we."""
    if isinstance(found, dict):
        return _difference(worker, found, here()) if found != here() else ""
    if _is_without_us(found):
        return _lacking(worker)
    return f"the Dask worker {worker} does not say what it runs: {_said(found)}"


def _difference(worker: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    for name, version in ours.items():
        there = theirs.get(name, "")
        if there != version and name != "stamp":
            what = f"{name} {there}" if there else f"no {name}"
            return f"the Dask worker {worker} has {what}, this is {version}: {_REMEDY}"
    return f"the Dask worker {worker} has other code of bibpress {__version__}: {_REMEDY}"


_REMEDY = "install the same there and restart it"


def _lacking(worker: str) -> str:
    return f"the Dask worker {worker} has no bibpress {__version__}: {_REMEDY}"


def _is_without_us(error: object) -> bool:
    return isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("generator")


def _plain(error: BaseException) -> BaseException:
    """What to raise here for what went wrong there."""
    if _is_without_us(error):
        return BibpressError(_lacking("that joined last"))
    if type(error).__name__ == "KilledWorker":
        return KilledError("the same work killed several Dask workers; have they enough memory?")
    return error


def _said(error: object) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


# --- connecting ---------------------------------------------------------------------------------


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        import distributed
    except ImportError as error:
        raise BibpressError(
            'the executor "dask" needs a library: pip install "bibpress[dask]"'
        ) from error
    # We close it ourselves; by its own finaliser a client that never connected would hold up the
    # end of the program, and complain there.
    closed_by_us = type("Client", (distributed.Client,), {"__del__": lambda _: None})
    try:
        client = _within(CONNECT, closed_by_us, address, timeout=CONNECT, set_as_default=False)
    except OSError as error:
        raise BibpressError(
            f"no Dask scheduler answers at {address}: start one with dask scheduler, and say the "
            "address that it prints"
        ) from error
    except Exception as error:  # without certificates for TLS, say
        raise BibpressError(f"cannot use a Dask cluster at {address}: {_said(error)}") from error
    try:
        yield client
    finally:
        with suppress(Exception):  # whatever it is, the cluster forgets us when we are gone
            _within(CONNECT, client.close)


def _threads(client: Any, seconds: float) -> int:
    """How many units of work the workers do at a time; none where the scheduler is silent."""
    try:
        return sum(_within(seconds, client.nthreads).values())
    except Exception:  # it has many ways to say so, most of them no class of its own
        return 0


def _within(seconds: float, ask: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What a call over the network gives; TimeoutError after so many seconds.

    Dask waits for ever where something answers that is no scheduler, or one that hangs: the thread
    that asks is left to itself.
    """
    answer: Future[T] = Future()

    def wait() -> None:
        try:
            answer.set_result(ask(*args, **kwargs))
        except BaseException as error:  # raised where the answer is waited for
            answer.set_exception(error)

    threading.Thread(target=wait, daemon=True).start()
    return answer.result(seconds)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what libraries log or warn of from the terminal: what matters is raised."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
