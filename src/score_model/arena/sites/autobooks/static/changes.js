// Adding, editing and deleting books.

import { readPage } from "./api.js";
import { cover } from "./cards.js";
import { make } from "./dom.js";
import { actForm, field, genreOptions } from "./forms.js";
import { address, genres, itemFields, words } from "./layout.js";
import { go, heading } from "./router.js";

export const add = {
  skeleton: "form",
  load: () => readPage("add"),
  draw() {
    return itemPage(words("add.heading"), { genres: [] }, "add", null, "notice.added");
  },
};

export const edit = {
  skeleton: "form",
  load: ({ item }) => readPage("edit", item),
  draw({ item }) {
    return itemPage(words("edit.heading", { name: item.name }), item, "edit", item.id, "notice.edited");
  },
};

export const remove = {
  skeleton: "form",
  load: ({ item }) => readPage("delete", item),
  draw({ item }) {
    const title = words("delete.heading", { name: item.name });
    const form = actForm({
      title,
      fields: [],
      submit: "delete.confirm",
      does: "delete",
      item: item.id,
      done: () => go(address("home"), { notice: words("notice.deleted") }),
      extra: [make("a", { class: "button", href: address("item", item.id) }, words("delete.back"))],
    });
    const text = make("div", {}, heading(title), make("p", { class: "by" }, "by ", item.author), make("p", {}, words("delete.lead")), form);
    return { title, body: [make("section", { class: "sheet farewell" }, cover(item, { lazy: false }), text)] };
  },
};

function itemPage(title, item, does, number, notice) {
  const fields = itemFields().map(({ name, kind, required }) => {
    const shared = { name: `item.${name}`, required };
    if (kind !== "genres") return field({ ...shared, kind, value: item[name] ?? "" });
    return field({ ...shared, kind: "multiple", options: genreOptions(genres()), value: item.genres.map((genre) => genre.id) });
  });
  const form = actForm({
    title,
    fields,
    submit: "item.submit",
    does,
    item: number,
    done: (event) => go(address("item", event.data.id), { notice: words(notice) }),
  });
  return { title, body: [make("section", { class: "sheet form-sheet" }, heading(title), form)] };
}
