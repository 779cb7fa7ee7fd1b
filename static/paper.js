// A paper's citation in the format one likes, copied or downloaded; without this script, in BibTeX.
(() => {
"use strict";

// From disk a list asks for the abstract in a frame (search/lists.js). A host's page would tell
// it to any other site.
if (location.protocol === "file:" && parent !== window) {
  const abstract = document.querySelector(".abstract");
  parent.postMessage(abstract ? abstract.outerHTML : "", "*");
}

const box = document.querySelector(".cite");
const shown = document.getElementById("_citation");
const data = document.getElementById("_item");
if (!box || !shown || !data) return;

const { cite, kept, words } = bibpress;
const items = [JSON.parse(data.textContent)];
const link = box.querySelector("a[download]");
const bibtex = shown.textContent;
const bib = link.href;
const FORMATS = {
  bibtex: ["BibTeX", "bib"], apa: ["APA", "txt"], ieee: ["IEEE", "txt"], ris: ["RIS", "ris"],
  csl: ["CSL-JSON", "json"],
};
// Pages of one host share what a browser keeps, so the name says whose this is.
const KEPT = "bibpress format";

const select = document.createElement("select");
select.ariaLabel = words.format;
for (const [key, [name]] of Object.entries(FORMATS)) select.add(new Option(name, key));
const copy = document.createElement("button");
copy.textContent = words.copy;
const told = document.createElement("output"); // what the button says, for screen readers
told.className = "skip";
link.parentNode.prepend(select, copy, told);

// The .bib is a file of the site, which has the abstract, too; the others are made here.
function show() {
  const [name, suffix] = FORMATS[select.value];
  const made = cite[select.value]?.(items).slice(select.value === "ieee" ? 4 : 0); // after "[1] "
  shown.textContent = made ?? bibtex;
  shown.ariaLabel = words.citation.replace("{name}", name);
  URL.revokeObjectURL(link.href);
  link.href = made ? URL.createObjectURL(new Blob([made], { type: "text/plain" })) : bib;
  link.download = `${box.dataset.name}.${suffix}`;
  link.textContent = words.download.replace("{suffix}", suffix);
}

function said(word) {
  copy.textContent = told.textContent = word;
  setTimeout(() => { copy.textContent = words.copy; told.textContent = ""; }, 2000);
}

// Without a clipboard (an old browser, or http), the text is selected, ready for a key.
function selected() {
  getSelection().selectAllChildren(shown);
  said(words.press);
}

copy.onclick = () => {
  if (!navigator.clipboard) return selected();
  return navigator.clipboard.writeText(shown.textContent.trimEnd()).then(() => said(words.copied), selected);
};
select.onchange = () => { kept(KEPT, select.value); show(); };
select.value = kept(KEPT) in FORMATS ? kept(KEPT) : "bibtex";
show();
})();
