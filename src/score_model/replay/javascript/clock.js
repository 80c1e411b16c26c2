// Shifts the page's time by a constant number of milliseconds. Runs before any script of the page.
(shiftMs) => {
  const BrowserDate = Date;
  const browserNow = BrowserDate.now;
  const now = () => browserNow() + shiftMs;

  function redefine(owner, name, change) {
    const found = Object.getOwnPropertyDescriptor(owner, name);
    if (found) Object.defineProperty(owner, name, { ...found, ...change(found) });
  }

  // Methods, not function expressions: like the browser's own they have a name and can't be constructed.
  redefine(BrowserDate, "now", () => ({
    value: {
      now() {
        return now();
      },
    }.now,
  }));
  const PageDate = new Proxy(BrowserDate, {
    construct: (target, given, derived) => Reflect.construct(target, given.length ? given : [now()], derived),
    apply: () => new BrowserDate(now()).toString(),
  });
  redefine(BrowserDate.prototype, "constructor", () => ({ value: PageDate }));
  redefine(globalThis, "Date", () => ({ value: PageDate }));

  // Without a date, a format takes the browser's time.
  const format = Intl.DateTimeFormat.prototype;
  const formats = new WeakMap(); // the browser's bound function → the page's
  redefine(format, "format", (found) => ({
    get() {
      const browserFormat = found.get.call(this);
      if (!formats.has(browserFormat)) {
        formats.set(browserFormat, (date) => browserFormat(date === undefined ? now() : date));
      }
      return formats.get(browserFormat);
    },
  }));
  redefine(format, "formatToParts", (found) => ({
    value: {
      formatToParts(date) {
        return found.value.call(this, date === undefined ? now() : date);
      },
    }.formatToParts,
  }));

  if (globalThis.Temporal) {
    const clock = Temporal.Now;
    const browserInstant = clock.instant;
    const instant = () => browserInstant().add({ milliseconds: shiftMs });
    const zoned = (zone) => instant().toZonedDateTimeISO(zone === undefined ? clock.timeZoneId() : zone);
    const shifted = {
      instant: () => instant(),
      zonedDateTimeISO: (zone) => zoned(zone),
      plainDateTimeISO: (zone) => zoned(zone).toPlainDateTime(),
      plainDateISO: (zone) => zoned(zone).toPlainDate(),
      plainTimeISO: (zone) => zoned(zone).toPlainTime(),
    };
    for (const [name, value] of Object.entries(shifted)) redefine(clock, name, () => ({ value }));
  }

  // The browser drops a cookie by its own time: a page that lives in the past would set only cookies that have expired.
  if (globalThis.Document) {
    redefine(Document.prototype, "cookie", (found) => ({
      set(cookie) {
        const shifted = String(cookie).replace(/(;\s*expires\s*=\s*)([^;]*)/i, (whole, attribute, date) => {
          const expiry = BrowserDate.parse(date) - shiftMs;
          return Math.abs(expiry) <= 8.64e15 ? attribute + new BrowserDate(expiry).toUTCString() : whole;
        });
        found.set.call(this, shifted);
      },
    }));
  }
}
