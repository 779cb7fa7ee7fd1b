// A paper's citation in the format one likes, copied or downloaded; without this script, in BibTeX.
(function () {
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

  const { cite, kept, words } = window.bibpress;
  const items = [JSON.parse(data.textContent)];
  const link = box.querySelector("a[download]");
  const bibtex = shown.textContent;
  const FORMATS = {
    bibtex: ["BibTeX", "bib", () => bibtex],
    apa: ["APA", "txt", () => cite.apa(items)],
    ieee: ["IEEE", "txt", () => cite.ieee(items).replace(/^\[1\] /, "")],
    ris: ["RIS", "ris", () => cite.ris(items)],
    csl: ["CSL-JSON", "json", () => cite.csl(items)],
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

  function show() {
    const [name, suffix, write] = FORMATS[select.value];
    shown.textContent = write();
    shown.ariaLabel = words.citation.replace("{name}", name);
    link.download = `${box.dataset.name}.${suffix}`;
    link.textContent = words.download.replace("{suffix}", suffix);
  }

  // The .bib is a file of the site, which has the abstract, too; the others are made at the click.
  link.addEventListener("click", (event) => {
    if (select.value === "bibtex") return;
    event.preventDefault();
    const made = document.createElement("a");
    made.href = URL.createObjectURL(new Blob([shown.textContent], { type: "text/plain" }));
    made.download = link.download;
    made.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 60000);
  });

  function said(word) {
    copy.textContent = told.textContent = word;
    setTimeout(() => { copy.textContent = words.copy; told.textContent = ""; }, 2000);
  }

  // Without a clipboard (an old browser, or http), the text is selected, ready for a key.
  function selected() {
    getSelection().selectAllChildren(shown);
    said(words.press);
  }

  copy.addEventListener("click", () => {
    if (!navigator.clipboard) return selected();
    return navigator.clipboard.writeText(shown.textContent.trimEnd()).then(() => said(words.copied), selected);
  });
  select.addEventListener("change", () => { kept(KEPT, select.value); show(); });
  select.value = kept(KEPT) in FORMATS ? kept(KEPT) : "bibtex";
  show();
})();
