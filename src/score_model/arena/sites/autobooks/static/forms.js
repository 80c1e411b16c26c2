// Forms: fields with their labels, submitting once, and showing what the server refuses next to the fields.

import { act, ApiError } from "./api.js";
import { make } from "./dom.js";
import { notify, tellProblem } from "./frame.js";
import { address, id, label } from "./layout.js";
import { go } from "./router.js";

const NOT_TYPED = new Set(["select", "multiple"]);

/**
 * A labelled field. `name` is its logical name (`login.username`); the part behind the dot names it in the form.
 * `kind`: text, long_text, integer, decimal, url, email, password, select or multiple (with `options` of value and text).
 */
export function field({ name, kind = "text", value = "", options = [], required = false, autocomplete = null }) {
  const shared = {
    id: id(name),
    name: name.split(".")[1],
    "aria-required": required ? "true" : null,
    autocomplete,
  };
  const chosen = new Set([value].flat().map(String));
  let input;
  if (NOT_TYPED.has(kind)) {
    const several = kind === "multiple" && { multiple: true, size: 6 };
    const choices = options.map(({ value: key, text }) =>
      make("option", { value: key, selected: chosen.has(String(key)) }, text),
    );
    input = make("select", { ...shared, ...several }, choices);
  } else if (kind === "long_text") {
    input = make("textarea", { ...shared, rows: 5, placeholder: label(name) });
    input.value = value;
  } else {
    const type = kind === "password" || kind === "email" ? kind : "text";
    const inputmode = { integer: "numeric", decimal: "decimal", url: "url" }[kind];
    input = make("input", { ...shared, type, inputmode, placeholder: label(name) });
    input.value = kind === "decimal" ? allDigits(value) : (value ?? "");
  }
  const caption = make("label", { for: input.id }, label(name), required && make("span", { class: "must", "aria-hidden": "true" }, " *"));
  return make("div", { class: `field field-${kind} field-${shared.name}` }, caption, input);
}

/** A number with all its digits in plain notation, so that a form which is sent back unchanged changes nothing. */
function allDigits(value) {
  return typeof value === "number" ? value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 }) : value;
}

/** The select's options for genres, with a first one for none. */
export function genreOptions(genres, none) {
  const all = genres.map((genre) => ({ value: genre.id, text: genre.name }));
  return none === undefined ? all : [{ value: "", text: none }, ...all];
}

/** All values of a form by field name. */
export function valuesOf(form) {
  const values = {};
  for (const element of form.elements) {
    if (!element.name) continue;
    values[element.name] = element.multiple
      ? Array.from(element.selectedOptions, (option) => option.value)
      : [element.value];
  }
  return values;
}

/** A form that does an act when it is submitted; `done(event, form)` goes on. `submit` is its button's logical name. */
export function actForm({ title, fields, submit, does, item = null, done, extra = [] }) {
  let busy = false;
  const button = make("button", { type: "submit", id: id(submit), class: "primary" }, label(submit));
  const general = make("p", { class: "problem general", role: "alert", tabindex: "-1", hidden: true });

  async function send(event) {
    event.preventDefault();
    if (busy) return; // a second click while the first is under way is not a second act
    busy = true;
    form.setAttribute("aria-busy", "true");
    showProblems(form, general, {});
    notify("");
    try {
      const reported = await act(does, item, valuesOf(form));
      done(reported, form);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(error, form, general, does);
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
  }

  const form = make(
    "form",
    { class: `act-form form-${does}`, method: "post", novalidate: true, "aria-label": title, submit: send },
    general,
    make("div", { class: "fields" }, fields),
    make("div", { class: "buttons" }, button, extra),
  );
  return form;
}

function refuse(error, form, general, does) {
  if (error.status === 401 && does !== "login") {
    go(address("login"), { replace: true, notice: error.message });
    return;
  }
  const found = Object.keys(error.problems).length > 0 ? error.problems : { "": error.message };
  showProblems(form, general, found);
}

function showProblems(form, general, problems) {
  if (!form.isConnected) return; // its visitor has moved on
  general.hidden = !problems[""];
  general.textContent = problems[""] ?? "";
  let first = null;
  for (const input of form.elements) {
    if (!input.name) continue;
    input.parentElement.querySelector(".problem")?.remove();
    const problem = problems[input.name];
    if (problem === undefined) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      continue;
    }
    const told = make("p", { class: "problem", id: `${input.id}-problem` }, problem);
    input.after(told);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", told.id);
    first ??= input;
  }
  const refused = Object.keys(problems).length > 0;
  tellProblem(refused);
  if (refused) (first ?? general).focus();
}
