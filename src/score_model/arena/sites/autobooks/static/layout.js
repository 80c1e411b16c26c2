// The boot record: what this seed makes of ids, labels, words and looks, and who is signed in.

let boot = null;
const watchers = [];

/** Take the boot record over, once, before anything is drawn. */
export function useBoot(record) {
  boot = record;
  for (const [part, choice] of Object.entries(record.look)) {
    document.documentElement.dataset[part] = choice;
  }
}

export const seed = () => boot.seed;
export const siteTitle = () => boot.title;
export const genres = () => boot.genres;
export const itemFields = () => boot.fields;
export const paths = () => boot.paths;
export const look = (part) => boot.look[part];
export const member = () => boot.member;

/** Whether a page, such as `cart`, opens for those who are signed in alone, and nobody is. */
export const closed = (page) => boot.member === null && boot.members_only.includes(page);

/** The DOM id of a logical element, such as `login.username`; an item's number tells equal ones apart. */
export function id(name, item = null) {
  const made = boot.elements[name].id;
  return item === null ? made : `${made}-${item}`;
}

/** The words that a logical element shows. */
export const label = (name) => boot.elements[name].label;

/** A heading or sentence, with its `{…}` filled in. */
export function words(name, values = {}) {
  return boot.words[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** The address of a page, such as `item`, with the seed that every address here keeps. */
export function address(page, item = null, query = {}) {
  const search = new URLSearchParams({ ...query, seed: String(boot.seed) });
  return `${boot.paths[page].replace("{id}", String(item))}?${search}`;
}

/** Call `watcher` whenever somebody signs in or out, or the number of books in the cart changes. */
export function whenMemberChanges(watcher) {
  watchers.push(watcher);
}

/** What the server says of who is signed in. */
export function setMember(found) {
  const same = found?.username === boot.member?.username && found?.cart === boot.member?.cart;
  boot.member = found;
  if (!same) watchers.forEach((watcher) => watcher());
}
