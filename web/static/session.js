/** The conversation in this tab, so that a reload keeps it. Untouched until the chat is opened. */

const KEY = "kommune-chat";

export class Session {
  #minutes;

  constructor(minutes) {
    this.#minutes = minutes;
    this.id = null;
    this.entries = [];
  }

  /** Reads what the tab holds; forgets what the server has forgotten. True when there is something. */
  load() {
    try {
      const saved = JSON.parse(sessionStorage.getItem(KEY));
      const fresh = saved && Date.now() - saved.at < this.#minutes * 60_000;
      if (!fresh) {
        this.clear();
        return false;
      }
      this.id = saved.id;
      this.entries = saved.entries;
      return true;
    } catch {
      return false; // storage switched off: the conversation lives as long as the page
    }
  }

  begin(id) {
    this.id = id;
    this.#save();
  }

  add(entry) {
    this.entries.push(entry);
    this.#save();
  }

  /** Only the newest suggestions can be used. */
  settle() {
    for (const entry of this.entries) if (entry.message) entry.message.settled = true;
    this.#save();
  }

  clear() {
    this.id = null;
    this.entries = [];
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // nothing was stored
    }
  }

  #save() {
    const { id, entries } = this;
    if (!id && !entries.length) return; // cleared
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ id, entries, at: Date.now() }));
    } catch {
      // full or switched off
    }
  }
}
