// What it costs to build the same index with Lunr.js: reads what `bibpress search --documents`
// prints from standard input, and answers with JSON on standard output: seconds of processor time
// (of all threads, the garbage collector's too) for adding all documents and building, for writing
// the index as JSON, and that JSON's bytes, plain and gzipped.

"use strict";

const fs = require("fs");
const path = require("path");
const zlib = require("zlib");

const statics = path.join(__dirname, "..", "..", "static");
globalThis.lunr = require(path.join(statics, "vendor", "lunr.min.js"));
require(path.join(statics, "search", "words.js")); // registers the pipeline's functions

const LEVEL = 6; // as in host.py

function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const wanted = JSON.parse(fs.readFileSync(0, "utf8"));
const start = seconds();
const builder = new lunr.Builder();
builder.ref(wanted.ref);
for (const { name, boost } of wanted.fields) builder.field(name, { boost });
builder.pipeline = lunr.Pipeline.load(wanted.pipeline);
builder.searchPipeline = lunr.Pipeline.load(wanted.searchPipeline);
for (const document of wanted.documents) builder.add(document);
const index = builder.build();
const built = seconds();
const text = JSON.stringify(index);
const written = seconds();
const bytes = Buffer.from(text);

fs.writeFileSync(1, JSON.stringify({
  build: built - start,
  write: written - built,
  bytes: bytes.length,
  gzipped: zlib.gzipSync(bytes, { level: LEVEL }).length
}));
