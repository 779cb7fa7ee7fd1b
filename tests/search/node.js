// What Lunr.js itself says, for the tests: reads one JSON object {task, …} from standard input,
// and answers with JSON on standard output. Our pipeline functions are those of search.js.

"use strict";

const fs = require("fs");
const path = require("path");

const statics = path.join(__dirname, "..", "..", "static");
globalThis.lunr = require(path.join(statics, "vendor", "lunr.js"));
const unmodified = Object.keys(lunr).sort().join();
require(path.join(statics, "search.js"));

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

  // The index that Lunr.js builds of what `bibpress search --documents` prints.
  index({ documents }) {
    return reference(documents);
  },

  // The same queries put to Lunr.js's own index and to ours, which must load.
  queries({ documents, index, queries }) {
    const indexes = [reference(documents), lunr.Index.load(index)];
    return queries.map((query) => indexes.map((each) => answer(() => each.search(query))));
  },

  // What the search box and, with `plain`, a program gets from window.bibpress.search.
  async box({ index, queries, options }) {
    bibpress.receive("index", JSON.stringify(index));
    const answers = [];
    for (const query of queries) {
      answers.push(await bibpress.search(query, options).catch((error) => error.name));
    }
    return answers;
  }
};

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
function answer(ask) {
  try {
    return ask().map(({ ref, score }) => [ref, score]).sort(([a], [b]) => (a < b ? -1 : 1));
  } catch (error) {
    return error.name;
  }
}

(async () => {
  const { task, ...details } = JSON.parse(fs.readFileSync(0, "utf8"));
  fs.writeFileSync(1, JSON.stringify(await TASKS[task](details)));
})();
