// Jira and Trello as boards. What is done there comes back to the app when it asks.
import { el, fill, announce } from "./dom.js";
import { link } from "./mrkdwn.js";
import { act } from "./server.js";
import { moveClock } from "./clock.js";
import { state } from "./state.js";

let dragged = null;

export function drawBoards(main) {
  const { jira, trello } = state.data.shown;
  if (!jira || dragged) return;
  fill(main, state.data.shown, () => [
    el("header.place", {}, el("h1", {}, "Jira and Trello"), el("span.chip", {}, "stand-ins")),
    el(
      "div.boards",
      {},
      el("p.note", {}, "Drag a ticket to Done, or use its button. Jira and Trello tell the app at once, and it asks them every ten minutes as well: ", el("button.link", { type: "button", id: "ask-now", onclick: () => moveClock("minutes") }, "let 10 minutes pass"), "."),
      el("div.both-boards", {}, board("jira", `Jira: ${jira.project}`, jiraColumns(jira)), board("trello", `Trello: ${trello.board}`, trelloColumns(trello))),
    ),
  ]);
}

function jiraColumns({ issues }) {
  return [
    { name: "To do", tickets: issues.filter((each) => !each.done) },
    { name: "Done", done: true, tickets: issues.filter((each) => each.done) },
  ];
}

function trelloColumns({ lists, cards }) {
  const open = lists.filter((each) => !each.closed).map((each) => ({ name: each.name, tickets: cards.filter((card) => card.list === each.id && !card.done && !card.closed) }));
  return [...(open.length ? open : [{ name: "To do", tickets: [] }]), { name: "Done", done: true, tickets: cards.filter((card) => card.done) }];
}

function board(tracker, title, columns) {
  return el("section.board", { "aria-label": title }, el("h2", {}, title), el("div.columns", {}, columns.map((each) => column(tracker, each))));
}

function column(tracker, { name, done, tickets }) {
  const node = el(
    `section.column${done ? ".done" : ""}`,
    { "aria-label": `${name}, ${tickets.length}`, "data-column": `${tracker} ${done ? "done" : name}` },
    el("h3", {}, name, el("span.count", {}, String(tickets.length))),
    el("ul", {}, tickets.map((each) => card(tracker, each))),
    !tickets.length && el("p.nothing", {}, done ? "Drag tickets here" : "No tickets yet. They come when a parting opens them."),
  );
  if (!done) return node;
  node.addEventListener("dragover", (event) => { if (dragged?.tracker === tracker) { event.preventDefault(); node.classList.add("over"); } });
  node.addEventListener("dragleave", () => node.classList.remove("over"));
  node.addEventListener("drop", (event) => { event.preventDefault(); node.classList.remove("over"); finish(tracker, dragged.id); });
  return node;
}

function card(tracker, each) {
  const node = el(
    "li.card",
    { draggable: !each.done, "data-ticket": each.id },
    el("button.card-title", { type: "button", "data-mark": `ticket ${each.id}`, onclick: () => details(tracker, each) }, each.title),
    el("div.card-foot", {}, tracker === "jira" && el("span", {}, each.id), each.due && el("span.due", {}, `due ${day(each.due)}`), each.done ? el("span.done-mark", {}, "✓ done") : el("button.mark-done", { type: "button", "data-mark": `done ${each.id}`, "aria-label": `Mark “${each.title}” as done`, onclick: () => finish(tracker, each.id) }, "Done")),
  );
  node.addEventListener("dragstart", (event) => { dragged = { tracker, id: each.id }; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", each.id); node.classList.add("dragged"); });
  node.addEventListener("dragend", () => { dragged = null; node.classList.remove("dragged"); state.refresh(); });
  return node;
}

const day = (iso) => new Date(`${iso}T00:00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short" });

async function finish(tracker, id) {
  await act("finish", { tracker, id });
  announce("The ticket is done.");
  await state.refresh();
}

function details(tracker, each) {
  const back = document.activeElement;
  const node = el("dialog.modal.ticket", { "aria-labelledby": "ticket-title" });
  const close = () => { node.close(); node.remove(); back?.focus(); };
  const rows = [["Key", tracker === "jira" ? each.id : ""], ["Type", each.kind], ["Due", each.due], ["Under", each.parent], ["Labels", (each.labels || []).join(", ")], ["Assignee", each.assignee], ["Status", each.done ? "Done" : "To do"]];
  node.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  node.append(
    el("header.modal-head", {}, el("h2", { id: "ticket-title" }, each.title), el("button.icon", { type: "button", "aria-label": "Close", onclick: close }, "✕")),
    el("div.modal-body", { tabIndex: -1 }, el("dl.fields", {}, rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])), el("div.ticket-text", {}, linked(each.text))),
    el("footer.modal-foot", {}, !each.done && el("button.button.primary", { type: "button", onclick: () => { close(); finish(tracker, each.id); } }, "Mark as done"), el("button.button.plain", { type: "button", onclick: close }, "Close")),
  );
  document.body.append(node);
  node.showModal();
}

function linked(text) {
  return text.split(/(https?:\/\/[^\s)]+)/).map((part) => (/^https?:/.test(part) ? link(part, part) : part));
}
