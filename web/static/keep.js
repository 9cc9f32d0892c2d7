/** Two buttons to take something along: on paper or as text. */

import { button, el } from "./view.js";

/**
 * `words` are `{print, copy, copied, notCopied}`; `text` gives what is copied. Returns the buttons
 * and the line that tells how the copying went.
 */
export function keepButtons(words, print, text) {
  const status = el("p", { className: "note", role: "status" });
  const say = (said) => {
    status.textContent = ""; // so that the same words are read aloud again
    setTimeout(() => {
      status.textContent = said;
    }, 100);
  };
  const copy = async () => navigator.clipboard.writeText(text()); // without HTTPS there is none
  return [
    el(
      "div",
      { className: "pair" },
      button(words.print, print),
      button(words.copy, () =>
        copy().then(
          () => say(words.copied),
          () => say(words.notCopied),
        ),
      ),
    ),
    status,
  ];
}
