// Papers as reference managers and readers take them: the twin of generator/cite.py, which says why
// each line is as it is. From the same items both write the same, byte for byte.
//
//   bibpress.cite.csl(items)   bibpress.cite.ris(items)   bibpress.cite.apa(items)   ….ieee(items)
(function (scope) {
  "use strict";

  const bibpress = (scope.bibpress = scope.bibpress || {});
  const isOthers = (author) => author.literal === "others";
  const filled = (parts) => parts.filter(Boolean);

  bibpress.cite = {
    csl: (items) => `${JSON.stringify(items, null, 2)}\n`,
    ris: (items) =>
      items.flatMap((item) => risLines(item)).map(([tag, value]) => `${tag}  - ${value}\r\n`).join(""),
    apa: (items) => items.map((item) => `${apa(item)}\n`).join(""),
    ieee: (items) => items.map((item, at) => `[${at + 1}] ${ieee(item)}\n`).join(""),
  };

  // --- RIS -----------------------------------------------------------------------------------------

  const RIS_TYPES = {
    "article-journal": "JOUR", book: "BOOK", chapter: "CHAP", document: "GEN",
    manuscript: "UNPB", pamphlet: "PAMP", "paper-conference": "CPAPER", report: "RPRT",
    thesis: "THES", article: "RPRT",
  };

  function risLines(item) {
    const page = item.page || "";
    const ends = page.split("–");
    const [first, last] = ends.length === 2 && !page.includes(",") ? ends : [page, ""];
    const issued = dateOf(item);
    const said = [
      ["PY", String(issued[0] || "")],
      ["DA", issued.length > 1 ? issued.map((part) => String(part).padStart(2, "0")).join("/") : ""],
      ["T2", item["container-title"]],
      ["T3", item["collection-title"]],
      ["VL", item.volume],
      ["IS", item.issue],
      ["M1", item.number],
      ["M3", item.genre],
      ["SP", first],
      ["EP", last],
      ["ET", item.edition],
      ["PB", item.publisher],
      ["CY", item["publisher-place"]],
      ["SN", item.ISBN || item.ISSN],
      ["DO", item.DOI],
      ["UR", item.URL],
      ["AB", item.abstract],
    ];
    return [
      ["TY", RIS_TYPES[item.type]],
      ["ID", item.id],
      ["TI", item.title || ""],
      ...(item.author || []).filter((author) => !isOthers(author)).map((author) => ["AU", risName(author)]),
      ...said.filter(([, value]) => value),
      ["ER", ""],
    ];
  }

  const risName = ({ literal, family, given, suffix }) => literal || filled([family, given, suffix]).join(", ");

  // --- lines of text -------------------------------------------------------------------------------

  function apa(item) {
    const authors = stopped(apaAuthors(item.author || []));
    const title = stopped((item.title || "") + apaKind(item));
    const year = `(${dateOf(item)[0] || "n.d."}).`;
    const said = authors ? [authors, year, title] : [title, year];
    return filled([...said, stopped(apaPlace(item)), addressOf(item)]).join(" ");
  }

  function apaAuthors(authors) {
    const names = authors.filter((author) => !isOthers(author)).map(inverted);
    if (names.length < authors.length) return [...names.slice(0, 19), "et al."].join(", ");
    if (names.length > 20) return `${names.slice(0, 19).join(", ")}, . . . ${names[names.length - 1]}`;
    if (names.length < 2) return names.join("");
    return `${names.slice(0, -1).join(", ")}, & ${names[names.length - 1]}`;
  }

  const inverted = ({ literal, family, given, suffix }) =>
    literal || filled([family, initials(given || ""), suffix]).join(", ");

  function apaKind(item) {
    const number = item.number || "";
    if (item.type === "thesis") return ` [${filled([item.genre, item.publisher]).join(", ")}]`;
    if (item.type === "article" && number) return ` (${number})`;
    return number ? ` (No. ${number})` : "";
  }

  function apaPlace(item) {
    const container = item["container-title"] || "";
    const pages = item.page || "";
    if (item.type === "thesis") return "";
    if (item.type === "paper-conference" || item.type === "chapter") {
      const inside = pages ? ` (pp. ${pages})` : "";
      return filled([container && `In ${container}${inside}`, item.publisher]).join(". ");
    }
    const volume = item.volume || "";
    const numbered = volume && item.issue ? `${volume}(${item.issue})` : volume || item.issue;
    return filled([filled([container, numbered, pages]).join(", "), container ? "" : item.publisher]).join(". ");
  }

  function ieee(item) {
    const authors = ieeeAuthors(item.author || []);
    const rest = ieeePlace(item).join(", ");
    const title = stopped(item.title || "", rest ? "," : ".");
    const line = filled([authors, `“${title}”`]).join(", ") + (rest ? ` ${stopped(rest)}` : "");
    return item.URL ? `${line} [Online]. Available: ${item.URL}` : line;
  }

  function ieeePlace(item) {
    const { type } = item;
    const container = item["container-title"];
    const inside = type === "paper-conference" || type === "chapter" ? "in " : "";
    const page = item.page || "";
    const pages = [page.includes("–") ? "pp. " : "p. ", page];
    const [year, month] = dateOf(item);
    const date = ["", filled([month && MONTHS[month - 1], year && String(year)]).join(" ")];
    const parts = [
      [inside, container],
      ["vol. ", item.volume],
      ["no. ", item.issue],
      ["", item.genre],
      ["", type === "article" ? "" : item.publisher],
      [type === "article" ? "" : "Rep. ", item.number],
      ...(type === "article-journal" ? [pages, date] : [date, pages]),
      ["doi: ", item.DOI],
    ];
    return parts.filter(([, value]) => value).map(([before, value]) => before + value);
  }

  const MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split(" ");

  function ieeeAuthors(authors) {
    const names = authors.filter((author) => !isOthers(author)).map(upright);
    const more = names.length < authors.length;
    if (names.length > 6 || (names.length && more)) return `${names[0]} et al.`;
    if (names.length > 2) return `${names.slice(0, -1).join(", ")}, and ${names[names.length - 1]}`;
    return names.join(" and ");
  }

  const upright = ({ literal, family, given, suffix }) =>
    literal || filled([initials(given || ""), family, suffix]).join(" ");

  // --- parts of lines ------------------------------------------------------------------------------

  function initials(given) {
    const short = (word) => filled(word.split("-")).map((part) => `${[...part][0]}.`).join("-");
    return filled(given.replace(/\.(?=[^ .-])/g, ". ").split(" ").map(short)).join(" "); // "M.L." are two
  }

  function dateOf(item) {
    return item.issued ? item.issued["date-parts"][0] : [];
  }

  function stopped(said, stop = ".") {
    const ended = /[?!]$/.test(said) || (stop === "." && said.endsWith("."));
    return ended || !said ? said : said + stop;
  }

  function addressOf(item) {
    return item.DOI ? `https://doi.org/${item.DOI}` : item.URL || "";
  }
})(typeof window === "undefined" ? globalThis : window);
