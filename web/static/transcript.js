/** The whole conversation, on paper or as text to copy. */

import { reachable } from "./paper.js";
import { planPaper } from "./plan.js";
import { strings } from "./strings.js";
import { el, markup } from "./view.js";

/** For paper.js. */
export function transcriptPaper(entries) {
  const drafts = entries.some(({ message }) => message?.draft);
  return [
    el("h1", {}, strings.transcript(new Date().toLocaleDateString("da-DK"))),
    ...entries.map(({ own, message }) => el("section", {}, ...(message ? said(message) : wrote(own)))),
    el("p", { className: "footer" }, strings.paperFooter, drafts ? ` ${strings.draft}` : ""),
  ];
}

const who = (name) => el("p", { className: "who" }, name);

const wrote = (text) => [who(strings.you), el("p", { className: "own" }, text)];

function said({ html, plan, contact, language, sources = [] }) {
  const text = markup("div", html);
  if (language) Object.assign(text, { lang: language.code, dir: language.direction });
  return [
    who(strings.assistant),
    text,
    ...(plan ? planPaper(plan) : []),
    ...(contact ? reachable(contact.heading, contact.lines) : []),
    sources.length
      ? el("p", { className: "basis" }, `${strings.sources}: ${sources.map(({ name }) => name).join(" · ")}`)
      : "",
  ];
}

/** For the clipboard. */
export const transcriptText = (entries) =>
  entries.map(({ own, message }) => (message ? saidText(message) : `${strings.you} ${own}`)).join("\n\n");

const saidText = ({ html, plan, contact }) =>
  [
    strings.assistant,
    plainText(html),
    plan?.text,
    contact?.heading,
    ...(contact?.lines ?? []).map(({ label, value }) => `${label}: ${value}`),
  ]
    .filter(Boolean)
    .join("\n");

/** Paragraphs and lists as lines. */
function plainText(html) {
  const blocks = [...markup("div", html).querySelectorAll("p, li, h3")];
  return blocks
    .filter((block) => !block.querySelector("p")) // a list item of several paragraphs
    .map((block) => (block.closest("li") ? `- ${block.textContent}` : block.textContent))
    .join("\n");
}
