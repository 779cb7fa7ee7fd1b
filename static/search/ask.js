// What people type, understood: window.bibpress.search(text, {limit, plain}), and bibpress.ask for
// the search page. generator/search/ask.py does the same in a terminal, step by step: whatever
// changes here changes there. docs/search.md has the measurements behind the numbers.

(function (scope) {
  "use strict";

  const { lunr, bibpress } = scope;
  const { tokens, fold, folded, terms, stem, isCommon, lengthOf, CJK } = bibpress.words;
  const {
    FIELDS, COLUMNS, head, term, mark, places, lengthsOf, sizes, idf, plain, partsFor, wordPart,
    facetRow, facetRows, papersOf, titleOrder, ids
  } = bibpress.index;

  // --- what is typed -----------------------------------------------------------------------------

  const NAMES = new Map(Object.entries({
    title: "title", abstract: "abstract", author: "authors", authors: "authors",
    tag: "tags", tags: "tags", topic: "tags", venue: "venue", year: "year"
  }));
  const AUTHORS = COLUMNS.indexOf("authors");
  // An item: perhaps a sign, perhaps a field, and a word or a text in quotes.
  const ITEM = /([+-](?=[^\s+-]))?(?:([a-z]+):(?=[^\s:]))?(?:"([^"]*)"|([^\s"]+))/gi;
  // Where a word may stand that names no field: of a venue's names only in the one that is shown.
  const ANYWHERE = COLUMNS.map((_, i) => i).filter((i) => COLUMNS[i] !== "venue");
  const YEARS = /^(?:(\d{1,4})|(\d{1,4})?(?:\.\.|[-–])(\d{1,4})?|(undated))$/i;
  const MOST_WORDS = 50; // of a pasted text, from its first so many letters; the rest is ignored
  const MOST_LETTERS = 2000;

  // What only someone who knows Lunr's query language would type: word~1. Longer, or with more
  // errors, it would keep the page busy: Lunr.js takes 22 seconds for two errors in 190 letters.
  const LUNR = /[^\s~^]{3}~\d(?=\s|$)/;
  // In quotes, or with a range of years, it is not Lunr's.
  const TOO_MUCH = /.{200}|~\d\d|~[3-9]|\*.*\*.*\*|[^\s~^]{41}~|"|\.\./s;

  // A text as what it asks for: {words, phrases, not, years, size}. Each of `words` is {text,
  // fields, must, exact, open}: a folded word, the columns that it may stand in, whether it has
  // to, whether it is meant to the letter, and whether it is only how a word begins. `phrases`:
  // {words, fields}. `not`: words and phrases that may not stand there. `years`: [from, to] or
  // null. `size`: of how many words a title would be that says just this.
  function read(text) {
    const cut = text.slice(0, MOST_LETTERS).replace(/[“”„«»]/g, '"');
    const quotes = cut.split('"').length - 1;
    const source = quotes % 2 ? cut.replace(/"([^"]*)$/, " $1") : cut;
    const asked = { words: [], phrases: [], not: [], years: null };
    const ends = Array.from(source.slice(-2)).pop() || " ";
    const isOpen = !folded(ends).endsWith(" ") && !source.endsWith('"');
    for (const match of source.matchAll(ITEM)) {
      const [whole, sign, name, quoted, bare] = match;
      const field = NAMES.get((name || "").toLowerCase());
      const isLast = isOpen && match.index + whole.length === source.length;
      const isStart = isLast || whole.endsWith("*");
      const said = quoted !== undefined ? quoted : bare;
      const years = field === "year" && sign !== "-" ? yearsOf(said) : null;
      if (years) {
        asked.years = years;
        continue;
      }
      const words = tokens(field || !name ? said : whole.slice((sign || "").length))
        .flatMap(fold).filter(Boolean);
      const fields = field ? [FIELDS.indexOf(field)] : ANYWHERE;
      if (sign === "-") {
        if (tells(words, fields)) asked.not.push({ words, fields });
        continue;
      }
      const exact = quoted !== undefined;
      const isPhrase = exact && words.length > 1 && tells(words, fields);
      if (isPhrase) asked.phrases.push({ words, fields });
      const must = exact || field !== undefined || sign === "+";
      words.forEach((text, i) => {
        const open = !exact && isStart && i === words.length - 1;
        asked.words.push({ text, fields, must, exact, open });
      });
    }
    asked.size = asked.words.filter(({ text: word }) => !isCommon(word)).length;
    asked.words = distinct(asked.words).slice(0, MOST_WORDS);
    return asked;
  }

  // Whether words are not all so common that no index has them.
  function tells(words, fields) {
    return words.some((word) => !isCommon(word)) || (fields.length === 1 && fields[0] === AUTHORS);
  }

  // "2019", "2019..2021", "2019-2021", "2019.." and "..2021" as [from, to]; papers without a year
  // are of year 0.
  function yearsOf(text) {
    const [match, only, from, to, undated] = YEARS.exec(text) || [];
    if (!match || ["..", "-", "–"].includes(match)) return null;
    if (undated) return [0, 0];
    if (only) return [Number(only), Number(only)];
    const ends = [Number(from || 1), Number(to || 9999)];
    return [Math.min(...ends), Math.max(...ends)];
  }

  // Each word once; the last of them counts, as it may be open.
  function distinct(words) {
    const seen = new Map();
    for (const word of words) {
      const key = `${word.fields.length > 1 ? "" : word.fields} ${word.text}`;
      const before = seen.get(key);
      seen.set(key, before ? { ...word, must: word.must || before.must } : word);
    }
    return Array.from(seen.values());
  }

  // --- what each word stands for -----------------------------------------------------------------

  const SHORTEST_START = 3; // letters; with fewer too much begins like that
  const MOST_STARTS = 40; // words that a last word is completed to, the commonest first
  const START_SHARE = 0.8; // of the weight of a word, for one that only begins like it
  const LITTLE = 2; // in so few fields of papers a word may be a typing error, though it is found
  const FEW = 100; // and in so few if it is written there in other forms only
  const SHORTEST_TYPO = 5; // letters of a word in which one error is forgiven
  const SHORTEST_TYPOS = 9; // and two
  const MOST_TYPOS = 8; // words that a mistyped one may have been, the commonest first
  const TYPO_SHARE = 0.7; // of the weight of a word, for one that it may have been meant for
  const MOST_NEAREST = 5; // words of a text that finds nothing for which others are offered
  const MOST_LIKE = 4; // words that are offered for each

  // Adds to a word what it stands for: `terms`, [{each, share}], with how much of the word's
  // weight each is worth; `holders`, in how many fields of papers they stand together; `instead`,
  // the words taken for a mistyped one; `isNowhere`, whether no paper has the word.
  async function resolved(word) {
    const common = isCommon(word.text);
    const [exact, completed] = await Promise.all([
      term(stem(word.text)), word.open && !common ? starts(word.text) : new Map()]);
    // The stem of half a word may be another word's ("visu"): it counts if that is a word too.
    const trusted = exact && (!completed.size || completed.has(word.text));
    const terms = trusted ? [{ each: exact, share: 1 }] : [];
    await add(terms, commonest(completed, MOST_STARTS), START_SHARE);
    const isSure = word.exact || common;
    const instead = !isSure && (await isDoubtful(word.text, holdersOf(terms)))
      ? (await meant(word.text)).filter((other) => other !== word.text) : [];
    await add(terms, instead, TYPO_SHARE);
    const isNowhere = !exact && !completed.size;
    return { ...word, common, terms, holders: holdersOf(terms), instead, isNowhere };
  }

  async function isDoubtful(text, holders) {
    return holders <= LITTLE || (holders <= FEW && !(await listed("words", text)).has(text));
  }

  function holdersOf(terms) {
    return terms.reduce((sum, { each }) => sum + each.holders, 0);
  }

  async function add(terms, words, share) {
    const known = new Set(terms.map(({ each }) => each.text));
    const stems = Array.from(new Set(words.map(stem))).filter((text) => !known.has(text));
    for (const each of await Promise.all(stems.map(term))) if (each) terms.push({ each, share });
  }

  // The words that begin like this, and how common they are.
  async function starts(text) {
    if (lengthOf(text) < SHORTEST_START && text.search(CJK) !== 0) return new Map();
    return listed("words", text);
  }

  // The words that a mistyped one may be meant for: those with one error, else those with two,
  // commonest first. One error lies in the word's first half, then its end is right, or in the
  // second; so of all words only those that begin or end like this one are looked at. Of two
  // errors one at each end are not found.
  async function meant(text) {
    const letters = Array.from(text);
    if (letters.length < SHORTEST_TYPO - 1 || text.search(CJK) >= 0) return [];
    const half = (letters.length - 1) >> 1;
    const near = await similar(letters, half, letters.length - 1 - half, 1);
    if (near.length || letters.length < SHORTEST_TYPOS) return near;
    return similar(letters, 3, 3, 2);
  }

  async function similar(letters, before, after, most) {
    const beginning = letters.slice(0, before).join("");
    const ending = letters.slice(-after).reverse().join("");
    const words = await listed("words", beginning);
    for (const [word, bits] of await listed("endings", ending)) {
      words.set(Array.from(word).reverse().join(""), bits);
    }
    const near = new Map();
    for (const [word, bits] of words) {
      const others = Array.from(word);
      if (others.length >= SHORTEST_TYPO && Math.abs(others.length - letters.length) <= most &&
          distance(letters, others, most) <= most) near.set(word, bits);
    }
    return commonest(near, MOST_TYPOS);
  }

  // For an answer without papers: of each typed word that no paper has, the commonest of the words
  // that begin like it for as many letters as any do, [[typed, words]]. (In a terminal there is no
  // such help: there no click is waiting.)
  async function nearest(text) {
    const found = [];
    for (const typed of new Set(tokens(text).slice(0, MOST_NEAREST))) {
      const [word, ...more] = fold(typed).filter(Boolean);
      if (!word || more.length || (await listed("words", word)).size) continue;
      const letters = Array.from(word);
      for (let size = letters.length - 1; size >= SHORTEST_START; size -= 1) {
        const like = await listed("words", letters.slice(0, size).join(""));
        if (!like.size) continue;
        found.push([typed, commonest(like, MOST_LIKE)]);
        break;
      }
    }
    return found;
  }

  // Word → how common it is, for all words of a list that begin like this.
  async function listed(kind, beginning) {
    const tables = await head;
    const parts = await Promise.all(
      partsFor(tables[kind], beginning, true).map((name) => wordPart(`${kind}/${name}`)));
    const found = new Map();
    for (const part of parts) {
      for (const [word, bits] of part) if (word.startsWith(beginning)) found.set(word, bits);
    }
    return found;
  }

  function commonest(words, most) {
    return Array.from(words)
      .sort(([a, x], [b, y]) => compare(y, x) || a.length - b.length || compare(a, b))
      .slice(0, most)
      .map(([word]) => word);
  }

  function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  // How many letters to add, drop, change or swap with the next make one word of the other; more
  // than `most` may come out as any number above it.
  function distance(a, b, most) {
    let older = [];
    let old = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(
          old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          row[j] = Math.min(row[j], older[j - 2] + 1);
        }
        least = Math.min(least, row[j]);
      }
      if (least > most) return least;
      older = old;
      old = row;
    }
    return old[b.length];
  }

  // --- ranking -----------------------------------------------------------------------------------

  const WEIGHTS = [6, 1, 2, 1.5, 0.7, 0.7, 4, 0.7]; // of the columns
  const SATURATION = 1.2; // Lunr's k1
  const SHORTNESS = 0.4; // Lunr's b, for abstracts; of other fields the length says nothing
  const TYPICAL = 100; // terms of an abstract: the mean of 10,000
  const COVERAGE = 10; // the power of the share of the words that a paper has: all beat some
  const LIKE_TITLE = 1.2; // what a title of just these words adds to the score, against the score
  const WHOLE_TITLE = 100000; // and in itself: no score reaches this, so it comes first
  const MOST_TURNS = 4; // ways to begin a name of several words
  const ENOUGH = 5; // where so many papers have more of the words, those with fewer are left out
  const ABSTRACT = COLUMNS.indexOf("abstract");
  const LEAD = COLUMNS.indexOf("lead");

  // Scores the papers that have any of the words: {scores, isIn, matched}, the last how many of the
  // words each has; or null where no word says anything. The score is the sum over the words of
  // the best of what each stands for, times a power of the share of the words that the paper has,
  // more for a title that is made of them, and most for a title that is `size` words and these.
  // `titles`: how many terms a title has, `halves`: as `saturations` says, each of all papers.
  async function rank(words, size, titles, halves) {
    const telling = words.filter((word) => !word.common);
    const heard = words.filter((word) => !word.common || word.fields.includes(AUTHORS));
    if (!telling.length && !heard.some((word) => word.terms.length)) return null;
    const { papers } = await head;
    const scores = new Float64Array(papers);
    const matched = new Uint8Array(papers);
    const inTitle = new Float64Array(papers);
    const isIn = new Uint8Array(papers);
    const musts = [];
    for (const word of heard) {
      const { touched, gain, inTitle: there } = gains(word, halves);
      for (const paper of touched) {
        scores[paper] += gain[paper];
        inTitle[paper] += there[paper];
        if (!word.common) matched[paper] += 1;
        isIn[paper] = 1;
      }
      if (word.must && (!word.common || word.fields.length === 1)) musts.push(gain);
    }
    for (const gain of musts) keepOnly(isIn, (paper) => gain[paper] > 0);
    for (let paper = 0; paper < papers; paper += 1) {
      const share = telling.length ? matched[paper] / telling.length : 1;
      const alike = 2 * Math.min(inTitle[paper], telling.length) /
        (titles[paper] + telling.length || 1);
      scores[paper] *= Math.pow(share, COVERAGE) * (1 + LIKE_TITLE * alike);
      const isWhole = size > 0 && matched[paper] === telling.length && titles[paper] === size &&
        inTitle[paper] === size;
      if (isWhole) scores[paper] += WHOLE_TITLE;
    }
    return { scores, isIn, matched };
  }

  // Of each paper how often a word has to stand in the abstract to be worth half of what it can be.
  async function saturations() {
    return (await sizes()).map((size) =>
      SATURATION * (1 - SHORTNESS + SHORTNESS * size / TYPICAL));
  }

  // What a word gives the papers that have it: which these are, by number the part of the score,
  // and how often it stands in the title.
  function gains(word, halves) {
    const papers = halves.length;
    const rarity = idf(word.holders, papers);
    const fields = word.common ? word.fields.filter((i) => i === AUTHORS || i === LEAD)
      : word.fields;
    const touched = [];
    const gain = new Float64Array(papers);
    const inTitle = new Float64Array(papers);
    const sum = new Float64Array(papers);
    for (const { each, share } of word.terms) {
      const own = [];
      for (const column of fields) {
        for (const { often, papers: group } of each.columns[column]) {
          const most = share * WEIGHTS[column] * rarity * (SATURATION + 1) * often;
          for (const paper of group) {
            if (sum[paper] === 0) own.push(paper);
            sum[paper] += most / ((column === ABSTRACT ? halves[paper] : SATURATION) + often);
          }
        }
      }
      for (const paper of own) {
        if (gain[paper] === 0) touched.push(paper);
        if (sum[paper] > gain[paper]) gain[paper] = sum[paper];
        sum[paper] = 0;
      }
      for (const { often, papers: group } of each.columns[0]) {
        for (const paper of group) inTitle[paper] = Math.max(inTitle[paper], share * often);
      }
    }
    return { touched, gain, inTitle };
  }

  // How many of the words a paper needs, if those with fewer are to be left out where enough papers
  // have more.
  function wordsNeeded({ isIn, matched }) {
    const counts = [];
    for (let paper = 0; paper < isIn.length; paper += 1) {
      if (isIn[paper]) counts[matched[paper]] = (counts[matched[paper]] || 0) + 1;
    }
    let least = Math.max(counts.length - 1, 0);
    for (let sum = counts[least] || 0; least > 0 && sum < ENOUGH; sum += counts[least] || 0) {
      least -= 1;
    }
    return least;
  }

  function keepOnly(isIn, test) {
    for (let paper = 0; paper < isIn.length; paper += 1) {
      if (isIn[paper] && !test(paper)) isIn[paper] = 0;
    }
  }

  // --- what must and must not stand there --------------------------------------------------------

  // The papers in one of whose fields these words follow each other, common words aside. A name may
  // be turned: "Kim, Ji-Hoon".
  async function withPhrase({ words, fields }) {
    const found = new Uint8Array((await head).papers);
    for (const field of fields) {
      const kept = words.filter((word) => field === AUTHORS || !isCommon(word));
      const terms = await Promise.all(kept.map((word) => term(stem(word))));
      if (!terms.length || !terms.every(Boolean)) continue;
      if (terms.length === 1) {
        mark(terms[0].columns[field], found);
        continue;
      }
      const turns = field === AUTHORS ? Math.min(terms.length, MOST_TURNS) : 1;
      for (let turn = 0; turn < turns; turn += 1) {
        const turned = [...terms.slice(turn), ...terms.slice(0, turn)];
        for (const paper of await inTurn(turned, field)) found[paper] = 1;
      }
    }
    return found;
  }

  // The papers in a field of which these terms follow each other.
  async function inTurn(terms, field) {
    let starts = null; // paper → where the phrase may begin
    for (const [i, each] of terms.entries()) {
      const next = new Map();
      for (const [paper, at] of await places(each, field)) {
        const before = starts && starts.get(paper);
        if (starts && !before) continue;
        const here = Array.from(at, (place) => place - i);
        const both = new Set(before ? here.filter((place) => before.has(place)) : here);
        if (both.size) next.set(paper, both);
      }
      starts = next;
    }
    return starts.keys();
  }

  // --- answers -----------------------------------------------------------------------------------

  const SCALE = 10000; // scores are rounded before they are compared: the same order everywhere
  const MOST_PAPERS = 2 ** 20;
  const HIGHEST = 2 ** 32;

  // All that matches a text, narrowed by {tags: [slug], authors: [slug], venues: [slug], years: a
  // text as after `year:`, papers: [id]}: {papers: numbers in order, scores by number, isIn by number, marks:
  // the terms to mark, instead: [[typed, words taken for it]] where nothing has it}. Sorted by
  // "relevance", "year" or "title".
  async function answer(text, narrow = {}, sort = "relevance") {
    const found = (await inLunr(text)) || (await inWords(text, isNarrow(narrow)));
    const needed = wordsNeeded(found); // whatever it is narrowed by: so a facet's count holds
    for (const kind of ["tags", "authors", "venues"]) {
      for (const slug of narrow[kind] || []) {
        const row = await facetRow(kind, slug);
        const members = new Uint8Array(found.isIn.length);
        if (row) for (const paper of row.papers) members[paper] = 1;
        keepOnly(found.isIn, (paper) => members[paper]);
      }
    }
    if (narrow.years) await keepYears(found.isIn, yearsOf(narrow.years) || [1, 0]);
    if (narrow.papers && narrow.papers.length) {
      const chosen = new Set(await papersOf(narrow.papers));
      keepOnly(found.isIn, (paper) => chosen.has(paper));
    }
    const isGood = (paper) => found.matched[paper] >= needed;
    if (found.isIn.some((is, paper) => is && isGood(paper))) keepOnly(found.isIn, isGood);
    return { ...found, papers: await ordered(found, sort) };
  }

  function isNarrow({ tags = [], authors = [], venues = [], years = "", papers = [] }) {
    return Boolean(tags.length || authors.length || venues.length || years || papers.length);
  }

  // What Lunr answers to a text that looks like its language and is; else null.
  async function inLunr(text) {
    if (!LUNR.test(text) || TOO_MUCH.test(text)) return null;
    try {
      const { papers } = await head;
      const scores = new Float64Array(papers);
      const isIn = new Uint8Array(papers);
      const found = await plain(text);
      for (const [paper, score] of found.papers) {
        scores[paper] = score;
        isIn[paper] = 1;
      }
      const matched = new Uint8Array(papers);
      return { scores, isIn, matched, marks: new Set(found.terms), instead: [] };
    } catch (error) {
      if (error instanceof lunr.QueryParseError) return null;
      throw error;
    }
  }

  async function inWords(text, isNarrowed) {
    const asked = read(text);
    const { papers } = await head;
    // All that the words need is asked for at once: each wait is a phone's way to the host and back.
    const [words, ...lengths] = await Promise.all([
      Promise.all(asked.words.map(resolved)),
      ...(asked.words.length ? [lengthsOf(0), saturations()] : [])]);
    const limits = asked.years || asked.not.length;
    const all = limits || isNarrowed ? 1 : 0;
    const { scores, isIn, matched } = (await rank(words, asked.size, ...lengths)) || {
      scores: new Float64Array(papers),
      isIn: new Uint8Array(papers).fill(all),
      matched: new Uint8Array(papers)
    };
    for (const phrase of asked.phrases) {
      const has = await withPhrase(phrase);
      keepOnly(isIn, (paper) => has[paper]);
    }
    for (const phrase of asked.not) {
      const has = await withPhrase(phrase);
      keepOnly(isIn, (paper) => !has[paper]);
    }
    if (asked.years) await keepYears(isIn, asked.years);
    const marks = new Set(words.flatMap(({ terms }) => terms.map(({ each }) => each.text)));
    const instead = words.filter((word) => word.isNowhere && word.instead.length)
      .map((word) => [word.text, word.instead]);
    return { scores, isIn, matched, marks, instead };
  }

  async function keepYears(isIn, [from, to]) {
    const { years } = await head;
    for (const { year, first, count } of years) {
      if (year < from || year > to) isIn.fill(0, first, first + count);
    }
  }

  // The numbers of the papers in order: papers are numbered newest first, so that is the order of
  // equals. Sorting plain numbers is many times as fast as sorting by a function.
  async function ordered({ scores, isIn }, sort) {
    const places = sort === "title" ? await titleOrder() : null;
    const keys = [];
    for (let paper = 0; paper < isIn.length; paper += 1) {
      if (!isIn[paper]) continue;
      const place = places ? places[paper]
        : sort === "year" ? 0 : HIGHEST - Math.round(scores[paper] * SCALE);
      keys.push(place * MOST_PAPERS + paper);
    }
    return Float64Array.from(keys).sort().map((key) => key % MOST_PAPERS);
  }

  // The values of a kind ("tags", "authors", "venues", "years") among the papers of an answer:
  // [{slug, name, count}], most papers first; years newest first.
  async function facet(kind, { isIn }) {
    const counted = (papers) => papers.reduce((sum, paper) => sum + isIn[paper], 0);
    if (kind === "years") {
      const { years } = await head;
      return years.map(({ year, first, count }) => ({
        slug: year ? String(year) : "undated",
        name: year ? String(year) : "Undated",
        count: isIn.subarray(first, first + count).reduce((sum, is) => sum + is, 0)
      })).filter(({ count }) => count);
    }
    const rows = await facetRows(kind);
    return rows.map(({ slug, name, papers }) => ({ slug, name, count: counted(papers) }))
      .filter(({ count }) => count)
      .sort((a, b) => b.count - a.count || compare(a.slug, b.slug));
  }

  // A text in pieces, [piece, whether it is to be marked]: each word whose term is among `marks`.
  function marked(text, marks) {
    const pieces = [];
    const put = (piece, is) => {
      const last = pieces[pieces.length - 1];
      if (last && last[1] === is) last[0] += piece;
      else if (piece) pieces.push([piece, is]);
    };
    for (const token of text.split(/([\s-]+)/)) {
      const runs = token.split(CJK);
      for (const [i, run] of runs.entries()) {
        if (i % 2 === 0 || lengthOf(run) === 1) {
          const [before, word, after] = bared(run);
          put(before, false);
          put(word, terms(word.toLowerCase()).some((each) => marks.has(each)));
          put(after, false);
        } else {
          const letters = Array.from(run);
          const isHit = letters.map((letter, at) => [-1, 0].some((step) => marks.has(
            fold((letters[at + step] || "") + (letters[at + step + 1] || "")).join(" "))));
          letters.forEach((letter, at) => put(letter, isHit[at]));
        }
      }
    }
    return pieces;
  }

  // What stands before a word, the word with signs after it as in "C++", and what stands after it.
  function bared(text) {
    const plain = /^([\p{L}\p{N}]+)([.,;:!?)]?)$/u.exec(text); // nearly all are
    if (plain) return ["", plain[1], plain[2]];
    const letters = Array.from(text);
    let from = 0;
    let to = letters.length;
    while (from < to && !/[\p{L}\p{N}]/u.test(letters[from])) from += 1;
    while (to > from && !/[\p{L}\p{N}+#]/u.test(letters[to - 1])) to -= 1;
    return [letters.slice(0, from), letters.slice(from, to), letters.slice(to)]
      .map((part) => part.join(""));
  }

  // The papers that match, best first, as [{id, score}]. With `plain` the text is a query in
  // Lunr's language and the answer is Lunr's own; where Lunr throws (a QueryParseError), the
  // promise is rejected with that error.
  bibpress.search = async function (text, { limit = Infinity, plain: isPlain = false } = {}) {
    if (isPlain) {
      const found = (await plain(String(text))).papers.slice(0, limit);
      const named = await ids(found.map(([paper]) => paper));
      return found.map(([, score], i) => ({ id: named[i], score }));
    }
    const { papers, scores } = await answer(String(text));
    const found = papers.slice(0, limit);
    const named = await ids(found);
    return named.map((id, i) => ({ id, score: Math.round(scores[found[i]] * SCALE) / SCALE }));
  };

  bibpress.ask = { answer, facet, marked, nearest, yearsOf };
})(globalThis);
