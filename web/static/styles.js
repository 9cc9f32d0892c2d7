/**
 * Styles from a text. No <style> and no <link>, so no page's Content-Security-Policy stops them,
 * but in browsers from before 2023.
 */

/** Gives `root` (a document or a shadow root) the style; returns how to change and to remove it. */
export function adopt(root, css) {
  if (!root.adoptedStyleSheets) return insert(root, css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return {
    change: (text) => sheet.replaceSync(text),
    remove: () => {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}

/** For them, such as Safari 16.3; a policy without 'unsafe-inline' for styles stops it. */
function insert(root, css) {
  const style = document.createElement("style");
  style.textContent = css;
  (root.head ?? root).append(style);
  return {
    change: (text) => {
      style.textContent = text;
    },
    remove: () => style.remove(),
  };
}

/** `css` with each rem as pixels, for a page may have made its own rem small. */
export const withRem = (css, pixels) =>
  css.replace(/([\d.]+)rem\b/g, (_, count) => `${count * pixels}px`);
