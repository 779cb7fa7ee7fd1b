// What Lunr.js itself says, and what our scripts say, for the tests: reads one JSON object
// {task, …} from standard input, and answers with JSON on standard output.

"use strict";

const fs = require("fs");
const path = require("path");

const statics = path.join(__dirname, "..", "..", "static");
globalThis.lunr = require(path.join(statics, "vendor", "lunr.min.js"));
const unmodified = Object.keys(lunr).sort().join();
for (const name of ["words", "index", "ask"]) require(path.join(statics, "search", `${name}.js`));

const TASKS = {
  // texts → the terms under which each is indexed in a field
  terms({ texts, field }) {
    const pipeline = lunr.Pipeline.load(["bibpress-fold", "bibpress-stop-words", "stemmer"]);
    return texts.map((text) =>
      pipeline.run(lunr.tokenizer(text, { fields: [field] })).map(String));
  },

  // tokens → what bibpress-fold makes of each
  folds({ tokens }) {
    const pipeline = lunr.Pipeline.load(["bibpress-fold"]);
    return tokens.map((token) => pipeline.runString(token, {}));
  },

  stems({ words }) {
    return words.map((word) => lunr.stemmer(new lunr.Token(word)).toString());
  },

  stopWords({ words }) {
    return words.filter((word) => lunr.stopWordFilter(new lunr.Token(word)) === undefined);
  },

  // words → those that Lunr's automaton of them holds, sorted
  automaton({ words }) {
    return lunr.TokenSet.fromArray(words.sort()).toArray().sort();
  },

  names() {
    return [unmodified, Object.keys(lunr).sort().join()];
  },

  // Queries in Lunr's language, put to the index that Lunr.js builds of what `bibpress search
  // --documents` prints, and to ours in a folder.
  async plain({ documents, folder, queries }) {
    const index = reference(documents);
    open(folder);
    const answers = [];
    for (const query of queries) {
      const own = await answer(() => index.search(query).map(({ ref, score }) => [ref, score]));
      const ours = await answer(async () => (await bibpress.search(query, { plain: true }))
        .map(({ id, score }) => [id, score]));
      answers.push([own, ours]);
    }
    return answers;
  },

  // The weights that our index gives each term in each field of each paper, against Lunr's: how
  // many there are, and those that differ.
  async weights({ documents, folder }) {
    const index = reference(documents);
    open(folder);
    const { FIELDS, head, term, lengthsOf, idf, ids, weight } = bibpress.index;
    const { papers, means } = await head;
    const refs = await ids(Array.from({ length: papers }, (_, i) => i));
    const lengths = await Promise.all(FIELDS.map((_, field) => lengthsOf(field)));
    let count = 0;
    const wrong = [];
    const terms = Object.keys(index.invertedIndex);
    for (const text of terms) {
      const found = await term(text);
      const { _index: number, ...postings } = index.invertedIndex[text];
      for (const [field, name] of FIELDS.entries()) {
        const ours = new Map();
        for (const { often, papers: group } of found ? found.columns[field] : []) {
          for (const paper of group) {
            ours.set(refs[paper], weight(idf(found.holders, papers), often, lengths[field][paper],
              means[field]));
          }
        }
        for (const ref of new Set([...Object.keys(postings[name]), ...ours.keys()])) {
          count += 1;
          const own = index.fieldVectors[`${name}/${ref}`].elements;
          const at = own.findIndex((element, i) => i % 2 === 0 && element === number);
          if (own[at + 1] !== ours.get(ref)) wrong.push([text, name, ref]);
        }
      }
    }
    return [count, wrong];
  },

  // What the search box and, with `plain`, a program gets from window.bibpress.search.
  async box({ folder, queries, options }) {
    open(folder);
    const answers = [];
    for (const query of queries) {
      answers.push(await bibpress.search(query, options).catch((error) => error.name));
    }
    return answers;
  },

  // What any function of bibpress.ask or bibpress.index answers: [[space, name, ...arguments]].
  async call({ folder, calls }) {
    if (folder) open(folder);
    const answers = [];
    for (const [space, name, ...given] of calls) {
      answers.push(await bibpress[space][name](...given));
    }
    return answers;
  },

  // The numbers of the papers that answer each text, narrowed and sorted, with the facets' counts.
  async answers({ folder, asked, kinds }) {
    open(folder);
    const answers = [];
    for (const [text, narrow, sort] of asked) {
      const found = await bibpress.ask.answer(text, narrow, sort);
      const facets = {};
      for (const kind of kinds || []) facets[kind] = await bibpress.ask.facet(kind, found);
      const ids = await bibpress.index.ids(found.papers);
      answers.push({ ids, facets, marks: Array.from(found.marks).sort(), instead: found.instead });
    }
    return answers;
  }
};

// Reads the files of an index from disk, as the browser would by script elements.
function open(folder) {
  const run = (file) => (0, eval)(fs.readFileSync(path.join(folder, "search", file), "utf8"));
  bibpress.fetch = (file, failed) => {
    if (fs.existsSync(path.join(folder, "search", file))) run(file);
    else failed(`${file} is missing`);
  };
  for (const head of fs.readdirSync(path.join(folder, "search", "head"))) run(`head/${head}`);
}

function reference(documents) {
  const builder = new lunr.Builder();
  builder.ref(documents.ref);
  for (const { name, boost } of documents.fields) builder.field(name, { boost });
  builder.pipeline = lunr.Pipeline.load(documents.pipeline);
  builder.searchPipeline = lunr.Pipeline.load(documents.searchPipeline);
  for (const document of documents.documents) builder.add(document);
  return builder.build();
}

// [[id, score], …] in the order of ids, since the order of equal scores is nobody's promise.
async function answer(ask) {
  try {
    return (await ask()).sort(([a], [b]) => (a < b ? -1 : 1));
  } catch (error) {
    return error.name;
  }
}

(async () => {
  const { task, ...details } = JSON.parse(fs.readFileSync(0, "utf8"));
  fs.writeFileSync(1, JSON.stringify(await TASKS[task](details)));
})();
