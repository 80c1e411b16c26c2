// Talking to the shop's own server. A call that was an act brings its event, which is reported exactly once: here.

import { report } from "./events.js";
import { seed, setMember } from "./layout.js";

/** What the server refused: `status`, `code`, words for the visitor, and what is wrong by form field. */
export class ApiError extends Error {
  constructor(status, body) {
    super(typeof body?.detail === "string" ? body.detail : "The shop does not answer. Please try again.");
    this.status = status;
    this.code = body?.code ?? "unreachable";
    this.problems = body?.problems ?? {};
  }
}

/** The boot record; the address of this document says for which seed. */
export async function fetchBoot() {
  const asked = new URLSearchParams(location.search).get("seed");
  return call(`/api/boot${asked === null ? "" : `?${new URLSearchParams({ seed: asked })}`}`);
}

/** A page's data. */
export async function readPage(page, item = null, query = {}) {
  const path = item === null ? page : `${page}/${item}`;
  const answer = await call(`/api/pages/${path}?${new URLSearchParams({ ...query, seed: String(seed()) })}`);
  take(answer);
  return answer.page;
}

/** Do something; `form` has each field's values. Returns the event. */
export async function act(name, item = null, form = {}) {
  const path = item === null ? name : `${name}/${item}`;
  const answer = await call(`/api/acts/${path}?seed=${seed()}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(form),
  });
  take(answer);
  return answer.event;
}

function take(answer) {
  setMember(answer.member);
  if (answer.event !== null) report(answer.event);
}

async function call(address, options = {}) {
  let response;
  try {
    response = await fetch(address, { ...options, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, null);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw new ApiError(response.status, body);
  return body;
}
