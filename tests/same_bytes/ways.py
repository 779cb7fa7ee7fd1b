"""What may differ between two builds of one site: a row a difference, and four of many at once."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.same_bytes.site import Way

# Seconds since 1970 of moments at which programs have stumbled.
CLOCKS = {
    "1970-01-02": 86_400,
    "1999-12-31 23:59:59": 946_684_799,
    "2024-02-29": 1_709_164_800,
    "2038-01-19 03:14:08": 2**31,
    "2106-02-07 06:28:16": 2**32,
    "2200-01-01": 7_258_118_400,  # Python itself ends in 2262, at 2**63 nanoseconds
}
ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Kiritimati", "Antarctica/Troll", ":none")
LOCALES = ("C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "de_DE.ISO-8859-1", "ja_JP.EUC-JP")
UMASKS = (0o000, 0o027, 0o077, 0o777)
SEEDS = ("0", "1", "random", "4294967295")
# Without these Python makes UTF-8 of a locale that has only ASCII.
BARE_C = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
# Other versions of sin, exp and log in the C library; some differ in the last digit.
PLAIN_MATH = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX2_Usable,-FMA_Usable"}
DEEP = "/".join(["a folder", "Bücher, ∂eep", "日本語", "100% #1?&'\"", "x" * 100, "-o"])
# A host, a folder and a person that could not be overlooked in the output.
TELLING = "tellingname"


def table() -> list[Way]:
    """Every way, one difference in each."""
    return [*_executors(), *_settings(), *_times(), *_places(), *_machines()]


def _executors() -> Iterator[Way]:
    yield Way("inline", ("--executor", "inline"))
    yield from (Way(f"{n} jobs", ("--jobs", str(n))) for n in (1, 2, 5))


def _settings() -> Iterator[Way]:
    yield from (Way(f"hash seed {seed}", variables={"PYTHONHASHSEED": seed}) for seed in SEEDS)
    yield from (Way(f"time zone {zone}", variables={"TZ": zone}) for zone in ZONES)
    for locale in LOCALES:
        missing = "" if has_locale(locale) else "the locale is not installed"
        yield Way(f"locale {locale}", variables={"LC_ALL": locale}, missing=missing)
    yield Way("locale C, as ASCII", variables=BARE_C)
    yield Way("output in ASCII", variables={"PYTHONIOENCODING": "ascii"})
    yield from (Way(f"umask {mask:03o}", umask=mask) for mask in UMASKS)
    for options in (("-O",), ("-OO",), ("-X", "dev"), ("-X", "utf8=0"), ("-B",)):
        yield Way(f"python {' '.join(options)}", python=(sys.executable, *options))
    yield Way("plain libm", variables=PLAIN_MATH)


def _times() -> Iterator[Way]:
    for name, clock in CLOCKS.items():
        yield Way(f"clock {name}", changes={"clock": clock})
        command = ("faketime", "-f", f"@{name if ' ' in name else f'{name} 00:00:00'}")
        yield Way(f"libfaketime {name}", before=command, missing=needs_command("faketime"))
    yield Way("SOURCE_DATE_EPOCH", variables={"SOURCE_DATE_EPOCH": "0"})
    yield from (
        Way(f"folders listed {'backwards' if not n else f'shuffled {n}'}", changes={"order": n})
        for n in range(4)
    )


def _places() -> Iterator[Way]:
    yield Way("a deep and odd path", source=DEEP)
    yield Way("a checkout at a deep and odd path", program=DEEP)
    yield Way("a relative path", named="site")
    yield Way("a path with dots", cwd="elsewhere", named="../elsewhere/.././site/")
    yield Way("the current folder", cwd="site", named="")
    yield Way("the current folder as a dot", cwd="site", named=".")
    yield Way("through a link", links={"link": "site"}, named="link")
    yield Way("below a link", links={"link": "."}, cwd="link", named="link/site/")
    yield Way("output elsewhere", out="some where/∂/_site")
    yield Way("output through a link", links={"link": "."}, out="link/out/_site")


def _machines() -> Iterator[Way]:
    yield Way("another home", variables={"HOME": "/nonexistent", "USER": TELLING})
    yield Way("no network, as Python sees it", changes={"network": "{work}/network"})
    alone = ("unshare", "--net", "--")
    yield Way("no network at all", before=alone, missing=refusal(alone))
    yield Way(
        "another user",
        before=(user := ("unshare", "--user", "--map-user=4711", "--")),
        missing=refusal(user),
    )
    host = ("unshare", "--uts", "sh", "-c", f'hostname {TELLING} && exec "$@"', "sh")
    yield Way("another host", before=host, missing=refusal(host))
    bound = 'mount --bind "{work}/site" "{work}/site" && mount -o remount,ro,bind "{work}/site"'
    mounted = ("unshare", "--mount", "sh", "-c", f'{bound} && exec "$@"', "sh")
    refused = refusal(("unshare", "--mount", "true"))
    yield Way("a read-only source", before=mounted, out="out/_site", missing=refused)


def corners() -> list[Way]:
    """Many differences at once, so that a few builds show whether there is any that matters."""
    return [
        Way(
            "long ago",
            options=("--executor", "inline"),
            variables={**BARE_C, "PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati", "HOME": "/no"},
            changes={"clock": CLOCKS["1999-12-31 23:59:59"], "order": 0},
            python=(sys.executable, "-OO"),
            umask=0o000,
            source=DEEP,
        ),
        Way(
            "soon",
            options=("--jobs", "2"),
            variables={"PYTHONHASHSEED": "1", "TZ": "America/St_Johns", **_turkish()},
            changes={"clock": 2**31, "order": 1, "network": "{work}/network"},
            umask=0o077,
            source=f"{TELLING}/site",
            links={"link": TELLING},
            named="link/site",
        ),
        Way(
            "later",
            options=("--jobs", "5"),
            variables={"PYTHONHASHSEED": "random", "TZ": "Asia/Tokyo", **PLAIN_MATH},
            changes={"clock": 2**32, "order": 2},
            umask=0o027,
            cwd="site",
            named="",
            out="out/_site",
            program=DEEP,
        ),
    ]


def _turkish() -> dict[str, str]:
    return {"LC_ALL": "tr_TR.UTF-8"} if has_locale("tr_TR.UTF-8") else {"LC_ALL": "POSIX"}


@functools.cache
def has_locale(name: str) -> bool:
    """Whether the system has a locale of this name."""
    code = f"import locale; locale.setlocale(locale.LC_ALL, {name!r})"
    return not subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    ).returncode


def needs_command(name: str) -> str:
    """What to say where a command is not installed; nothing where it is."""
    return "" if shutil.which(name) else f"{name} is not installed"


def refusal(before: Sequence[str]) -> str:
    """What to say where the system does not allow such a command; nothing where it does."""
    if missing := needs_command(before[0]):
        return missing
    done = subprocess.run([*before, "true"], capture_output=True, check=False, env=os.environ)
    return "" if done.returncode == 0 else "the system does not allow it here"
