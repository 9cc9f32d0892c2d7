/** The conversation API. Knows nothing about the page. */

const TIMEOUT = 20_000; // the server answers within eight seconds; a slow phone net needs the rest
const BUSY_PAUSE = 1000; // ms
const ATTEMPTS = 9;

/** The server refused, with a Danish message for the parent and sometimes with messages that help. */
export class Refused extends Error {
  constructor(status, { error, messages = [] }) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.messages = messages;
  }
}

/** No usable answer: no net, no server, or something else in between. */
export class Unreachable extends Error {}

export class ConversationApi {
  #base;

  constructor(base) {
    this.#base = base;
  }

  start(kommune) {
    return this.#send("POST", "/conversations", kommune ? { kommune } : {});
  }

  /** Waits while the server still answers something else, such as what a page that is gone asked. */
  async say(id, body) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send("POST", `/conversations/${id}/messages`, body);
      } catch (error) {
        if (error.status !== 409 || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE));
      }
    }
  }

  /** `keepalive` lets the request outlive the page. */
  remove(id, keepalive = false) {
    return this.#send("DELETE", `/conversations/${id}`, undefined, keepalive);
  }

  kommuner(query) {
    return this.#send("GET", `/kommuner?query=${encodeURIComponent(query)}`);
  }

  async #send(method, path, body, keepalive = false) {
    const response = await this.#fetch(method, path, body, keepalive);
    if (response.status === 204) return null;
    let answer;
    try {
      answer = await response.json();
    } catch {
      throw new Unreachable();
    }
    if (response.ok) return answer;
    if (!answer?.error?.message) throw new Unreachable();
    throw new Refused(response.status, answer);
  }

  async #fetch(method, path, body, keepalive) {
    const patience = new AbortController(); // AbortSignal.timeout is younger than many phones
    setTimeout(() => patience.abort(), TIMEOUT);
    try {
      return await fetch(this.#base + path, {
        method,
        keepalive,
        credentials: "omit",
        cache: "no-store",
        signal: patience.signal,
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Unreachable();
    }
  }
}
