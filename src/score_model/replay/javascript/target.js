// Makes the two functions that describe an element: `brief` for events, `full` for the target of an action.
// Pages name their elements as they like, and a form or a document shows an element under its name in place of its own
// property: what can be a form is read through the prototypes of this world, which pages can't reach.
() => {
  const LONGEST = 120; // characters of a text, a name, an attribute
  const MOST_NODES = 400; // text nodes that are looked at for one text
  const attribute = (element, name) => Reflect.apply(Element.prototype.getAttribute, element, [name]);
  const tagOf = (element) =>
    Reflect.apply(Object.getOwnPropertyDescriptor(Element.prototype, "localName").get, element, []);
  const rootOf = (element) => Reflect.apply(Node.prototype.getRootNode, element, []);
  const cut = (text, most = LONGEST) => (text.length > most ? `${text.slice(0, most - 1)}…` : text).toWellFormed();
  const squashed = (text) => text.replace(/\s+/g, " ").trim();

  function textOf(element) {
    const walker = Reflect.apply(Document.prototype.createTreeWalker, document, [element, NodeFilter.SHOW_TEXT]);
    let text = "";
    for (let seen = 0; seen < MOST_NODES && text.length <= LONGEST && walker.nextNode(); seen++) {
      const holder = walker.currentNode.parentElement;
      if (holder && /^(script|style|noscript|template)$/.test(tagOf(holder))) continue;
      text = squashed(`${text} ${walker.currentNode.data.slice(0, 10 * LONGEST)}`);
    }
    return cut(text);
  }

  const INPUT_ROLES = {
    button: "button", checkbox: "checkbox", image: "button", number: "spinbutton", radio: "radio", range: "slider",
    reset: "button", search: "searchbox", submit: "button", hidden: null,
  };
  const ROLES = {
    article: "article", aside: "complementary", button: "button", dialog: "dialog", fieldset: "group", footer:
    "contentinfo", form: "form", h1: "heading", h2: "heading", h3: "heading", h4: "heading", h5: "heading",
    h6: "heading", header: "banner", hr: "separator", img: "img", li: "listitem", main: "main", meter: "meter",
    nav: "navigation", ol: "list", optgroup: "group", option: "option", output: "status", p: "paragraph",
    progress: "progressbar", summary: "button", table: "table", tbody: "rowgroup", td: "cell", textarea: "textbox",
    tfoot: "rowgroup", th: "columnheader", thead: "rowgroup", tr: "row", ul: "list",
  };

  // The role that is given, else the one of the element's kind; null for none.
  function roleOf(element, tag) {
    const given = (attribute(element, "role") || "").trim().split(/\s+/)[0];
    if (given) return cut(given, 40);
    if (tag === "a" || tag === "area") return attribute(element, "href") === null ? null : "link";
    if (tag === "input") {
      const type = String(element.type);
      return type in INPUT_ROLES ? INPUT_ROLES[type] : "textbox";
    }
    if (tag === "select") return element.multiple || element.size > 1 ? "listbox" : "combobox";
    return Object.hasOwn(ROLES, tag) ? ROLES[tag] : null;
  }

  const NAMED_BY_CONTENT = /^(button|cell|checkbox|columnheader|heading|link|menuitem\w*|option|radio|row|switch|tab|treeitem)$/;

  // The accessible name by the rules that matter in practice: labels, alternatives, content, hints.
  function nameOf(element, tag, role) {
    const root = rootOf(element);
    const ids = (attribute(element, "aria-labelledby") || "").split(/\s+/).filter(Boolean).slice(0, 5);
    const find = root.nodeType === Node.DOCUMENT_NODE ? Document : DocumentFragment;
    const labels = root.nodeType === Node.ELEMENT_NODE
      ? []
      : ids.map((id) => Reflect.apply(find.prototype.getElementById, root, [id])).filter(Boolean);
    if (labels.length) return cut(labels.map(textOf).join(" "));
    const candidates = [() => attribute(element, "aria-label")];
    if (tag === "input" || tag === "select" || tag === "textarea") {
      candidates.push(() => Array.from(element.labels || []).slice(0, 5).map(textOf).join(" "));
      if (role === "button" && !isPassword(element, tag)) candidates.push(() => element.value || attribute(element, "alt") || element.type);
    }
    if (tag === "img" || tag === "area") candidates.push(() => attribute(element, "alt"));
    if (NAMED_BY_CONTENT.test(role || "")) candidates.push(() => textOf(element) || pictured(element));
    candidates.push(() => attribute(element, "title"), () => attribute(element, "placeholder"));
    for (const candidate of candidates) {
      const name = squashed((candidate() || "").slice(0, 10 * LONGEST));
      if (name) return cut(name);
    }
    return "";
  }

  function pictured(element) {
    const picture = Reflect.apply(Element.prototype.querySelector, element, ["img[alt]"]);
    return picture && attribute(picture, "alt");
  }

  const isPassword = (element, tag = tagOf(element)) => tag === "input" && element.type === "password";

  // What a field holds; of a password only the length.
  function valueOf(element) {
    const tag = tagOf(element);
    if (!/^(input|textarea|select)$/.test(tag) || typeof element.value !== "string") return {};
    const value = { value_length: element.value.length };
    if (!isPassword(element, tag)) value.value = cut(element.value);
    if (tag === "select") {
      value.label = cut(Array.from(element.selectedOptions).slice(0, 5).map(textOf).join(", "));
    } else if (tag === "input" && (element.type === "checkbox" || element.type === "radio")) {
      value.checked = element.checked;
    }
    return value;
  }

  function brief(element) {
    const tag = tagOf(element);
    const role = roleOf(element, tag);
    return {
      tag: cut(tag, 40),
      role,
      name: nameOf(element, tag, role),
      text: textOf(element),
      id: cut(attribute(element, "id") || ""),
      field: cut(attribute(element, "name") || ""),
    };
  }

  const SHOWN = ["id", "name", "type", "href", "class", "placeholder", "aria-label", "title", "for", "data-testid"];

  function full(element) {
    const { field, id, ...described } = brief(element);
    const tag = tagOf(element);
    const rectangle = Reflect.apply(Element.prototype.getBoundingClientRect, element, []);
    const { x, y, width, height } = rectangle;
    const visible = Reflect.apply(Element.prototype.checkVisibility, element, [{ visibilityProperty: true }]);
    const disabled =
      Reflect.apply(Element.prototype.matches, element, [":disabled"]) ||
      Reflect.apply(Element.prototype.closest, element, ["[aria-disabled=true i]"]) !== null;
    const attributes = SHOWN.map((name) => [name, attribute(element, name)]).filter(([, value]) => value !== null);
    return {
      ...described,
      visible: visible && width > 0 && height > 0,
      enabled: !disabled,
      box: [x, y, width, height].map((length) => Math.round(length * 10) / 10),
      attributes: Object.fromEntries(attributes.map(([name, value]) => [name, cut(value)])),
      ...valueOf(element),
    };
  }

  return { brief, full, isPassword, valueOf };
}
