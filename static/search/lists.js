// What lists of papers can do beyond being read: unfold the abstract of each on demand, and lead to
// their other formats.
//
// Nothing is published for abstracts: a list with all of them would be twice as large, a second copy
// among the files of the search 4 % of a site. What is shown is taken from the paper's own page. A
// host is asked for that page; from disk no page may read another, so there it comes in a hidden
// frame, and the script of papers' pages (paper.js) hands its abstract over. Whatever comes is made
// anew of text and of the bare shape of formulas, never taken as HTML.
(function (scope) {
  "use strict";

  const { document, location } = scope;
  const bibpress = (scope.bibpress = scope.bibpress || {});
  const { words } = bibpress; // what the build has put before this script

  const SLOW = 200; // milliseconds after which a line says that its abstract is on its way
  const LATEST = 1000; // milliseconds after a frame's page has come until it is given up
  const MATHML = "http://www.w3.org/1998/Math/MathML";
  const SHAPE = ["accent", "columnalign", "display", "displaystyle", "fence", "largeop", "linethickness",
    "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "rspace", "scriptlevel", "stretchy",
    "symmetric", "width"];

  let made = 0; // lines that were unfolded: each abstract needs a name of its own

  // Gives each of these lines of a list its button; a line begins with the link to its paper. One
  // of the class "bare" has no abstract.
  function offer(rows) {
    for (const row of rows) {
      const link = row.querySelector("a");
      const href = link ? link.getAttribute("href") : "";
      if (row.className === "bare" || !/(?:^|\/)[a-z0-9-]+\.html$/.test(href)) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "unfold";
      button.title = words.abstract;
      button.setAttribute("aria-label", words.of.replace("{title}", () => link.textContent));
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => toggle(button, link));
      row.append(button);
    }
  }

  function toggle(button, link) {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    const known = document.getElementById(button.getAttribute("aria-controls"));
    if (known) known.hidden = isOpen;
    if (!known || (!isOpen && known.dataset.state === "failed")) fill(known || place(button), link);
  }

  function place(button) {
    const box = document.createElement("div");
    box.id = `_abstract${(made += 1)}`;
    box.className = "abstract";
    box.ariaLive = "polite"; // says that it is loading, or failed; not a whole abstract
    button.setAttribute("aria-controls", box.id);
    button.after(box);
    return box;
  }

  async function fill(box, link) {
    const slow = scope.setTimeout(() => box.replaceChildren(words.loading), SLOW);
    try {
      const load = location.protocol === "file:" ? framed : fetched;
      const abstract = shown(await load(link.href));
      box.ariaLive = "off";
      box.replaceChildren(...abstract);
      box.dataset.state = "done";
    } catch (error) {
      box.replaceChildren(words.failed);
      box.dataset.state = "failed";
    } finally {
      scope.clearTimeout(slow);
    }
  }

  // --- a paper's page --------------------------------------------------------------------------

  async function fetched(address) {
    const answer = await scope.fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.text();
  }

  function framed(address) {
    const frame = document.createElement("iframe");
    return new Promise((found, failed) => {
      const hear = ({ source, data }) => {
        if (source === frame.contentWindow && typeof data === "string") found(data);
      };
      scope.addEventListener("message", hear);
      frame.addEventListener("load", () => scope.setTimeout(failed, LATEST, new Error(address)));
      frame.hidden = true;
      frame.src = address;
      document.body.append(frame);
    }).finally(() => frame.remove());
  }

  // --- what is shown of it ---------------------------------------------------------------------

  function shown(page) {
    const [abstract] = new scope.DOMParser().parseFromString(page, "text/html")
      .getElementsByClassName("abstract");
    return abstract ? copies(abstract) : [words.none];
  }

  // Text as text; formulas element by element; of all other elements what is in them.
  function copies({ childNodes }) {
    return Array.from(childNodes).flatMap((node) => {
      if (node.nodeType === node.TEXT_NODE) return [node.data];
      if (node.nodeType !== node.ELEMENT_NODE) return [];
      if (node.namespaceURI !== MATHML || !/^m[a-z]+$/.test(node.localName)) return copies(node);
      const copy = document.createElementNS(MATHML, node.localName);
      for (const name of SHAPE) {
        if (node.hasAttribute(name)) copy.setAttribute(name, node.getAttribute(name));
      }
      copy.append(...copies(node));
      return [copy];
    });
  }

  // --- other formats ---------------------------------------------------------------------------

  // A list's other formats than its .bib are those of a search for just this list.
  const LIST = /\/(?:(tag|author|venue|year)s)\/([a-z0-9-]+)(?:\.\d+)?\.html$/;

  function offerFormats(place) {
    const [, kind, slug] = LIST.exec(location.pathname) || [];
    if (!place || !kind || slug === "index") return;
    const link = document.createElement("a");
    link.href = `../search.html?${kind}=${slug}`;
    link.textContent = words.formats;
    place.append(link);
  }

  bibpress.lists = { offer };
  offer(document.querySelectorAll(".cards > li"));
  offerFormats(document.querySelector(".summary"));
})(window);
