// The twin of generator/cite.py, which gives the reasons; not indented, to be small.
(() => {
"use strict";

const join = (between) => (...parts) => parts.filter(Boolean).join(between);
const [list, words] = [join(", "), join(" ")];

(globalThis.bibpress ||= {}).cite = {
  csl: (items) => `${JSON.stringify(items, null, 2)}\n`,
  ris: (items) => items.flatMap(ris).map(([tag, value]) => `${tag}  - ${value}\r\n`).join(""),
  apa: (items) => items.map((item) => `${apa(told(item, "&", MONTHS))}\n`).join(""),
  ieee: (items) => items.map((item, at) => `[${at + 1}] ${ieee(told(item))}\n`).join(""),
};

function told(item, last = "and", months = SHORT) {
  const { type, number, editor, DOI, volume, issue, edition = "", version, page = "" } = item;
  const [web, part, book, journal] = [/^w/, /^(pape|c)/, /^(b|pam)/, /l$/].map((kind) => kind.test(type));
  const date = dateOf(item, "issued");
  const eds = editor?.[1] ? "Eds." : "Ed.";
  const [, , end = 0] = /(^|[^1])([123])$/.exec(edition) || [];
  const nth = /^\d+$/.test(edition) ? ["th", "st", "nd", "rd"][end] + " ed."
    : /\d|[EÉé]d|edi|[Aa]ufl/.test(edition) ? "" : " ed.";
  return {
    ...item, web, part, book, journal, date, within: item["container-title"],
    [journal || part ? "eid" : "own"]: number, isOwn: type === "article",
    eds, edited: role(editor, last, eds),
    translated: role(item.translator, last, "Trans."),
    nth: edition ? edition + nth : put("Version ", version),
    paged: put(page.includes("–") ? "pp. " : "p. ", page),
    daily: web || (journal && !DOI && !volume && !issue && date[2]),
    seen: when(dateOf(item, "accessed"), months),
  };
}

function ris(said) {
  const item = told(said);
  const { type, eid, within, date, page = item["number-of-pages"] || eid || "" } = item;
  const [, first, last] = /^([^–,]*)–([^–,]*)$/.exec(page) || [0, page];
  const by = (tag, people = []) => people.map(({ literal, family, given, suffix }) =>
    [tag, literal === "others" ? "et al." : literal ? `${literal.replace(",", ",,")},`
      : list(family, given, suffix)]);
  const each = (tag, said = "", end) => said.split(end).map((part) => [tag, part]);
  return [
    ...Object.entries({ TY: TYPES[type] || type.slice(0, 4).toUpperCase(), ID: item.id, TI: item.title }),
    ...by("AU", item.author), ...by(item.part ? "A2" : "ED", item.editor), ...by("A4", item.translator),
    ...Object.entries({
      PY: date[0], DA: date[1] && slashed(date), Y2: slashed(dateOf(item, "accessed")),
      T2: within, C3: /^pap/.test(type) && within, T3: item["collection-title"], VL: item.volume,
      NV: item["number-of-volumes"], IS: item.issue, M3: item.genre, SP: first, EP: last, C7: eid,
      ET: item.edition || item.version, PB: item.publisher, CY: item["publisher-place"],
      SN: item.ISBN || item.ISSN || item.own, DO: item.DOI, UR: item.URL, LA: item.language,
      AB: item.abstract,
    }),
    ...each("KW", item.keyword, ", "), ...each("N1", item.note, "\n"),
  ].filter(([, value]) => value).concat([["ER", ""]]);
}

const slashed = (date) => date.map((part) => String(part).padStart(2, "0")).join("/");

const TYPES = { // else: four letters
  "article-journal": "JOUR", document: "GEN", manuscript: "UNPB", "paper-conference": "CPAPER",
  report: "RPRT", article: "RPRT", webpage: "ELEC", graphic: "ART", motion_picture: "VIDEO",
  patent: "PAT", software: "COMP", song: "SOUND", standard: "STAND",
};

function apa(item) {
  const { URL = "", DOI, editor, seen, date: [year, month, day] } = item;
  const by = stopped(apaNames(item.author)) || (editor && `${apaNames(editor)} (${item.eds}).`);
  const title = stopped((item.title || "") + apaKind(item));
  const date = `(${list(year || item.issued?.literal || "n.d.", item.daily && words(MONTHS[month - 1], day))}).`;
  const at = item.web && seen && URL ? `Retrieved ${seen}, from ` : "";
  return words(by || title, date, by && title, stopped(apaPlace(item)),
    DOI ? `https://doi.org/${DOI}` : at + URL, became(item));
}

function apaNames(people = []) {
  const names = named(people, (person) =>
    whole(person) || list(person.family, initials(person), person.suffix));
  const first = names.slice(0, 19);
  if (names.length < people.length) return list(...first, "et al.");
  return 20 in names ? list(...first, `. . . ${names.pop()}`) : joined(names, ", & ");
}

function apaKind({ type, genre, own, within, ...item }) {
  if (type === "thesis") return ` [${list(genre, item.publisher)}]`;
  return bracketed(join("; ")(!within && item.author && item.edited, item.translated,
    list(!within && volumeOf(item), own && (item.isOwn ? own : words(genre, `No. ${own}`))),
  )) + (genre && !own && !within ? ` [${genre}]` : "");
}

function apaPlace(item) {
  const { volume, issue, editor, eid, within } = item;
  const publisher = item.publisher !== apaNames(item.author) && item.publisher;
  if (item.type === "thesis") return "";
  if (!within) return publisher;
  const at = put("Article ", eid);
  if (!item.part) return list(within, issue ? `${volume || ""}(${issue})` : volume, at || item.page);
  const by = editor ? `${upright(editor, "&")} (${item.eds}), ` : "";
  return join(". ")(`In ${by}${within}${bracketed(list(volumeOf(item), at || item.paged))}`, publisher);
}

const volumeOf = ({ nth, volume }) => list(nth, put("Vol. ", volume));

function ieee(item) {
  const { book, isOwn, journal, genre, own, edited, publisher, URL, seen } = item;
  const seated = book || item.type === "chapter";
  const by = upright(item.author, "and") || edited;
  const date = when(item.date.slice(0, item.daily ? 3 : 2), SHORT);
  const pages = put("Art. no. ", item.eid) || item.paged;
  let at = list(put(item.part ? "in " : "", item.within), item.author && edited, item.translated,
    item.nth, put("vol. ", item.volume), put("no. ", item.issue));
  let end = list(!own && genre,
    !journal && join(": ")(seated && item["publisher-place"], publisher !== "arXiv" && publisher),
    put(isOwn ? "" : `${genre || "Rep."} `, own), ...(journal ? [pages, date] : [date, pages]),
    put("doi: ", item.DOI));
  if (!seated) [at, end] = [list(at, end)];
  const title = stopped(item.title || "", at || (end && !book) ? "," : ".");
  return words(by && `${by},`, book ? title : `“${title.replace(/“/g, "‘").replace(/”/g, "’")}”`,
    stopped(at), stopped(end),
    URL && !item.DOI && words(seen && `Accessed: ${seen}.`, "[Online]. Available:", URL), became(item));
}

function upright(people = [], last) {
  const names = named(people, (person) =>
    whole(person) || words(initials(person), person.family, person.suffix));
  if (6 in names || (0 in names && names.length < people.length)) return `${names[0]} et al.`;
  return joined(names, 2 in names ? `, ${last} ` : ` ${last} `);
}

const MONTHS = [...Array(12)].map((_, at) =>
  new Date(0, at).toLocaleString("en", { month: "long" }));
const SHORT = MONTHS.map((name) => name.replace(/^(Sept|...)..+/, "$1."));
const HAN = /^[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\u{20000}-\u{3ffff}]+$/u;

const put = (before, value) => value && before + value;
const bracketed = (said) => said.replace(/.+/, " ($&)");
const became = ({ status, note }) => status && `(${note.split("\n")[0]})`;
const role = (people, last, what) => people && `${upright(people, last)}, ${what}`;
const dateOf = (item, name) => item[name]?.["date-parts"]?.[0] || [];
const when = ([year, month, day], months) => words(months[month - 1], day && `${day},`, year);
const named = (people, write) => people.filter(({ literal }) => literal !== "others").map(write);
const whole = ({ literal, family = "", given = "" }) => literal || HAN.exec(family + given)?.[0];
const stopped = (said, stop = ".") => said && (said + stop).replace(/([?!])[.,]$|(\.)\.$/, "$1$2");

function joined(names, last) {
  const end = names.pop() || "";
  return names.join(", ") + (0 in names ? last : "") + end;
}

function initials({ given = "" }) {
  const short = (word) => word.split("-").filter(Boolean).map((part) => `${[...part][0]}.`).join("-");
  return words(...given.replace(/\.(?=[^ .-])/g, ". ").split(" ").map(short));
}
})();
