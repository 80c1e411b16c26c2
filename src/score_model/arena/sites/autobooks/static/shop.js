// The cart, and paying for a book.

import { readPage } from "./api.js";
import { cover, money, price } from "./cards.js";
import { make } from "./dom.js";
import { actForm, field } from "./forms.js";
import { address, id, label, words } from "./layout.js";
import { go, heading } from "./router.js";

export const cart = {
  skeleton: "form",
  load: () => readPage("cart"),
  draw({ lines }) {
    const title = words("cart.heading");
    const total = lines.reduce((sum, { item, quantity }) => sum + (item.price ?? 0) * quantity, 0);
    const content = lines.length
      ? [make("ul", { class: "lines" }, lines.map(line)), make("p", { class: "total" }, "Total ", make("strong", {}, money(total)))]
      : [make("p", { class: "none" }, words("cart.none"))];
    return { title, body: [make("section", { class: "sheet cart" }, heading(title), content)] };
  },
};

export const checkout = {
  skeleton: "form",
  load: ({ item }) => readPage("checkout", item),
  draw({ item, quantity }) {
    const title = words("checkout.heading", { name: item.name });
    const form = actForm({
      title,
      fields: [
        field({ name: "checkout.name", required: true, autocomplete: "cc-name" }),
        field({ name: "checkout.card", kind: "integer", required: true, autocomplete: "cc-number" }),
        field({ name: "checkout.expiry", required: true, autocomplete: "cc-exp" }),
        field({ name: "checkout.cvc", kind: "integer", required: true, autocomplete: "cc-csc" }),
      ],
      submit: "checkout.submit",
      does: "purchase",
      item: item.id,
      done: () => go(address("cart"), { notice: words("notice.bought", { name: item.name }) }),
    });
    const summary = make(
      "aside",
      { class: "receipt", "aria-label": "Your order" },
      cover(item, { lazy: false }),
      make("p", { class: "receipt-name" }, item.name),
      make("p", { class: "by" }, "by ", item.author),
      make("p", {}, `${quantity} × ${money(item.price ?? 0)}`),
      make("p", { class: "total" }, "Total ", make("strong", {}, money((item.price ?? 0) * quantity))),
    );
    const paying = make("section", { class: "sheet form-sheet" }, heading(title), form);
    return { title, body: [make("div", { class: "paying" }, paying, summary)] };
  },
};

function line({ item, quantity }) {
  return make(
    "li",
    { class: "line" },
    cover(item),
    make("div", {}, make("h2", {}, item.name), make("p", { class: "by" }, "by ", item.author), make("p", { class: "quantity" }, `Quantity: ${quantity}`)),
    price(item),
    make(
      "a",
      { class: "button primary", id: id("cart.buy", item.id), href: address("checkout", item.id), "aria-label": `${label("cart.buy")}: ${item.name}` },
      label("cart.buy"),
    ),
  );
}
