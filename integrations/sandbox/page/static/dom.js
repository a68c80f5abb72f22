// Makes and renews nodes. Text only ever becomes a text node: nothing that somebody wrote is parsed as HTML.

export function el(name, props = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag || "div");
  node.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) set(node, key, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "value" || (key in node && typeof value !== "string")) node[key] = value;
  else node.setAttribute(key, value === true ? "" : value);
}

// Redraws a list and keeps every node whose item has not changed, so that focus, hover and scrolling survive.
export function renew(list, items, keyOf, draw) {
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const key = keyOf(item);
    const trace = JSON.stringify(item);
    const kept = before.get(key);
    if (kept && kept.trace === trace) return kept;
    const fresh = draw(item);
    fresh.dataset.key = key;
    fresh.trace = trace;
    return fresh;
  });
  const wanted = new Set(nodes);
  const focused = focusMark();
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, place) => {
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] || null);
  });
  refocus(focused);
}

// Where the focus is, in words that survive a redraw.
export function focusMark() {
  return document.activeElement?.dataset?.mark || document.activeElement?.id || "";
}

export function refocus(mark) {
  if (!mark || (document.activeElement && document.activeElement !== document.body)) return;
  const found = document.getElementById(mark) || document.querySelector(`[data-mark="${CSS.escape(mark)}"]`);
  found?.focus({ preventScroll: true });
}

// Fills a node anew unless it shows exactly this already.
export function fill(node, trace, ...children) {
  const shown = JSON.stringify(trace);
  if (node.trace === shown) return false;
  const mark = focusMark();
  node.trace = shown;
  node.replaceChildren(...children.flat(Infinity).map((child) => (typeof child === "function" ? child() : child)).flat(Infinity).filter(Boolean));
  refocus(mark);
  return true;
}

export function toast(text) {
  const place = topDialog()?.appendChild(el("div.toasts", { role: "alert" })) || document.getElementById("toasts");
  const shown = el("div.toast", {}, el("span", {}, text), el("button.icon", { type: "button", "aria-label": "Dismiss", onclick: () => shown.remove() }, "✕"));
  place.append(shown);
  setTimeout(() => shown.remove(), 9000);
}

// Only what stands inside the dialog on top can be seen and heard while it is open.
export const topDialog = () => [...document.querySelectorAll("dialog[open]")].at(-1);

export function announce(text) {
  document.getElementById("news").textContent = text;
}
