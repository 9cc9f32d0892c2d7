/**
 * <kommune-chat>: a launcher and a chat window in a shadow root. See chat.css for its looks and
 * docs/widget.md for its attributes, methods and events.
 */

import { ConversationApi, Refused } from "./api.js";
import { keepButtons } from "./keep.js";
import { clearPaper, print } from "./paper.js";
import { kommunePicker } from "./picker.js";
import { planCard } from "./plan.js";
import { served } from "./served.js";
import { Session } from "./session.js";
import { home } from "./source.js";
import { strings } from "./strings.js";
import { adopt, withRem } from "./styles.js";
import { transcriptPaper, transcriptText } from "./transcript.js";
import { bubble, button, el, emergencyList, hidden, icon, ownBubble, ownPage } from "./view.js";

const TYPING_AFTER = 700; // ms; a quick answer needs no sign of life
const COUNTER_FROM = 0.8; // of the limit
const NEUTRAL_PAGE = "https://www.dr.dk/";
const PHONE = "(max-width: 600px)";
const DARK = "(prefers-color-scheme: dark)";
const SETTLING = 200; // ms for an answer to come over from another tab
const COLOURS = { accent: "--chat-accent", onAccent: "--chat-on-accent", head: "--chat-head" };
const KEYS = ["keydown", "keypress", "keyup"];

/** The conversation was deleted while it was being started. */
class Gone extends Error {}

const unsentMark = () => el("p", { className: "unsent" }, strings.notSent);

/** What is wrong, in a notice. */
const told = (text) => el("p", {}, hidden(`${strings.errorPrefix} `), text);

export class KommuneChat extends HTMLElement {
  #api = new ConversationApi(`${home}api`);
  #session = new Session(served.minutes, {
    onNews: (entries) => this.#onNews(entries),
    onGone: () => {
      this.#reset();
      this.#showErased(strings.erased);
    },
  });
  #parts = {};
  #bubbles = new Map(); // by the key of what they show
  #starting = null;
  #busy = false;
  #era = 0; // counts deletions: what was asked before one must not be shown after it
  #working = 0;
  #drafts = false;
  #stuck = null; // what could not be done: {parts, helps, entry, online}, see #stay
  #offline = false; // and told so
  #opener = null; // what had the focus on the page
  #phone = matchMedia(PHONE);
  #dark = matchMedia(DARK);
  #leaving; // aborts what listens outside the element
  #typingTimer;
  #counterTimer;

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#listen();
    this.#bringBack();
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  get #minutes() {
    return served.minutes;
  }

  get #limit() {
    return served.maxCharacters;
  }

  get #kommune() {
    return /^\d{4}$/.test(this.dataset.kommune ?? "") ? this.dataset.kommune : null;
  }

  /** Where help is to be had without us: what the page says, or the page itself. */
  get #website() {
    const elsewhere = /^https?:/.test(location.origin) && location.origin !== new URL(home).origin;
    return this.dataset.website ?? (elsewhere ? location.origin : null);
  }

  // --- Building -----------------------------------------------------------------------------

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.append(this.#buildLauncher(), this.#buildDialog());
    // What the parent writes is no shortcut of the page.
    for (const key of KEYS) root.addEventListener(key, (event) => event.stopPropagation());
    const style = adopt(root, served.styles.chat);
    style.change(withRem(served.styles.chat, parseFloat(getComputedStyle(this).fontSize)));
    // A window that holds the focus would hold it where nobody sees it.
    const onHidden = () => this.hidden && this.close();
    new MutationObserver(onHidden).observe(this, { attributeFilter: ["hidden"] });
    for (const [name, property] of Object.entries(COLOURS)) {
      const colour = this.dataset[name];
      if (colour && CSS.supports("color", colour)) this.style.setProperty(property, colour);
    }
    this.#takeColours();
  }

  #listen() {
    this.#leaving = new AbortController();
    const listen = (target, type, listener) =>
      target.addEventListener(type, listener, { signal: this.#leaving.signal });
    listen(this.#phone, "change", () => this.#show(this.#parts.dialog.open));
    listen(this.#dark, "change", () => this.#takeColours());
    listen(window, "offline", () => this.#onOffline());
    listen(window, "online", () => this.#onOnline());
    listen(window, "pagehide", () => this.#session.note({ draft: this.#parts.field.value }));
    // The browser shows the page as it was left; the conversation may have gone on since.
    listen(window, "pageshow", (event) => event.persisted && this.#bringBack());
    listen(document, "click", (event) => this.#onPageClick(event));
    listen(document, "keydown", (event) => this.#onPageKey(event));
    if (window.visualViewport) listen(visualViewport, "resize", () => this.#fitKeyboard());
  }

  #takeColours() {
    const { theme } = this.dataset;
    this.toggleAttribute("data-dark", theme === "dark" || (theme !== "light" && this.#dark.matches));
  }

  #buildLauncher() {
    const launcher = el(
      "button",
      {
        type: "button",
        className: "launcher",
        lang: "da",
        hidden: this.dataset.position === "none",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
      },
      icon("speech"),
      el(
        "span",
        { className: "words" },
        el("strong", {}, strings.launcher),
        el("span", {}, strings.launcherNote),
      ),
    );
    launcher.addEventListener("click", () => this.open());
    this.#parts.launcher = launcher;
    return launcher;
  }

  #buildDialog() {
    const parts = this.#parts;
    parts.log = el("div", { className: "log", role: "log", "aria-label": strings.messages });
    parts.choices = el("div", { className: "choices", role: "group", hidden: true });
    parts.choices.setAttribute("aria-label", strings.choices);
    parts.typing = el("p", { className: "typing", role: "status" });
    parts.problem = el("div", { className: "problem", role: "alert" });
    parts.scroller = el(
      "div",
      { className: "scroller", tabIndex: 0, role: "region", "aria-label": strings.log },
      parts.log,
      parts.typing,
      parts.problem,
      parts.choices,
      this.#buildKeep(),
    );
    parts.dialog = el(
      "dialog",
      {
        className: "dialog",
        lang: "da",
        tabIndex: -1,
        "aria-labelledby": "title",
        onkeydown: (event) => this.#onKey(event),
      },
      this.#buildHeader(),
      this.#buildAbout(),
      parts.scroller,
      this.#buildForm(),
    );
    // The phone's back gesture; Escape is handled in #onKey, also when the window is not modal.
    parts.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    return parts.dialog;
  }

  /** The conversation on paper or as text, at its end. */
  #buildKeep() {
    const entries = () => this.#session.entries;
    const words = {
      print: strings.printAll,
      copy: strings.copyAll,
      copied: strings.copiedAll,
      notCopied: strings.notCopiedAll,
    };
    this.#parts.keep = el(
      "div",
      { className: "keep", hidden: true },
      ...keepButtons(
        words,
        () => print(this.#title, transcriptPaper(entries())),
        () => transcriptText(entries()),
      ),
    );
    return this.#parts.keep;
  }

  get #title() {
    return this.dataset.title?.trim() || strings.title;
  }

  #buildHeader() {
    const about = button(strings.about, () => this.#toggleAbout(), "bar");
    about.setAttribute("aria-expanded", "false");
    about.setAttribute("aria-controls", "about");
    this.#parts.aboutButton = about;
    return el(
      "div",
      { className: "head" }, // a <header> would be a second banner in the kommune's page
      el(
        "div",
        { className: "heading" },
        el(
          "div",
          {},
          el("h2", { id: "title" }, this.#title),
          el("p", { className: "subtitle" }, strings.subtitle),
        ),
        el(
          "button",
          { type: "button", className: "bar close", onclick: () => this.close() },
          icon("close"),
          strings.close,
        ),
      ),
      el(
        "div",
        { className: "tools" },
        about,
        button(strings.erase, () => this.#askToErase(), "bar"),
        el(
          "button",
          { type: "button", className: "bar leave", onclick: () => this.#leave() },
          strings.leave,
        ),
      ),
    );
  }

  #buildAbout() {
    const parts = this.#parts;
    parts.aboutDraft = el("p", { className: "draft", hidden: true }, strings.aboutDraft);
    parts.about = el(
      "section",
      {
        id: "about",
        className: "about",
        hidden: true,
        tabIndex: 0, // it scrolls on a small screen
        role: "region",
        "aria-label": strings.about,
      },
      ...strings.aboutLines(this.#minutes).map((line) => el("p", {}, line)),
      parts.aboutDraft,
      el("p", { className: "strong" }, strings.aboutEmergency),
      el(
        "p",
        { className: "more" },
        ownPage(this.#kommune ? `/om?kommune=${this.#kommune}` : "/om", strings.aboutMore),
        " ",
        ownPage("/tilgaengelighed", strings.accessibility),
      ),
    );
    return parts.about;
  }

  #buildForm() {
    const parts = this.#parts;
    parts.field = el("textarea", {
      id: "field",
      rows: 2,
      "aria-describedby": "counter",
      oninput: () => this.#count(),
      onkeydown: (event) => this.#onFieldKey(event),
    });
    parts.counter = el("p", { id: "counter", className: "counter" });
    parts.spoken = el("p", { className: "visually-hidden", role: "status" });
    return el(
      "form",
      { noValidate: true, onsubmit: (event) => this.#onSubmit(event) },
      el(
        "div",
        { className: "above" },
        el("label", { htmlFor: "field" }, strings.field),
        parts.counter,
      ),
      el(
        "div",
        { className: "row" },
        parts.field,
        el("button", { type: "submit", className: "send" }, strings.send),
      ),
      parts.spoken,
    );
  }

  // --- Opening and closing ------------------------------------------------------------------

  /** Opens the window; the first time it also begins the conversation. */
  open() {
    if (this.hidden) return;
    if (this.#parts.dialog.open) {
      this.#parts.field.focus();
      return;
    }
    const { activeElement } = document;
    if (activeElement !== document.body && activeElement !== this) this.#opener ??= activeElement;
    this.#show(true);
    this.#parts.field.focus();
    if (this.#session.id || this.#stuck?.entry) this.#goOn();
    else this.#start().catch(() => {}); // shown by #start itself
    this.#session.note({ open: true });
    this.#emit("open");
  }

  /** Closes the window; the conversation stays. */
  close() {
    if (!this.#parts.dialog.open) return;
    this.#hide();
    (this.#opener?.isConnected ? this.#opener : this.#pagesOwn)?.focus();
    this.#opener = null;
    this.#emit("close");
  }

  /** What opens the window: the launcher, or where there is none what the page has for it. */
  get #pagesOwn() {
    const { launcher } = this.#parts;
    const { openOn } = this.dataset;
    if (!launcher.hidden || !openOn) return launcher;
    return [...document.querySelectorAll(openOn)].find((each) => each.getClientRects().length);
  }

  #hide() {
    this.#show(false);
    this.#session.note({ open: false });
  }

  /** Tells the page that something happened, and nothing of what it was. */
  #emit(name) {
    const options = { bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`kommune-chat:${name}`, options));
  }

  #onPageClick(event) {
    const selector = this.dataset.openOn;
    const button = selector && event.target.closest?.(selector);
    if (!button) return;
    event.preventDefault(); // it may be a link, for those without script
    this.#opener = button;
    this.open();
  }

  /** Escape takes the window away from what has the keyboard in the page and lies under it. */
  #onPageKey(event) {
    const { dialog } = this.#parts;
    if (event.key !== "Escape" || event.defaultPrevented || !dialog.open) return;
    const window = dialog.getBoundingClientRect();
    const focused = (document.activeElement ?? document.body).getBoundingClientRect();
    const across = focused.left >= window.left && focused.right <= window.right;
    const down = focused.top >= window.top && focused.bottom <= window.bottom;
    if (!across || !down) return;
    this.#hide();
    this.#opener = null;
    this.#emit("close");
  }

  /** The conversation of this visit, when there is one, as it was left on the page before. */
  #bringBack() {
    const { dialog, field } = this.#parts;
    const { id, entries } = this.#session;
    const isThere = this.#session.load();
    const stays = (entry) => this.#session.entries.includes(entry);
    // What is shown already must not be read aloud again.
    if (!isThere || id !== this.#session.id || !entries.every(stays)) this.#reset();
    if (isThere) {
      this.#restore();
      field.value = this.#session.draft;
    }
    this.#count();
    const open = this.#session.open && !this.hidden;
    if (open === dialog.open) return;
    this.#show(open);
    // Nobody has asked for the focus; but what covers the page must hold it.
    if (this.#phone.matches) dialog.focus();
    if (open) this.#goOn();
  }

  #goOn() {
    this.#scrollToEnd();
    this.#announce(strings.restored);
  }

  /** A phone's whole screen must hold the focus; beside a page on a desk it must not. */
  #show(open) {
    const { dialog, launcher } = this.#parts;
    const focused = this.shadowRoot.activeElement;
    if (dialog.open) dialog.close();
    if (open && this.#phone.matches) dialog.showModal();
    else dialog.open = open; // show() would take the page's place in the order of Tab
    launcher.setAttribute("aria-expanded", String(open));
    launcher.hidden = open || this.dataset.position === "none";
    if (open && dialog.contains(focused)) focused.focus();
    this.#fitKeyboard();
  }

  /** Keeps the field above a phone's keyboard, which covers the page without resizing it. */
  #fitKeyboard() {
    const { dialog } = this.#parts;
    const covered = dialog.open && this.#phone.matches && visualViewport?.scale === 1;
    if (covered) dialog.style.setProperty("--visible-height", `${visualViewport.height}px`);
    else dialog.style.removeProperty("--visible-height");
  }

  #toggleAbout(show = this.#parts.about.hidden) {
    this.#parts.about.hidden = !show;
    this.#parts.aboutDraft.hidden = !this.#drafts;
    this.#parts.aboutButton.setAttribute("aria-expanded", String(show));
  }

  #leave() {
    const { id } = this.#session;
    this.#session.clear();
    this.#reset(); // the browser may keep the page to go back to
    this.hidden = true;
    if (id) this.#api.remove(id, true).catch(() => {}); // the page is gone before an answer
    location.replace(NEUTRAL_PAGE);
  }

  // --- Conversation -------------------------------------------------------------------------

  #start() {
    if (!this.#starting) {
      const starting = this.#begin().finally(() => {
        if (this.#starting === starting) this.#starting = null;
      });
      this.#starting = starting;
    }
    return this.#starting;
  }

  async #begin() {
    const era = this.#era;
    this.#clearProblem();
    this.#work();
    try {
      const { id, messages } = await this.#api.start(this.#kommune);
      if (era !== this.#era) {
        this.#api.remove(id).catch(() => {});
        throw new Gone();
      }
      this.#session.begin(id);
      this.#session.note({ open: this.#parts.dialog.open });
      this.#receive(messages);
    } catch (error) {
      if (era === this.#era) this.#showProblem(error, () => this.#start().catch(() => {}));
      throw error;
    } finally {
      if (era === this.#era) this.#rest();
    }
  }

  /** Shows what the parent said and brings the answer. */
  #say(text, body) {
    if (this.#busy) {
      this.#announce(strings.waiting);
      return;
    }
    if (this.#stuck?.entry) this.#giveUp(this.#stuck.entry);
    this.#useUpChoices();
    const entry = this.#session.add({ own: text, body });
    this.#addBubble(entry);
    this.#scrollToEnd();
    this.#deliver(entry);
  }

  async #deliver(entry, isNew = true) {
    const era = this.#era;
    this.#busy = true;
    this.#clearProblem();
    this.#work();
    try {
      if (!this.#session.id) await this.#start();
      await this.#session.alone(() => this.#ask(entry, era, isNew));
    } catch (error) {
      if (era === this.#era) this.#onFailure(error, entry);
    } finally {
      if (era === this.#era) {
        this.#busy = false;
        this.#rest();
      }
    }
  }

  async #ask(entry, era, isNew) {
    // After a change of page the question may be another tab's, and the answer on its way.
    if (!isNew) await new Promise((resolve) => setTimeout(resolve, SETTLING));
    if (era !== this.#era || this.#session.isAnswered(entry)) return;
    const { messages } = await this.#api.say(this.#session.id, entry.body);
    if (era === this.#era) this.#receive(messages, entry);
  }

  #onFailure(error, entry) {
    if ([400, 413].includes(error.status)) {
      this.#giveUp(entry);
      if (entry.body.text && !this.#parts.field.value) this.#parts.field.value = entry.body.text;
      this.#count();
      this.#showNotice(told(error.message));
      return;
    }
    const isOver = error.status === 404;
    if (isOver) this.#session.lose();
    const label = isOver ? strings.startOverAndSend : strings.retry;
    this.#showProblem(error, () => this.#deliver(entry), label, entry);
  }

  /** What was not sent, and will not be, says so. */
  #giveUp(entry) {
    this.#session.note({ unsent: true }, entry);
    this.#bubbles.get(entry.key).append(unsentMark());
  }

  #receive(messages, question) {
    let first;
    for (const message of messages) {
      const entry = this.#session.add({ message, ...(question && { to: question.key }) });
      const added = this.#addBubble(entry);
      first ??= added;
    }
    this.#offer();
    const suggestions = this.#parts.choices.querySelectorAll("button").length;
    this.#announce(suggestions ? strings.suggestions(suggestions) : "");
    if (first) this.#scrollTo(first);
    this.#emit("answer");
  }

  #restore() {
    this.#catchUp(this.#session.entries.filter(({ key }) => !this.#bubbles.has(key)));
    const { unanswered } = this.#session;
    const isOurs = this.#busy || this.#stuck?.entry === unanswered;
    if (unanswered && !isOurs) this.#deliver(unanswered, false);
  }

  /** Said in another tab. */
  #onNews(entries) {
    this.#catchUp(entries);
    this.#scrollToEnd();
  }

  #catchUp(entries) {
    if (!entries.length) return;
    const { entry } = this.#stuck ?? {};
    if (entry && this.#session.isAnswered(entry)) this.#clearProblem();
    entries.forEach((each) => this.#addBubble(each));
    this.#offer();
  }

  #addBubble(entry) {
    const { own, message, unsent, key } = entry;
    const choose = (label, choice) => this.#choose(label, choice);
    const added = message
      ? bubble(message, message.plan ? planCard(message, choose) : null)
      : ownBubble(own);
    if (unsent) added.append(unsentMark());
    this.#drafts ||= message?.draft === true;
    this.#parts.aboutDraft.hidden = !this.#drafts;
    this.#parts.keep.hidden = false;
    const before = this.#bubbles.get(this.#session.before(entry)?.key);
    if (before) before.after(added);
    else this.#parts.log.prepend(added);
    this.#bubbles.set(key, added);
    return added;
  }

  /** Takes everything that was said off the screen, and lets what is still asked go unheard. */
  #reset() {
    this.#era += 1;
    this.#busy = false;
    this.#starting = null;
    this.#working = 0;
    this.#rest();
    this.#replace(this.#parts.log);
    clearPaper();
    this.#parts.keep.hidden = true;
    this.#bubbles.clear();
    this.#drafts = false;
    this.#useUpChoices();
    this.#clearProblem();
    this.#parts.field.value = "";
    this.#count();
  }

  // --- Suggestions --------------------------------------------------------------------------

  /** Buttons for the newest messages, and the kommune picker when one of them asks. */
  #offer() {
    const { choices } = this.#parts;
    const messages = this.#session.newest;
    const buttons = messages
      .flatMap((message) => message.choices ?? [])
      .map(({ label, choice }) => button(label, () => this.#choose(label, choice), "choice"));
    const picker = messages.some((message) => message.ask_kommune) ? this.#buildPicker() : null;
    this.#replace(choices, ...[picker, ...buttons].filter(Boolean));
    choices.hidden = !choices.children.length;
  }

  #buildPicker() {
    const search = async (query) => (await this.#api.kommuner(query)).kommuner;
    return kommunePicker(search, ({ kode, navn }) => this.#choose(navn, `kommune:${kode}`));
  }

  #choose(label, choice) {
    if (!this.#busy) this.#parts.field.focus();
    this.#say(label, { choice });
  }

  #useUpChoices() {
    this.#replace(this.#parts.choices);
    this.#parts.choices.hidden = true;
  }

  // --- Writing ------------------------------------------------------------------------------

  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.close();
  }

  #onFieldKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#onSubmit(event);
  }

  #onSubmit(event) {
    event.preventDefault();
    const { field } = this.#parts;
    const text = field.value.trim();
    const over = text.length - this.#limit;
    if (!text || over > 0) {
      this.#showNotice(told(text ? strings.tooMany(over) : strings.empty));
      field.focus();
    } else if (this.#busy) {
      this.#announce(strings.waiting);
    } else {
      field.value = "";
      this.#count();
      this.#say(text, { text });
    }
  }

  /** Shows what is left of the limit; never blocks the writing. */
  #count() {
    const { field, counter } = this.#parts;
    const left = this.#limit - field.value.length;
    const near = field.value.length >= this.#limit * COUNTER_FROM;
    const text = left < 0 ? strings.tooMany(-left) : strings.left(left);
    counter.textContent = text;
    counter.classList.toggle("over", left < 0);
    field.setAttribute("aria-invalid", String(left < 0));
    clearTimeout(this.#counterTimer);
    // Read aloud after a pause, not at every key.
    this.#counterTimer = near ? setTimeout(() => this.#announce(text), 1000) : null;
  }

  // --- Signs --------------------------------------------------------------------------------

  /** For the ear only; after a moment, so that it is heard in a window that has just opened. */
  #announce(text) {
    const { spoken } = this.#parts;
    spoken.textContent = "";
    setTimeout(() => {
      spoken.textContent = text;
    }, 100);
  }

  /** A sign of life while there is something to wait for; set, and so read aloud, only once. */
  #work() {
    this.#working += 1;
    if (this.#working > 1) return;
    this.#typingTimer = setTimeout(() => {
      this.#parts.typing.textContent = strings.typing;
      this.#scrollToEnd();
    }, TYPING_AFTER);
  }

  #rest() {
    this.#working = Math.max(0, this.#working - 1);
    if (this.#working) return;
    clearTimeout(this.#typingTimer);
    this.#parts.typing.textContent = "";
  }

  /** A calm text, help that needs no server when there is none, and a way on. */
  #showProblem(error, again, label = strings.retry, entry = null) {
    const refused = error instanceof Refused;
    // Too many at once, or something failed: help that does not need us.
    const helps = !refused || error.status >= 429;
    const messages = error.messages ?? [];
    const numbers = helps && !messages.some(({ contact }) => contact); // a contact's card has them
    const parts = [
      told(refused ? error.message : strings.unreachable),
      ...messages.map((message) => bubble(message)),
      ...(numbers ? [emergencyList(this.#website)] : []),
      button(label, () => this.#retry(again), "primary"),
    ];
    this.#stay({ parts, helps, entry, online: refused ? null : again });
    this.#scrollTo(this.#parts.problem);
  }

  /**
   * Shows what stays until the parent goes on. `helps` when it has the numbers, `entry` is what was
   * not sent, and `online` goes on by itself when there is a connection again.
   */
  #stay(stuck) {
    this.#stuck = stuck;
    this.#offline = false;
    this.#notify();
  }

  /** Something that passes, above what stays. */
  #showNotice(...parts) {
    this.#notify(...parts);
    this.#scrollTo(this.#parts.problem);
  }

  #notify(...passing) {
    const offline = this.#offline ? [told(strings.offline), emergencyList()] : [];
    this.#replace(this.#parts.problem, ...passing, ...offline, ...(this.#stuck?.parts ?? []));
  }

  #clearProblem() {
    this.#stuck = null;
    this.#offline = false;
    this.#notify();
  }

  /** Puts something else into a part of the window; the focus does not go with what was there. */
  #replace(part, ...children) {
    if (part.contains(this.shadowRoot.activeElement)) this.#parts.field.focus();
    part.replaceChildren(...children);
  }

  #retry(again) {
    this.#parts.field.focus(); // the button is about to go
    again();
  }

  #onOffline() {
    if (!this.#parts.dialog.open || this.#stuck?.helps) return;
    this.#offline = true;
    this.#showNotice();
  }

  /** Goes on by itself with what could not be sent. */
  #onOnline() {
    const wasTold = this.#offline;
    this.#offline = false;
    if (this.#stuck?.online) this.#stuck.online();
    else if (wasTold) this.#notify();
  }

  // --- Deleting -----------------------------------------------------------------------------

  #askToErase() {
    const yes = button(strings.eraseYes, () => this.#erase(), "primary");
    const no = button(strings.eraseNo, () => {
      this.#notify();
      this.#parts.field.focus();
    });
    this.#showNotice(el("p", {}, strings.eraseAsk), el("div", { className: "pair" }, yes, no));
    no.focus(); // a second Enter by mistake deletes nothing
  }

  async #erase() {
    const { id } = this.#session;
    this.#session.clear();
    this.#parts.field.focus();
    this.#reset();
    const era = this.#era;
    let done = strings.erased;
    try {
      if (id) await this.#api.remove(id);
    } catch {
      done = strings.erasedHere(this.#minutes);
    }
    // The parent may have gone on meanwhile.
    const isNew = this.#starting || this.#stuck || this.#session.entries.length;
    if (era === this.#era && !isNew) this.#showErased(done);
  }

  /** Nothing is left to show, here or in the tab where it was deleted. */
  #showErased(text) {
    const startOver = () => this.#retry(() => this.#start().catch(() => {}));
    this.#stay({ parts: [el("p", {}, text), button(strings.startOver, startOver, "primary")] });
  }

  // --- Scrolling ----------------------------------------------------------------------------

  /** Brings the start of an element to the top of what scrolls: the log, or a low window's all. */
  #scrollTo(element) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const box = this.#scrollBox();
    const distance = element.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
    box.scrollBy({ top: distance, behavior: still ? "auto" : "smooth" });
  }

  #scrollToEnd() {
    const box = this.#scrollBox();
    box.scrollTop = box.scrollHeight;
  }

  #scrollBox() {
    const { scroller, dialog } = this.#parts;
    return getComputedStyle(scroller).overflowY === "visible" ? dialog : scroller;
  }
}
