// People, channels and the other places, with unread marks.
import { el, fill } from "./dom.js";
import { avatar } from "./avatar.js";
import { icon } from "./icons.js";
import { act } from "./server.js";
import { conversations, goTo, me, state } from "./state.js";

const side = document.getElementById("sidebar");

export function drawSidebar() {
  const { data } = state;
  const ours = me().role !== "client";
  const places = conversations("public").concat(conversations("private"));
  const trace = [state.me, state.view, state.id, data.channels, data.people, data.shortcuts];
  fill(side, trace, () => [
    el("div.team", {}, el("span.team-mark", { "aria-hidden": "true" }, data.team[0]), el("div", {}, el("strong", {}, data.team), el("span", {}, "sandbox workspace"))),
    switcher(),
    ours && data.shortcuts.global.map((each) => el("button.shortcut", { type: "button", id: `shortcut-${each.id}`, onclick: () => run(each.id) }, icon("bolt"), each.name)),
    group("Channels", places.filter((each) => !each.shared).map((each) => row(each))),
    group("Shared with clients", places.filter((each) => each.shared).map((each) => row(each))),
    ours && group("App", [appRow("home", "Home"), ...conversations("im").map((each) => row(each, "Messages"))]),
    group("Outside Slack", [appRow("boards", "Jira and Trello"), appRow("mail", "Mailbox")]),
  ]);
  document.title = `${me().real_name} · ${data.team} · Amicable sandbox`;
}

function run(id) {
  return act("shortcut", { as: state.me, id }).then(state.refresh);
}

function switcher() {
  const { data } = state;
  const people = data.people.filter((each) => each.role !== "app");
  return el(
    "section.people",
    { "aria-label": "Who you are" },
    el("h2", {}, "You are"),
    el(
      "div.people-row",
      {},
      people.map((each) =>
        el("button.person", { type: "button", id: `be-${each.id}`, "aria-pressed": String(each.id === state.me), "aria-label": `Be ${each.real_name}, ${each.role}`, title: `${each.real_name}, ${each.role}`, onclick: () => goTo(state.view, state.id, each.id) }, avatar(each)),
      ),
    ),
    el("p.person-name", {}, el("strong", {}, me().real_name), ` ${me().role}`),
  );
}

function group(title, rows) {
  return rows.length ? el("section.group", { "aria-label": title }, el("h2", {}, title), el("ul", {}, rows)) : null;
}

function row(each, name = "") {
  const current = state.view === "channel" && state.id === each.id;
  const label = name || each.name;
  const sign = each.kind === "im" ? "letter" : each.kind === "private" ? "lock" : each.shared ? "shared" : "hash";
  return entry(`channel-${each.id}`, sign, label, current, () => goTo("channel", each.id), current ? 0 : each.unread, each.member || each.kind === "im" ? "" : "not-member");
}

function appRow(view, label) {
  return entry(`view-${view}`, view, label, state.view === view, () => goTo(view), 0);
}

function entry(id, sign, label, current, open, unread, more = "") {
  const words = unread ? `${label}, ${unread} unread` : label;
  return el(
    `li${current ? ".current" : ""}${unread ? ".unread" : ""}${more ? `.${more}` : ""}`,
    {},
    el("button", { type: "button", id, "aria-current": current ? "page" : null, "aria-label": words, onclick: open }, icon(sign), el("span.name", {}, label), unread ? el("span.count", {}, String(unread)) : ""),
  );
}

// On a narrow screen the sidebar lies above the page.
export function toggleSidebar(open = !document.body.classList.contains("sidebar-open")) {
  document.body.classList.toggle("sidebar-open", open);
  const button = document.getElementById("open-sidebar");
  button.setAttribute("aria-expanded", String(open));
  if (open) side.querySelector("button")?.focus();
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("sidebar-open")) {
    toggleSidebar(false);
    document.getElementById("open-sidebar").focus();
  }
});
