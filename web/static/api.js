/** The conversation API. Knows nothing about the page. */

const TIMEOUT = 20_000; // the server answers within eight seconds; a slow phone net needs the rest

/** The server refused, with a Danish message for the parent. */
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
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

  say(id, body) {
    return this.#send("POST", `/conversations/${id}/messages`, body);
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
    throw new Refused(response.status, answer.error.code, answer.error.message);
  }

  async #fetch(method, path, body, keepalive) {
    try {
      return await fetch(this.#base + path, {
        method,
        keepalive,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT),
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Unreachable();
    }
  }
}
