// Which page an address shows, and moving between pages without loading the document again.
//
// A page that is opened, by a link, a form, an address or through history, is read from the server anew; reading an
// item's page, a search or a filter is an act and brings its event. Drawing never reads: it can't cause a second one.

import { ApiError } from "./api.js";
import { make } from "./dom.js";
import { entitle, notify } from "./frame.js";
import { address, closed, paths, seed, words } from "./layout.js";

const routes = []; // {pattern, name, view}
let opened = 0; // counts openings, so that a slow answer can't replace a newer page
let shown = null; // URL of the page that was opened last

/** Start with the page of the current address; `views` has a view for each name of the site's paths. */
export function start(views) {
  for (const [name, path] of Object.entries(paths())) {
    const pattern = new RegExp(`^${path.replace("{id}", "(\\d{1,9})").replace(/\/$/, "")}/?$`);
    routes.push({ pattern, name, view: views[name] });
  }
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  addEventListener("popstate", goThroughHistory);
  return open(new URL(location.href), { notice: "", first: true });
}

/** Go to an address of this site. `replace` takes the place of the current page in the history. */
export function go(href, { replace = false, notice = "" } = {}) {
  const url = new URL(href, location.href);
  if (otherSeed(url)) {
    location.assign(url);
    return;
  }
  if (replace || url.href === location.href) {
    history.replaceState({ y: 0 }, "", url);
  } else {
    history.replaceState({ y: scrollY }, "");
    history.pushState({ y: 0 }, "", url);
  }
  open(url, { notice });
}

function followLink(click) {
  if (click.defaultPrevented || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) {
    return;
  }
  const link = click.target instanceof Element ? click.target.closest("a[href]") : null;
  if (link === null || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const url = new URL(link.href);
  click.preventDefault();
  if (url.hash && url.pathname === location.pathname && url.search === location.search) {
    document.getElementById(url.hash.slice(1))?.focus(); // the skip link
    return;
  }
  go(url.href);
}

function goThroughHistory(move) {
  const url = new URL(location.href);
  if (otherSeed(url)) {
    location.reload();
  } else if (url.hash === shown.hash || url.pathname + url.search !== shown.pathname + shown.search) {
    open(url, { notice: "", y: move.state?.y ?? 0 });
  }
}

function otherSeed(url) {
  const asked = url.searchParams.get("seed");
  return asked !== null && /^\d{1,3}$/.test(asked) && asked !== String(seed()) && Number(asked) >= 1 && Number(asked) <= 300;
}

async function open(url, { notice, y = 0, first = false }) {
  const mine = ++opened;
  shown = url;
  const place = placeOf(url);
  if (closed(place.name)) {
    go(address("login"), { replace: true, notice: words("notice.members") });
    return;
  }
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  main.replaceChildren(skeleton(place.view.skeleton));
  notify(notice);
  let drawn;
  try {
    drawn = place.view.draw(await place.view.load(place), place);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (mine !== opened) return;
    if (error.status === 401) {
      go(address("login"), { replace: true, notice: error.message });
      return;
    }
    drawn = error.status === 404 ? missing() : broken(error);
  }
  if (mine !== opened || drawn === null) return;
  main.className = `view view-${place.name}`;
  main.replaceChildren(...drawn.body);
  main.removeAttribute("aria-busy");
  entitle(drawn.title);
  document.dispatchEvent(new CustomEvent("page-shown", { detail: place.name }));
  if (!first) main.querySelector("h1").focus({ preventScroll: true });
  scrollTo(0, y);
}

function placeOf(url) {
  for (const { pattern, name, view } of routes) {
    const found = pattern.exec(url.pathname);
    if (found) return { name, view, item: found[1] ? Number(found[1]) : null, query: url.searchParams };
  }
  return { name: "missing", view: { skeleton: "text", load: async () => null, draw: missing }, item: null, query: url.searchParams };
}

function skeleton(kind) {
  const count = kind === "grid" ? 8 : 4;
  const bars = Array.from({ length: count }, () => make("i"));
  return make("div", { class: `skeleton skeleton-${kind}`, "aria-hidden": "true" }, bars);
}

/** A page's first heading; it takes the focus when the page is opened. */
export function heading(text) {
  return make("h1", { tabindex: "-1" }, text);
}

function missing() {
  const title = words("missing.heading");
  return { title, body: [make("section", { class: "sheet plain" }, heading(title), make("p", {}, words("missing.lead")))] };
}

function broken(error) {
  const title = "Something went wrong";
  return { title, body: [make("section", { class: "sheet plain" }, heading(title), make("p", { role: "alert" }, error.message))] };
}
