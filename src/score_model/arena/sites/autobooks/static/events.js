// Backend events, posted late and without waiting, as pages with analytics do.

const SOONEST_MS = 120;
const LATEST_MS = 400;
const waiting = new Map(); // timer → event

/** Post an event some time soon. Nothing waits for it and nobody hears whether it arrived. */
export function report(event) {
  const delay = SOONEST_MS + Math.random() * (LATEST_MS - SOONEST_MS);
  const timer = setTimeout(() => {
    waiting.delete(timer);
    post(event);
  }, delay);
  waiting.set(timer, event);
}

function post(event) {
  fetch("/api/log-event", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ web_url: location.origin, event }),
    credentials: "same-origin",
    keepalive: true,
  }).catch(() => {});
}

// A document that goes away takes its timers along: what is still waiting leaves now, in its order. Later, on pagehide,
// a browser may send a request without the headers that say for whom it acts, and the event would be somebody else's.
addEventListener("beforeunload", () => {
  for (const [timer, event] of waiting) {
    clearTimeout(timer);
    post(event);
  }
  waiting.clear();
});
