/** Puts the chat on the page that loads the script. Its options are the script's own attributes. */

import { KommuneChat } from "./chat.js";
import { script } from "./source.js";

const NAME = "kommune-chat";

function mount() {
  if (document.querySelector(NAME)) return; // the line stands twice
  const chat = document.createElement(NAME);
  chat.lang = "da"; // whatever the page's language is
  Object.assign(chat.dataset, script.dataset);
  document.body.append(chat);
}

if (!customElements.get(NAME)) customElements.define(NAME, KommuneChat);
if (document.readyState === "loading") addEventListener("DOMContentLoaded", mount, { once: true });
else mount();
