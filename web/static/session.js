/**
 * The conversation in this tab, so that it survives a reload and a change of page. Nothing is
 * stored before the parent opens the chat, and nothing but in sessionStorage; there it goes when
 * the server's time has passed.
 *
 * A duplicated tab holds the same conversation as the tab it was made from. Such tabs tell each
 * other what is said: each entry has a key, an answer names its question in `to`, and what a tab
 * lacks is put in its place. They ask the server one at a time, and deleting in one is for all.
 *
 * An entry is `{key, own, body, unsent?}` (what the parent said, and what was sent for it) or
 * `{key, message, to?}`.
 */

const KEY = "kommune-chat";

export class Session {
  #minutes;
  #onNews;
  #onGone;
  #channel = null;
  #expiry;

  /** `onNews` gets the entries said in another tab; `onGone` hears that it was deleted there. */
  constructor(minutes, { onNews, onGone }) {
    this.#minutes = minutes;
    this.#onNews = onNews;
    this.#onGone = onGone;
    this.#forget();
  }

  /**
   * Reads what the tab holds; forgets what the server has forgotten. True when there is something.
   * An entry that has not changed since the last time stays the same object.
   */
  load() {
    const known = new Map(this.entries.map((entry) => [JSON.stringify(entry), entry]));
    this.#forget();
    try {
      const saved = JSON.parse(sessionStorage.getItem(KEY));
      if (!saved) return false;
      saved.entries = saved.entries.map((entry) => known.get(JSON.stringify(entry)) ?? entry);
      Object.assign(this, saved);
    } catch {
      return false; // storage switched off: the conversation lives as long as the page
    }
    this.#save();
    if (this.#isOver) {
      this.#forget();
      return false;
    }
    this.#tell({ hello: true, entries: this.entries });
    return true;
  }

  begin(id) {
    Object.assign(this, { id, at: Date.now() });
    this.#save();
  }

  /** The server knows the conversation no longer; what was said stays. */
  lose() {
    this.id = null;
    this.#save();
  }

  /** Keeps what was said; the entry with its key. */
  add(entry) {
    const added = { key: newKey(), ...entry };
    this.at = Date.now();
    this.#put(added);
    this.#save();
    this.#tell({ entries: [added] });
    return added;
  }

  /** Changes what is kept beside the entries (`open`, `draft`), or something of one entry. */
  note(change, target = this) {
    Object.assign(target, change);
    this.#save();
  }

  /** The entry that stands before this one. */
  before(entry) {
    return this.entries[this.entries.indexOf(entry) - 1];
  }

  isAnswered(own) {
    return this.entries.some((entry) => entry.to === own.key);
  }

  /** What the parent said last that has no answer yet: the page may have changed before. */
  get unanswered() {
    const waits = ({ own, unsent }) => own !== undefined && !unsent;
    return this.entries.filter((entry) => waits(entry) && !this.isAnswered(entry)).pop();
  }

  /** The messages whose suggestions can still be used: those after the parent's last words. */
  get newest() {
    const last = this.#lastOwn;
    const newest = this.entries.filter(({ message, to }) => message && to === last?.key);
    return newest.map(({ message }) => message);
  }

  /** Runs `work` while no other tab asks for this conversation. */
  alone(work) {
    if (!navigator.locks) return work(); // no HTTPS: the server refuses the second question
    return navigator.locks.request(`${KEY}:${this.id}`, work);
  }

  /** Deletes the conversation here and in the tabs that share it. */
  clear() {
    this.#tell({ gone: true });
    this.#forget();
    this.#drop();
  }

  #forget() {
    Object.assign(this, { id: null, entries: [], open: false, draft: "", at: 0 });
  }

  get #lastOwn() {
    return this.entries.filter((entry) => entry.own !== undefined).pop();
  }

  /** An answer stands below its question, an opening above what has been asked before it came. */
  #put(entry) {
    const { own, to } = entry;
    const related = this.entries.map((other) => other.key === to || other.to === to);
    let place = this.entries.length;
    if (to) place = related.lastIndexOf(true) + 1 || place;
    else if (own === undefined && this.unanswered) place = this.entries.indexOf(this.unanswered);
    this.entries.splice(place, 0, entry);
  }

  #save() {
    const { id, entries, open, draft, at } = this;
    if (!id && !entries.length) return; // cleared, or not begun
    clearTimeout(this.#expiry);
    if (this.#isOver) {
      this.#drop(); // what the window shows stays until the page goes
      return;
    }
    this.#expiry = setTimeout(() => this.#save(), this.#left);
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ id, entries, open, draft, at }));
    } catch {
      // full or switched off
    }
  }

  /** Until the server forgets the conversation, in ms. */
  get #left() {
    return this.at + this.#minutes * 60_000 - Date.now();
  }

  get #isOver() {
    return !(this.#left > 0);
  }

  #drop() {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // nothing was stored
    }
  }

  // --- Other tabs ---------------------------------------------------------------------------

  #tell(news) {
    if (!this.id || !globalThis.BroadcastChannel) return;
    if (!this.#channel) {
      this.#channel = new BroadcastChannel(KEY);
      this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    }
    this.#channel.postMessage({ id: this.id, ...news });
  }

  #hear({ id, hello, gone, entries = [] }) {
    if (!this.id || id !== this.id) return;
    if (gone) {
      this.#forget();
      this.#drop();
      this.#onGone();
      return;
    }
    if (hello) this.#tell({ entries: this.entries });
    const known = new Set(this.entries.map(({ key }) => key));
    const news = entries.filter(({ key }) => !known.has(key));
    if (!news.length) return;
    this.at = Date.now();
    news.forEach((entry) => this.#put(entry));
    this.#save();
    this.#onNews(news);
  }
}

/** Not `crypto.randomUUID`: a page without HTTPS has none. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(2))).join("-");
