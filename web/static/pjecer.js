/** Offers the browser's own print. A page without script lacks only this button. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}
