// What a page consists of, told by the browser itself. Put into every frame before its own scripts.
//
// An element's shape is the way to it (elements with their classes, from the root) and the names of
// its attributes. Data may fill a page with more of what is there already; a shape that no harmless
// site has is an element that came out of the data. What a text itself is made of (isolated names,
// formulas, links to addresses in it) may stand wherever a text does: of those the way is left out.
// Within formulas and notes each attribute is told alone.

(function (scope) {
  "use strict";

  const TEXT = "bdi, math, code.tex, a[rel=noopener], abbr";
  const FREE = "math, .note";
  const LEADS = ["href", "src", "action", "xlink:href", "formaction", "data", "poster", "srcset",
    "background", "srcdoc", "ping", "cite", "manifest"];
  const STATES = new Set(
    ["class", "open", "hidden", "data-state", "data-query", "data-total", "data-ms"]);
  const NO_TEXT = /[\0-\x08\v\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/;
  const EXCERPT = 200;

  function name(element) {
    return [element.localName, ...Array.from(element.classList).sort()].join(".");
  }

  // Those that say in which state a page is just now tell nothing of what it is made of. (A script
  // of ours makes a wide formula one that the keyboard can reach.)
  function attributes(element) {
    return element.getAttributeNames()
      .filter((each) => !STATES.has(each) && !(each === "tabindex" && element.localName === "math"))
      .sort();
  }

  function shapes(document) {
    const ways = new Map();
    const way = (element) => {
      if (!element) return "";
      if (!ways.has(element)) {
        const before = way(element.parentElement);
        ways.set(element, element.matches(TEXT) ? before : `${before} > ${name(element)}`);
      }
      return ways.get(element);
    };
    const told = (element) => {
      const free = element.parentElement && element.parentElement.closest(FREE);
      if (free) {
        return ["", ...attributes(element)].map((each) => `${name(free)} ... ${name(element)}[${each}]`);
      }
      const before = element.matches(TEXT) ? `text ... ${name(element)}` : way(element);
      return [`${before}[${attributes(element).join(" ")}]`];
    };
    const found = new Map();
    for (const element of document.querySelectorAll("*")) {
      for (const shape of told(element)) if (!found.has(shape)) found.set(shape, element);
    }
    return found;
  }

  // Every address on the page that something may follow or load, as the browser resolves it.
  function addresses(document) {
    const found = new Set();
    for (const element of document.querySelectorAll("*")) {
      for (const attribute of LEADS) {
        const value = element.getAttribute(attribute);
        if (value === null) continue;
        let full = value;
        try { full = new URL(value, document.baseURI).href; } catch (error) { full = `no URL: ${value}`; }
        found.add(`${element.localName} ${full}`);
      }
    }
    return found;
  }

  // Names by which a script may be led astray, and orders to the browser.
  function odd(document) {
    const found = [];
    for (const element of document.querySelectorAll("[id], [name], [for], [form]")) {
      for (const attribute of ["id", "name", "for", "form"]) {
        const value = element.getAttribute(attribute);
        if (value !== null && !/^[\w.:-]+$/.test(value)) found.push(`${attribute}=${value}`);
      }
    }
    for (const meta of document.querySelectorAll("meta[http-equiv]")) {
      const order = `${meta.httpEquiv}: ${meta.content}`;
      if (!/^refresh: 0; url=[a-z0-9-]+\.html$|^Content-Security-Policy: default-src 'self';/.test(order)) {
        found.push(order);
      }
    }
    // The search page repeats what was typed, whatever that is.
    if (!document.getElementById("search")) found.push(...noText(document));
    if (document.compatMode !== "CSS1Compat") found.push("quirks mode");
    if (document.characterSet !== "UTF-8") found.push(document.characterSet);
    return found;
  }

  // What HTML has no place for: controls, and code points that are no characters.
  function noText(document) {
    const texts = [document.documentElement.textContent];
    for (const element of document.querySelectorAll("*")) {
      for (const { value } of element.attributes) texts.push(value);
    }
    return texts.filter((text) => NO_TEXT.test(text))
      .map((text) => `no text of HTML: ${JSON.stringify(text).slice(0, EXCERPT)}`);
  }

  function heading(document) {
    const first = document.querySelector("main h1");
    return !first || first.querySelector("math, code") ? null : first.textContent;
  }

  // What a paper's page says to programs: the titles in its linked data and in its citation, and
  // whatever is wrong with the citation in the formats that are written in the browser.
  function programs(document) {
    const [linked, item] = ["[type='application/ld+json']", "#_item"].map((place) => {
      const script = document.querySelector(`script${place}`);
      return script && JSON.parse(script.textContent);
    });
    const { cite } = document.defaultView.bibpress || {};
    return {
      linked: linked && (linked.headline || ""),
      cited: item && (item.title || ""),
      formats: item && cite ? misformed(cite, [item]) : []
    };
  }

  const RIS = /^(?:TY  - [A-Z]+\r\n(?:(?!TY|ER)[A-Z][A-Z0-9]  - [^\r\n]*\r\n)*ER  - \r\n)$/;

  function misformed(cite, items) {
    const lines = (text) => text.split(/[\n\r\v\f\x85\u2028\u2029]/).length - 1;
    const found = [];
    if (!items.every((item) => RIS.test(cite.ris([item])))) found.push("RIS that is none");
    if (cite.ris(items).split("\r\n").filter((line) => line === "ER  - ").length !== items.length) {
      found.push("RIS of other papers");
    }
    for (const name of ["apa", "ieee"]) {
      if (lines(cite[name](items)) !== items.length) found.push(`not one line a paper: ${name}`);
    }
    if (JSON.stringify(JSON.parse(cite.csl(items))) !== JSON.stringify(items)) found.push("CSL that is none");
    return found;
  }

  // All that is to be told of a page; of shapes those that are not known.
  function look(document, known) {
    const strange = [];
    const all = shapes(document);
    for (const [shape, element] of all) {
      if (!known.has(shape)) strange.push([shape, element.outerHTML.slice(0, EXCERPT)]);
    }
    const entry = document.getElementById("_citation");
    return {
      address: document.URL,
      elements: document.querySelectorAll("*").length,
      strange,
      addresses: Array.from(addresses(document)),
      odd: odd(document),
      title: document.title,
      heading: heading(document),
      entry: entry && entry.textContent,
      ...programs(document),
      polluted: Object.keys(Object.prototype).concat(Object.keys(Array.prototype)),
      width: document.documentElement.scrollWidth
    };
  }

  // The same of many pages, each in a frame of this one.
  async function frames(urls, known) {
    const { document } = scope;
    document.body.replaceChildren();
    return Promise.all(urls.map((url) => new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.onload = () => done(look(frame.contentDocument, known));
      frame.src = url;
      document.body.append(frame);
    })));
  }

  scope.hostile = { look, frames, misformed, known: new Set() };
  for (const call of ["alert", "confirm", "prompt", "print", "open"]) {
    scope[call] = () => { scope.boom(call); };
  }
})(globalThis);
