// A paper's page beyond being read: its citation in the format one likes, copied or downloaded.
// Without this script there is its BibTeX, to be read and downloaded.
(function () {
  "use strict";

  const box = document.querySelector(".cite");
  const shown = document.getElementById("_citation");
  const data = document.getElementById("_item");
  if (!box || !shown || !data) return;

  const { cite } = window.bibpress;
  const items = [JSON.parse(data.textContent)];
  const link = box.querySelector("a[download]");
  const bibtex = shown.textContent;
  const FORMATS = {
    bibtex: { name: "BibTeX", suffix: "bib", write: () => bibtex },
    apa: { name: "APA", suffix: "txt", write: () => cite.apa(items) },
    ieee: { name: "IEEE", suffix: "txt", write: () => cite.ieee(items).replace(/^\[1\] /, "") },
    ris: { name: "RIS", suffix: "ris", write: () => cite.ris(items) },
    csl: { name: "CSL-JSON", suffix: "json", write: () => cite.csl(items) },
  };
  // Pages of one host share what a browser keeps, so the name says whose this is.
  const KEPT = "bibpress format";

  const select = document.createElement("select");
  select.setAttribute("aria-label", "Format of the citation");
  for (const [key, { name }] of Object.entries(FORMATS)) select.add(new Option(name, key));
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy";
  link.parentNode.prepend(select, copy);

  function show() {
    const { name, suffix, write } = FORMATS[select.value];
    shown.textContent = write();
    shown.setAttribute("aria-label", `Citation: ${name}`);
    link.download = `${box.dataset.name}.${suffix}`;
    link.textContent = `Download .${suffix}`;
  }

  // The .bib is a file of the site. What is made here is handed over at the click, and so is the
  // .bib of a page from disk, which the browser would only show.
  link.addEventListener("click", (event) => {
    if (select.value === "bibtex" && location.protocol !== "file:") return;
    event.preventDefault();
    const made = document.createElement("a");
    made.href = URL.createObjectURL(new Blob([FORMATS[select.value].write()], { type: "text/plain" }));
    made.download = link.download;
    made.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 60000);
  });

  function kept(value) {
    try {
      if (value) localStorage.setItem(KEPT, value);
      return localStorage.getItem(KEPT);
    } catch (error) {
      return null; // the browser keeps nothing: BibTeX comes first again
    }
  }

  function said(word) {
    copy.textContent = word;
    setTimeout(() => { copy.textContent = "Copy"; }, 2000);
  }

  // Without a clipboard (an old browser, or http), the text is selected, ready for a key.
  function selected() {
    const range = document.createRange();
    range.selectNodeContents(shown);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    said("Press Ctrl+C");
  }

  copy.addEventListener("click", () => {
    if (!navigator.clipboard) return selected();
    return navigator.clipboard.writeText(shown.textContent.trimEnd()).then(() => said("Copied"), selected);
  });
  select.addEventListener("change", () => { kept(select.value); show(); });
  select.value = kept() in FORMATS ? kept() : "bibtex";
  show();
})();
