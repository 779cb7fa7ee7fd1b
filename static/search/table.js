// Papers as a table for spreadsheets: the same bytes as from `csv` in generator/cite.py, which says
// why each cell is as it is.
(function (scope) {
  "use strict";

  const COLUMNS = ("key type title authors editors translators year date venue volume issue eid pages edition " +
    "version series volumes publisher address isbn issn doi arxiv pmid url accessed genre language keywords " +
    "status note abstract").split(" ");
  const SAID = { // where an item has what it calls by another name
    key: "id", venue: "container-title", series: "collection-title", volumes: "number-of-volumes",
    address: "publisher-place", isbn: "ISBN", issn: "ISSN", doi: "DOI", arxiv: "archive_location", pmid: "PMID",
    url: "URL",
  };

  function row(item) {
    const issued = dateOf(item, "issued");
    const isArticle = /^(article-journal|chapter|paper-conference)$/.test(item.type);
    const own = {
      authors: names(item.author), editors: names(item.editor), translators: names(item.translator),
      year: String(issued[0] || ""), date: issued[1] ? day(issued) : "", accessed: day(dateOf(item, "accessed")),
      issue: item.issue || (!isArticle && item.number) || item["collection-number"],
      eid: isArticle && item.number, pages: item.page || item["number-of-pages"],
      keywords: (item.keyword || "").replaceAll(", ", "; "), note: (item.note || "").replaceAll("\n", "; "),
    };
    return COLUMNS.map((name) => own[name] || item[SAID[name] || name] || "");
  }

  const dateOf = (item, name) => item[name]?.["date-parts"]?.[0] || [];
  const day = (date) => date.map((part) => String(part).padStart(2, "0")).join("-");

  const braced = (said) => `{${said.replace(/[{}]+/g, "")}}`;

  function names(people = []) {
    return people.map(({ literal, family, given, suffix }) => {
      if (literal === "others") return "et al.";
      if (literal) return braced(literal);
      const parts = [family, given, suffix].map((part = "") => (/[,;{}]/.test(part) ? braced(part) : part));
      const said = parts.join(", ").replace(/[, ]+$/, "");
      return given || suffix || /^[A-Za-z\u{80}-\u{10ffff}]+$/u.test(said) ? said : `${said},`;
    }).join("; ");
  }

  function cell(said) {
    const safe = said.replace(/(^|;)(?='*[-=+@\t＝＋－＠])/g, "$1'");
    return /[",\r\n]|^ | $/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  scope.bibpress.cite.csv = (items) =>
    "\ufeff" + [COLUMNS, ...items.map(row)].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
})(globalThis);
