// Returns the page as text, with what users see and the markup alone does not say: what fields hold, open shadow
// roots, frames of the same origin. The document itself is only read: changes go into a copy that belongs to a document
// without a window, where nothing loads, runs or is upgraded.
({ mostCharacters, mostElements, mostRoots }) => {
  const getter = (owner, name) => Object.getOwnPropertyDescriptor(owner.prototype, name).get;
  const readers = (owner, names) =>
    Object.fromEntries(names.map((name) => [name, ((get) => (object) => Reflect.apply(get, object, []))(getter(owner, name))]));
  // Elements in a form or a document can take the place of its properties, but not of the prototypes' of this world.
  const ofDocument = readers(Document, ["body", "doctype", "documentElement", "implementation", "title", "URL"]);
  const ofElement = readers(Element, ["localName", "outerHTML", "shadowRoot"]);
  const call = (owner, name, object, ...given) => Reflect.apply(owner.prototype[name], object, given);
  const attribute = (element, name) => call(Element, "getAttribute", element, name);
  const inert = DOMImplementation.prototype.createHTMLDocument.call(ofDocument.implementation(document), "");
  let elementsLeft = mostElements;
  let rootsLeft = mostRoots;
  let whole = true;

  // Fields, frames and whatever can have a shadow root. Most elements can't: passing them over saves half the time.
  const CANDIDATES =
    "input, option, textarea, iframe, frame, :not(a, b, br, button, code, col, dd, dl, dt, em, form, hr, i, img, " +
    "label, li, link, meta, ol, path, pre, script, select, small, strong, style, svg, table, tbody, td, th, thead, " +
    "tr, ul, use)";

  function elementsIn(root) {
    const owner = root.nodeType === Node.ELEMENT_NODE ? Element : DocumentFragment;
    return call(owner, "querySelectorAll", root, CANDIDATES);
  }

  // The change that makes the copy of a field show what the field holds; undefined if its markup already does.
  function stateChange(element, name) {
    const attribute_ = (which, value) => (copy) =>
      value === null
        ? call(Element, "removeAttribute", copy, which)
        : call(Element, "setAttribute", copy, which, value);
    const flag = (which, on) =>
      on === (attribute(element, which) !== null) ? undefined : attribute_(which, on ? "" : null);
    if (name === "option") return flag("selected", element.selected);
    if (name === "textarea") {
      if (element.value === element.defaultValue) return undefined;
      return (copy) => {
        copy.textContent = element.value;
      };
    }
    const { type, value } = element;
    if (type === "checkbox" || type === "radio") return flag("checked", element.checked);
    if (type === "file" || typeof value !== "string") return undefined;
    const shown = type === "password" ? "•".repeat(Math.min(value.length, 100)) : value;
    return shown === (attribute(element, "value") ?? "") ? undefined : attribute_("value", shown);
  }

  function contentOf(frame) {
    const owner = ofElement.localName(frame) === "iframe" ? HTMLIFrameElement : HTMLFrameElement;
    return Reflect.apply(getter(owner, "contentDocument"), frame, []); // null if it is another origin's
  }

  // The change that puts the content of an open shadow root into the copy of its host, as parsers expect it there.
  function rootChange(root) {
    return (copy) => {
      const template = call(Document, "createElement", inert, "template");
      template.setAttribute("shadowrootmode", "open");
      for (const child of root.childNodes) template.content.append(call(Document, "importNode", inert, child, true));
      apply(changesIn(root), template.content);
      call(Element, "prepend", copy, template);
    };
  }

  // The change that puts the content of a frame behind its copy.
  function frameChange(content, body) {
    return (copy) => {
      const holder = call(Document, "createElement", inert, "inlined-frame");
      holder.setAttribute("src", ofDocument.URL(content));
      const copied = call(Document, "importNode", inert, body, true);
      apply(changesIn(body), copied);
      for (let child; (child = Reflect.apply(getter(Node, "firstChild"), copied, [])); ) holder.append(child);
      call(Element, "after", copy, holder);
    };
  }

  // The changes that the copy of a tree needs: pairs of an element's place among the candidates and its change.
  function changesIn(root) {
    const found = elementsIn(root);
    elementsLeft -= found.length;
    if (elementsLeft < 0) {
      whole = false;
      return { count: 0, changes: [] };
    }
    const changes = [];
    const add = (place, change) => change && changes.push([place, change]);
    const within = (change) => (rootsLeft-- > 0 ? change : void (whole = false));
    for (let place = 0; place < found.length; place++) {
      const element = found[place];
      const name = ofElement.localName(element);
      if (name === "input" || name === "option" || name === "textarea") {
        add(place, stateChange(element, name));
      } else if (name === "iframe" || name === "frame") {
        const content = element.namespaceURI === inert.documentElement.namespaceURI ? contentOf(element) : null;
        const body = content && ofDocument.body(content);
        if (body && Reflect.apply(getter(Node, "firstChild"), body, [])) add(place, within(frameChange(content, body)));
      } else {
        const shadow = ofElement.shadowRoot(element);
        if (shadow) add(place, within(rootChange(shadow)));
      }
    }
    return { count: found.length, changes };
  }

  function apply({ count, changes }, copy) {
    if (!changes.length) return;
    const copies = elementsIn(copy);
    if (copies.length !== count) {
      whole = false; // some element copies itself in its own way: no place can be trusted
      return;
    }
    for (const [place, change] of changes) change(copies[place]);
  }

  const root = ofDocument.documentElement(document);
  const doctype = ofDocument.doctype(document);
  let html = "";
  if (root) {
    const changes = changesIn(root);
    let copy = root;
    if (changes.changes.length) {
      copy = call(Document, "importNode", inert, root, true);
      apply(changes, copy);
    }
    html = (doctype ? new XMLSerializer().serializeToString(doctype) : "") + ofElement.outerHTML(copy);
  }
  return {
    html: html.slice(0, mostCharacters).toWellFormed(),
    characters: html.length,
    whole,
    url: location.href.slice(0, 4000),
    title: ofDocument.title(document).slice(0, 500).toWellFormed(),
  };
}
