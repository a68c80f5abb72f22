// Reactions below a message, and the picker with the catalogue's emoji first.
import { el } from "./dom.js";
import { EVERYDAY, sign } from "./emoji.js";
import { icon } from "./icons.js";
import { panel, closePopup } from "./popup.js";
import { act } from "./server.js";
import { person, state } from "./state.js";

const SIDES = { theirs: "Red flags", praise: "Praise", ours: "Our own misses" };

export function reactions(each) {
  if (!each.reactions.length) return "";
  return el(
    "div.reactions",
    { role: "group", "aria-label": "Reactions" },
    each.reactions.map((one) => {
      const mine = one.users.includes(state.me);
      const who = one.users.map((id) => person(id).real_name).join(", ");
      return el("button.reaction", { type: "button", "data-mark": `reaction ${each.ts} ${one.name}`, "aria-pressed": String(mine), "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${who}`, title: `${who} reacted with :${one.name}:`, onclick: () => toggle(each, one.name, mine) }, el("span.emoji", {}, sign(one.name)), ` ${one.count}`);
    }),
    addReaction(each, "more "),
  );
}

export function addReaction(each, prefix = "") {
  const node = el("button.icon", { type: "button", "aria-label": "Add reaction", "aria-haspopup": "dialog", "data-mark": `${prefix}react ${each.ts}` }, icon("smile"));
  node.addEventListener("click", () => picker(node, (name) => toggle(each, name, each.reactions.some((one) => one.name === name && one.users.includes(state.me)))));
  return node;
}

function toggle(each, name, mine) {
  return act(mine ? "unreact" : "react", { as: state.me, channel: each.channel, ts: each.ts, name }).then(state.refresh);
}

function picker(opener, pick) {
  const grid = el("div.picker-grids");
  const search = el("input.field", { type: "search", placeholder: "Search emoji", "aria-label": "Search emoji" });
  const node = el("div.popup.picker", { role: "dialog", "aria-label": "Emoji" }, search, grid);
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const fits = (one) => `${one.name.replaceAll("_", " ")} ${one.label}`.toLowerCase().includes(wanted);
    const groups = Object.entries(SIDES).map(([side, title]) => [title, state.data.catalogue.filter((one) => one.side === side)]);
    groups.push(["Everyday", EVERYDAY.map((name) => ({ name, label: name.replaceAll("_", " ") }))]);
    const listed = groups.some(([, all]) => all.some((one) => one.name === wanted));
    if (/^[a-z0-9_+'-]{2,}$/.test(wanted) && !listed) groups.push(["By name", [{ name: wanted, label: wanted }]]);
    grid.replaceChildren(...groups.map(([title, all]) => [title, all.filter(fits)]).filter(([, all]) => all.length).map(([title, all]) => section(title, all, pick)));
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    grid.querySelector("button")?.click();
  });
  draw();
  panel(opener, node, (event) => arrows(event, grid));
  search.focus();
}

function section(title, all, pick) {
  const buttons = all.map((one) => el("button", { type: "button", title: `${one.label} :${one.name}:`, "aria-label": `${one.label}, ${one.name.replaceAll("_", " ")}`, "data-emoji": one.name, onclick: () => { closePopup(); pick(one.name); } }, sign(one.name)));
  return el("section", { "aria-label": title }, el("h3", {}, title), el("div.picker-grid", {}, buttons));
}

function arrows(event, grid) {
  const buttons = [...grid.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at < 0 ? 0 : at + 8, ArrowUp: at - 8 }[event.key];
  if (to === undefined || (at < 0 && event.key !== "ArrowDown")) return;
  event.preventDefault();
  buttons[Math.max(0, Math.min(buttons.length - 1, to))].focus();
}
