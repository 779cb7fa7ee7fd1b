"""How a command ends: whatever stops it becomes one plain line and the right exit status."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from generator.cli.saying import in_a_line, say_json, show_problems
from generator.errors import BibpressError
from generator.load import RefusedError, Report


@contextmanager
def errors_said(as_json: bool, started: float) -> Iterator[None]:
    """Turn what stops a build into one plain line and the right exit status."""
    try:
        with _ended_in_good_order():
            yield
    except RefusedError as refused:
        show_problems(refused.report)
        stop(refused, refused.report, as_json, started)
    except BibpressError as error:
        stop(error, Report(), as_json, started)
    except KeyboardInterrupt as error:
        for number in (signal.SIGINT, signal.SIGTERM):  # a second one would break off the clearing
            signal.signal(number, signal.SIG_IGN)
        click.echo("bibpress: interrupted; nothing needs to be put right, call it again", err=True)
        sys.exit(status_of(error))
    except BrokenPipeError:  # whoever reads what we print has seen enough
        _leave_unheard()
        sys.exit(0)
    except OSError as error:
        stop(BibpressError(str(error)), Report(), as_json, started)
    except MemoryError:
        stop(BibpressError("there is not enough memory for all this"), Report(), as_json, started)
    except Exception as error:  # a fault of ours: where it is helps to mend it, whatever it is
        traceback.print_exc()
        stop(_fault(error), Report(), as_json, started)


def stop(error: BibpressError, report: Report, as_json: bool, started: float) -> NoReturn:
    """Say the error and leave with its status; with --json also the object that scripts expect."""
    click.echo(f"bibpress: {in_a_line(error)}", err=True)
    if as_json and error.exit_status == 1:
        say_json(json.dumps(report.as_json(time.monotonic() - started), ensure_ascii=False))
    sys.exit(error.exit_status)


def status_of(interrupt: KeyboardInterrupt) -> int:
    """The exit status of a command that was interrupted: as shells say it, 128 and the signal."""
    return 128 + (interrupt.number if isinstance(interrupt, _Ended) else signal.SIGINT)


def _leave_unheard() -> None:
    """Let what is still to be said to somebody who has gone vanish: Python would complain of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Ended(KeyboardInterrupt):
    """Somebody, or a system that shuts down, asks the command to end."""

    number = signal.SIGTERM


@contextmanager
def _ended_in_good_order() -> Iterator[None]:
    """SIGTERM as an interrupt: workers and temporary files are cleared away first."""

    def end(*_: object) -> NoReturn:
        raise _Ended

    if threading.current_thread() is not threading.main_thread():  # signals are for that alone
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fault(error: Exception) -> BibpressError:
    return BibpressError(
        f"this is a fault of bibpress, {type(error).__name__}; nothing needs to be put right. "
        "Please report it with the lines above"
    )
