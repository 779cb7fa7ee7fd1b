// The search page: what is typed and narrowed becomes an address, and the address a list of papers.
//
//   search.html?q=pruning&tag=SLUG&author=SLUG&venue=SLUG&year=2019..2021&sort=title#papers=ID,ID
//
// The papers of a basket (static/site.js) stand behind the #: hosts refuse addresses of more than
// some thousand characters, and never see what stands there.
//
// Whatever narrows, sorts or undoes that is a link with such an address; a click on it is answered
// here without leaving the page. The page needs form#search, #search-status and #search-results;
// all else is made here around the list. #search-browse is shown while there are no results.
//
// When an answer stands, the list has data-state ("done" or "failed"), data-query, data-total and
// data-ms: milliseconds of work from the question to the filled list, waiting for files aside.

(function (scope) {
  "use strict";

  const { document, history, location } = scope;
  const { bibpress } = scope;
  const { ask, index, basket } = bibpress;

  const { words } = bibpress; // what the build has put before this script

  const SAYS = {
    ...words,
    some: (n) => filled(words.some, { n }),
    none: (text, isNarrowed) => {
      const { none, none_of: of, none_within: within, none_of_within: both } = words;
      return filled(isNarrowed ? (text ? both : within) : text ? of : none, { text });
    },
    instead: (typed, said) => filled(words.instead, { typed, words: quoted(said) }),
    everywhere: (text) => (text ? filled(words.everywhere, { text }) : words.unlimited),
    words: (text) => filled(words.words, { text }),
    more: (n) => filled(words.more, { n }),
    remove: (name) => filled(words.remove, { name }),
    since: (year) => filled(words.since, { year }),
    until: (year) => filled(words.until, { year }),
    all: (n) => filled(words.all, { n }),
    hidden: (n) => filled(words.hidden, { n }),
    chosenPapers: (n) => filled(words.chosen_papers, { n }),
    left: (n) => filled(words.left, { n }),
    nearest: (text) => filled(words.nearest, { text }),
    formats: { bibtex: "BibTeX", ris: "RIS", csl: "CSL-JSON", csv: "CSV", apa: "APA", ieee: "IEEE" }
  };

  const AT_FIRST = 50; // hits shown, and how many more at each press of the button
  const SCREEN = 6; // hits drawn first: what a screen shows, from as many files as are fetched at once
  const LOT = 12; // and so many at a time as they come
  const PAUSE = 120; // milliseconds without a key before what is typed is looked for
  const REST = 600; // after so long without a key the next one is answered at once
  const SLOW = 200; // milliseconds after which the page says that it is searching
  const SETTLED = 250; // milliseconds without scrolling before the place is remembered
  const TOP = 8; // values of a facet that are listed, and at most on demand
  const MOST = 200;
  const BATCH = 512; // papers whose BibTeX is loaded at a time
  const QUOTED = 60; // letters of a query that a message repeats
  const SUFFIXES = { bibtex: "bib", ris: "ris", csl: "json", csv: "csv", apa: "txt", ieee: "txt" };

  const CHOSEN = "#papers=";
  const KINDS = ["tags", "years", "venues", "authors"];
  const PARAMETERS = { tags: "tag", authors: "author", venues: "venue" };
  const SORTS = Object.keys(SAYS.sorts);

  // --- a question and its address ----------------------------------------------------------------

  // What an address asks for: {text, tags, authors, venues, years, papers, sort}; `years` as in
  // bibpress.ask.answer, three lists hold slugs and `papers` ids.
  function questionOf(address) {
    const { searchParams: parameters, hash } = new URL(address);
    const sort = parameters.get("sort");
    const asked = {
      text: parameters.get("q") || "",
      years: parameters.get("year") || "",
      papers: hash.startsWith(CHOSEN) ? idsOf(hash.slice(CHOSEN.length)) : [],
      sort: SORTS.includes(sort) ? sort : "relevance"
    };
    for (const [kind, name] of Object.entries(PARAMETERS)) {
      asked[kind] = Array.from(new Set(parameters.getAll(name))).filter(Boolean);
    }
    return asked;
  }

  // Ids between commas, each once; on its way a comma may have become %2C.
  function idsOf(text) {
    return Array.from(new Set(text.replace(/%2c/gi, ",").split(","))).filter(Boolean);
  }

  function addressOf(asked) {
    const parameters = new URLSearchParams();
    if (asked.text.trim()) parameters.set("q", asked.text);
    for (const [kind, name] of Object.entries(PARAMETERS)) {
      for (const slug of asked[kind]) parameters.append(name, slug);
    }
    if (asked.years) parameters.set("year", asked.years);
    if (asked.sort !== "relevance" && !isEmpty(asked)) parameters.set("sort", asked.sort);
    const address = new URL(location.href);
    address.search = parameters.toString();
    address.hash = asked.papers.length ? CHOSEN + asked.papers.join() : "";
    return address.href;
  }

  function isEmpty(asked) {
    return !asked.text.trim() && !isNarrowed(asked);
  }

  function isNarrowed(asked) {
    return limits(asked).length > 0 || asked.papers.length > 0;
  }

  // What a question is narrowed to: [kind, slug] each.
  function limits(asked) {
    const slugs = (kind) => (kind === "years" ? [asked.years].filter(Boolean) : asked[kind]);
    return KINDS.flatMap((kind) => slugs(kind).map((slug) => [kind, slug]));
  }

  function isChosen(asked, kind, slug) {
    return limits(asked).some(([ours, value]) => ours === kind && value === slug);
  }

  // The same question with one value more, or without it where it was chosen.
  function toggled(asked, kind, slug) {
    const isOff = isChosen(asked, kind, slug);
    if (kind === "years") return { ...asked, years: isOff ? "" : slug };
    const others = asked[kind].filter((value) => value !== slug);
    return { ...asked, [kind]: isOff ? others : [...others, slug] };
  }

  function unlimited(asked) {
    return { ...asked, tags: [], authors: [], venues: [], years: "", papers: [] };
  }

  // A query without quotes, names of fields and signs.
  function plainWords(text) {
    return text.replace(/(^|\s)[+-]*(?:[a-z]+:)?(?=\S)/gi, "$1").replace(/[~^]\d+/g, "")
      .replace(/["“”„«»*\s]+/g, " ").trim();
  }

  // --- in words ----------------------------------------------------------------------------------

  function number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, () => words.thousands);
  }

  // A word with its parts; of one that has several forms, that of the number n.
  function filled(word, parts) {
    const text = typeof word === "string" ? word : word[words.plural(parts.n)] || word.other;
    return text.replace(/\{(\w+)\}/g, (_, name) =>
      typeof parts[name] === "number" ? number(parts[name]) : parts[name]);
  }

  function quoted(said) {
    return said.slice(0, 3).map((word) => filled(words.quoted, { word })).join(words.or);
  }

  function short(text) {
    const letters = Array.from(text.trim());
    return letters.length > QUOTED ? `${letters.slice(0, QUOTED).join("")} …` : letters.join("");
  }

  function yearsInWords(years) {
    const [, from, to] = /^(\d*)\.\.(\d*)$/.exec(years) || [];
    if (from && to) return `${from}–${to}`;
    if (from) return SAYS.since(from);
    if (to) return SAYS.until(to);
    return years === "undated" ? SAYS.undated : years;
  }

  // What is looked for in place of words that no paper has, in a sentence each.
  function corrections(instead) {
    return instead.map(([typed, words]) => SAYS.instead(short(typed), words));
  }

  // --- drawing -----------------------------------------------------------------------------------

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // Text from the papers, whatever direction it is written in; always as text, never as HTML.
  function foreign(text, marks) {
    if (!marks || !marks.size) return element("bdi", {}, text);
    return element("bdi", {}, ...ask.marked(text, marks).map(([piece, isMarked]) =>
      isMarked ? element("mark", {}, piece) : piece));
  }

  function result({ id, title, authors, venue, snippet, standing, year }, marks, root) {
    const row = element("li", {}, element(
      "a", { className: "title", href: `${root}papers/${id}.html` },
      foreign(title, marks)));
    row.dataset.id = id;
    if (standing) row.append(" ", element("strong", { className: "doubt" }, standing));
    const [names, others] = authors.split("\t");
    const byline = others ? `${names} ${filled(words.and_more, { n: Number(others) })}` : names;
    if (byline) row.append(element("span", { className: "authors" }, foreign(byline, marks)));
    const meta = element("span", { className: "meta" });
    if (year) meta.append(element("span", { className: "year" }, String(year)));
    if (venue) meta.append(element("span", { className: "venue" }, foreign(venue, marks)));
    if (meta.firstChild) row.append(meta);
    if (snippet) row.append(element("span", { className: "snippet" }, foreign(snippet, marks)));
    else row.className = "bare"; // lists.js: nothing to unfold
    return row;
  }

  // A link to another question; `key` tells it from its neighbours when they are drawn again.
  function way(asked, key, properties, ...children) {
    const link = element("a", { ...properties, href: addressOf(asked) }, ...children);
    link.dataset.key = key;
    return link;
  }

  // A value that is chosen, as a link that removes it.
  function removal(asked, kind, slug, name, ...before) {
    const link = way(
      toggled(asked, kind, slug), `${kind} ${slug}`, { className: "chosen" }, ...before,
      foreign(name), element("span", { className: "remove" }, " ×"));
    link.setAttribute("aria-label", SAYS.remove(`${SAYS.one[kind]} ${name}`));
    return link;
  }

  function chip(asked, [kind, slug, name]) {
    const before = element("span", { className: "n" }, `${SAYS.one[kind]} `);
    return element("li", {}, removal(asked, kind, slug, name, before));
  }

  // The papers of a basket, as a link that looks at all papers again.
  function chipOfPapers(asked, present) {
    const name = SAYS.chosenPapers(present);
    const link = way(
      { ...asked, papers: [] }, "papers", { className: "chosen" }, name,
      element("span", { className: "remove" }, " ×"));
    link.setAttribute("aria-label", SAYS.remove(name));
    return element("li", {}, link);
  }

  // The values of a facet, those that are chosen first.
  function values(asked, kind, found) {
    const rank = ({ slug }) => (isChosen(asked, kind, slug) ? 0 : 1);
    const ordered = found.slice().sort((a, b) => rank(a) - rank(b));
    return ordered.map(({ slug, name, count }) => {
      const shown = kind === "years" ? yearsInWords(slug) : name;
      const link = isChosen(asked, kind, slug)
        ? removal(asked, kind, slug, shown)
        : way(toggled(asked, kind, slug), `${kind} ${slug}`, {}, foreign(shown));
      return element("li", {}, link, element("span", { className: "n" }, number(count)));
    });
  }

  // Two boxes for the years from and to, which start as the question has them.
  function yearRange(asked, found) {
    const dated = found.map(({ slug }) => slug).filter((slug) => slug !== "undated");
    const [, from, to] = /^(\d*)(?:\.\.)?(\d*)$/.exec(asked.years) || ["", "", ""];
    const isOne = asked.years && !asked.years.includes("..");
    const year = (label, value, placeholder) => {
      const box = element("input", {
        type: "text", inputMode: "numeric", maxLength: 4, pattern: "[0-9]{1,4}",
        autocomplete: "off", value, placeholder
      });
      box.setAttribute("aria-label", label);
      return box;
    };
    return element(
      "form", { className: "range" },
      year(SAYS.from, from, dated[dated.length - 1] || ""), "–",
      year(SAYS.to, isOne ? from : to, dated[0] || ""),
      element("button", {}, SAYS.range));
  }

  function rangeOf(form) {
    const years = Array.from(form.querySelectorAll("input"), ({ value }) => value.trim());
    const [from, to] = years[0] && years[1] ? years.sort((a, b) => a - b) : years;
    if (!from && !to) return "";
    return from === to ? from : `${from}..${to}`;
  }

  function sorting(asked) {
    const offered = asked.text.trim() ? SORTS : SORTS.slice(1);
    const current = offered.includes(asked.sort) ? asked.sort : offered[0];
    return [`${SAYS.sort} `, ...offered.map((sort) => {
      const link = way({ ...asked, sort }, sort, {}, SAYS.sorts[sort]);
      if (sort === current) link.setAttribute("aria-current", "true");
      return link;
    })];
  }

  // What may be done about an empty answer.
  function advice(asked, near) {
    const text = asked.text.trim();
    const plain = plainWords(text);
    const ways = [];
    if (isNarrowed(asked)) {
      ways.push(way(unlimited(asked), "everywhere", {}, SAYS.everywhere(short(text))));
    }
    if (plain && plain !== text) {
      ways.push(way({ ...asked, text: plain }, "words", {}, SAYS.words(short(plain))));
    }
    const others = near.map(([typed, words]) => element(
      "li", {}, SAYS.nearest(short(typed)),
      ...words.flatMap((word, i) => [i ? ", " : "", way(
        { ...asked, text: replaced(plain, typed, word) }, `near ${typed} ${word}`, {}, foreign(word))])));
    return [...others, ...[...ways, SAYS.advice].map((line) => element("li", {}, line))];
  }

  // A text with another word in the place of a typed one, which is given in small letters.
  function replaced(text, typed, word) {
    const at = text.toLowerCase().indexOf(typed);
    return at < 0 ? word : text.slice(0, at) + word + text.slice(at + typed.length);
  }

  // --- the page ----------------------------------------------------------------------------------

  const form = document.getElementById("search");
  if (form) start(form, document.getElementById("search-results"));

  function start(form, list) {
    const box = form.querySelector("input[name=q]");
    const status = document.getElementById("search-status");
    const browse = document.getElementById("search-browse") || element("div");
    const heading = form.closest("header").querySelector("h1");
    const names = { heading: heading.textContent, title: document.title };
    const root = form.dataset.root || "";
    const isWide = scope.matchMedia("(min-width: 50rem)");
    const isTouched = scope.matchMedia("(pointer: coarse)");

    const facets = KINDS.map(facet);
    const panel = element(
      "details", { open: isWide.matches },
      element("summary", {}, SAYS.narrow), ...facets.map(({ details }) => details));
    const aside = element("aside", { id: "search-narrow" }, panel);
    const chips = element("ul", { id: "search-chips" });
    const sort = element("p", { id: "search-sort" });
    const format = element("select", {}, ...Object.entries(SAYS.formats).map(([value, name]) =>
      element("option", { value }, name)));
    const download = element("button", { type: "button" }, SAYS.download);
    const copy = element("button", { type: "button" }, SAYS.copy);
    const ways = element("p", { id: "search-export" }, format, download, copy);
    const tools = element("div", { id: "search-tools" }, sort, ways);
    const hints = element("ul", { id: "search-empty" });
    const more = element("button", { id: "search-more", type: "button", hidden: true });
    const results = element("div", { tabIndex: -1 });
    const answer = element("div", { id: "search-answer", hidden: true }, aside, results);
    aside.setAttribute("aria-label", SAYS.narrow);
    chips.setAttribute("aria-label", SAYS.chosen);
    format.setAttribute("aria-label", SAYS.format);
    list.replaceWith(answer);
    const clear = element("button", { type: "button" }, SAYS.clear);
    const told = element("output", { className: "skip" }); // what buttons say, for screen readers
    results.append(chips, tools, told, hints, list, more);

    let question = questionOf(location.href);
    let turn = 0; // counts the questions: an answer to an earlier one comes too late
    let current = null; // the answer that is shown: {asked, found, shown}
    let typing = 0; // timers
    let scrolling = 0;
    let lastKey = -Infinity;
    let isSettled = false; // whether "back" should return to what is shown, when it is typed over

    // Answers a question: the latest wins. `shown` is how many hits at least, `top` where the page
    // was scrolled to when it was left, or null.
    async function show(asked, { shown = AT_FIRST, top = null } = {}) {
      scope.clearTimeout(typing);
      scope.clearTimeout(scrolling);
      const mine = (turn += 1);
      const isLate = () => mine !== turn;
      question = asked;
      list.dataset.state = "loading";
      browse.classList.toggle("waiting", !isEmpty(asked) && !current); // keeps its place meanwhile
      const slow = scope.setTimeout(() => { if (!isLate()) say(SAYS.searching); }, SLOW);
      const began = worked();
      try {
        const next = isEmpty(asked) ? nothing(asked) : await answered(asked, shown);
        if (isLate()) return;
        if (next.asked !== asked) adopt(asked, next.asked);
        fill(next);
        scope.clearTimeout(slow);
        for (const lot of next.others) {
          const others = await lot;
          if (isLate()) return;
          append(others);
        }
        finish(next);
        list.dataset.ms = (worked() - began).toFixed(1);
        if (top !== null) scope.scrollTo(0, top);
      } catch (error) {
        if (isLate()) return;
        fill(nothing(asked));
        answer.hidden = true;
        list.dataset.state = "failed";
        say(SAYS.failed);
        scope.console.error(error);
      } finally {
        scope.clearTimeout(slow);
      }
      countAll();
    }

    function worked() {
      return scope.performance.now() - (index ? index.waited() : 0);
    }

    function nothing(asked) {
      const found = { papers: [], marks: new Set() };
      return { asked, found, hits: [], others: [], chips: [], present: 0, near: [], notes: [] };
    }

    // All that is to be shown of an answer.
    async function answered(question, shown) {
      if (!(await isThere())) throw new Error("the search index did not come");
      const asked = await asOfNow(question);
      const found = await ask.answer(asked.text, asked, asked.sort);
      const first = index.hits(found.papers.slice(0, SCREEN));
      const others = lots(found.papers.slice(SCREEN, shown)).map(index.hits); // on their way, too
      for (const lot of others) lot.catch(() => {}); // whoever waits for them is told
      const hits = await first;
      const chips = await Promise.all(limits(asked).map(async ([kind, slug]) => {
        if (kind === "years") return [kind, slug, yearsInWords(slug)];
        const row = await index.facetRow(kind, slug);
        return [kind, slug, row ? row.name : slug];
      }));
      const present = asked.papers.length ? (await index.papersOf(asked.papers)).length : 0;
      const left = asked.papers.length - present;
      const near = found.papers.length ? [] : await ask.nearest(plainWords(asked.text));
      const notes = found.papers.length ? corrections(found.instead) : [];
      if (left) notes.push(SAYS.left(left));
      return { asked, found, hits, others, chips, present, near, notes };
    }

    function lots(papers) {
      const parts = [];
      for (let i = 0; i < papers.length; i += LOT) parts.push(papers.slice(i, i + LOT));
      return parts;
    }

    // The same question with the ids that papers have now, or the question itself.
    async function asOfNow(asked) {
      const papers = asked.papers.length ? await index.renamed(asked.papers) : asked.papers;
      return papers === asked.papers ? asked : { ...asked, papers };
    }

    // Papers that were renamed or merged change their ids in the address, and in one's own basket.
    function adopt(asked, now) {
      const isMine = isOwn(asked);
      question = now;
      if (isMine) basket.keep(now.papers);
      remember();
    }

    // Whether the index's scripts came. They stand before this one, so its head, if it came at
    // all, was handed in before.
    async function isThere() {
      return Boolean(ask && index && (await Promise.race([index.head, null])));
    }

    // What is known of an answer when its first hits are there.
    function fill({ asked, found, hits, chips: chosen, present, near, notes }) {
      const total = found.papers.length;
      current = { asked, found, shown: 0 };
      list.replaceChildren();
      more.hidden = true;
      append(hits);
      const basketChips = asked.papers.length ? [chipOfPapers(asked, present)] : [];
      if (isOwn(asked)) basketChips.push(element("li", {}, clear));
      redraw(chips, [...basketChips, ...chosen.map((each) => chip(asked, each))]);
      heading.textContent = asked.papers.length ? SAYS.basket : names.heading;
      redraw(sort, sorting(asked));
      redraw(hints, total || isEmpty(asked) ? [] : advice(asked, near));
      answer.hidden = isEmpty(asked);
      if (total === 0 && aside.contains(document.activeElement)) results.focus();
      aside.hidden = tools.hidden = total === 0;
      browse.hidden = total > 0;
      browse.classList.remove("waiting");
      const text = asked.text.trim();
      const about = asked.papers.length ? SAYS.basket : short(text);
      document.title = about ? `${about} – ${names.title}` : names.title;
      if (isEmpty(asked)) say("");
      else say(total ? SAYS.some(total) : SAYS.none(short(text), isNarrowed(asked)), notes);
    }

    // All that was to be shown at first is there.
    function finish({ asked, found }) {
      const { length: total } = found.papers;
      offerMore();
      Object.assign(list.dataset, { query: asked.text, total, state: "done" });
    }

    function say(text, notes = []) {
      const said = [notes.length ? `${text}. ` : text, notes.slice(0, 3).join(" ")].join("");
      if (status.textContent !== said) status.textContent = said;
    }

    function append(hits) {
      const rows = hits.map((hit) => result(hit, current.found.marks, root));
      list.append(...rows);
      if (basket) basket.offer(rows);
      if (bibpress.lists) bibpress.lists.offer(rows); // else it comes yet, and finds them
      current.shown += rows.length;
      return rows;
    }

    function offerMore() {
      const left = current.found.papers.length - current.shown;
      more.hidden = left === 0;
      more.textContent = SAYS.more(left);
    }

    async function showMore() {
      const shown = current;
      const next = shown.found.papers.slice(shown.shown, shown.shown + AT_FIRST);
      more.disabled = true;
      try {
        const hits = await index.hits(next);
        if (shown !== current) return;
        const [first] = append(hits);
        offerMore();
        first.querySelector("a").focus();
        remember();
      } catch (error) {
        say(SAYS.failed);
      } finally {
        more.disabled = false;
      }
    }

    // Gives a place other children; the focus stays where it was, if that is still there.
    function redraw(place, children) {
      const { activeElement } = document;
      const wasFocused = place.contains(activeElement);
      place.replaceChildren(...children);
      if (!wasFocused) return;
      const same = Array.from(place.querySelectorAll("[data-key]"))
        .find(({ dataset }) => dataset.key === activeElement.dataset.key);
      (same || place.querySelector("a") || results).focus({ preventScroll: true });
    }

    // --- facets

    // A facet is counted while it is open: {kind, details, body, isAll, of: the answer counted}.
    function facet(kind) {
      const body = element("div");
      const details = element(
        "details", { className: "facet" }, element("summary", {}, SAYS.kinds[kind]), body);
      details.dataset.kind = kind;
      const made = { kind, details, body, isAll: false, of: null, isKnown: false };
      details.addEventListener("toggle", () => count(made));
      return made;
    }

    async function countAll() {
      if (!current || !current.found.papers.length) return;
      const mine = current;
      if (aside.dataset.state) aside.dataset.state = "loading"; // without any it is not shown yet
      await Promise.all(facets.map(async (each) => {
        if (!each.isKnown) await know(each);
        await count(each);
      }));
      if (mine === current) aside.dataset.state = "done";
    }

    // At the first answer: facets without any value are hidden, small ones opened if there is room.
    async function know(each) {
      each.isKnown = true;
      const { [each.kind]: tables } = await index.head;
      each.hasSingles = each.kind !== "years" && tables[1].names.length > 0;
      each.isNone = each.kind !== "years" && !tables.some(({ names }) => names.length);
      each.details.hidden = each.isNone;
      each.details.open = isWide.matches && (await index.isSmall(each.kind));
    }

    async function count(each) {
      const mine = current;
      if (!each.details.open || each.isNone || !mine || each.of === mine) return;
      each.of = mine;
      try {
        const found = await ask.facet(each.kind, mine.found);
        if (mine === current) draw(each, mine.asked, found);
      } catch (error) {
        each.of = null;
        if (mine === current) redraw(each.body, [SAYS.uncounted]);
      }
    }

    function draw(each, asked, found) {
      const rows = values(asked, each.kind, found).slice(0, each.isAll ? MOST : TOP);
      const lines = [element("ul", {}, ...rows)];
      if (found.length > rows.length && !each.isAll) {
        const all = element("button", { type: "button" }, SAYS.all(found.length));
        all.addEventListener("click", () => {
          each.isAll = true;
          draw(each, asked, found);
          each.body.querySelectorAll("li a")[TOP].focus();
        });
        lines.push(all);
      } else {
        const rest = found.length - rows.length;
        if (rest) lines.push(element("p", { className: "n" }, SAYS.hidden(rest)));
        if (each.hasSingles && rows.length) {
          lines.push(element("p", { className: "n" }, SAYS.single));
        }
      }
      if (!rows.length) lines.push(element("p", { className: "n" }, SAYS.nothing));
      if (each.kind === "years") lines.push(yearRange(asked, found));
      each.details.hidden = !rows.length && !each.hasSingles;
      redraw(each.body, lines);
    }

    // --- export

    // All papers of the answer in the format that is chosen.
    async function written() {
      const { papers } = current.found;
      const name = format.value;
      const load = name === "bibtex" ? index.entries : index.items;
      const loaded = [];
      for (let i = 0; i < papers.length; i += BATCH) {
        for (const each of await load(papers.slice(i, i + BATCH))) loaded.push(each);
      }
      return name === "bibtex" ? loaded.join("\n") : bibpress.cite[name](loaded);
    }

    function save(text, file) {
      const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      element("a", { href, download: file }).click();
      scope.setTimeout(() => URL.revokeObjectURL(href), 60000);
    }

    // Safari lets only a promise be copied that was handed over at the click itself.
    async function toClipboard(text) {
      const { clipboard } = scope.navigator;
      if (!scope.ClipboardItem) return clipboard.writeText(await text);
      const blob = text.then((done) => new Blob([done], { type: "text/plain" }));
      return clipboard.write([new scope.ClipboardItem({ "text/plain": blob })]);
    }

    // Without a clipboard (an old browser, or http) the text is shown and selected, for a key.
    function offer(text) {
      const area = element("textarea", { id: "search-copy", readOnly: true, value: text, rows: 8 });
      area.setAttribute("aria-label", SAYS.written);
      area.addEventListener("blur", () => area.remove());
      tools.after(area);
      area.focus();
      area.select();
    }

    // What a button does, while it says so; `act` answers what it says for a while afterwards.
    function does(button, name, act) {
      let isBusy = false;
      let reset = 0;
      button.addEventListener("click", async () => {
        if (isBusy) return;
        isBusy = true;
        scope.clearTimeout(reset);
        button.textContent = SAYS.collecting;
        button.textContent = told.textContent = await act().catch(() => SAYS.uncounted);
        reset = scope.setTimeout(() => { button.textContent = name; told.textContent = ""; }, 2000);
        isBusy = false;
      });
    }

    does(download, SAYS.download, async () => {
      const name = current.asked.papers.length ? "basket" : "search";
      const file = `${name}.${SUFFIXES[format.value]}`;
      save(await written(), file);
      return SAYS.download;
    });
    does(copy, SAYS.copy, async () => {
      const text = written();
      try {
        await toClipboard(text);
        return SAYS.copied;
      } catch (error) {
        offer(await text);
        return SAYS.select;
      }
    });

    // --- the basket

    // Whether a question is for what this browser's own basket holds, not for one that was sent.
    function isOwn(asked, papers = basket ? basket.papers() : []) {
      return asked.papers.length > 0 && asked.papers.join() === papers.join();
    }

    // What is taken out of the basket leaves its list too; "back" shows it again.
    async function follow(before, papers) {
      if (!isOwn(question, before)) return;
      const at = Array.from(list.children).findIndex((row) => row.contains(document.activeElement));
      const next = { ...question, papers };
      remember();
      const shown = show(next);
      change("pushState", AT_FIRST);
      await shown;
      if (question !== next) return;
      if (isEmpty(next)) say(SAYS.cleared);
      const left = list.querySelectorAll("button.put");
      (left[Math.min(at, left.length - 1)] || box).focus({ preventScroll: true });
    }

    // Who speaks to the computer types what was not meant: a key of one sign can be switched off
    // (WCAG 2.1.4). Scripts of all pages go by what is kept (static/site.js).
    const help = form.parentNode.querySelector(".how");
    if (help && bibpress.kept) {
      const isOn = bibpress.kept("bibpress keys") !== "off";
      const slash = element("input", { type: "checkbox", checked: isOn });
      slash.addEventListener("change", () => {
        bibpress.kept("bibpress keys", slash.checked ? "on" : "off");
      });
      help.append(element("p", {}, element("label", {}, slash, " ", SAYS.slash)));
    }

    if (basket) basket.changed = follow;
    clear.addEventListener("click", () => basket.keep([]));

    // --- the address and the way back

    // Keeps with the address how many hits are shown and where the page is scrolled to.
    function remember() {
      const shown = Math.max(AT_FIRST, current ? current.shown : 0);
      change("replaceState", shown);
    }

    function change(how, shown) {
      try {
        history[how]({ shown, top: scope.scrollY }, "", addressOf(question));
      } catch (error) {
        // Safari allows a hundred changes in half a minute; the results matter more.
      }
    }

    function type() {
      scope.clearTimeout(typing);
      if (box.value === question.text && list.dataset.state !== "failed") return;
      const pause = scope.performance.now() - lastKey > REST ? 0 : PAUSE;
      lastKey = scope.performance.now();
      typing = scope.setTimeout(typed, pause);
    }

    function typed() {
      if (isSettled) remember();
      show({ ...question, text: box.value });
      change(isSettled ? "pushState" : "replaceState", AT_FIRST);
      isSettled = false;
    }

    // Goes on to another question by a click, which "back" undoes. What was typed meanwhile stays.
    function go(asked) {
      remember();
      if (asked.text === question.text) show({ ...asked, text: box.value });
      else show(asked);
      box.value = question.text;
      change("pushState", AT_FIRST);
    }

    function restore(state) {
      const asked = questionOf(location.href);
      if (box.value !== asked.text) box.value = asked.text;
      const { shown = 0, top = null } = state || {};
      show(asked, { shown: Math.max(AT_FIRST, shown), top });
    }

    // --- what people do

    box.addEventListener("input", (event) => {
      if (!event.isComposing) type();
    });
    box.addEventListener("compositionend", type);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isTouched.matches) box.blur(); // the keyboard covers the results
      if (box.value !== question.text || list.dataset.state === "failed") typed();
      isSettled = !isEmpty(question);
    });
    more.addEventListener("click", showMore);
    answer.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.altKey || link.dataset.key === undefined) {
        remember();
      } else {
        event.preventDefault();
        go(questionOf(link.href));
      }
    });
    answer.addEventListener("submit", (event) => {
      event.preventDefault();
      go({ ...question, years: rangeOf(event.target) });
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === "Escape" && event.target !== box) {
        box.focus();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const links = list.querySelectorAll("a.title");
        const stops = [box, ...links, ...(more.hidden ? [] : [more])];
        const at = stops.indexOf(event.target);
        const next = at < 0 ? null : stops[at + (event.key === "ArrowDown" ? 1 : -1)];
        if (!next) return;
        event.preventDefault();
        next.focus();
      }
    });
    isWide.addEventListener("change", () => { panel.open = isWide.matches; });
    scope.addEventListener("scroll", () => {
      scope.clearTimeout(scrolling);
      if (list.dataset.state === "done") scrolling = scope.setTimeout(remember, SETTLED);
    }, { passive: true });
    scope.addEventListener("popstate", ({ state }) => {
      // A jump within the page, as to its content, is no other question.
      if (!state && location.hash && !location.hash.startsWith(CHOSEN)) return;
      if (state || addressOf(questionOf(location.href)) !== addressOf(question)) restore(state);
    });

    history.scrollRestoration = "manual"; // the browser would scroll before the list is filled
    const early = question.text ? "" : box.value; // typed before this script came
    restore(history.state);
    if (early) {
      box.value = early;
      typed();
    }
    if (!history.state && !isTouched.matches) box.focus({ preventScroll: true });
  }
})(globalThis);
