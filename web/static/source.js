/** Where the chat comes from: the address of its one script. */

export const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');

/** The folder that the script lies in; the API is beside it. */
export const home = new URL(".", script.src).href;
