// Tells what happens to a page: what users do to elements, how often the document changes, the history API.
// Runs in every frame before the page's scripts, in a world of its own: pages share the document with it and nothing
// else, so they can neither call its binding, nor replace what it uses, nor hear the event that asks for a target.
(question, describe) => {
  if (globalThis.scoreModelInstruments) return;
  globalThis.scoreModelInstruments = true;
  const isTop = window === window.top;
  const PERIOD_MS = isTop ? 50 : 250;
  const MOST = { real: 100, scripted: 20, history: 20 }; // told per period
  let told, counts, dropped, timer = 0;

  // The binding comes soon after the document: what there is to tell by then waits.
  const MOST_WAITING = 200, MOST_PERIODS = 200;
  let waiting = [], periods = 0;
  function send(record) {
    const tell = globalThis.scoreModelTell;
    if (!tell) {
      if (waiting.length < MOST_WAITING) waiting.push(record);
      return;
    }
    const late = waiting;
    waiting = [];
    for (const earlier of [...late, record]) tell(JSON.stringify(earlier));
  }
  function reset() {
    told = { real: 0, scripted: 0, history: 0 };
    counts = { added: 0, removed: 0, child_list: 0, attributes: 0, character_data: 0 };
    dropped = {};
  }
  function flush() {
    if (!globalThis.scoreModelTell && periods++ < MOST_PERIODS) return soon();
    if (counts.child_list || counts.attributes || counts.character_data) send({ kind: "mutations", ...counts });
    for (const kind in dropped) send({ kind: "dropped", of: kind, count: dropped[kind] });
    if (waiting.length) send(waiting.pop());
    reset();
  }
  function soon() {
    if (!timer) {
      timer = setTimeout(() => {
        timer = 0;
        flush();
      }, PERIOD_MS);
    }
  }
  function may(purse, kind) {
    soon();
    if (told[purse]++ < MOST[purse]) return true;
    dropped[kind] = (dropped[kind] || 0) + 1;
    return false;
  }

  function heard(event) {
    if (!may(event.isTrusted ? "real" : "scripted", "dom")) return;
    const element = event.composedPath()[0];
    if (!element || element.nodeType !== Node.ELEMENT_NODE) return;
    const record = { kind: "dom", type: event.type, trusted: event.isTrusted, target: describe.brief(element) };
    if (!isTop) record.frame = true;
    if (event.type === "keydown") {
      const key = String(event.key);
      record.key = key.length === 1 && describe.isPassword(element) ? "•" : key.slice(0, 40).toWellFormed();
    } else if (event.type === "input" || event.type === "change") {
      Object.assign(record, describe.valueOf(element));
    } else if (event.type === "click") {
      Object.assign(record, { x: Math.round(event.clientX), y: Math.round(event.clientY) });
    }
    send(record);
  }

  function asked(event) {
    event.stopImmediatePropagation();
    send({ kind: "target", target: describe.full(event.composedPath()[0]) });
  }

  reset();
  if (isTop && globalThis.navigation) {
    navigation.addEventListener("currententrychange", (event) => {
      if (event.navigationType && may("history", "navigation")) {
        send({ kind: "history", how: event.navigationType, url: location.href.slice(0, 4000) });
      }
    });
  }

  const names = { childList: "child_list", attributes: "attributes", characterData: "character_data" };
  const observer = new MutationObserver((records) => {
    for (const { type, addedNodes, removedNodes } of records) {
      counts[names[type]]++;
      counts.added += addedNodes.length;
      counts.removed += removedNodes.length;
    }
    soon();
  });
  // What the parser adds is the page itself, not a change of it.
  const observe = () =>
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  const ACTS = ["click", "dblclick", "contextmenu", "input", "change", "submit", "keydown", "focusin", "drop"];
  function listen() {
    for (const type of ACTS) window.addEventListener(type, heard, { capture: true, passive: true });
    window.addEventListener(question, asked, true);
    window.addEventListener("pagehide", flush, true);
    window.addEventListener("DOMContentLoaded", observe, true);
  }
  listen();
  // A page that writes itself anew (document.open) takes all listeners away, but no observers.
  new MutationObserver(listen).observe(document, { childList: true });
  const state = Reflect.apply(Object.getOwnPropertyDescriptor(Document.prototype, "readyState").get, document, []);
  if (state !== "loading") observe();
}
