// What surrounds every page: the navigation and the notice.

import { make } from "./dom.js";
import { address, id, label, member, siteTitle, whenMemberChanges } from "./layout.js";

const FOR_ALL = ["home", "add", "contact"];
let current = null; // name of the page that is shown
let title = ""; // what it is about

/** Draw the navigation, now and whenever who is signed in changes. */
export function drawFrame() {
  document.addEventListener("page-shown", (event) => {
    current = event.detail;
    document.querySelectorAll(".site-nav a").forEach(markCurrent);
  });
  whenMemberChanges(drawNavigation);
  drawNavigation();
}

/** Tell the visitor something; the empty text takes the last notice away. */
export function notify(text) {
  const notice = document.querySelector(".notice");
  notice.textContent = text;
  notice.classList.toggle("shown", text !== "");
}

/** Name the page in the browser's title. */
export function entitle(text) {
  title = text;
  tellProblem(false);
}

/** Whether a form of the page was refused; its title says so first, for those who hear rather than see it. */
export function tellProblem(refused) {
  document.title = `${refused ? "Problem: " : ""}${title} · ${siteTitle()}`;
}

function drawNavigation() {
  const signedIn = member();
  const names = [...FOR_ALL, ...(signedIn ? ["cart", "profile", "logout"] : ["login", "register"])];
  const links = names.map((name) => {
    const badge = name === "cart" ? [" ", make("span", { class: "badge" }, String(signedIn.cart))] : [];
    const link = make("a", { id: id(`nav.${name}`), href: address(name), "data-page": name }, label(`nav.${name}`), badge);
    markCurrent(link);
    return make("li", { class: `nav-${name}` }, link);
  });
  document.querySelector(".site-nav").replaceChildren(make("ul", {}, links));
}

function markCurrent(link) {
  if (link.dataset.page === current) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}
