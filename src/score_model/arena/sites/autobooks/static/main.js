// Starts the shop: read the boot record, draw the frame, open the page of the address.

import { fetchBoot } from "./api.js";
import { book } from "./book.js";
import { add, edit, remove } from "./changes.js";
import { drawFrame, notify } from "./frame.js";
import { home } from "./home.js";
import { useBoot } from "./layout.js";
import { contact, login, logout, profile, register } from "./members.js";
import { start } from "./router.js";
import { cart, checkout } from "./shop.js";

const views = { home, item: book, add, edit, delete: remove, contact, login, logout, register, profile, cart, checkout };

async function openShop() {
  try {
    useBoot(await fetchBoot());
  } catch (error) {
    notify("The shop could not be opened. Please reload the page.");
    throw error;
  }
  drawFrame();
  await start(views);
}

openShop();
