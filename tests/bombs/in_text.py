"""Bombs in notes, in plain text, and in the files that tell bibpress what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.bombs.bomb import Files, entries, entry, files
from tests.bombs.pieces import LINES, MARKDOWN, repeated

# --- notes --------------------------------------------------------------------------------------


def _note(body: str, head: str = "title: A bomb") -> Files:
    return {"bomb.md": f"---\n{head}\n---\n{body}"}


def _markdown(piece: str, n: int) -> Files:
    return _note(repeated(piece, n))


def _ended(piece: str, n: int) -> Files:
    return _note(f"\n\n{repeated(piece, n)}\nx y] ) > `\n")


for what, piece in MARKDOWN.items():
    files(f"Markdown, {what}, 99,000 letters", partial(_markdown, piece), 99_000, 5_000)
    files(f"Markdown, {what}, 10 MB", partial(_markdown, piece), 10_000_000, 110_000)
    files(f"Markdown, {what}, then an end", partial(_ended, piece), 99_000, 5_000)


def _steps(indent: int, n: int) -> Files:
    return _note("".join(f"{' ' * indent * i}- a\n" for i in range(n)))


def _table(n: int) -> Files:
    return _note(f"{'|a' * n}\n{'|-' * n}\n" + f"{'|a' * n}\n" * n)


def _definitions(n: int) -> Files:
    defined = "".join(f"[a{i}]: http://a.b\n" for i in range(n))
    return _note(f"{defined}\n{''.join(f'[a{i}] ' for i in range(n))}")


files("Markdown, lists in lists", partial(_steps, 2), 430, 200)
files("Markdown, lists in lists, far apart", partial(_steps, 4), 220, 100)
files("Markdown, a table of 200 by 200", _table, 200, 50)
files("Markdown, definitions, each used", _definitions, 2_900, 300)


def _laughs(_n: int) -> Files:
    """A billion of them, from a few lines."""
    again = (f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    return _note("x", f"a0: &a0 ha\n{''.join(again)}title: A")


files("YAML, aliases of aliases", _laughs, 1, 1, "anchors")

HEADS = {
    "lists": lambda n: "title: " + "[" * n,
    "closed lists": lambda n: "title: " + "[" * n + "]" * n,
    "mappings": lambda n: "title: " + "{a: " * n,
    "JSON": lambda n: "{" + '"a": {' * n + "}" * n + "}",
    "steps": lambda n: "".join(" " * i + "a:\n" for i in range(min(n, 1_000))),
    "dashes": lambda n: "title: A\nx:\n  " + "- " * n,
    "question marks": lambda n: "? " * n,
    "tags": lambda n: "title: " + "!a " * n,
    "one word": lambda n: "title: " + "a" * n,
    "quotes": lambda n: 'title: "' + "a " * n,
    "folded lines": lambda n: "title: >\n" + "  a\n" * n,
    "names": lambda n: "title: A\n" + "".join(f"a{i}: b\n" for i in range(n)),
    "comments": lambda n: "title: A\n" + "# a\n" * n,
    "authors": lambda n: f"title: A\nauthors: [{', '.join(f'A{i}' for i in range(n))}]",
    "topics": lambda n: f"title: A\ntags: [{', '.join(f't{i}' for i in range(n))}]",
    "links": lambda n: f"title: A\nlinks: [{', '.join(f'http://a.b/{i}' for i in range(n))}]",
    "merges": lambda n: "title: A\n" + "<<: *a\n" * n,
    "colons": lambda n: "title: " + "a: " * n,
    "documents": lambda n: "title: A\n" + "--- \n" * n,
    "spaces": lambda n: "title:" + " " * n + "A",
    "line ends": lambda n: "title: A" + "\n" * n,
    "hashes": lambda n: "title: A" + " #" * n,
}


def _headed(head: Callable[[int], str], n: int) -> Files:
    return _note("x", head(n))


for what, head in HEADS.items():
    files(f"YAML, {what}, 9,000", partial(_headed, head), 9_000, 2_000)
    files(f"YAML, {what}, 1,000,000", partial(_headed, head), 1_000_000, 15_000)


def _toml_head(n: int) -> Files:
    return {"bomb.md": f"+++\n{'a = [' * n}\n+++\nx"}


def _never_ends(n: int) -> Files:
    return {"bomb.md": "---\n" + "a: b\n" * n}


def _many_notes(n: int) -> Files:
    paper = {"content/bomb.bib": entry("b", title="A study of one subject")}
    note = "---\ntitle: A study of one subject\n---\nNote {}"
    return paper | {f"content/bomb/{i}.md": note.format(i) for i in range(n)}


def _names_many(n: int) -> Files:
    named = " ".join(f"[@e{i}]" for i in range(n))
    return {"bomb.bib": entries(n), **_note(named)}


def _all_name_all(n: int) -> Files:
    named = " ".join(f"[@e{i}]" for i in range(n))
    return {"bomb.bib": entries(n)} | {
        f"bomb{i}.md": f"---\nkey: e{i}\n---\n{named}" for i in range(n)
    }


files("TOML before a note", _toml_head, 1_000_000, 10_000, "front matter")
files("front matter that never ends", _never_ends, 1_000_000, 10_000, "front matter")
files("3,000 notes on one paper", _many_notes, 3_000, 40)
files("a note that names thousands", _names_many, 3_000, 40)
files("notes that all name all", _all_name_all, 300, 15)


# --- plain text ---------------------------------------------------------------------------------


def _plain(piece: str, n: int) -> Files:
    return {"bomb.txt": repeated(piece, n)}


for what, piece in LINES.items():
    files(f"plain text, {what}, 3 MB", partial(_plain, piece), 3_000_000, 20_000)


def _one_abstract(n: int) -> Files:
    return {"bomb.txt": "A Title of a Paper\n" + repeated("We show that it is so. ", n)}


def _no_text(n: int) -> Files:
    return {"bomb.txt": bytes(range(256)) * (n // 256), "bomb.bib": b"\xff\xfe" + b"@\0" * (n // 2)}


def _xml(n: int) -> Files:
    """Entities of entities; bibpress reads no XML, so this is text."""
    more = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">{more}]><a>&a11;</a>\n'
    return {"bomb.txt": xml * n, "bomb.bib": entry("a", abstract=xml * n), **_note(xml * n)}


files("plain text, one abstract of 10 MB", _one_abstract, 10_000_000, 200_000, "cut after")
files("bytes that are no text", _no_text, 3_000_000, 100_000)
files("XML entities", _xml, 100, 10)


# --- settings -----------------------------------------------------------------------------------


def _setting(text: Callable[[int], str], n: int) -> Files:
    return {"bibpress.toml": text(n)}


def _topic(i: int, more: str = "") -> str:
    return (
        f'[[topic]]\nslug = "t{i}"\nname = "Topic {i}"\nfacet = "task"\n'
        f'definition = "It is {i}."\nphrases = ["subject {i}"]\n{more}\n'
    )


def _topics(n: int) -> Files:
    return {"topics.toml": "".join(map(_topic, range(n)))}


def _topics_in_topics(n: int) -> Files:
    inner = "".join(_topic(i, f'parent = "t{i + 1}"\n') for i in range(n))
    return {"topics.toml": inner + _topic(n)}


def _topics_in_a_ring(n: int) -> Files:
    return {"topics.toml": "".join(_topic(i, f'parent = "t{(i + 1) % n}"\n') for i in range(n))}


def _one_paper_of_all(n: int) -> Files:
    return {
        "topics.toml": "".join(map(_topic, range(n))),
        "bomb.bib": entry("a", abstract=" ".join(f"subject {i}." for i in range(n))),
    }


def _long_topic(n: int) -> Files:
    return {"topics.toml": _topic(0).replace("Topic 0", "Topic " * n)}


SETTINGS = {
    "lists in lists": lambda n: "title = " + "[" * n,
    "closed lists in lists": lambda n: "title = " + "[" * n + "]" * n,
    "tables in tables": lambda n: "title = " + "{a=" * n,
    "a name of many parts": lambda n: "a." * n + "a = 1",
    "many settings": lambda n: "".join(f"titl{i} = 1\n" for i in range(n)),
    "no TOML": lambda n: "=" * n,
    "a long title": lambda n: f'title = "{"a" * n}"',
}

for what, text in SETTINGS.items():
    files(f"settings, {what}", partial(_setting, text), 1_000_000, 10_000, stops=True)
files("10,000 topics", _topics, 10_000, 300)
files("a paper of 10,000 topics", _one_paper_of_all, 10_000, 100)
files("topics in topics", _topics_in_topics, 100_000, 300, stops=True)
files("topics in a ring", _topics_in_a_ring, 100_000, 300, stops=True)
files("a topic with a long name", _long_topic, 1_000_000, 300, stops=True)
