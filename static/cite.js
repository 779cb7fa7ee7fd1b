// The twin of generator/cite.py, which gives the reasons.
(function (scope) {
  "use strict";

  const bibpress = (scope.bibpress ||= {});
  const join = (between) => (...parts) => parts.filter(Boolean).join(between);
  const [list, words, sentences] = [", ", " ", ". "].map(join);

  bibpress.cite = {
    csl: (items) => `${JSON.stringify(items, null, 2)}\n`,
    ris: (items) => items.flatMap(ris).map(([tag, value]) => `${tag}  - ${value}\r\n`).join(""),
    apa: (items) => items.map((item) => `${apa(item)}\n`).join(""),
    ieee: (items) => items.map((item, at) => `[${at + 1}] ${ieee(item)}\n`).join(""),
  };

  const TYPES = { // else: four letters
    "article-journal": "JOUR", document: "GEN", manuscript: "UNPB", "paper-conference": "CPAPER",
    report: "RPRT", article: "RPRT", webpage: "ELEC", graphic: "ART", motion_picture: "VIDEO",
    patent: "PAT", software: "COMP", song: "SOUND", standard: "STAND",
  };

  function ris(item) {
    const { type, page = "", "container-title": container } = item;
    const [, first, last] = /^([^–,]*)–([^–,]*)$/.exec(page) || [0, page];
    const issued = dateOf(item, "issued");
    const by = (tag, people = []) => people.map(({ literal, family, given, suffix }) =>
      [tag, literal === "others" ? "et al." : literal ? `${literal.replace(",", ",,")},`
        : list(family, given, suffix)]);
    const each = (tag, said = "", end) => said.split(end).map((part) => [tag, part]);
    return [
      ...Object.entries({ TY: TYPES[type] || type.slice(0, 4).toUpperCase(), ID: item.id, TI: item.title }),
      ...by("AU", item.author), ...by(IN.test(type) ? "A2" : "ED", item.editor),
      ...Object.entries({
        PY: issued[0], DA: issued[1] && slashed(issued), Y2: slashed(dateOf(item, "accessed")),
        T2: container, C3: type === "paper-conference" && container, T3: item["collection-title"],
        VL: item.volume, IS: item.issue, M3: item.genre, SP: first, EP: last,
        ET: item.edition || item.version, PB: item.publisher, CY: item["publisher-place"],
        SN: item.ISBN || item.ISSN || item.number, DO: item.DOI, UR: item.URL, LA: item.language,
        AB: item.abstract,
      }),
      ...each("KW", item.keyword, ", "), ...each("N1", item.note, "\n"),
    ].filter(([, value]) => value).concat([["ER", ""]]);
  }

  const slashed = (date) => date.map((part) => String(part).padStart(2, "0")).join("/");

  function apa(item) {
    const { type, URL = "", DOI, editor } = item;
    const by = stopped(apaNames(item.author)) || (editor && `${apaNames(editor)} (${ed(item)}).`);
    const title = stopped((item.title || "") + apaKind(item));
    const [year, month, day] = dateOf(item, "issued");
    const isPage = type === "webpage";
    const date = `(${list(year || "n.d.", isPage && words(MONTHS[month - 1], day))}).`;
    const seen = isPage && URL && when(dateOf(item, "accessed"), MONTHS);
    const at = DOI ? `https://doi.org/${DOI}` : (seen ? `Retrieved ${seen}, from ` : "") + URL;
    return words(by || title, date, by && title, stopped(apaPlace(item)), at, became(item));
  }

  function apaNames(people = []) {
    const names = named(people, (person) =>
      whole(person) || list(person.family, initials(person), person.suffix));
    const first = names.slice(0, 19);
    if (names.length < people.length) return list(...first, "et al.");
    return names.length > 20 ? list(...first, `. . . ${names.pop()}`) : joined(names, ", & ");
  }

  function apaKind({ type, genre, number, publisher, "container-title": container, ...item }) {
    if (type === "thesis") return ` [${list(genre, publisher)}]`;
    const own = number && (type === "article" ? number : words(genre, `No. ${number}`));
    const what = genre && !number && !container ? ` [${genre}]` : "";
    return bracketed(!container && volumeOf(item), own) + what;
  }

  function apaPlace(item) {
    const { type, volume, issue, page, publisher, "container-title": container } = item;
    if (type === "thesis") return "";
    if (!container) return sentences(list(issue, page), publisher);
    if (!IN.test(type)) return list(container, issue ? `${volume || ""}(${issue})` : volume, page);
    const by = item.editor ? `${upright(item.editor, "&")} (${ed(item)}), ` : "";
    return sentences(`In ${by}${container}${bracketed(volumeOf(item), paged(item))}`, publisher);
  }

  const volumeOf = (item) => list(nth(item), put("Vol. ", item.volume));

  function ieee(item) {
    const place = ieeePlace(item);
    const title = `“${stopped(item.title || "", place ? "," : ".")}”`;
    const line = words(list(upright(item.author, "and") || ieeeEditors(item), title), stopped(place));
    const seen = when(dateOf(item, "accessed"), SHORT);
    const at = item.URL && words(seen && `Accessed: ${seen}.`, "[Online]. Available:", item.URL);
    return words(line, at, became(item));
  }

  function ieeePlace(item) {
    const { type, number, genre } = item;
    const isOwn = type === "article";
    const date = when(dateOf(item, "issued").slice(0, type === "webpage" ? 3 : 2), SHORT);
    return list(
      put(IN.test(type) ? "in " : "", item["container-title"]), item.author && ieeeEditors(item),
      nth(item), put("vol. ", item.volume), put("no. ", item.issue), !number && genre,
      !isOwn && item.publisher, put(isOwn ? "" : `${genre || "Rep."} `, number),
      ...(type === "article-journal" ? [paged(item), date] : [date, paged(item)]),
      put("doi: ", item.DOI),
    );
  }

  const ieeeEditors = (item) => item.editor && `${upright(item.editor, "and")}, ${ed(item)}`;

  function upright(people = [], last) {
    const names = named(people, (person) =>
      whole(person) || words(initials(person), person.family, person.suffix));
    const { length } = names;
    if (length > 6 || (length && length < people.length)) return `${names[0]} et al.`;
    return joined(names, length > 2 ? `, ${last} ` : ` ${last} `);
  }

  const IN = /^(paper-conference|chapter)$/;
  const MONTHS = [...Array(12)].map((_, at) =>
    new Date(0, at).toLocaleString("en", { month: "long" }));
  const SHORT = MONTHS.map((name) => name.replace(/^(Sept|...)..+/, "$1."));
  const HAN = /^[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\u{20000}-\u{3ffff}]+$/u;

  const put = (before, value) => value && before + value;
  const bracketed = (...parts) => put(" ", list(...parts).replace(/.+/, "($&)"));
  const became = ({ status, note }) => status && `(${note.split("\n")[0]})`;
  const ed = (item) => (item.editor.length > 1 ? "Eds." : "Ed.");
  const paged = ({ page = "" }) => put(page.includes("–") ? "pp. " : "p. ", page);
  const dateOf = (item, name) => item[name]?.["date-parts"][0] || [];
  const when = ([year, month, day], months) => words(months[month - 1], day && `${day},`, year);
  const named = (people = [], write) => people.filter(({ literal }) => literal !== "others").map(write);
  const whole = ({ literal, family = "", given = "" }) => literal || HAN.exec(family + given)?.[0];
  const stopped = (said, stop = ".") => said && (said + stop).replace(/([?!])[.,]$|(\.)\.$/, "$1$2");

  function joined(names, last) {
    const end = names.pop() || "";
    return names.join(", ") + (names.length ? last : "") + end;
  }

  function initials({ given = "" }) {
    const short = (word) => word.split("-").filter(Boolean).map((part) => `${[...part][0]}.`).join("-");
    return words(...given.replace(/\.(?=[^ .-])/g, ". ").split(" ").map(short));
  }

  function nth({ edition, version }) {
    if (!edition) return put("Version ", version);
    const [, , end = 0] = /(^|[^1])([123])$/.exec(edition) || [];
    return `${edition}${/^\d+$/.test(edition) ? ["th", "st", "nd", "rd"][end] : ""} ed.`;
  }
})(globalThis);
