// How a book looks in a list, and the pieces of it that other pages show too.

import { make } from "./dom.js";
import { address, id, label, seed } from "./layout.js";

/** A book's cover; `alt` is empty where its title stands beside it. */
export function cover(item, { lazy = true } = {}) {
  const version = new URLSearchParams({ seed: String(seed()), v: item.updated_at ?? "" });
  return make("img", {
    class: "cover",
    loading: lazy ? "lazy" : null, // before the address, or the image is fetched at once
    decoding: "async",
    width: 300,
    height: 450,
    alt: "",
    src: `${item.img}?${version}`,
  });
}

/** A price as the shop writes it; nothing for a book without one. */
export function price(item) {
  if (item.price === null || item.price === undefined) return null;
  return make("p", { class: "price" }, make("span", { class: "price-tag" }, money(item.price)));
}

/** An amount of dollars. */
export function money(amount) {
  return `$${amount.toFixed(2)}`;
}

/** Stars for a rating from 0 to 5, with the number in words for those who don't see them. */
export function stars(rating) {
  const full = make("span", { class: "stars-full", "aria-hidden": "true" }, "★★★★★");
  full.style.width = `${(Math.max(0, Math.min(5, rating)) / 5) * 100}%`;
  return make(
    "span",
    { class: "rating" },
    make("span", { class: "stars", role: "img", "aria-label": `${rating} of 5 stars` }, make("span", { "aria-hidden": "true" }, "★★★★★"), full),
    make("span", { class: "rating-number", "aria-hidden": "true" }, rating.toFixed(1)),
  );
}

/** Genres as chips. */
export function chips(item) {
  if (item.genres.length === 0) return null;
  return make("ul", { class: "chips", "aria-label": "Genres" }, item.genres.map((genre) => make("li", {}, genre.name)));
}

/** One book in the list, with the link that opens it. */
export function card(item) {
  const open = label("item.open");
  return make(
    "li",
    { class: "card" },
    make("div", { class: "card-cover" }, cover(item)),
    make(
      "div",
      { class: "card-text" },
      make("h3", {}, item.name),
      make("p", { class: "by" }, "by ", item.author),
      make("p", { class: "facts" }, stars(item.rating), make("span", { class: "year" }, `${item.year}, ${item.page_count} pages`)),
      make("p", { class: "blurb" }, item.desc),
      chips(item),
      make(
        "div",
        { class: "card-foot" },
        price(item),
        make("a", { class: "open", id: id("item.open", item.id), href: address("item", item.id), "aria-label": `${open}: ${item.name}` }, open),
      ),
    ),
  );
}
