/** Builds the parts of the chat from data. No state, no requests. */

import { home } from "./source.js";
import { strings } from "./strings.js";

const POLICY = "kommune-chat";

/** An element with properties (`on…` are listeners, dashed names attributes) and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A page may demand Trusted Types. The markup is our own server's, made safe there.
let trusted;

/** An element with the server's HTML in it. */
export function markup(tag, html, properties = {}) {
  trusted ??= globalThis.trustedTypes?.createPolicy(POLICY, { createHTML: (text) => text }) ?? null;
  const element = el(tag, properties);
  element.innerHTML = trusted ? trusted.createHTML(html) : html;
  return element;
}

export const hidden = (text) => el("span", { className: "visually-hidden" }, text);

const ICONS = {
  speech: "M4 5h16v11H10l-5 4v-4H4z M8 9h8 M8 12.5h5",
  phone:
    "M6.5 3.5 9 4l1.5 4-2 1.7a12 12 0 0 0 5.8 5.8l1.7-2 4 1.5.5 2.5c0 1.7-1.3 3-3 3A14 14 0 0 1 3.5 6.5c0-1.7 1.3-3 3-3z",
  mail: "M3.5 5.5h17v13h-17z M4 6.5l8 6.5 8-6.5",
  link: "M13 4.5h6.5V11 M19 5l-9 9 M16 14v5.5H4.5V8H10",
  close: "M6 6l12 12 M18 6 6 18",
  next: "M9 5.5 15.5 12 9 18.5",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  svg.append(path);
  return svg;
}

export const button = (label, onclick, className = "quiet") =>
  el("button", { type: "button", className, onclick }, label);

/** What the parent wrote or chose. */
export function ownBubble(text) {
  const said = el("p", { dir: "auto" }, text);
  return el("div", { className: "bubble own" }, hidden(`${strings.you} `), said);
}

/** One of the assistant's messages; `addition` stands below its text. */
export function bubble(message, addition = null) {
  const language = message.language;
  const text = markup("div", message.html, { className: "text" });
  if (language) {
    text.lang = language.code;
    text.dir = language.direction;
  }
  announceNewWindows(text);
  return el(
    "div",
    { className: "bubble assistant" },
    hidden(`${strings.assistant} `),
    message.html ? text : null,
    addition,
    message.contact ? contactCard(message.contact) : null,
    message.link ? el("p", { className: "more" }, ownPage(message.link, strings.more)) : null,
    provenance(message),
  );
}

function announceNewWindows(root) {
  for (const link of root.querySelectorAll('a[target="_blank"]')) {
    link.append(hidden(` ${strings.newWindow}`));
  }
}

/** The chat may stand on another site; our own pages are where the script comes from. */
export const ownPage = (path, words) => link(new URL(path, home).href, words);

function provenance({ sources = [], reviewed, draft }) {
  const status = draft ? strings.draft : reviewed ? strings.reviewed(danishDate(reviewed)) : null;
  if (!sources.length && !status) return null;
  return el(
    "details",
    { className: "sources" },
    el("summary", {}, strings.sources),
    status ? el("p", {}, status) : null,
    sources.length
      ? el("ul", {}, ...sources.map(({ name, url }) => el("li", {}, link(url, name))))
      : null,
  );
}

/** The kommune's SSP contact: one big target per number, address or page. */
export function contactCard(card) {
  return el(
    "section",
    { className: "card", "aria-label": card.heading ?? card.kommune },
    card.heading ? el("h3", {}, card.heading) : null,
    el("ul", {}, ...card.lines.map(contactLine)),
  );
}

/** One way to get in touch, as a list item. */
export function contactLine(line) {
  const name = { telefon: "phone", email: "mail", link: "link" }[line.kind];
  const words = el(
    "span",
    { className: "words" },
    el("span", { className: "label" }, line.label),
    " ",
    el("span", { className: "value" }, line.value),
  );
  const target = line.href
    ? link(line.href, icon(name), words)
    : el("span", { className: "no-link" }, words);
  target.classList.add("reach");
  return el(
    "li",
    {},
    target,
    line.note ? el("p", { className: "note" }, line.note) : null,
    sourceLine(line),
  );
}

function sourceLine({ source, source_date: date }) {
  if (!source && !date) return null;
  const where = /^https?:\/\//.test(source ?? "") ? link(source, hostOf(source)) : (source ?? "");
  const when = date ? strings.seen(danishDate(date)) : "";
  return el(
    "p",
    { className: "origin" },
    `${strings.source} `,
    where,
    where && when ? ", " : "",
    when,
  );
}

/** The numbers that need no server. */
export function emergencyList(website) {
  const numbers = strings.emergency.map(({ name, number, href }) =>
    contactLine({ label: name, value: number, kind: "telefon", href }),
  );
  if (website) {
    const line = { label: strings.website, value: hostOf(website), kind: "link", href: website };
    numbers.push(contactLine(line));
  }
  return el("ul", { className: "emergency" }, ...numbers);
}

export function link(href, ...children) {
  const away = /^https?:/i.test(href);
  return el(
    "a",
    { href, ...(away ? { target: "_blank", rel: "noopener noreferrer" } : {}) },
    ...children,
    away ? hidden(` ${strings.newWindow}`) : null,
  );
}

function hostOf(url) {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return url;
  }
}

/** "2026-11-22" as "22.11.2026". */
export function danishDate(iso) {
  const [year, month, day] = iso.split("-");
  return day ? `${Number(day)}.${Number(month)}.${year}` : iso;
}
