"""Rules whose findings others report, as a reader does or a build: each complaint is a finding.

Who reports one says its name in the `Problem`; one without a name goes by its severity.
"""

from __future__ import annotations

from generator.check.table import RULES, Rule, reported
from generator.model import UNREAD, Problem

reported(
    Rule(
        "no-papers",
        "error",
        "There is no paper at all.",
        "Name a folder or a file with papers in it.",
    ),
    Rule(
        "skipped-entry",
        "error",
        "An entry that could not be read, or not to its end.",
        "Mend the entry at the line that the message names.",
    ),
    Rule(
        UNREAD,
        "error",
        "A file or a folder that could not be read at all.",
        "Look at who may read it, and whether the disk is sound.",
    ),
    Rule(
        "odd-entry",
        "warning",
        "An entry or a file of which something was left out, cut or guessed when it was read.",
        "Look at the entry, and write what is meant.",
    ),
    Rule(
        "remark",
        "note",
        "Something that was read otherwise than it is written, and hardly matters.",
        "Nothing, or what the message says.",
    ),
    Rule(
        "not-understood",
        "note",
        "A line that belongs to no paper.",
        "Take it out, or write it as the lines of the other papers are written.",
    ),
    Rule(
        "unread-year",
        "note",
        "What stands for a year in an entry and is none, where another source has the paper's.",
        "Write the year as four digits; what is not yet published has pubstate = {inpress}.",
    ),
    Rule(
        "odd-names",
        "warning",
        "Names of authors that had to be guessed at, or of which something was left out.",
        'Write them as "Family, Given and Family, Given"; a group in braces of its own.',
    ),
    Rule(
        "odd-abstract",
        "warning",
        "An abstract that is only a few words long.",
        "Put the whole abstract in, or take the field out.",
    ),
    Rule(
        "key-clash",
        "warning",
        "Two entries with one key: BibTeX takes the first or stops.",
        "Give one of them another key; if they are one paper, delete the poorer entry.",
    ),
    Rule(
        "missing-key",
        "note",
        "An entry without a key; one is made of its authors, year and title.",
        "Give it a key: nobody can cite it from a text otherwise.",
    ),
    Rule(
        "unsafe-key",
        "warning",
        "A key that BibTeX, biber or LaTeX would stumble over; another is used.",
        "Give the entry a key of A-Z, a-z, 0-9 and . : / + -, as the message has it.",
    ),
    Rule(
        "wrong-doi",
        "warning",
        "A doi that is none.",
        "Write the bare DOI, as 10.1000/182, or take the field out.",
    ),
    Rule(
        "wrong-address",
        "warning",
        "An address that is none; no link is made of it.",
        "Write the whole address, with https:// before it; or put the file named into static/.",
    ),
    Rule(
        "unknown-type",
        "note",
        "An entry of a type that BibTeX and biblatex do not know; it is read as @misc.",
        "Take one of theirs: @article, @inproceedings, @book, @phdthesis, @misc …",
    ),
    Rule(
        "unknown-string",
        "warning",
        "The name of a @string that nobody defines; it is read as empty.",
        "Define the @string above the entry, or put the value in braces.",
    ),
    Rule(
        "look-alike",
        "note",
        "Two papers that may be one.",
        "Say in content/papers.toml that they are the same, or that they are not.",
    ),
    Rule(
        "unknown-paper",
        "warning",
        "A line of content/papers.toml or content/people.toml that names no paper, or says two "
        "things at once.",
        "Write the id or the key of a paper, as the last part of its address.",
    ),
    Rule(
        "unknown-key",
        "warning",
        "A note or a page that cites a key which no paper has.",
        "Write the key of a paper as its page shows it, or add the paper.",
    ),
    Rule(
        "skipped-page",
        "error",
        "A page of your own that could not be read, or that has another's address: it is left out.",
        "Mend the page at the line that the message names, or give its file another name.",
    ),
    Rule(
        "odd-page",
        "warning",
        "A page of your own of which something was left out or is not shown as it is meant.",
        "Look at the page, and write what is meant.",
    ),
    Rule(
        "dead-link",
        "warning",
        "A link or an image of a page of your own that leads to nothing in the site.",
        "Write where the file, the page or its heading is, seen from the file that links to it.",
    ),
    Rule(
        "broken-query",
        "error",
        "A saved query that cannot be read, so that its page has no list.",
        "Mend it at the column that the message names.",
    ),
    Rule(
        "odd-query",
        "warning",
        "A saved query that asks for a name or for words which no paper has.",
        "Write the name as its page shows it; or leave it, if papers of it are to come.",
    ),
    Rule(
        "left-out-file",
        "warning",
        "A file of templates/ or static/ that is left out, not complete or partly without effect, "
        "or that takes the place of a page.",
        "Rename, move or complete it as the message says.",
    ),
    Rule(
        "dead-redirect",
        "warning",
        'A line of ledger.tsv that leads to an id which is not there: its page says "gone".',
        "Write the id of a paper behind the arrow, or gone.",
    ),
    Rule(
        "lost-ledger",
        "warning",
        "A published site whose ledger.tsv is gone or empty.",
        "Bring it back as it was, from git or a copy, before the next build.",
    ),
    Rule(
        "host-limit",
        "warning",
        "A file or a site that is near what GitHub takes.",
        "See [size] in the guide; a source that is too large can be split into several.",
    ),
)

_BY_SEVERITY = {"error": "skipped-entry", "warning": "odd-entry", "note": "remark"}


def named(problem: Problem) -> str:
    """The rule that a problem of a build belongs to: its own, or else that of its severity.

    An extension may give a name that is no rule's.
    """
    return problem.rule if problem.rule in RULES else _BY_SEVERITY[problem.severity]
