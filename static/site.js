// On every page the keyboard scrolls formulas that are too wide, "/" goes to the search box, and
// there is the basket: papers put aside while one reads, kept in the browser, without an account.
//
// A button beside every paper puts it in or takes it out; a link in the page's head, there while it
// holds anything, leads to a search for just these papers (search/page.js), which can be passed on
// and exported. A paper that has left the collection stays in it, and is found again if it returns.
(function () {
  "use strict";

  const bibpress = (window.bibpress = window.bibpress || {});
  const { words } = bibpress; // what the build has put before this script

  for (const formula of document.querySelectorAll("math")) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
  }

  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    const box = document.querySelector("input[type=search]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey || !box) return;
    if (kept("bibpress keys") === "off") return; // on the search page
    event.preventDefault();
    box.focus();
    box.select();
  });

  // Pages of one host, and all that are opened from disk, share what a browser keeps; the site's own
  // address tells its basket from others.
  const root = new URL("..", document.currentScript.src).href;
  const KEPT = `bibpress basket ${root}`;

  // Ids as they were put in. What a browser does not keep (a private window) lives as long as the page.
  let papers = [];
  let isKept = true; // until the browser refuses to
  papers = read();

  // What the browser keeps under a name, after it was given a value if there is one.
  function kept(name, value) {
    try {
      if (value) localStorage.setItem(name, value);
      return localStorage.getItem(name);
    } catch (error) {
      return null; // it keeps nothing
    }
  }

  function read() {
    if (!isKept) return papers;
    try {
      const found = JSON.parse(kept(KEPT));
      return Array.isArray(found) ? found.filter((id) => typeof id === "string") : [];
    } catch (error) {
      return papers;
    }
  }

  function toggle(id) {
    const now = read();
    keep(now.includes(id) ? now.filter((other) => other !== id) : [...now, id]);
  }

  function keep(next) {
    const before = papers;
    papers = next;
    const text = JSON.stringify(papers);
    isKept = kept(KEPT, text) === text;
    draw();
    if (bibpress.basket.changed) bibpress.basket.changed(before, papers);
  }

  const way = document.createElement("a");
  way.className = "basket";

  function draw() {
    way.textContent = words.baskets.replace("{n}", papers.length);
    way.href = `${root}search.html#papers=${papers.join()}`;
    way.hidden = !papers.length;
    for (const button of document.querySelectorAll("button[data-paper]")) label(button);
  }

  function label(button) {
    button.ariaPressed = papers.includes(button.dataset.paper);
  }

  // A button for a paper: with a name where there is one, in lists with a sign (of the style).
  function button(id, title) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "put";
    made.dataset.paper = id;
    if (title) made.ariaLabel = words.of.replace("{title}", () => title);
    else made.textContent = words.basket;
    made.addEventListener("click", () => toggle(id));
    label(made);
    return made;
  }

  // Gives each of these lines of a list its button; a line begins with the link to its paper.
  function offer(rows) {
    for (const row of rows) {
      const link = row.querySelector("a");
      const [, id] = /(?:^|\/)([a-z0-9-]+)\.html$/.exec(link?.getAttribute("href")) || [];
      if (id) row.append(button(id, link.textContent));
    }
  }

  // The page of the basket (search/page.js) puts a function there that hears of every change.
  bibpress.kept = kept;
  bibpress.basket = { offer, keep, papers: () => papers, changed: null };

  document.querySelector("body > header nav")?.append(way);
  offer(document.querySelectorAll(".cards > li"));
  const citation = document.querySelector(".cite");
  if (citation) citation.querySelector("p").append(button(citation.dataset.name));
  draw();
  addEventListener("storage", ({ key }) => {
    if (key !== null && key !== KEPT) return; // null: all was cleared
    papers = read();
    draw();
  });
})();
