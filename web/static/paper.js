/** Prints one thing alone. */

import { served } from "./served.js";
import { adopt } from "./styles.js";
import { el } from "./view.js";

let clear = null; // while something lies there

/**
 * The chat lives somewhere inside a page that is not ours, so what is printed is laid beside
 * everything else in that page, and paper.css hides the rest on paper. `title` names the file when
 * it is printed to one.
 */
export function print(title, content) {
  clearPaper(); // where nothing can be printed the last one may still lie there
  const page = el("kommune-chat-paper", { lang: "da" });
  const inside = page.attachShadow({ mode: "open" });
  inside.append(...content);
  adopt(inside, served.styles.paper);
  const outer = adopt(document, served.styles.paper);
  const before = document.title;
  document.body.append(page);
  document.title = title;
  const ours = document.title;
  clear = () => {
    page.remove();
    outer.remove();
    if (document.title === ours) document.title = before;
  };
  addEventListener("afterprint", clearPaper, { once: true });
  window.print();
}

/** Takes away what was laid out to be printed, and the page has its own title again. */
export function clearPaper() {
  clear?.();
  clear = null;
}

/** Ways to get in touch, on paper. */
export const reachable = (heading, lines) => [
  heading ? el("h2", {}, heading) : "",
  el("ul", { className: "reach" }, ...lines.map(paperLine)),
];

const paperLine = ({ label, value, note }) =>
  el("li", {}, `${label}: `, el("strong", {}, value), note ? el("p", {}, note) : null);
