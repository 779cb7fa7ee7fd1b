"""Every regular expression of bibpress, and for each the strings that it should choke on.

Nobody lists the patterns: they are found in the modules, compiled ones as values, others where
`re` is called. Nobody writes the strings either: they are made of the pattern's own parse, pieces
that it likes to begin with and to repeat, and then an end that it does not like.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import pkgutil
import random
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from re import _parser  # type: ignore[attr-defined]  # the parse of a pattern is private
from types import ModuleType
from typing import Any

import generator

# What scans a text tries every place of it; what does not tries the one it is given.
SCANNING = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
ANCHORED = frozenset({"match", "fullmatch"})
METHODS = SCANNING | ANCHORED


@dataclass(frozen=True)
class Used:
    """A regular expression: where it stands, and by which methods it is asked."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]

    @property
    def works(self) -> Iterator[tuple[str, Callable[[Any], object]]]:
        """Each way in which it is asked over a text, by name."""
        if self.methods & SCANNING:
            yield "scan", lambda text: deque(self.pattern.finditer(text), maxlen=0)
        for name in sorted(self.methods & ANCHORED):
            yield name, getattr(self.pattern, name)


# --- finding them -------------------------------------------------------------------------------


def modules() -> list[ModuleType]:
    """Every module of bibpress."""
    found = pkgutil.walk_packages(generator.__path__, "generator.")
    return [importlib.import_module(each.name) for each in found if "__main__" not in each.name]


def used() -> tuple[list[Used], list[str]]:
    """Every regular expression of bibpress; and the calls of `re` whose pattern nobody can tell."""
    sources = {module: ast.parse(inspect.getsource(module)) for module in modules()}
    asked = {module: _asked(tree) for module, tree in sources.items()}
    found: dict[tuple[object, ...], Used] = {}
    unknown = []

    def keep(where: str, pattern: re.Pattern[Any], methods: Iterable[str]) -> None:
        each = Used(where, pattern, frozenset(methods) & METHODS or METHODS)
        found.setdefault((pattern.pattern, pattern.flags, each.methods), each)

    for module, tree in sources.items():
        for top, value in vars(module).items():
            near = [module] if top.startswith("_") else asked
            methods = {method for each in near for method in asked[each][top]}
            for name, pattern in _within(top, value):
                keep(f"{module.__name__}.{name}", pattern, methods)
        for call in _calls(tree):
            where = f"{module.__name__}, line {call.lineno}"
            if called := _of_call(call, module):
                keep(where, called, {call.func.attr})
            else:
                unknown.append(where)
    return list(found.values()), unknown


def _asked(tree: ast.AST) -> Mapping[str, set[str]]:
    """Name → the methods that it is asked by, under another name too; where none is seen, all."""
    methods: dict[str, set[str]] = defaultdict(set)
    direct: list[Any] = [node for node in ast.walk(tree) if _is_of_name(node)]
    for node in direct:
        methods[node.value.id].add(node.attr)
    other_names, handed_on = set(), set()
    for node in ast.walk(tree):
        names, values = _renamed(node)
        other_names |= names
        handed_on |= values
    asked = {method for name in other_names for method in methods[name]} & METHODS
    seen = {node.value for node in direct}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in seen:
            methods[node.id] |= (asked if node in handed_on else set()) or METHODS
    return methods


def _is_of_name(node: Any) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _renamed(node: ast.AST) -> tuple[set[str], set[ast.expr]]:
    """Names that patterns get as parameters or in a loop, and the values that go there."""
    if isinstance(node, ast.FunctionDef):
        parameters = (*node.args.args, *node.args.kwonlyargs)
        of_patterns = {
            each.arg
            for each in parameters
            if each.annotation and "Pattern" in ast.unparse(each.annotation)
        }
        return of_patterns, set()
    if isinstance(node, ast.Call):
        return set(), set(node.args)
    if isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple):
        return {ast.unparse(node.target)}, set(node.iter.elts)
    return set(), set()


def _within(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns that a value of a module is or holds."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(f"{name}[{key!r}]", each)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _within(f"{name}[]", each)


def _calls(tree: ast.AST, within: bool = False) -> Iterator[Any]:
    """The calls of functions of `re` that take a pattern, but for what a module compiles once."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of, method = node.func.value, node.func.attr
            is_of_re = isinstance(of, ast.Name) and of.id == "re" and method != "escape"
            if is_of_re and (within or method != "compile"):
                yield node
        yield from _calls(node, within or isinstance(node, ast.FunctionDef | ast.Lambda))


class _Names(dict[str, Any]):
    """The names that a pattern is made of; what only a run of the program knows is a short text."""

    def __missing__(self, name: str) -> str:
        return "aa"


def _of_call(call: ast.Call, module: ModuleType) -> re.Pattern[Any] | None:
    """The pattern that a call of `re` names or spells; None where that cannot be told."""
    names = _Names({**vars(builtins), **vars(module)})
    flags = [
        each for each in ast.walk(call) if isinstance(each, ast.Attribute) and each.attr.isupper()
    ]
    try:
        source = eval(compile(ast.Expression(call.args[0]), "", "eval"), names)  # noqa: S307
        bits = [getattr(re, each.attr) for each in flags if getattr(each.value, "id", "") == "re"]
        return (
            re.compile(source, sum(map(int, bits))) if isinstance(source, str | bytes) else source
        )
    except (TypeError, AttributeError):
        return None


# --- what they may not say ----------------------------------------------------------------------


def repeats_a_group(pattern: re.Pattern[Any]) -> bool:
    """Whether more than one character is repeated possessively, as in `(?:ab|c)*+`.

    Python before 3.11.5, which is that of Debian 12, goes on behind what the last repetition has
    taken, though that one failed. `(?>(?:ab|c)*)` says the same, and every Python does it right;
    for long texts there is `again` of `generator.text.patterns`.
    """
    waiting = [_parser.parse(pattern.pattern, pattern.flags)]
    while waiting:
        for item in waiting.pop():
            inner = [*_inner(item)]
            waiting += inner
            if str(item[0]) == "POSSESSIVE_REPEAT" and not all(map(_is_one, inner)):
                return True
    return False


def _is_one(parsed: Any) -> bool:
    """Whether a sequence is one character, of whatever class."""
    return len(parsed) == 1 and str(parsed[0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN")


# --- what each should choke on ------------------------------------------------------------------

# Letters, digits, marks and spaces that stand for a class which leaves others out.
PROBES = "aA1 _-.,\n(é{<$\"'\\/@\u0301\u4e2d\x01"
MOST = 6


def attacks(pattern: re.Pattern[Any], most: int) -> list[Callable[[int], Any]]:
    """Texts by length, made of what the pattern itself is made of: at most so many of them.

    Each is pieces over and over: one, one behind another, two in turn; and then what may not
    match.
    """
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    pieces = list(dict.fromkeys(filter(None, _pieces(parsed))))
    draw = random.Random(repr(pattern.pattern))  # noqa: S311 - which texts are tried, no secret
    shapes = [("", piece, tail) for piece in pieces for tail in TAILS]
    draw.shuffle(shapes)
    alone = shapes[: most // 2] if pieces else []
    paired = (
        _shape(draw.choice(pieces), draw.choice(pieces), draw) for _ in range(most - len(alone))
    )
    return [partial(_text, pattern, *shape) for shape in dict.fromkeys((*alone, *paired))]


TAILS = ("", "\x01", "\n!")


def _shape(one: str, two: str, draw: random.Random) -> tuple[str, str, str]:
    """Two pieces as a beginning, what is repeated, and an end."""
    before, repeated = draw.choice([(one, two), ("", one + two), ("", one * 8 + two)])
    return before, repeated, draw.choice(TAILS)


def _text(pattern: re.Pattern[Any], before: str, piece: str, tail: str, size: int) -> Any:
    text = before + piece * max(1, size // len(piece)) + tail
    return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def _pieces(parsed: Any) -> Iterator[str]:
    """Texts that parts of a pattern match: each item, and each beginning of a sequence."""
    for i in range(len(parsed)):
        yield from _examples(parsed[: i + 1])
        yield from _examples(parsed[i : i + 1])
    for item in parsed:
        for inner in _inner(item):
            yield from _pieces(inner)


def _inner(item: tuple[Any, Any]) -> Iterator[Any]:
    """The sequences that stand within an item of a parse."""
    name, value = str(item[0]), item[1]
    if name == "BRANCH":
        yield from value[1]
    elif name in ("ASSERT", "ASSERT_NOT", "SUBPATTERN") or name.endswith("_REPEAT"):
        yield value[-1]
    elif name == "ATOMIC_GROUP":
        yield value


def _examples(parsed: Any) -> list[str]:
    """A few texts that a sequence matches, the assertions in it aside."""
    texts = [""]
    for item in parsed:
        texts = [a + b for a, b in islice(product(texts, _of_item(item) or [""]), MOST)]
    return texts


def _of_item(item: tuple[Any, Any]) -> list[str]:
    """A few texts that one item of a parse matches."""
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return [chr(value)]
    if name == "NOT_LITERAL":
        return [c for c in PROBES if ord(c) != value][:MOST]
    if name == "ANY":
        return [*PROBES[:MOST]]
    if name == "IN":
        return _of_class(value)
    if name == "BRANCH":
        return [text for inner in value[1] for text in _examples(inner)[:2]]
    if name.endswith("_REPEAT"):
        return [text * max(1, value[0]) for text in _examples(value[2])]
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return [text for inner in _inner(item) for text in _examples(inner)]
    return [""]


def _of_class(members: Sequence[tuple[Any, Any]]) -> list[str]:
    """A few of the characters in a class; of one that leaves others out, those it has."""
    names = [str(name) for name, _ in members]
    if names[0] == "NEGATE":
        return [c for c in PROBES if not any(_is(c, each) for each in members[1:])][:MOST]
    own = [chr(each if isinstance(each, int) else each[0]) for name, each in members
           if str(name) in ("LITERAL", "RANGE")]  # fmt: skip
    return [*own[:MOST], *[c for c in PROBES if any(_is(c, each) for each in members)][:MOST]]


def _is(c: str, member: tuple[Any, Any]) -> bool:
    """Whether a character is one that a member of a class stands for."""
    name, value = str(member[0]), member[1]
    if name in ("LITERAL", "RANGE"):
        first, last = (value, value) if name == "LITERAL" else value
        return bool(first <= ord(c) <= last)
    kind = str(value).removeprefix("CATEGORY_")
    is_one = {"SPACE": c.isspace(), "DIGIT": c.isdigit(), "WORD": c.isalnum() or c == "_"}
    return is_one[kind.removeprefix("NOT_")] != kind.startswith("NOT_")
