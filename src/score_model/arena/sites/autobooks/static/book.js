// A book's own page, with its comments and the button that puts it into the cart.

import { act, ApiError, readPage } from "./api.js";
import { chips, cover, price, stars } from "./cards.js";
import { dayOf, make, webAddress } from "./dom.js";
import { actForm, field } from "./forms.js";
import { notify } from "./frame.js";
import { address, id, label, member, words } from "./layout.js";
import { go, heading } from "./router.js";

export const book = {
  skeleton: "book",

  load({ item }) {
    return readPage("item", item);
  },

  draw({ item, comments }) {
    const sheet = make(
      "article",
      { class: "sheet book" },
      make("div", { class: "book-cover" }, cover(item, { lazy: false })),
      make(
        "div",
        { class: "book-text" },
        heading(item.name),
        make("p", { class: "by" }, "by ", item.author),
        make("div", { class: "book-row" }, stars(item.rating), price(item)),
        chips(item),
        make("p", { class: "blurb" }, item.desc),
        facts(item),
        make("div", { class: "buttons" }, member() && cartButton(item), changeLink("edit", item), changeLink("delete", item)),
      ),
    );
    return { title: item.name, body: [sheet, margin(item, comments)] };
  },
};

function facts(item) {
  const rows = [
    ["Author", item.author],
    ["Published", String(item.year)],
    ["Pages", String(item.page_count)],
    ["Rating", `${item.rating} / 5`],
    ["Genres", item.genres.map((genre) => genre.name).join(", ")],
    ["On the web", webLink(item.trailer_url)],
  ];
  const shown = rows.filter(([, value]) => value);
  return make("dl", { class: "facts" }, shown.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))));
}

function webLink(text) {
  const href = webAddress(text);
  if (href === null) return null;
  return make("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, new URL(href).hostname);
}

function changeLink(change, item) {
  const name = `item.${change}`;
  return make("a", { class: `button ${change}`, id: id(name, item.id), href: address(change, item.id) }, label(name));
}

function cartButton(item) {
  let busy = false;
  const put = async () => {
    if (busy) return;
    busy = true;
    notify("");
    try {
      await act("cart", item.id);
      notify(words("notice.cart", { name: item.name }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) go(address("login"), { notice: error.message });
      else notify(error.message);
    } finally {
      busy = false;
    }
  };
  return make("button", { type: "button", class: "primary", id: id("cart.add", item.id), click: put }, label("cart.add"));
}

function margin(item, comments) {
  const list = make("ul", { class: "comments" }, comments.map(comment));
  const none = make("p", { class: "none", hidden: comments.length > 0 }, words("comments.none"));
  const form = actForm({
    title: words("comment.heading"),
    fields: [
      field({ name: "comment.name", required: true, autocomplete: "name" }),
      field({ name: "comment.content", kind: "long_text", required: true }),
    ],
    submit: "comment.submit",
    does: "comment",
    item: item.id,
    done(event, sent) {
      // Drawn from the event itself: reading the page again would open it a second time.
      list.append(comment(event.data));
      none.hidden = true;
      sent.reset();
      notify(words("notice.commented"));
    },
  });
  return make(
    "div",
    { class: "margin" },
    make("section", { class: "notes", "aria-label": words("comments.heading") }, make("h2", {}, words("comments.heading")), none, list),
    make("section", { class: "sheet form-sheet", "aria-label": words("comment.heading") }, make("h2", {}, words("comment.heading")), form),
  );
}

function comment({ name, content, created_at: written }) {
  const signature = make("p", { class: "signature" }, make("strong", {}, name), make("time", { datetime: written }, dayOf(written)));
  return make("li", { class: "comment" }, make("p", { class: "said" }, content), signature);
}
