// The dialog on top of a person's stack, with its errors, and the question before a button acts.
import { blocks, textOf } from "./blocks.js";
import { el } from "./dom.js";
import { complaint, valueOf } from "./inputs.js";
import { act } from "./server.js";
import { plain } from "./mrkdwn.js";
import { state } from "./state.js";

let shown = null;

// Draws the top of the stack; a dialog that has not changed stays as it is, with what was typed.
export function drawDialogs(stack) {
  const view = stack.at(-1);
  if (!view) return shown && hide();
  if (shown?.id === view.id && shown.hash === view.hash) return;
  const typed = shown?.id === view.id ? entered(shown.node) : {};
  if (!shown) open();
  shown.id = view.id;
  shown.hash = view.hash;
  draw(view, stack.length);
  retype(shown.node, typed);
  if (!shown.node.contains(document.activeElement) || document.activeElement === shown.node) first(shown.node)?.focus();
}

function open() {
  const node = el("dialog.modal", { "aria-labelledby": "modal-title" });
  const active = document.activeElement;
  shown = { node, back: active?.dataset?.mark || active?.id || "", opener: active };
  node.addEventListener("cancel", (event) => { event.preventDefault(); dismiss(); });
  node.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); dismiss(); } });
  document.body.append(node);
  node.showModal();
}

// The focus goes back to what opened it, or to its successor after a redraw.
function hide() {
  const { node, back, opener } = shown;
  shown = null;
  node.close();
  node.remove();
  const next = opener?.isConnected ? opener : document.getElementById(back) || document.querySelector(`[data-mark="${CSS.escape(back || "-")}"]`);
  (next && next !== document.body ? next : document.querySelector("#composer textarea") || document.getElementById("main"))?.focus();
}

async function dismiss() {
  await act("close", { as: state.me });
  await state.refresh();
}

function draw(view, depth) {
  const place = { view: view.id, values: view.state?.values || {} };
  const body = el("div.modal-body", { tabIndex: -1 }, blocks(view.blocks, place));
  const close = el("button.button.plain", { type: "button", onclick: dismiss }, view.close ? plain(view.close.text) : "Close");
  const form = el(
    "form",
    { novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(view); } },
    el(
      "header.modal-head",
      {},
      el("span.badge-app", { "aria-hidden": "true" }, "A"),
      el("h2", { id: "modal-title" }, plain(view.title.text), depth > 1 && el("small", {}, ` · ${depth} of 3`)),
      el("button.icon", { type: "button", "aria-label": "Close", onclick: dismiss }, "✕"),
    ),
    body,
    el("footer.modal-foot", {}, close, view.submit && el("button.button.primary", { type: "submit", id: "modal-submit" }, plain(view.submit.text))),
  );
  shown.node.replaceChildren(form);
}

const first = (node) => node.querySelector(".b-input input, .b-input textarea, .b-input select") || node.querySelector(".modal-body");

const fields = (node) => [...node.querySelectorAll("[data-field]")].map((row) => [row.dataset.field, row.querySelector("[data-control]"), row]).filter(([, control]) => control);

function entered(node) {
  return Object.fromEntries(fields(node).map(([block, control]) => [`${block}.${control.dataset.action}`, valueOf(control)]));
}

// Slack sends the whole form with whatever is chosen in it.
export const enteredSoFar = () => (shown ? entered(shown.node) : {});

function retype(node, typed) {
  for (const [block, control] of fields(node)) {
    const value = typed[`${block}.${control.dataset.action}`];
    if (typeof value === "string" && control.matches("input,textarea,select")) control.value = value;
    if (value && control.matches("fieldset")) for (const box of control.querySelectorAll("input")) box.checked = [value].flat().includes(box.value);
  }
}

async function submit(view) {
  const wrong = Object.fromEntries(fields(shown.node).map(([block, control]) => [block, complaint(control)]).filter(([, words]) => words));
  if (Object.keys(wrong).length) return showErrors(wrong);
  const button = shown.node.querySelector("#modal-submit");
  button.setAttribute("aria-busy", "true");
  const answer = await act("submit", { as: state.me, values: entered(shown.node) });
  button.removeAttribute("aria-busy");
  showErrors(answer.errors || {});
  await state.refresh();
  if (shown?.id === view.id && answer.outcome === "updated") shown.node.querySelector(".modal-body")?.focus();
}

// One sentence below each input that is meant; the first of them gets the focus.
function showErrors(errors) {
  if (!shown) return;
  let target = null;
  for (const [block, control, row] of fields(shown.node)) {
    const place = row.querySelector(".error");
    const input = control.matches("input,textarea,select") ? control : control.querySelector("input,select");
    place.textContent = errors[block] || "";
    place.hidden = !errors[block];
    errors[block] ? input?.setAttribute("aria-invalid", "true") : input?.removeAttribute("aria-invalid");
    if (errors[block] && !target) target = input;
  }
  target?.focus();
  target?.closest("[data-field]").scrollIntoView({ block: "nearest" });
}

// Slack's confirmation dialog; true at once when nothing has to be asked.
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  return ask({ title: plain(question.title.text), text: textOf(question.text), yes: plain(question.confirm.text), no: plain(question.deny.text), danger: question.style === "danger" });
}

export function ask({ title, text, yes, no = "Cancel", danger = false }) {
  const back = document.activeElement;
  return new Promise((resolve) => {
    const node = el("dialog.confirm", { role: "alertdialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" });
    const end = (answer) => { node.close(); node.remove(); back?.focus?.(); resolve(answer); };
    node.addEventListener("cancel", (event) => { event.preventDefault(); end(false); });
    node.append(
      el("h2", { id: "confirm-title" }, title),
      el("p", { id: "confirm-text" }, text),
      el("footer.modal-foot", {}, el("button.button.plain", { type: "button", onclick: () => end(false) }, no), el(`button.button.${danger ? "danger" : "primary"}`, { type: "button", onclick: () => end(true) }, yes)),
    );
    document.body.append(node);
    node.showModal();
    node.querySelector(".modal-foot button:last-child").focus();
  });
}
