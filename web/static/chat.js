/** <kommune-chat>: a launcher and a chat window in a shadow root. See chat.css for its looks. */

import { ConversationApi, Refused } from "./api.js";
import { kommunePicker } from "./picker.js";
import { planCard } from "./plan.js";
import { Session } from "./session.js";
import { strings } from "./strings.js";
import { bubble, button, el, emergencyList, hidden, icon, ownBubble } from "./view.js";

const TYPING_AFTER = 700; // ms; a quick answer needs no sign of life
const COUNTER_FROM = 0.8; // of the limit
const NEUTRAL_PAGE = "https://www.dr.dk/";
const PHONE = "(max-width: 600px)";

/** The conversation was deleted while it was being started. */
class Gone extends Error {}

export class KommuneChat extends HTMLElement {
  #api;
  #session;
  #parts = {};
  #starting = null;
  #busy = false;
  #era = 0; // counts deletions: what was asked before one must not be shown after it
  #drafts = false;
  #phone = matchMedia(PHONE);
  #typingTimer;
  #counterTimer;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#api = new ConversationApi(this.dataset.api ?? new URL("../api", import.meta.url).href);
    this.#session = new Session(this.#minutes);
    this.attachShadow({ mode: "open" }).append(
      this.#stylesheet(),
      this.#buildLauncher(),
      this.#buildDialog(),
    );
    this.#phone.addEventListener("change", () => this.#show(this.#parts.dialog.open));
    visualViewport?.addEventListener("resize", () => this.#fitKeyboard());
  }

  get #minutes() {
    return Number(this.dataset.minutes) || 30;
  }

  get #limit() {
    return Number(this.dataset.maxCharacters) || 2000;
  }

  get #kommune() {
    return /^\d{4}$/.test(this.dataset.kommune ?? "") ? this.dataset.kommune : null;
  }

  // --- Building -----------------------------------------------------------------------------

  #stylesheet() {
    const show = () => {
      this.#parts.launcher.hidden = this.#parts.dialog.open;
    };
    return el("link", {
      rel: "stylesheet",
      href: new URL("chat.css", import.meta.url).href,
      onload: show,
      onerror: show,
    });
  }

  #buildLauncher() {
    const launcher = el(
      "button",
      {
        type: "button",
        className: "launcher",
        hidden: true, // until its style is there
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
    );
    parts.dialog = el(
      "dialog",
      { className: "dialog", "aria-labelledby": "title", onkeydown: (e) => this.#onKey(e) },
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

  #buildHeader() {
    const about = button(strings.about, () => this.#toggleAbout(), "bar");
    about.setAttribute("aria-expanded", "false");
    about.setAttribute("aria-controls", "about");
    this.#parts.aboutButton = about;
    return el(
      "header",
      {},
      el(
        "div",
        { className: "heading" },
        el(
          "div",
          {},
          el("h2", { id: "title" }, strings.title),
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
          icon("exit"),
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
      { id: "about", className: "about", hidden: true, "aria-label": strings.about },
      ...strings.aboutLines(this.#minutes).map((line) => el("p", {}, line)),
      parts.aboutDraft,
      el("p", { className: "strong" }, strings.aboutEmergency),
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
    parts.counter = el("p", { id: "counter", className: "counter", hidden: true });
    parts.spoken = el("p", { className: "visually-hidden", role: "status" });
    return el(
      "form",
      { noValidate: true, onsubmit: (event) => this.#onSubmit(event) },
      el("label", { htmlFor: "field" }, strings.field),
      el(
        "div",
        { className: "row" },
        parts.field,
        el("button", { type: "submit", className: "send" }, strings.send),
      ),
      parts.counter,
      parts.spoken,
    );
  }

  // --- Opening and closing ------------------------------------------------------------------

  /** Opens the window; the first time it also begins, or restores, the conversation. */
  open() {
    const fresh = !this.#session.id && !this.#starting;
    if (fresh && this.#session.load()) this.#restore();
    this.#show(true);
    this.#parts.field.focus();
    if (!this.#session.id) this.#start().catch(() => {}); // shown by #start itself
    else this.#scrollToEnd();
  }

  /** Closes the window; the conversation stays. */
  close() {
    this.#show(false);
    this.#parts.launcher.focus();
  }

  /** A phone's whole screen must hold the focus; beside a page on a desk it must not. */
  #show(open) {
    const { dialog, launcher } = this.#parts;
    const focused = this.shadowRoot.activeElement;
    if (dialog.open) dialog.close();
    if (open && this.#phone.matches) dialog.showModal();
    else if (open) dialog.show();
    launcher.setAttribute("aria-expanded", String(open));
    launcher.hidden = open;
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
    this.#era += 1;
    this.#session.clear();
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
    this.#showTyping();
    try {
      const { id, messages } = await this.#api.start(this.#kommune);
      if (era !== this.#era) {
        this.#api.remove(id).catch(() => {});
        throw new Gone();
      }
      this.#session.begin(id);
      this.#receive(messages);
    } catch (error) {
      if (era === this.#era) this.#showProblem(error, () => this.#start().catch(() => {}));
      throw error;
    } finally {
      if (era === this.#era) this.#hideTyping();
    }
  }

  /** Shows what the parent said and brings the answer. */
  #say(text, body) {
    if (this.#busy) {
      this.#parts.spoken.textContent = strings.waiting;
      return;
    }
    this.#useUpChoices();
    const own = this.#addOwn(text);
    this.#deliver(body, own);
  }

  async #deliver(body, own) {
    const era = this.#era;
    this.#busy = true;
    this.#clearProblem();
    this.#showTyping();
    try {
      if (!this.#session.id) await this.#start();
      const { messages } = await this.#api.say(this.#session.id, body);
      if (era === this.#era) this.#receive(messages);
    } catch (error) {
      if (era === this.#era) this.#onFailure(error, body, own);
    } finally {
      if (era === this.#era) {
        this.#busy = false;
        this.#hideTyping();
      }
    }
  }

  #onFailure(error, body, own) {
    const again = () => this.#deliver(body, own);
    if (!(error instanceof Refused) || ![400, 404, 413].includes(error.status)) {
      this.#showProblem(error, again);
    } else if (error.status === 404) {
      this.#session.id = null;
      this.#showProblem(error, again, strings.startOverAndSend);
    } else {
      own.append(el("p", { className: "unsent" }, strings.notSent));
      if (body.text && !this.#parts.field.value) this.#parts.field.value = body.text;
      this.#count();
      this.#showProblem(error);
    }
  }

  #receive(messages) {
    this.#useUpChoices();
    let first;
    for (const message of messages) {
      this.#session.add({ message });
      const added = this.#addBubble(message);
      first ??= added;
    }
    this.#offer(messages);
    this.#hideTyping();
    if (first) this.#scrollTo(first);
  }

  #restore() {
    for (const entry of this.#session.entries) {
      if (entry.own) this.#parts.log.append(ownBubble(entry.own));
      else this.#addBubble(entry.message);
    }
    const open = this.#session.entries.map((entry) => entry.message);
    this.#offer(open.filter((message) => message && !message.settled));
    this.#parts.spoken.textContent = strings.restored;
  }

  #addOwn(text) {
    const own = ownBubble(text);
    this.#session.add({ own: text });
    this.#parts.log.append(own);
    this.#scrollToEnd();
    return own;
  }

  #addBubble(message) {
    const choose = (label, choice) => this.#choose(label, choice);
    const added = bubble(message, message.plan ? planCard(message, choose) : null);
    this.#drafts ||= message.draft === true;
    this.#parts.aboutDraft.hidden = !this.#drafts;
    this.#parts.log.append(added);
    return added;
  }

  // --- Suggestions --------------------------------------------------------------------------

  /** Buttons for the newest messages, and the kommune picker when one of them asks. */
  #offer(messages) {
    const { choices } = this.#parts;
    const buttons = messages
      .flatMap((message) => message.choices ?? [])
      .map(({ label, choice }) => button(label, () => this.#choose(label, choice), "choice"));
    const picker = messages.some((message) => message.ask_kommune) ? this.#buildPicker() : null;
    choices.replaceChildren(...[picker, ...buttons].filter(Boolean));
    choices.hidden = !choices.children.length;
  }

  #buildPicker() {
    const search = async (query) => {
      try {
        return (await this.#api.kommuner(query)).kommuner;
      } catch {
        return []; // the parent can still write the name in the chat
      }
    };
    return kommunePicker(search, ({ kode, navn }) => this.#choose(navn, `kommune:${kode}`));
  }

  #choose(label, choice) {
    if (!this.#busy) this.#parts.field.focus();
    this.#say(label, { choice });
  }

  #useUpChoices() {
    this.#parts.choices.replaceChildren();
    this.#parts.choices.hidden = true;
    this.#session.settle();
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
    const { field, spoken } = this.#parts;
    const text = field.value.trim();
    const over = text.length - this.#limit;
    if (!text || over > 0) {
      this.#showProblem(new Refused(400, "local", text ? strings.tooMany(over) : strings.empty));
      field.focus();
    } else if (this.#busy) {
      spoken.textContent = strings.waiting;
    } else {
      field.value = "";
      this.#count();
      this.#say(text, { text });
    }
  }

  /** Shows what is left of the limit; never blocks the writing. */
  #count() {
    const { field, counter, spoken } = this.#parts;
    const left = this.#limit - field.value.length;
    const near = field.value.length >= this.#limit * COUNTER_FROM;
    const text = left < 0 ? strings.tooMany(-left) : strings.left(left);
    counter.hidden = !near;
    counter.textContent = near ? text : "";
    counter.classList.toggle("over", left < 0);
    field.setAttribute("aria-invalid", String(left < 0));
    clearTimeout(this.#counterTimer);
    // Read aloud after a pause, not at every key.
    this.#counterTimer = setTimeout(() => {
      spoken.textContent = near ? text : "";
    }, 1000);
  }

  // --- Signs --------------------------------------------------------------------------------

  #showTyping() {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.#parts.typing.textContent = strings.typing;
      this.#scrollToEnd();
    }, TYPING_AFTER);
  }

  #hideTyping() {
    clearTimeout(this.#typingTimer);
    this.#parts.typing.textContent = "";
  }

  /** A calm text, help that needs no server when there is none, and a way on. */
  #showProblem(error, again, label = strings.retry) {
    const refused = error instanceof Refused;
    this.#hideTyping();
    this.#parts.problem.replaceChildren(
      el("p", {}, hidden(`${strings.errorPrefix} `), refused ? error.message : strings.unreachable),
      ...(refused && error.status < 429 ? [] : [emergencyList(this.dataset.website)]),
      ...(again ? [button(label, () => this.#retry(again), "primary")] : []),
    );
    this.#scrollTo(this.#parts.problem);
  }

  #retry(again) {
    this.#parts.field.focus(); // the button is about to go
    again();
  }

  #clearProblem() {
    this.#parts.problem.replaceChildren();
  }

  // --- Deleting -----------------------------------------------------------------------------

  #askToErase() {
    const yes = button(strings.eraseYes, () => this.#erase(), "primary");
    const no = button(strings.eraseNo, () => {
      this.#clearProblem();
      this.#parts.field.focus();
    });
    this.#parts.problem.replaceChildren(
      el("p", {}, strings.eraseAsk),
      el("div", { className: "pair" }, yes, no),
    );
    this.#scrollTo(this.#parts.problem);
    yes.focus();
  }

  async #erase() {
    const { id } = this.#session;
    const { log, field, problem } = this.#parts;
    this.#era += 1;
    this.#busy = false;
    this.#starting = null;
    this.#hideTyping();
    this.#session.clear();
    this.#useUpChoices();
    this.#drafts = false;
    log.replaceChildren();
    field.value = "";
    this.#count();
    field.focus();
    this.#clearProblem();
    let done = strings.erased;
    try {
      if (id) await this.#api.remove(id);
    } catch {
      done = strings.erasedHere(this.#minutes);
    }
    problem.replaceChildren(
      el("p", {}, done),
      button(strings.startOver, () => this.#retry(() => this.#start().catch(() => {})), "primary"),
    );
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

customElements.define("kommune-chat", KommuneChat);
