// What `bibpress serve` adds to every page that it gives out, and no built site has: the page comes
// anew when its file has changed, and says what is wrong with the sources.
(function () {
  "use strict";

  const { mark } = document.currentScript.dataset; // stands for the page as it was given out
  const KEPT = "bibpress preview"; // where the page was scrolled to, and whether the list is open
  const SILENT = 3; // times the server may fail to answer before the page says so

  let events = null;
  let failed = 0;
  let shadow = null;

  // --- coming anew ---

  function kept(value) {
    try {
      if (value) sessionStorage.setItem(KEPT, JSON.stringify(value));
      return JSON.parse(sessionStorage.getItem(KEPT)) || {};
    } catch (error) {
      return {}; // a browser that keeps nothing
    }
  }

  function reload() {
    kept({ ...kept(), path: location.href, top: scrollY });
    events.close();
    location.reload();
  }

  // A browser scrolls back by itself, but not always before scripts have filled the page.
  const { path, top } = kept();
  if (path === location.href) scrollTo({ top, behavior: "instant" });
  kept({ ...kept(), path: "" });

  // --- what is wrong ---

  function element(name, content, attributes = {}) {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...[content].flat());
    return made;
  }

  // A place of its own in the page, where neither style touches the other's. It is there before
  // anything is said, for only then do screen readers say it.
  function place() {
    const host = document.createElement("bibpress-preview");
    host.lang = "en";
    host.dir = "ltr";
    shadow = host.attachShadow({ mode: "open" });
    shadow.append(
      element("link", [], { rel: "stylesheet", href: "/_preview/preview.css" }),
      element("div", [], { id: "problems", role: "status" }),
      element("div", [], { id: "stopped", role: "alert" }),
    );
    document.body.append(host);
  }

  function line(problem) {
    const where = problem.page
      ? element("a", problem.place, { href: `/${problem.page}` })
      : element("b", problem.place);
    const said = [`${problem.severity}: `, where, ` ${problem.message}`];
    return element("li", said, { className: `${problem.severity}${problem.own ? " own" : ""}` });
  }

  function list(state) {
    const own = state.problems.filter((problem) => problem.own).length;
    const count = state.total === 1 ? "1 problem" : `${state.total} problems`;
    const more = state.total - state.problems.length;
    const lines = state.problems.map(line);
    if (more > 0) lines.push(element("li", `and ${more} more: the pages of sources have all`));
    const details = element("details", [
      element("summary", own ? `${count}, ${own} of this page` : count),
      element("ul", lines),
    ]);
    details.open = Boolean(kept().open);
    details.addEventListener("toggle", () => kept({ ...kept(), open: details.open }));
    return details;
  }

  function show(state) {
    if (!shadow) place();
    const said = state.stopped ? [element("b", "This is the last good site."), ` ${state.stopped}`] : [];
    shadow.getElementById("stopped").replaceChildren(...said);
    shadow.getElementById("problems").replaceChildren(...(state.total ? [list(state)] : []));
  }

  // --- listening ---

  function listen() {
    const asked = new URLSearchParams({ path: decoded(location.pathname) });
    events = new EventSource(`/_preview/events?${asked}`);
    events.onmessage = (event) => {
      const state = JSON.parse(event.data);
      failed = 0;
      if (state.mark === mark) show(state);
      else reload();
    };
    events.onerror = () => {
      failed += 1; // the browser asks again by itself
      if (failed === SILENT) show({ problems: [], total: 0, stopped: "The preview has ended." });
    };
  }

  function decoded(path) {
    try {
      return decodeURIComponent(path);
    } catch (error) {
      return path;
    }
  }

  // A browser has six connections to a server: tabs that nobody sees leave theirs to others.
  function attend() {
    if (document.hidden) events?.close();
    else if (!events || events.readyState === EventSource.CLOSED) listen();
  }

  document.addEventListener("visibilitychange", attend);
  addEventListener("pageshow", attend);
  addEventListener("pagehide", () => events?.close());
  attend();
})();
