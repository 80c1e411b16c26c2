// Signing in and out, becoming a member, the member's profile, and letters to the shop.

import { act, ApiError, readPage } from "./api.js";
import { make } from "./dom.js";
import { actForm, field, genreOptions } from "./forms.js";
import { notify } from "./frame.js";
import { address, genres, member, words } from "./layout.js";
import { go, heading } from "./router.js";

export const login = {
  skeleton: "form",
  load: async () => null,
  draw() {
    return formPage("login.heading", null, {
      fields: [
        field({ name: "login.username", required: true, autocomplete: "username" }),
        field({ name: "login.password", kind: "password", required: true, autocomplete: "current-password" }),
      ],
      submit: "login.submit",
      does: "login",
      done: (event) => go(address("home"), { notice: words("notice.login", { username: event.data.username }) }),
    });
  },
};

export const register = {
  skeleton: "form",
  load: async () => null,
  draw() {
    return formPage("register.heading", null, {
      fields: [
        field({ name: "register.username", required: true, autocomplete: "username" }),
        field({ name: "register.email", kind: "email", required: true, autocomplete: "email" }),
        field({ name: "register.password", kind: "password", required: true, autocomplete: "new-password" }),
        field({ name: "register.password2", kind: "password", required: true, autocomplete: "new-password" }),
      ],
      submit: "register.submit",
      does: "register",
      done: () => go(address("home"), { notice: words("notice.registered") }),
    });
  },
};

export const profile = {
  skeleton: "form",
  load: () => readPage("profile"),
  draw({ user }) {
    return formPage("profile.heading", make("p", { class: "lead" }, `${user.username}, ${user.email}`), {
      fields: [
        field({ name: "profile.first_name", value: user.first_name, autocomplete: "given-name" }),
        field({ name: "profile.last_name", value: user.last_name, autocomplete: "family-name" }),
        field({ name: "profile.location", value: user.location }),
        field({ name: "profile.website", kind: "url", value: user.website, autocomplete: "url" }),
        field({ name: "profile.favorite_genre", kind: "select", options: genreOptions(genres(), "None"), value: user.favorite_genre }),
        field({ name: "profile.bio", kind: "long_text", value: user.bio }),
      ],
      submit: "profile.submit",
      does: "profile",
      done: () => notify(words("notice.profile")),
    });
  },
};

export const contact = {
  skeleton: "form",
  load: async () => null,
  draw() {
    return formPage("contact.heading", make("p", { class: "lead" }, words("contact.lead")), {
      fields: [
        field({ name: "contact.name", required: true, autocomplete: "name" }),
        field({ name: "contact.email", kind: "email", required: true, autocomplete: "email" }),
        field({ name: "contact.subject", required: true }),
        field({ name: "contact.message", kind: "long_text", required: true }),
      ],
      submit: "contact.submit",
      does: "contact",
      done(_event, form) {
        form.reset();
        notify(words("notice.sent"));
      },
    });
  },
};

/** Opening this page signs out, whether by its link or by its address; nobody stays on it. */
export const logout = {
  skeleton: "text",
  async load() {
    if (member() === null) return "";
    try {
      await act("logout");
      return words("notice.logout");
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return "";
      throw error;
    }
  },
  draw(notice) {
    go(address("home"), { replace: true, notice });
    return null;
  },
};

function formPage(name, lead, form) {
  const title = words(name);
  return { title, body: [make("section", { class: "sheet form-sheet" }, heading(title), lead ?? "", actForm({ title, ...form }))] };
}
