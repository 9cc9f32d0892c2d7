/** Finds the family's kommune while the parent writes. */

import { strings } from "./strings.js";
import { button, el } from "./view.js";

const PAUSE = 250; // ms without a key before we ask
const SHORTEST = 2;

/** A field with suggestions below it. `search` gives `[{kode, navn}]`, `choose` gets one of them. */
export function kommunePicker(search, choose) {
  let timer;
  let asked = 0;
  const list = el("ul", { className: "suggestions" });
  const status = el("p", { className: "visually-hidden", role: "status" });
  const input = el("input", {
    id: "kommune",
    type: "text",
    autocomplete: "off",
    maxLength: 60,
    "aria-describedby": "kommune-hint",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(suggest, PAUSE);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      list.querySelector("button")?.click();
    },
  });

  async function suggest() {
    const query = input.value.trim();
    const turn = ++asked;
    const found = query.length < SHORTEST ? null : await search(query);
    if (turn !== asked) return; // an older answer came late
    list.replaceChildren(
      ...(found ?? []).map((kommune) =>
        el("li", {}, button(kommune.navn, () => choose(kommune), "choice")),
      ),
    );
    status.textContent = announcement(found);
    list.scrollIntoView({ block: "nearest" });
  }

  return el(
    "div",
    { className: "picker" },
    el("label", { htmlFor: "kommune" }, strings.kommuneLabel),
    el("p", { id: "kommune-hint", className: "hint" }, strings.kommuneHint),
    input,
    list,
    status,
  );
}

function announcement(found) {
  if (!found) return "";
  return found.length ? strings.kommuneFound(found.length) : strings.kommuneNone;
}
