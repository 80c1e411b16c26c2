// The shelves: the whole catalogue, what a search finds, what a filter leaves.

import { readPage } from "./api.js";
import { card, cover } from "./cards.js";
import { make } from "./dom.js";
import { field, genreOptions, valuesOf } from "./forms.js";
import { address, genres, id, label, look, words } from "./layout.js";
import { go, heading } from "./router.js";

const ON_DISPLAY = { shelf: 7, table: 3, window: 5 };

export const home = {
  skeleton: "grid",

  load({ query }) {
    const asked = {};
    for (const name of ["search", "genre", "year"]) if (query.get(name)) asked[name] = query.get(name);
    return readPage("home", null, asked);
  },

  draw(page, { query }) {
    const title = page.found ? foundTitle(page.found) : words("home.heading");
    const search = searchForm(page.found?.act === "search" ? page.found.query : "");
    const filter = filterForm(page.years, query);
    const placement = look("filter");
    const tools = placement === "above" ? [filter, search] : [search, filter];
    const list = page.items.length
      ? make("ul", { class: `cards cards-${look("cards")}` }, page.items.map(card))
      : make("p", { class: "none" }, words("found.none"));
    const count = page.items.length === 1 ? "1 book" : `${page.items.length} books`;
    const shelves = make(
      "section",
      { class: "shelves", "aria-label": words("list.heading") },
      make("div", { class: "shelves-head" }, make("h2", {}, words("list.heading")), make("p", { class: "count" }, count)),
      list,
    );
    const top = page.found ? make("div", { class: "found" }, heading(title)) : hero(title, page.items);
    const body =
      placement === "sidebar"
        ? make("div", { class: "with-sidebar" }, make("div", { class: "sidebar" }, filter), make("div", {}, search, shelves))
        : make("div", { class: "without-sidebar" }, make("div", { class: `tools tools-${placement}` }, tools), shelves);
    return { title, body: [top, body] };
  },
};

function foundTitle(found) {
  if (found.act === "search") return words("found.search", { query: found.query });
  const filters = [found.genre?.name, found.year].filter(Boolean).join(", ");
  return words("found.filter", { filters });
}

function hero(title, items) {
  const kind = look("hero");
  const displayed = items.slice(0, ON_DISPLAY[kind]).map((item) => cover(item, { lazy: false }));
  return make(
    "section",
    { class: `hero hero-${kind}`, "aria-label": title },
    make("div", { class: "hero-text" }, heading(title), make("p", { class: "lead" }, words("home.lead"))),
    make("div", { class: "hero-books", "aria-hidden": "true" }, displayed),
  );
}

function searchForm(query) {
  const submit = (event) => {
    event.preventDefault();
    const text = valuesOf(event.currentTarget).query[0].trim();
    go(address("home", null, text ? { search: text } : {}));
  };
  return make(
    "form",
    { class: "tool search", role: "search", "aria-label": words("search.heading"), submit },
    make("p", { class: "tool-title", "aria-hidden": "true" }, words("search.heading")),
    make("div", { class: "tool-row" }, field({ name: "search.query", value: query }), button("search.submit")),
  );
}

function filterForm(years, query) {
  const submit = (event) => {
    event.preventDefault();
    const { genre, year } = valuesOf(event.currentTarget);
    go(address("home", null, { genre: genre[0], year: year[0] }));
  };
  const yearOptions = [{ value: "", text: "All" }, ...years.map((year) => ({ value: year, text: String(year) }))];
  const searched = query.get("search");
  return make(
    "form",
    { class: "tool filter", "aria-label": words("filter.heading"), submit },
    make("p", { class: "tool-title", "aria-hidden": "true" }, words("filter.heading")),
    make(
      "div",
      { class: "tool-row" },
      field({ name: "filter.genre", kind: "select", options: genreOptions(genres(), "All"), value: searched ? "" : (query.get("genre") ?? "") }),
      field({ name: "filter.year", kind: "select", options: yearOptions, value: searched ? "" : (query.get("year") ?? "") }),
      button("filter.submit"),
    ),
  );
}

function button(name) {
  return make("button", { type: "submit", id: id(name), class: "primary" }, label(name));
}
