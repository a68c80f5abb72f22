// Each signed request to the app with its answer, and what can be made to go wrong.
import { el, fill, renew } from "./dom.js";
import { act, read } from "./server.js";
import { state } from "./state.js";

const SERVICES = [["slack", "Slack"], ["jira", "Jira"], ["trello", "Trello"]];

export async function drawInspector(panel) {
  const { requests } = await read("state", { as: state.me, view: "inspector" }).then((data) => data.shown);
  if (!panel.querySelector(".requests")) frame(panel);
  fill(panel.querySelector(".worker"), [state.data.worker, state.data.held], () => [worker(), held()]);
  renew(panel.querySelector(".requests"), requests, (each) => String(each.n), row);
}

function frame(panel) {
  const service = el("select.field.short", { "aria-label": "Which service", id: "fault-service" }, SERVICES.map(([value, label]) => el("option", { value }, label)));
  const order = (what, label) => el("button.button.plain", { type: "button", id: `trouble-${what}`, onclick: () => trouble(what, service.value, label) }, label);
  panel.replaceChildren(
    el("header.panel-head", {}, el("h2", {}, "Inspector"), el("button.icon", { type: "button", "aria-label": "Close inspector", onclick: () => { state.panel = ""; state.refresh().then(() => document.querySelector('[data-panel="inspector"]').focus()); } }, "✕")),
    el(
      "section.troubles",
      { "aria-label": "Trouble on demand" },
      el("h3", {}, "Events from Slack"),
      el("div.row", {}, order("twice", "Deliver the next one twice"), order("hold", "Deliver late")),
      el("h3", {}, "Calls by the app"),
      el("div.row", {}, service, order("rate_limit", "Rate-limit the next"), order("lose_answer", "Lose the next answer")),
      el("div.worker", {}),
      el("p.told", { role: "status" }),
    ),
    el("h3.requests-title", {}, "Signed requests to the app"),
    el("ol.requests", { reversed: true }),
  );
}

function worker() {
  const lives = state.data.worker;
  return [
    el("h3", {}, "The worker"),
    el("div.row", {}, el(`span.lamp${lives ? ".on" : ""}`, {}, lives ? "● alive" : "● dead"), lives ? el("button.button.danger", { type: "button", id: "kill-worker", onclick: () => trouble("kill_worker", "", "The worker was killed") }, "Kill the worker") : el("button.button.primary", { type: "button", id: "start-worker", onclick: () => trouble("start_worker", "", "A worker starts") }, "Start it again")),
  ];
}

function held() {
  if (state.data.held === null) return "";
  return el("p.row", {}, `Events are held back: ${state.data.held} so far.`, el("button.button.primary", { type: "button", id: "release", onclick: () => trouble("release", "", "Delivered late") }, "Deliver them now"));
}

async function trouble(what, service, label) {
  const answer = await act("trouble", { what, service });
  const told = document.querySelector("#panel .told");
  if (told && !answer.error) told.textContent = `Ordered: ${label}.`;
  await state.refresh();
}

function row(each) {
  const fine = each.status === 200 && !each.trouble;
  const body = el("div.request-body");
  const time = new Date(each.at * 1000).toLocaleTimeString("en-GB");
  const node = el(
    "details",
    {},
    el("summary", {}, el(`span.status${fine ? ".fine" : ".bad"}`, {}, each.trouble || String(each.status)), el("strong", {}, each.kind.replaceAll("_", " ")), el("span.about", {}, each.about), each.attempt ? el("span.chip.warn", {}, `repeat ${each.attempt}`) : "", el("span.ms", { title: time }, `${each.ms} ms`)),
    body,
  );
  node.addEventListener("toggle", async () => {
    if (!node.open || body.children.length) return;
    const found = await read("request", { n: each.n });
    body.append(part("Headers", found.headers), part("Body", found.body), part("Answer", found.answer || "(empty: acknowledged)"));
  });
  return el("li", {}, node);
}

function part(title, value) {
  return el("section", {}, el("h4", {}, title), el("pre", { tabIndex: 0 }, typeof value === "string" ? value : JSON.stringify(value, null, 2)));
}
