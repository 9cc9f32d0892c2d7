/**
 * Looks at the page as it is drawn, and into the open shadow roots in it. While a modal window is
 * open nothing but the window counts. A check gives a list of what is wrong, in words.
 */
(() => {
  const CONTROLS = "a[href], button, input, select, textarea, summary";

  function* within(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* within(element.shadowRoot);
    }
  }

  const up = (element) => element.parentElement ?? element.getRootNode().host ?? null;

  function holds(container, element) {
    for (let e = element; e; e = up(e)) if (e === container) return true;
    return false;
  }

  /** What can be seen when scrolled to; not what only a screen reader is meant to have. */
  function shown() {
    const everything = [...within(document)];
    const modal = everything.find((element) => element.matches(":modal"));
    return everything.filter((element) => {
      const box = element.getBoundingClientRect();
      return (
        element.checkVisibility({ visibilityProperty: true }) &&
        box.width > 1 &&
        box.height > 1 &&
        !element.closest("svg svg, .visually-hidden, head") &&
        (!modal || holds(modal, element))
      );
    });
  }

  function name(element) {
    const words = (element.innerText ?? element.value ?? "").trim().replace(/\s+/g, " ");
    return `${element.localName}.${element.getAttribute("class") ?? ""} "${words.slice(0, 40)}"`;
  }

  const controls = () => shown().filter((element) => element.matches(CONTROLS));

  /** Loss of content: something sticks out, is cut off, covers another, or scrolls sideways. */
  function cramped() {
    const wrong = [];
    const page = document.scrollingElement;
    if (page.scrollWidth > innerWidth) wrong.push(`the page is ${page.scrollWidth} px wide`);
    for (const element of shown()) {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.right <= 0) continue; // a link to skip the menu, until it has the focus
      if (box.right > innerWidth + 1 || box.left < -1) wrong.push(`sticks out: ${name(element)}`);
      if (element.clientWidth && element.scrollWidth > element.clientWidth + 1)
        wrong.push(`too wide for its box: ${name(element)}`);
      const cuts = ["hidden", "clip"].includes(style.overflowY) && element.clientHeight;
      if (cuts && element.scrollHeight > element.clientHeight + 1)
        wrong.push(`cut off: ${name(element)}`);
    }
    const boxes = controls().flatMap((element) =>
      [...element.getClientRects()].map((box) => [element, layer(element), box]),
    );
    for (const [i, [a, one, first]] of boxes.entries()) {
      for (const [b, other, second] of boxes.slice(i + 1)) {
        if (a === b || one !== other) continue;
        const across = Math.min(first.right, second.right) - Math.max(first.left, second.left);
        const down = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
        if (across > 1 && down > 1) wrong.push(`${name(a)} covers ${name(b)}`);
      }
    }
    return wrong;
  }

  /** What the element moves with: things in different layers may lie over one another. */
  function layer(element) {
    for (let e = element; e; e = up(e)) {
      const { position, overflowY } = getComputedStyle(e);
      if (position === "fixed" || ["auto", "scroll"].includes(overflowY)) return e;
    }
    return document;
  }

  /** A link in a sentence: WCAG excepts it, for the line height of the text decides its size. */
  function inSentence(element) {
    if (!element.matches("a") || !getComputedStyle(element).display.startsWith("inline")) return false;
    const around = element.closest("p, li, h1, h2, h3, h4, .origin");
    const words = (text) => text.replace(/[^\p{L}\p{N}]/gu, "").length;
    return Boolean(around) && words(around.textContent) > words(element.textContent);
  }

  /** Controls that are smaller than `least` pixels in either direction. */
  function small(least) {
    return controls()
      .filter((element) => !inSentence(element))
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < least - 0.5)
      .map(([e, box]) => `${Math.round(box.width)}×${Math.round(box.height)}: ${name(e)}`);
  }

  // --- Focus --------------------------------------------------------------------------------

  function focused() {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === document.body ? null : element;
  }

  function topmost(x, y) {
    let element = document.elementFromPoint(x, y);
    while (element?.shadowRoot) {
      const inner = element.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === element) break;
      element = inner;
    }
    return element;
  }

  /** Some part of the element is on the screen with nothing in front of it. */
  function isSeen(element) {
    const parts = [0.02, 0.25, 0.5, 0.75, 0.98];
    return [...element.getClientRects()].some((box) =>
      parts.some((across) =>
        parts.some((down) => {
          const found = topmost(box.left + box.width * across, box.top + box.height * down);
          return Boolean(found) && holds(element, found);
        }),
      ),
    );
  }

  function rgb(colour) {
    const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { channels: [r, g, b], alpha };
  }

  const LINEAR = Array.from({ length: 256 }, (_, value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );

  const luminance = ([r, g, b]) => 0.2126 * LINEAR[r] + 0.7152 * LINEAR[g] + 0.0722 * LINEAR[b];

  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

  function behind(element) {
    for (let e = up(element); e; e = up(e)) {
      const { channels, alpha } = rgb(getComputedStyle(e).backgroundColor);
      if (alpha === 1) return channels;
    }
    return [255, 255, 255];
  }

  /** What has the keyboard, and what a parent sees of that; null when the page has lost it. */
  function focus() {
    const element = focused();
    if (!element) return null;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0;
    const inward = parseFloat(style.outlineOffset) < 0;
    const ground = inward ? rgb(style.backgroundColor) : null;
    const colours = ground?.alpha === 1 ? ground.channels : behind(element);
    return {
      name: name(element),
      inChat: element.getRootNode() !== document,
      outline: outlined,
      contrast: ratio(luminance(rgb(style.outlineColor).channels), luminance(colours)),
      seen: isSeen(element),
      order: [...within(document)].indexOf(element),
    };
  }

  /** The names of all that Tab must reach now, in the order of the page. */
  function stops() {
    return shown()
      .filter((element) => element.matches(CONTROLS) || element.tabIndex === 0)
      .filter((element) => element.tabIndex >= 0)
      .map(name);
  }

  // --- Colours as drawn ---------------------------------------------------------------------

  /** Boxes of the texts that lie in the window in full, for a look at their pixels. */
  function texts() {
    return shown()
      .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(
        ([e, box]) =>
          box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight &&
          holds(e, topmost(box.left + box.width / 2, box.top + box.height / 2)),
      )
      .map(([e, { x, y, width, height }]) => ({ name: name(e), x, y, width, height }));
  }

  /** The contrast between the lightest and the darkest pixel of each box in a picture. */
  async function faint(picture, boxes, least) {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    return boxes.flatMap(({ name, x, y, width, height }) => {
      const { data } = canvas.getImageData(x, y, width, height);
      let [light, dark] = [0, 1];
      for (let i = 0; i < data.length; i += 4) {
        const pixel = luminance([data[i], data[i + 1], data[i + 2]]);
        light = Math.max(light, pixel);
        dark = Math.min(dark, pixel);
      }
      return ratio(light, dark) < least ? [`${ratio(light, dark).toFixed(1)}: ${name}`] : [];
    });
  }

  /** axe's findings, and the chat's controls that it has not looked at. */
  async function axeFindings(options) {
    const { violations, passes } = await axe.run(document, {
      ...options,
      resultTypes: ["violations", "passes"],
      elementRef: true,
      selectors: false, // they take time, and names say more
    });
    const checked = new Set(
      [...violations, ...passes].flatMap(({ nodes }) => nodes.map(({ element }) => element)),
    );
    const place = (element) => (element.getRootNode() === document ? "page" : "chat");
    const words = ({ id, nodes }) =>
      nodes.map((n) => `${id}: ${place(n.element)}: ${name(n.element)}: ${n.failureSummary}`);
    return {
      violations: violations.flatMap(words),
      // Empty only if axe has looked into the shadow root: each control there is known to it.
      unchecked: controls()
        .filter((element) => element.getRootNode() !== document && !checked.has(element))
        .map(name),
    };
  }

  window.accessibility = { axeFindings, cramped, faint, focus, small, stops, texts };
})();
