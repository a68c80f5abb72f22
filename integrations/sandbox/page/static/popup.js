// A menu at a button: arrows move, Escape closes and gives the focus back.
import { el } from "./dom.js";

export function popup(opener, entries, { label = "Menu" } = {}) {
  const rows = entries.map((entry) => el("button", { type: "button", role: "menuitem", tabIndex: -1, onclick: () => { close(); entry.run(); } }, entry.label));
  panel(opener, el("div.popup.menu-list", { role: "menu", "aria-label": label }, rows), (event) => {
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[(to + rows.length) % rows.length].focus();
  });
  rows[0]?.focus();
}

let close = () => {};

// Shows `node` beside the opener, inside the dialog that is open if there is one.
export function panel(opener, node, onkey = () => {}) {
  close();
  const host = opener.closest("dialog") || document.body;
  const outside = (event) => { if (!node.contains(event.target) && !opener.contains(event.target)) close(); };
  const mark = opener.dataset.mark || opener.id;
  opener.setAttribute("aria-expanded", "true");
  close = () => {
    node.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside);
    close = () => {};
    const back = opener.isConnected ? opener : mark && document.querySelector(`[data-mark="${CSS.escape(mark)}"]`);
    if (back && (document.activeElement === document.body || !document.activeElement)) back.focus();
  };
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
    else if (event.key === "Tab" && node.getAttribute("role") === "menu") close();
    else onkey(event);
  });
  document.addEventListener("pointerdown", outside);
  host.append(node);
  const at = opener.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  node.style.top = `${at.bottom + size.height + 8 > innerHeight ? Math.max(8, at.top - size.height - 4) : at.bottom + 4}px`;
  return () => close();
}

export const closePopup = () => close();
