// What every page can do beyond being read: go to the search box with "/", scroll a formula that is
// wider than its column by keyboard too.
(function () {
  "use strict";

  document.querySelectorAll("math").forEach(function (formula) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
  });

  document.addEventListener("keydown", function (event) {
    var writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    var box = document.querySelector("input[type=search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();

// The basket: papers put aside while one reads, kept in the browser, without an account.
//
// A button beside every paper puts it in or takes it out; a link in the page's head, there while
// the basket holds anything, leads to a search for just these papers (search/page.js), whose
// address can be passed on and whose results export in every format. A paper that has left the
// collection stays in the basket and is not found; should it come back, it is.
(function (scope) {
  "use strict";

  const { document } = scope;
  const bibpress = (scope.bibpress = scope.bibpress || {});

  const SAYS = {
    basket: (count) => `Basket (${count})`,
    inBasket: "In the basket",
    of: (title) => `In the basket: ${title}`,
    formats: "Other formats"
  };

  // The site's own address tells its basket from those of other sites: pages of one host, and all
  // that are opened from disk, share what a browser keeps.
  const root = new URL("..", document.currentScript.src).href;
  const KEPT = `bibpress basket ${root}`;

  // Ids in the order in which they were put in. What a browser does not keep (a private window, a
  // full store) lives as long as the page.
  let papers = [];
  let isKept = true; // until the browser refuses to
  papers = read();

  function read() {
    if (!isKept) return papers;
    try {
      const found = JSON.parse(scope.localStorage.getItem(KEPT));
      return Array.isArray(found) ? found.filter((id) => typeof id === "string") : [];
    } catch (error) {
      return papers;
    }
  }

  function toggle(id) {
    papers = read();
    papers = papers.includes(id) ? papers.filter((other) => other !== id) : [...papers, id];
    try {
      scope.localStorage.setItem(KEPT, JSON.stringify(papers));
      isKept = true;
    } catch (error) {
      isKept = false;
    }
    draw();
  }

  // --- what is shown -------------------------------------------------------------------------------

  const way = document.createElement("a");
  way.className = "basket";

  function draw() {
    way.textContent = SAYS.basket(papers.length);
    way.href = `${root}search.html#papers=${papers.join()}`;
    way.hidden = !papers.length;
    for (const button of document.querySelectorAll("button[data-paper]")) label(button);
  }

  function label(button) {
    const isIn = papers.includes(button.dataset.paper);
    button.setAttribute("aria-pressed", String(isIn));
  }

  // A button for a paper: with a name where there is one, in lists with a sign (of the style).
  function button(id, title) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "put";
    made.dataset.paper = id;
    if (title) made.setAttribute("aria-label", SAYS.of(title));
    else made.textContent = SAYS.inBasket;
    made.addEventListener("click", () => toggle(id));
    label(made);
    return made;
  }

  // Gives each of these lines of a list its button; a line begins with the link to its paper.
  function offer(rows) {
    for (const row of rows) {
      const link = row.querySelector("a");
      const [, id] = /(?:^|\/)([a-z0-9-]+)\.html$/.exec(link ? link.getAttribute("href") : "") || [];
      if (id) row.append(button(id, link.textContent));
    }
  }

  // A list's other formats than its .bib are those of a search for just this list.
  const LIST = /\/(?:(tag|author|venue|year)s)\/([a-z0-9-]+)(?:\.\d+)?\.html$/;

  function offerFormats(place) {
    const [, kind, slug] = LIST.exec(scope.location.pathname) || [];
    if (!place || !kind || slug === "index") return;
    const link = document.createElement("a");
    link.href = `${root}search.html?${kind}=${slug}`;
    link.textContent = SAYS.formats;
    place.append(link);
  }

  bibpress.basket = { offer };

  const places = document.querySelector("body > header nav");
  if (places) places.append(way);
  offer(document.querySelectorAll(".cards > li"));
  const citation = document.querySelector(".cite");
  if (citation) citation.querySelector("p").append(button(citation.dataset.name));
  offerFormats(document.querySelector(".summary"));
  draw();
  scope.addEventListener("storage", ({ key }) => {
    if (key !== null && key !== KEPT) return; // null: all was cleared
    papers = read();
    draw();
  });
})(window);
