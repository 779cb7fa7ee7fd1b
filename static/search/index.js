// The index: loads the parts of it that a query needs, reads what they say, weighs it as Lunr does.
//
// What the parts are stands in generator/search/parts.py, which writes them. The other scripts use
// bibpress.index; anybody may use bibpress.index.plain, which answers a query in Lunr's language
// exactly as Lunr.js does.

(function (scope) {
  "use strict";

  const { lunr, bibpress } = scope;
  const { stem } = bibpress.words;

  const FIELDS = ["title", "abstract", "authors", "tags", "venue", "year"];
  const COLUMNS = [...FIELDS, "lead", "series"];
  const K1 = 1.2; // Lunr's defaults
  const B = 0.75;
  const SHEET = 2; // papers in a file of hits; these as in parts.py
  const SHEAF = 32;
  const BLOCK = 16384;
  const IDS = 512;
  const SIZE = 64;
  const NAME = 6;
  const FEW_IDS = 64; // ids of no more papers are taken from what results show of them

  // --- files -------------------------------------------------------------------------------------

  const files = new Map(); // name → its text's promise, and how to keep it
  let base = ""; // the address of the folder that the parts lie in
  const head = waiting();

  // Called by every file of the index, with its name and its text.
  bibpress.receive = function (name, text) {
    if (!name.startsWith("head/")) {
      file(name).keep(text);
      return;
    }
    const script = scope.document && scope.document.currentScript;
    if (script) base = new URL("../", script.src).href;
    head.keep(readHead(JSON.parse(text)));
  };

  function waiting() {
    const file = { isKept: false };
    file.value = new Promise((keep, fail) => {
      file.fail = fail;
      file.keep = (value) => {
        file.isKept = true;
        keep(value);
      };
    });
    file.value.catch(() => {}); // whoever waits for it is told
    return file;
  }

  // How many milliseconds so far some file was being waited for.
  const clock = { pending: 0, since: 0, total: 0 };

  function waited() {
    return clock.total + (clock.pending ? now() - clock.since : 0);
  }

  function isAsked() {
    if (clock.pending === 0) clock.since = now();
    clock.pending += 1;
  }

  function isThere() {
    clock.pending -= 1;
    if (clock.pending === 0) clock.total += now() - clock.since;
  }

  function now() {
    return scope.performance.now();
  }

  function file(name) {
    if (!files.has(name)) files.set(name, waiting());
    return files.get(name);
  }

  // The text of a file. One that did not come may be asked for again.
  function load(name) {
    if (!files.has(name)) {
      const asked = file(name);
      isAsked();
      asked.value.then(isThere, isThere);
      bibpress.fetch(`${name}.js`, (reason) => {
        if (asked.isKept) return;
        files.delete(name);
        asked.fail(new Error(reason));
      });
    }
    return files.get(name).value;
  }

  // Brings a script into the page; a program without one puts its own function here.
  bibpress.fetch = function (path, failed) {
    const script = scope.document.createElement("script");
    script.src = base + path;
    // Also when it was loaded: what did not hand itself in is no part (a host's own error page).
    script.onload = script.onerror = () => {
      script.remove();
      failed(`${script.src} could not be loaded`);
    };
    queue.push(script);
    if (room) put();
  };

  // Of many files so many are asked for at a time, then the page has its turn: asking for one keeps
  // a phone busy for 3 milliseconds.
  const AT_ONCE = 12;
  const queue = [];
  let room = AT_ONCE;

  function put() {
    if (room === AT_ONCE) scope.setTimeout(next, 0);
    room -= 1;
    scope.document.head.append(queue.shift());
  }

  function next() {
    room = AT_ONCE;
    while (room && queue.length) put();
  }

  // What `read` makes of a file, worked out once.
  function once(read) {
    const known = new Map();
    return (name) => {
      if (!known.has(name)) {
        const value = load(name).then(read);
        value.catch(() => known.delete(name));
        known.set(name, value);
      }
      return known.get(name);
    };
  }

  // --- reading -----------------------------------------------------------------------------------

  function readHead(found) {
    const years = found.years.map(([year, count]) => ({ year, count }));
    let first = 0;
    for (const run of years) {
      run.first = first;
      first += run.count;
    }
    return {
      papers: found.papers,
      means: found.means,
      years,
      terms: table(found.terms),
      places: found.places,
      words: table(found.words),
      endings: table(found.endings),
      lengths: found.lengths,
      sizes: found.sizes,
      sheaves: found.sheaves,
      ids: found.ids,
      titles: found.titles,
      moved: found.moved,
      small: found.small,
      tags: found.tags.map(table),
      authors: found.authors.map(table),
      venues: found.venues.map(table)
    };
  }

  function table([begins, names]) {
    return { begins: begins.split(" "), names: names ? names.split(" ") : [] };
  }

  // Numbers as parts.py writes them: one character from "#" on, without ' \ and the surrogates;
  // from 60,000 on it is " and two characters.
  function numbers(text, from = 0) {
    const found = new Uint32Array(text.length - from);
    let size = 0;
    for (let i = from; i < text.length; i += 1) {
      if (text.charCodeAt(i) === 34) {
        found[size] = digit(text, i + 1) * 60000 + digit(text, i + 2);
        i += 2;
      } else {
        found[size] = digit(text, i);
      }
      size += 1;
    }
    return found.subarray(0, size);
  }

  function digit(text, at) {
    let code = text.charCodeAt(at);
    if (code > 0xdfff) code -= 0x800;
    return code - 35 - (code > 39) - (code > 92);
  }

  // The same where each number but the first is the distance from the one before.
  function rising(text, from = 0) {
    const found = numbers(text, from);
    for (let i = 1; i < found.length; i += 1) found[i] += found[i - 1];
    return found;
  }

  // Rows whose keys begin with how many letters the key before has too: key → the rest.
  function readRows(rows) {
    const found = new Map();
    let key = "";
    for (const row of rows) {
      const end = row.indexOf("!");
      key = key.slice(0, digit(row, 0)) + row.slice(1, end);
      found.set(key, row.slice(end + 1));
    }
    return found;
  }

  const termPart = once((text) => ({ rows: readRows(text.split(" ")), read: new Map() }));

  const wordPart = once((text) => readRows(text.split(" ")));
  const placesPart = once((text) => text.split(" "));
  const idsPart = once((text) => text.split(" "));
  const jsonPart = once(JSON.parse);
  const numbersPart = once(numbers);

  // The parts of a table that may hold keys which begin like this, or the key itself.
  function partsFor({ begins, names }, key, asPrefix = false) {
    if (!names.length) return [];
    let first = 0;
    for (let low = 1, high = begins.length - 1; low <= high;) {
      const middle = (low + high) >> 1;
      if (begins[middle] <= key) {
        first = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    let last = first;
    while (asPrefix && last + 1 < names.length && begins[last + 1].startsWith(key)) last += 1;
    return names.slice(first, last + 1);
  }

  // --- terms -------------------------------------------------------------------------------------

  // Where a term stands: {text, holders, groups, columns, part}, or null. `holders`: in how many
  // fields of papers Lunr counts it. `groups`: [{column, often, papers}] as they are written, with
  // `columns` the same by column. `part`: the name of the part it is in.
  async function term(text) {
    const { terms } = await head.value;
    const [name] = partsFor(terms, text);
    if (!name) return null;
    const { rows, read } = await termPart(`terms/${name}`);
    if (!read.has(text)) read.set(text, readTerm(rows, text, name));
    return read.get(text);
  }

  function readTerm(rows, text, part) {
    const row = rows.get(text);
    if (row === undefined) return null;
    const found = { text, holders: 0, columns: COLUMNS.map(() => []), part, groups: [] };
    for (const group of row.split("!")) {
      const wide = group.charCodeAt(0) === 34 ? 3 : 1;
      const [code] = numbers(group.slice(0, wide));
      const column = code % COLUMNS.length;
      const entry = {
        column, often: Math.floor(code / COLUMNS.length) + 1, papers: rising(group, wide)
      };
      found.groups.push(entry);
      found.columns[column].push(entry);
      if (column < FIELDS.length) found.holders += entry.papers.length;
    }
    return found;
  }

  // Where in a field a term stands: [[paper, places]]. Common words have no place, and take none.
  async function places({ text, part, groups }, field) {
    const { terms, places: table } = await head.value;
    const names = await placesPart(`places/${table}`);
    const { rows } = await termPart(`terms/${part}`);
    const found = await placesPart(`places/${names[terms.names.indexOf(part)]}`);
    return placesOf(groups, found[Array.from(rows.keys()).indexOf(text)], field);
  }

  function placesOf(groups, text, field) {
    const row = text.slice(1).split("!");
    const found = [];
    groups.forEach(({ column, often, papers }, i) => {
      if (column !== field) return;
      const all = numbers(row[i]);
      papers.forEach((paper, at) => {
        found.push([paper, all.subarray(often * at, often * (at + 1))]);
      });
    });
    return found;
  }

  // All terms that begin like this.
  async function termsFrom(start) {
    const { terms } = await head.value;
    const parts = await Promise.all(
      partsFor(terms, start, true).map((name) => termPart(`terms/${name}`)));
    return parts.flatMap(({ rows }) =>
      Array.from(rows.keys()).filter((key) => key.startsWith(start)));
  }

  // All terms that Lunr's automaton of a clause of a query accepts. The list of all terms is never
  // needed otherwise, so it is made of the words.
  async function termsLike(clause) {
    const accepts = lunr.TokenSet.fromClause(clause);
    const { words } = await head.value;
    const found = new Set();
    let began = now();
    for (const name of words.names) {
      const part = await wordPart(`words/${name}`);
      for (const word of part.keys()) {
        const text = stem(word);
        if (isAccepted(accepts, text, 0)) found.add(text);
      }
      if (now() - began > 15) {
        await breath();
        began = now();
      }
    }
    return Array.from(found);
  }

  function isAccepted(node, text, at) {
    if (at === text.length) return node.final;
    const { [text[at]]: same, "*": any } = node.edges;
    return Boolean((same && isAccepted(same, text, at + 1)) ||
      (any && isAccepted(any, text, at + 1)));
  }

  // Lets the page do what it has to do meanwhile.
  function breath() {
    return new Promise((go) => setTimeout(go, 0));
  }

  function idf(holders, papers) {
    return Math.log(1 + Math.abs((papers - holders + 0.5) / (holders + 0.5)));
  }

  // How many terms a field (its number) has, of all papers.
  async function lengthsOf(field) {
    return blocksOf((await head.value).lengths[field]);
  }

  // How many terms an abstract has roughly, of all papers.
  async function sizes() {
    return (await blocksOf((await head.value).sizes)).map((size) => (size + 0.5) * SIZE);
  }

  async function blocksOf(names) {
    const blocks = await Promise.all(names.map((name) => numbersPart(`lengths/${name}`)));
    const all = new Float64Array((await head.value).papers);
    blocks.forEach((block, i) => all.set(block, i * BLOCK));
    return all;
  }

  // --- Lunr's own answers ------------------------------------------------------------------------

  const PRESENCE = lunr.Query.presence;
  const PIPELINE = lunr.Pipeline.load(["bibpress-fold", "stemmer"]);

  // What Lunr.js finds for a query in its language: {papers: [[number, score]], best first, terms:
  // those asked for}. Raises lunr.QueryParseError where it does. The steps are those of
  // lunr.Index.query.
  async function plain(text) {
    const query = new lunr.Query(FIELDS);
    new lunr.QueryParser(text, query).parse();
    const { papers, means } = await head.value;
    const asked = FIELDS.map(() => new Map()); // of each field: the terms and their boosts
    const required = new Map();
    const prohibited = new Uint8Array(papers);
    for (const clause of query.clauses) {
      const matches = new Uint8Array(papers);
      const fields = clause.fields.map((field) => FIELDS.indexOf(field));
      for (const found of await expanded(clause)) {
        if (!found.length && clause.presence === PRESENCE.REQUIRED) {
          for (const field of fields) required.set(field, new Uint8Array(papers));
          break;
        }
        for (const each of await Promise.all(found.map(term))) {
          for (const field of fields) {
            if (clause.presence === PRESENCE.REQUIRED) {
              mark(each.columns[field], matches);
              if (!required.has(field)) required.set(field, new Uint8Array(papers).fill(1));
            }
            if (clause.presence === PRESENCE.PROHIBITED) {
              mark(each.columns[field], prohibited);
            } else {
              const boosts = asked[field];
              const before = boosts.get(each.text);
              boosts.set(each.text, { each, boost: clause.boost + (before ? before.boost : 0) });
            }
          }
        }
      }
      if (clause.presence === PRESENCE.REQUIRED) {
        for (const field of fields) {
          const set = required.get(field);
          for (let i = 0; i < papers; i += 1) set[i] &= matches[i];
        }
      }
    }

    const isIn = (paper) =>
      !prohibited[paper] && Array.from(required.values()).every((set) => set[paper]);
    const matched = new Uint8Array(papers).fill(query.isNegated() ? 1 : 0);
    const scores = new Float64Array(papers);
    for (const [field, boosts] of asked.entries()) {
      if (!boosts.size) continue;
      const sums = new Float64Array(papers);
      const length = await lengthsOf(field);
      let square = 0;
      for (const { each, boost } of boosts.values()) {
        square += boost * boost;
        const rarity = idf(each.holders, papers);
        for (const group of each.columns[field]) {
          for (const paper of group.papers) {
            sums[paper] += boost * weight(rarity, group.often, length[paper], means[field]);
            matched[paper] = 1;
          }
        }
      }
      const magnitude = Math.sqrt(square);
      for (let i = 0; i < papers; i += 1) scores[i] += sums[i] / magnitude || 0;
    }
    const found = [];
    matched.forEach((is, paper) => {
      if (is && isIn(paper)) found.push([paper, scores[paper]]);
    });
    return {
      papers: found.sort((a, b) => b[1] - a[1] || a[0] - b[0]),
      terms: asked.flatMap((boosts) => Array.from(boosts.keys()))
    };
  }

  // Of each term that the pipeline makes of a clause, the terms of the index that it stands for.
  function expanded(clause) {
    const terms = clause.usePipeline
      ? PIPELINE.runString(clause.term, { fields: clause.fields })
      : [clause.term];
    return Promise.all(terms.map(async (text) => {
      const star = text.indexOf("*");
      if (clause.editDistance || (star >= 0 && star < text.length - 1)) {
        return termsLike({ ...clause, term: text });
      }
      if (star >= 0) return termsFrom(text.slice(0, star));
      return (await term(text)) ? [text] : [];
    }));
  }

  function mark(groups, set) {
    for (const { papers } of groups) for (const paper of papers) set[paper] = 1;
  }

  // BM25 as Lunr has it, rounded to three places as Lunr does.
  function weight(rarity, often, length, mean) {
    const score = rarity * ((K1 + 1) * often) / (K1 * (1 - B + B * (length / mean)) + often);
    return Math.round(score * 1000) / 1000;
  }

  // --- papers ------------------------------------------------------------------------------------

  // What a result shows of these papers: [{id, title, authors, venue, snippet, standing, year}].
  async function hits(papers) {
    const { sheaves } = await head.value;
    const rows = await Promise.all(Array.from(papers, async (paper) => {
      const sheaf = Math.floor(paper / SHEAF);
      const letter = String.fromCharCode(97 + Math.floor(paper / SHEET) % (SHEAF / SHEET));
      const sheet = await jsonPart(`hits/${sheaf}${letter}.${sheafName(sheaves, sheaf)}`);
      return sheet[paper % SHEET];
    }));
    return Promise.all(rows.map(async ([id, title, authors, venue, snippet, standing], i) =>
      ({ id, title, authors, venue, snippet, standing, year: await yearOf(papers[i]) })));
  }

  // The finished BibTeX of these papers, letter for letter as in every .bib.
  const entries = (papers) => exported("entries", papers);

  // These papers in CSL-JSON, as bibpress.cite takes them.
  const items = (papers) => exported("items", papers);

  async function exported(kind, papers) {
    const { sheaves } = await head.value;
    return Promise.all(Array.from(papers, async (paper) => {
      const sheaf = Math.floor(paper / SHEAF);
      return (await jsonPart(`${kind}/${sheaf}.${sheafName(sheaves, sheaf)}`))[paper % SHEAF];
    }));
  }

  function sheafName(sheaves, sheaf) {
    return sheaves.slice(NAME * sheaf, NAME * (sheaf + 1));
  }

  async function ids(papers) {
    if (papers.length <= FEW_IDS) return (await hits(papers)).map(({ id }) => id);
    const { ids: names } = await head.value;
    return Promise.all(Array.from(papers, async (paper) =>
      (await idsPart(`ids/${names[Math.floor(paper / IDS)]}`))[paper % IDS]));
  }

  // The numbers of the papers with these ids; an id that is none any more has no number.
  async function papersOf(wanted) {
    const { ids: names } = await head.value;
    const blocks = await Promise.all(names.map((name) => idsPart(`ids/${name}`)));
    const numbers = new Map(blocks.flatMap((block, at) => block.map((id, i) => [id, at * IDS + i])));
    return wanted.map((id) => numbers.get(id)).filter((paper) => paper !== undefined);
  }

  // These ids as they are now: what became of one that is none any more stands in its place.
  async function renamed(wanted) {
    const { moved } = await head.value;
    if (!moved || (await papersOf(wanted)).length === wanted.length) return wanted;
    const now = new Map(Object.entries(await jsonPart(`moved/${moved}`)));
    return Array.from(new Set(wanted.map((id) => now.get(id) || id)));
  }

  // The year of a paper, 0 where it has none.
  async function yearOf(paper) {
    const { years } = await head.value;
    return years.find(({ first, count }) => paper < first + count).year;
  }

  // The place of every paper in the order of titles.
  async function titleOrder() {
    const { titles } = await head.value;
    return numbersPart(`titles/${titles}`);
  }

  // --- facets ------------------------------------------------------------------------------------

  const facetPart = once((text) => JSON.parse(text).map(([slug, name, papers]) =>
    ({ slug, name, papers: rising(papers) })));

  // The values of a kind that are listed with how many papers they have: {slug, name, papers}. Of
  // many values those of one paper are not among them.
  async function facetRows(kind) {
    const { [kind]: [listed] } = await head.value;
    return (await Promise.all(listed.names.map((name) => facetPart(`${kind}/${name}`)))).flat();
  }

  // One value, listed or not; undefined where there is none.
  async function facetRow(kind, slug) {
    const { [kind]: tables } = await head.value;
    for (const table of tables) {
      for (const name of partsFor(table, slug)) {
        const row = (await facetPart(`${kind}/${name}`)).find((each) => each.slug === slug);
        if (row) return row;
      }
    }
    return undefined;
  }

  // Whether the values of a kind are few enough to be counted without being asked for.
  async function isSmall(kind) {
    return kind === "years" || (await head.value).small.includes(kind);
  }

  bibpress.index = {
    FIELDS, COLUMNS, head: head.value, waited, numbers, term, mark, places, partsFor, wordPart,
    lengthsOf, sizes, idf, weight, plain, hits, entries, items, ids, papersOf, renamed, titleOrder,
    facetRow, facetRows, isSmall
  };
})(globalThis);
