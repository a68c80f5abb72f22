// Buttons, overflow menus and selects that tell the app at once.
import { unknown } from "./blocks.js";
import { el, toast } from "./dom.js";
import { popup } from "./popup.js";
import { control, valueOf } from "./inputs.js";
import { act } from "./server.js";
import { confirmed, enteredSoFar } from "./modal.js";
import { plain } from "./mrkdwn.js";
import { state } from "./state.js";

const CHOOSING = [
  "static_select", "external_select", "users_select", "conversations_select", "channels_select",
  "datepicker", "timepicker", "checkboxes", "radio_buttons",
];

export function element(each, block, place) {
  if (each.type === "button") return button(each, block, place);
  if (each.type === "overflow") return overflow(each, block, place);
  if (CHOOSING.includes(each.type)) return chooser(each, block, place);
  return unknown(each);
}

function mark(each, block, place) {
  return [place.view || place.message?.join(" "), block.block_id, each.action_id, each.value].filter(Boolean).join(" ");
}

function button(each, block, place) {
  const props = {
    type: "button",
    "data-mark": mark(each, block, place),
    "data-action": each.action_id,
    "aria-label": each.accessibility_label,
    onclick: () => press(each, place, node),
  };
  const node = el(`button.button.${each.style || "plain"}`, props, plain(each.text.text));
  return node;
}

async function press(each, place, node) {
  if (node.getAttribute("aria-busy") === "true" || !(await confirmed(each.confirm))) return;
  if (each.url) return open(each.url);
  await busy(node, () => act("click", { as: state.me, place: where(place), action: each.action_id, value: each.value ?? null }));
}

function open(url) {
  if (/^https?:\/\//i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
  else toast("Slack opens only web addresses from a button.");
}

function overflow(each, block, place) {
  const node = el("button.icon", { type: "button", "aria-label": "More", "aria-haspopup": "menu", "data-mark": mark(each, block, place) }, "⋯");
  const pick = async (option) => {
    if (await confirmed(each.confirm)) await choose(each, place, option.value, node);
  };
  node.addEventListener("click", () => popup(node, each.options.map((option) => ({ label: plain(option.text.text), run: () => pick(option) }))));
  return node;
}

function chooser(each, block, place) {
  const node = control(each, block, place);
  node.addEventListener("change", async () => {
    const value = valueOf(node);
    if (await confirmed(each.confirm)) await choose(each, place, value, node);
  });
  return node;
}

// An input that has asked for it tells the app at once what was chosen in it.
export function tells(block, place, row) {
  const node = block.dispatch_action && CHOOSING.includes(block.element.type) && row.querySelector("[data-control]");
  if (node) node.addEventListener("change", () => choose(block.element, place, valueOf(node), node));
  return row;
}

function choose(each, place, value, node) {
  const values = place.view ? enteredSoFar() : {};
  return busy(node, () => act("choose", { as: state.me, place: where(place), action: each.action_id, value, values }));
}

export const where = (place) => (place.view ? { view: place.view } : { message: place.message });

export async function busy(node, work) {
  node.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    await state.refresh();
    node.removeAttribute("aria-busy");
  }
}
