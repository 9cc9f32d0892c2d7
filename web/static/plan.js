/** The plan: a card in the chat, one A4 page on paper, or text to copy. */

import { strings } from "./strings.js";
import { button, contactLine, el, hidden, icon } from "./view.js";

/** The card. `choose` is called with an answer's title and id when a step is followed. */
export function planCard(message, choose) {
  const { plan } = message;
  const status = el("p", { className: "note", role: "status" });
  const say = (text) => {
    status.textContent = ""; // so that the same words are read aloud again
    setTimeout(() => {
      status.textContent = text;
    }, 100);
  };
  return el(
    "section",
    { className: "card plan", "aria-label": plan.title },
    el("h3", {}, plan.title),
    plan.basis ? el("p", { className: "note" }, plan.basis) : null,
    el(
      "div",
      { className: "pair" },
      button(strings.print, () => print(message).catch(() => say(strings.notPrinted))),
      button(strings.copy, () =>
        copy(plan).then(
          () => say(strings.copied),
          () => say(strings.notCopied),
        ),
      ),
    ),
    status,
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

async function copy(plan) {
  await navigator.clipboard.writeText(plan.text);
}

// --- Paper ------------------------------------------------------------------------------------

/**
 * Prints nothing but the plan. The chat lives somewhere inside a page that is not ours, so the
 * plan is laid beside everything else in that page, and plan-print.css hides the rest on paper.
 */
async function print({ plan, draft }) {
  const page = el("kommune-plan-print", { lang: "da" });
  const inside = page.attachShadow({ mode: "open" });
  const outer = stylesheet();
  const inner = stylesheet();
  const title = document.title;
  inside.append(inner.link, ...paper(plan, draft));
  document.head.append(outer.link);
  document.body.append(page);
  const tidy = () => {
    page.remove();
    outer.link.remove();
    document.title = title;
  };
  try {
    await Promise.all([outer.loaded, inner.loaded]);
  } catch (error) {
    tidy();
    throw error;
  }
  document.title = plan.title; // the name of the file when it is printed to one
  addEventListener("afterprint", tidy, { once: true });
  window.print();
}

/** The sheet stands in the page and in the plan: each needs the rules for its own part. */
function stylesheet() {
  const link = el("link", {
    rel: "stylesheet",
    href: new URL("plan-print.css", import.meta.url).href,
  });
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
  });
  return { link, loaded };
}

function paper(plan, draft) {
  const { contact } = plan;
  return [
    el("h1", {}, plan.title),
    plan.basis ? el("p", { className: "basis" }, plan.basis) : null,
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
    el("p", { className: "footer" }, strings.planFooter, draft ? ` ${strings.draft}` : ""),
  ].filter(Boolean);
}

const reachable = (heading, lines) => [
  el("h2", {}, heading),
  el("ul", { className: "reach" }, ...lines.map(paperLine)),
];

const paperLine = ({ label, value, note }) =>
  el("li", {}, `${label}: `, el("strong", {}, value), note ? el("p", {}, note) : null);
