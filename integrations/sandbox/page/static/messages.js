// A conversation: its messages with reactions, threads and menus.
import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { compose, composer } from "./composer.js";
import { announce, el, renew } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { popup } from "./popup.js";
import { addReaction, reactions } from "./reactions.js";
import { act } from "./server.js";
import { channel, me, person, state } from "./state.js";

let newest = "";
let newFrom = "";

export function drawChannel(main, fresh) {
  const found = channel(state.id);
  const said = state.data.shown.messages || [];
  if (fresh) frame(main, found, said);
  const list = main.querySelector(".messages");
  const atEnd = fresh || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const roots = new Set(said.map((each) => each.ts));
  const shown = said.filter((each) => !each.thread || !roots.has(each.thread)).map((each) => ({ ...each, replies: said.filter((reply) => reply.thread === each.ts).length, new: each.ts === newFrom, you: state.me }));
  main.querySelector(".empty").hidden = shown.length > 0;
  renew(list.querySelector("ol"), shown, (each) => each.ts, message);
  if (atEnd) list.scrollTop = list.scrollHeight;
  tell(said, fresh);
}

function frame(main, found, said) {
  newFrom = found.unread ? said.filter((each) => each.user !== state.me).at(-found.unread)?.ts || "" : "";
  newest = "";
  const readOnly = found.kind === "im";
  const title = readOnly ? state.data.app.name : found.name;
  const people = found.members.map(person).filter((each) => each.role !== "app");
  main.append(
    el(
      "header.place",
      {},
      el("h1", {}, readOnly ? "" : icon(found.kind === "private" ? "lock" : "hash"), title),
      found.shared && el("span.chip.warn", {}, "shared with a client"),
      el("span.chip", { title: people.map((each) => each.real_name).join(", ") }, readOnly ? "only you two" : `${people.length} people`),
    ),
    el("div.messages", { tabIndex: 0, role: "region", "aria-label": `Messages in ${title}` }, el("div.empty", {}, emptyWords(readOnly)), el("ol", { "aria-label": "Messages" })),
    readOnly ? el("p.read-only", {}, "Sending messages to this app is turned off. Type commands in a channel.") : composer(found),
  );
}

function emptyWords(readOnly) {
  if (readOnly) return el("p", {}, "What Amicable tells only you arrives here: reminders, things that wait for you.");
  if (me().role === "client") return el("p", {}, "Say something here, as a client would. You never see what Amicable tells the team.");
  return [
    el("p", {}, "Nothing has been said here yet. Some things to try:"),
    el(
      "ul",
      {},
      el("li", {}, hint("/redflag Birch & Barrow paid three weeks late"), " is a first note; its form adds the client"),
      el("li", {}, hint("/praise Birch & Barrow thanked the whole team"), " is one of the good kind"),
      el("li", {}, "in the channel of a client, say something and react to it with 🐌 or 🌻"),
      el("li", {}, "lists of invoices, hours or clients come in on the command line: ", el("code", {}, "amicable import list.csv --dry-run")),
      el("li", {}, "or open ", el("strong", {}, "Story"), " above and watch six weeks go by"),
    ),
  ];
}

// Pressed, it stands in the composer, to be read and sent.
function hint(words) {
  return el("button.hint-words", { type: "button", title: "Put this into the message box", onclick: () => compose(words) }, el("code", {}, words));
}

function tell(said, fresh) {
  const last = said.at(-1);
  if (!last) return;
  if (!fresh && last.ts > newest && last.user !== state.me) announce(`New message from ${person(last.user).real_name}`);
  if (last.ts > newest && channel(state.id)?.unread) act("read", { as: state.me, channel: state.id, ts: last.ts });
  newest = last.ts;
}

export function message(each) {
  const author = person(each.user);
  const time = new Date(Number(each.ts) * 1000);
  const clock = time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: state.data.clock.zone });
  const day = time.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: state.data.clock.zone });
  return el(
    `li.message${each.private ? ".private" : ""}${each.new ? ".first-new" : ""}`,
    { "data-ts": each.ts },
    each.new && el("div.new-mark", { role: "separator" }, "New"),
    each.private && el("p.only-you", {}, icon("eye"), "Only visible to you"),
    avatar(author),
    el(
      "article",
      { "aria-label": `${author.real_name}, ${day} ${clock}` },
      el("header", {}, el("strong", {}, author.real_name), author.role === "app" && el("span.app-tag", {}, "APP"), author.role === "client" && el("span.app-tag.client", {}, "CLIENT"), author.role === "guest" && el("span.app-tag.client", {}, "GUEST"), el("time", { datetime: time.toISOString() }, `${day}, ${clock}`), each.edited && el("small", {}, "(edited)")),
      el("div.said", {}, each.blocks.length ? blocks(each.blocks, { message: [each.channel, each.ts] }) : mrkdwn(each.text)),
      each.files.map((file) => el("img.upload", { src: file.url, alt: file.alt })),
      each.private ? "" : reactions(each),
      each.replies ? el("button.replies", { type: "button", "data-mark": `replies ${each.ts}`, onclick: () => openThread(each.ts) }, `${each.replies} ${each.replies === 1 ? "reply" : "replies"}`) : "",
    ),
    tools(each),
  );
}

function tools(each) {
  if (each.private) return "";
  const shortcuts = state.data.shortcuts.message;
  const menu = el("button.icon", { type: "button", "aria-label": "More actions", "aria-haspopup": "menu", "data-mark": `menu ${each.ts}` }, icon("more"));
  const at = { as: state.me, channel: each.channel, ts: each.ts };
  const run = (id) => act("shortcut", { ...at, id }).then(state.refresh);
  const entries = shortcuts.map((one) => ({ label: el("span", {}, one.name, el("small", {}, " Amicable")), run: () => run(one.id) }));
  if (each.user === state.me) entries.push({ label: "Edit message", run: () => edit(at, each.text) }, { label: "Delete message", run: () => act("delete", at).then(state.refresh) });
  menu.addEventListener("click", () => popup(menu, entries, { label: "Message actions" }));
  return el("div.message-tools", { role: "group", "aria-label": "Message actions" }, addReaction(each), el("button.icon", { type: "button", "aria-label": "Reply in thread", "data-mark": `thread ${each.ts}`, onclick: () => openThread(each.ts) }, icon("thread")), entries.length ? menu : "");
}

function edit(at, said) {
  const before = said.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const text = window.prompt("Edit message", before);
  if (text && text !== before) act("edit", { ...at, text }).then(state.refresh);
}

function openThread(ts) {
  state.thread = ts;
  state.refresh().then(() => document.querySelector("#panel textarea")?.focus());
}

// The panel at the side: one message with its replies.
export function drawThread(panel) {
  const said = state.data.shown.messages || [];
  if (!panel.querySelector(".thread") || panel.dataset.thread !== state.thread) {
    panel.dataset.thread = state.thread;
    panel.replaceChildren(
      el("header.panel-head", {}, el("h2", {}, "Thread"), el("button.icon", { type: "button", "aria-label": "Close thread", onclick: () => { const back = state.thread; state.thread = ""; state.refresh().then(() => document.querySelector(`[data-mark="thread ${back}"]`)?.focus()); } }, "✕")),
      el("div.messages.thread", {}, el("ol", { "aria-label": "Replies" })),
      composer(channel(state.id), state.thread),
    );
  }
  const shown = said.filter((each) => each.ts === state.thread || each.thread === state.thread).map((each) => ({ ...each, replies: 0, you: state.me }));
  renew(panel.querySelector("ol"), shown, (each) => each.ts, message);
}
