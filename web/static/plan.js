/** The plan: a card in the chat, one A4 page on paper, or text to copy. */

import { keepButtons } from "./keep.js";
import { print, reachable } from "./paper.js";
import { strings } from "./strings.js";
import { contactLine, el, hidden, icon } from "./view.js";

/** The card. `choose` is called with an answer's title and id when a step is followed. */
export function planCard(message, choose) {
  const { plan } = message;
  return el(
    "section",
    { className: "card plan", "aria-label": plan.title },
    el("h3", {}, plan.title),
    plan.basis ? el("p", { className: "note" }, plan.basis) : null,
    ...keepButtons(
      strings,
      () => print(plan.title, paper(message)),
      () => plan.text,
    ),
    ...plan.sections.flatMap(({ heading, steps }) => [
      el("h4", {}, heading),
      el("ol", { className: "steps" }, ...steps.map((step) => stepItem(step, choose))),
    ]),
    el("h4", {}, plan.avoid_heading),
    el("ul", { className: "avoid" }, ...plan.avoid.map((text) => el("li", {}, text))),
    el("h4", {}, plan.help_heading),
    el("ul", {}, ...plan.helplines.map(contactLine)),
    ...(plan.contact
      ? [el("h4", {}, plan.contact.heading), el("ul", {}, ...plan.contact.lines.map(contactLine))]
      : []),
  );
}

function stepItem({ text, answer, title }, choose) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", className: "step", onclick: () => choose(title, answer) },
      el("span", {}, text, hidden(` ${strings.stepMore(title)}`)),
      icon("next"),
    ),
  );
}

const paper = ({ plan, draft }) => [
  el("h1", {}, plan.title),
  ...planPaper(plan),
  el("p", { className: "footer" }, strings.paperFooter, draft ? ` ${strings.draft}` : ""),
];

/** The plan as it stands on paper, below its title. */
export function planPaper(plan) {
  const { contact } = plan;
  return [
    plan.basis ? el("p", { className: "basis" }, plan.basis) : "",
    ...plan.sections.flatMap(({ heading, steps }) => [
      el("h2", {}, heading),
      el("ul", { className: "steps" }, ...steps.map(({ text }) => el("li", {}, text))),
    ]),
    el(
      "div",
      { className: "columns" },
      el(
        "div",
        {},
        el("h2", {}, plan.avoid_heading),
        el("ul", {}, ...plan.avoid.map((text) => el("li", {}, text))),
        ...(contact ? reachable(contact.heading, contact.lines) : []),
      ),
      el("div", {}, ...reachable(plan.help_heading, plan.helplines)),
    ),
  ];
}
