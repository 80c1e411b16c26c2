// A selector engine that finds the element it starts from and tells the recorder's script about it: dispatches an event
// of the given name on it. Runs in Playwright's own script world, where pages can't hear of the name.
({
  queryAll(element, name) {
    const asked = new Event(name, { bubbles: true, composed: true });
    Reflect.apply(EventTarget.prototype.dispatchEvent, element, [asked]);
    return [element];
  },
  query(element, name) {
    return this.queryAll(element, name)[0];
  },
})
