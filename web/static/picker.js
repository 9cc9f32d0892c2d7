/** Finds the family's kommune while the parent writes. */

import { strings } from "./strings.js";
import { button, el } from "./view.js";

const PAUSE = 250; // ms without a key before we ask
const SHORTEST = 2;

/** A field with suggestions below it. `search` gives `[{kode, navn}]` or fails, `choose` gets one. */
export function kommunePicker(search, choose) {
  let timer;
  let asked = 0;
  const list = el("ul", { className: "suggestions" });
  const status = el("p", { className: "hint", role: "status" });
  const input = el("input", {
    id: "kommune",
    type: "text",
    autocomplete: "off",
    maxLength: 60,
    "aria-describedby": "kommune-hint",
    oninput: () => {
      show([], ""); // what was found for other words must not be chosen by mistake
      timer = setTimeout(suggest, PAUSE);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = list.querySelector("button");
      if (first) first.click();
      else suggest();
    },
  });

  /** Whatever is still asked comes too late after this. */
  function show(found, told) {
    clearTimeout(timer);
    asked += 1;
    list.replaceChildren(
      ...found.map((kommune) =>
        el("li", {}, button(kommune.navn, () => choose(kommune), "choice")),
      ),
    );
    status.textContent = told;
  }

  async function suggest() {
    show([], "");
    const query = input.value.trim();
    if (query.length < SHORTEST) return;
    const turn = asked;
    const found = await search(query).catch(() => null);
    if (turn !== asked) return;
    show(found ?? [], announcement(found));
    list.scrollIntoView({ block: "nearest" });
  }

  return el(
    "div",
    { className: "picker" },
    el("label", { htmlFor: "kommune" }, strings.kommuneLabel),
    el("p", { id: "kommune-hint", className: "hint" }, strings.kommuneHint),
    input,
    status,
    list,
  );
}

function announcement(found) {
  if (!found) return strings.kommuneFailed;
  return found.length ? strings.kommuneFound(found.length) : strings.kommuneNone;
}
