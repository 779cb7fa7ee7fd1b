// What static/cite.js and search/table.js write of items, for the tests: reads a JSON list of lists of items, answers
// with a JSON list of {format: text}.

"use strict";

const fs = require("fs");
const path = require("path");

require(path.join(__dirname, "..", "static", "cite.js"));
require(path.join(__dirname, "..", "static", "search", "table.js"));

const written = JSON.parse(fs.readFileSync(0, "utf8")).map((items) =>
  Object.fromEntries(Object.entries(bibpress.cite).map(([name, write]) => [name, write(items)])));
fs.writeFileSync(1, JSON.stringify(written));
