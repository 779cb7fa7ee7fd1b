"""What edits put in: marks that mean something somewhere, and letters that behave oddly."""

from __future__ import annotations

LETTERS: tuple[bytes, ...] = (
    b"\0", b"\x01", b"\x08", b"\x0b", b"\x0c", b"\x1a", b"\x1b[31m", b"\x7f", b"\xc2\x80",
    b"\xc2\x85", b"\xc2\xa0", b"\xc2\xad", b"\xe2\x80\x8b", b"\xe2\x80\xa8", b"\xe2\x80\xae",
    b"\xef\xbb\xbf", b"\xef\xbf\xbe", b"\xef\xbf\xbd", b"\xed\xa0\x80", b"\xf4\x8f\xbf\xbf",
    b"\xf4\x90\x80\x80", b"\xff\xfe", b"\xfe\xff", b"\x80", b"\xc0\xaf", b"\xe9", b"\xcc\x81",
    b"a\xcc\x81\xcc\xa7" * 3, b"\xc4\xb0", b"\xc3\x9f", b"\xef\xac\x81", b"\xf0\x9d\x92\xaa",
    b"\xe6\x9d\xb1\xe4\xba\xac", b"\xd7\xa9\xd7\x9c",
    b"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
    b"\xe2\x82\xac", b"\xc2\xb2", b"\xe2\x85\xa7", b"\xd9\xa3", b"\xc7\x85", b"\xe1\xbe\xb3",
    b" ", b"\t", b"\n", b"\n\n", b"\r", b"\r\n",
)  # fmt: skip
MARKUP: tuple[bytes, ...] = (
    b"<", b">", b"&", b"&amp;", b"&#0;", b"&#xD800;", b"&#x110000;", b"&lt;", b"</script>",
    b"<!--", b"-->", b"]]>", b"<script>alert(1)</script>", b'" onload="', b"{{ 7 * 7 }}", b"{%",
    b"javascript:alert(1)", b"http://[", b"https://example.org/%zz?a=b#c", b"//", b"mailto:",
    b"../../etc/passwd", b"CON", b"index", b"\\", b"\\\\", b"'", b"`", b"%", b"%s", b"%%", b"|",
    b"~", b"^", b"_", b"#", b"$", b"$$", b"\\$", b"\\(", b"\\)", b"[", b"](", b"![](", b"[@", b"]",
    b"[^1]", b"* ", b"> ", b"```", b"***", b"- [ ] ",
)  # fmt: skip
LATEX: tuple[bytes, ...] = (
    b"\\'", b"\\'{", b'\\"', b"\\c{", b"\\textbf{", b"{\\bf ", b"\\emph", b"\\o", b"{\\ss}",
    b"\\char", b"\\symbol{55296}", b"\\begin{", b"\\end{a}", b"\\verb|", b"\\def\\a{\\a}", b"\\a",
    b"$x^{2", b"$x$", b"x_{i", b"\\frac{a}{b}", b"\\left(", b"\\url{", b"\\href{a}{", b"\\\\",
    b"--",
    b"``", b"''", b"\\&", b"\\%", b"\\{", b"\\}", b"^^00", b"\\ensuremath{", b"\\mbox{$", b"\\i",
)  # fmt: skip
BIB: tuple[bytes, ...] = (
    b"@", b"@article{", b"@misc{x,", b"\n@misc{x,\n", b"@string{s = ", b"@string{s = s # s}",
    b"@comment{", b"@preamble{", b"@xdata{x,", b"{", b"}", b"{{", b"}}", b"(", b")", b'"', b",",
    b",,", b"=", b"#", b" # jan", b"title = ", b"title = {", b"author = {", b" and ", b"and others",
    b" and and ", b"et al.", b", Jr., ", b"crossref = {", b"xdata = {a,b},", b"year = {0}",
    b"year = {99999}", b"date = {2020-13-45/..}", b"month = ", b"doi = {10.1000/", b"eprint = {",
    b"url = {", b"pages = {1--", b"keywords = {;,;", b"% ", b"unconfirmed = {title},",
    b"howpublished = {\\url{", b"note = {", b"type = {", b"abstract = {", b"editor = {",
)  # fmt: skip
DUMP: tuple[bytes, ...] = (
    b"Title: ", b"Abstract: ", b"Abstract\n", b"Authors: ", b"Year: ", b"DOI: ", b"arXiv:",
    b"arXiv:2310.12345v2", b"10.1000/x", b"Comments: ", b"Subjects: ", b"URL: https://", b"1. ",
    b"2. ", b"[3] ", b"\\\\", b"-----", b"=====", b"View PDF", b"Mar 14, 2024", b"Ada Smith, Bo Li",
    b"- ", b"hyphen-\n", b"\n\n", b"We show it here for all who ask, and it works. ", b"#", b"...",
    b"<<<<<<< HEAD\n", b"Code is available at https://example.org/.", b"\t",
)  # fmt: skip
YAML: tuple[bytes, ...] = (
    b"---\n", b"...\n", b"title: ", b"title:\n", b"key: ", b"authors: [", b"- ", b"  - ", b": ",
    b"? ", b"{", b"}", b"[", b"]", b"&a ", b"*a", b"!!str ", b"!!binary ", b"!x ", b"|\n", b">-\n",
    b'"', b"'", b"\\ud800", b"\\0", b"\\x", b"<<: ", b"%YAML 9.9\n", b"%TAG ! x\n", b"@", b"`",
    b"\t", b"~", b"null", b"0x1F", b"1e999", b"2020-01-01", b"links: {a: ", b"doi: ", b"tags: ",
)  # fmt: skip
RIS: tuple[bytes, ...] = (
    b"TY  - JOUR\n", b"\nTY  - CONF\n", b"TY - ", b"ER  - \n", b"ER  -", b"\nTI  - ", b"\nT1  - ",
    b"\nAU  - ", b"Smith, Ada, Jr.", b"\nPY  - ", b"2020/13/45/x", b"\nDA  - 2020/", b"\nSP  - ",
    b"\nKW  - ", b"\nSN  - ", b"1234-5678", b"\nM3  - ", b"\nL1  - file:///", b"\nN1  - ",
    b"\nID  - ", b"  - ", b"-", b"\nDO  - 10.1000/", b"\nUR  - ", b";", b"\nAB  - ", b"AI - ",
)  # fmt: skip
JSON: tuple[bytes, ...] = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b'\\"', b"\\u0000", b"\\ud800", b"\\", b"null",
    b"true", b"NaN", b"-Infinity", b"1e999", b"9" * 5_000, b'"type": "book"',
    b'{"type": "book", "id": ', b'"title": ', b'"author": [', b'"family": ', b'"literal": ',
    b'"issued": {"date-parts": [[', b'"raw": ', b'"note": ', b'{"references": [', b'"items": [',
    b"[" * 60, b'"DOI": ', b'"keyword": ',
)  # fmt: skip
XML: tuple[bytes, ...] = (
    b"<mods>", b"</mods>", b"<mods/>", b"<mods", b"<mods ID='x'>", b"<record>", b"</record>",
    b"<records>", b"<title>", b"</title>", b"<titleInfo>", b"<style face='superscript'>",
    b"</style>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>",
    b"<!ENTITY % a SYSTEM 'file:///'>", b"]>", b"&a;", b"&#0;", b"&#xFFFFFFF;", b"&#55296;",
    b"&nbsp;", b"&", b"<", b">", b"/>", b"<?x ?>", b"<a:b>", b" xmlns=''", b" xmlns:a='b'",
    b" type='host'", b"<ref-type name='Thesis'>", b"<x>" * 120, b'"', b"'",
)  # fmt: skip
TABLE: tuple[bytes, ...] = (
    b",", b";", b"\t", b'"', b'""', b'"""', b"\n", b"\n\n", b"sep=;\n", b"title,year\n",
    b"\"title\",\"year\"\n", b"A,", b',"', b'",', b"Smith, Ada; Li, Bo", b"2020", b" ",
)  # fmt: skip
LEDGER: tuple[bytes, ...] = (
    b"\t", b"\t\t", b"live", b"gone", b"-> ", b"-> a", b"->", b"id:", b"doi:", b"arxiv:", b"by:",
    b"in:", b"title:", b"content:", b"key:", b":", b" ", b"#", b"<<<<<<< HEAD\n", b"=======\n",
    b"index", b"con", b"-", b"a" * 90, b"A", b"2026-01-02", b"\n",
)  # fmt: skip
TOML: tuple[bytes, ...] = (
    b"[", b"]", b"[[topic]]\n", b"[[venue]]\n", b"[size]\n", b"same = [", b"apart = ", b"=", b'"',
    b'"""', b"'''", b"\\u0000", b"\\ud800", b"title = ", b"url = ", b"name = ", b"slug = ",
    b"parent = ", b"aliases = [", b"authors_from = ", b"author_bib = ", b"true", b"0", b"-1",
    b"1e9",
    b"nan", b"2020-01-01", b"{a = 1}", b"a.b.c = ", b"#", b",", b"\xe2\x80\xa6", b"language = ",
)  # fmt: skip
