// Where people write: messages, and slash commands with completion and usage hints.
import { el, toast } from "./dom.js";
import { icon } from "./icons.js";
import { act } from "./server.js";
import { state } from "./state.js";

let numbers = 0;

export function composer(place, thread = "") {
  if (!place.member) return el("p.read-only", {}, "You can read this channel and have not joined it.");
  const id = `commands-${++numbers}`;
  const list = el("ul.commands", { id, role: "listbox", "aria-label": "Commands", hidden: true });
  const hint = el("p.usage", { role: "status" });
  const words = thread ? "Reply …" : `Message #${place.name}, or type / for commands`;
  const text = el("textarea", { rows: 1, placeholder: words, "aria-label": words, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, "data-mark": `composer ${thread}` });
  const send = el("button.send", { type: "submit", "aria-label": "Send" }, icon("send"));
  const node = el("form.composer", { id: thread ? "reply" : "composer" }, list, el("div.composer-row", {}, text, send), hint);
  let at = 0;

  const offered = () => (thread ? [] : state.data.commands.filter((each) => each.name.startsWith(text.value) && /^\/\S*$/.test(text.value)));
  const draw = () => {
    const all = text.value.startsWith("/") ? offered() : [];
    at = Math.min(at, Math.max(0, all.length - 1));
    list.hidden = !all.length;
    text.setAttribute("aria-expanded", String(!list.hidden));
    list.replaceChildren(...all.map((each, number) => row(each, `${id}-${number}`, number === at, () => take(each))));
    if (all.length) text.setAttribute("aria-activedescendant", `${id}-${at}`);
    else text.removeAttribute("aria-activedescendant");
    const typed = state.data.commands.find((each) => text.value === each.name || text.value.startsWith(`${each.name} `));
    hint.textContent = typed && !thread ? `${typed.name} ${typed.usage}` : "";
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 200)}px`;
  };
  const take = (each) => {
    text.value = `${each.name} `;
    draw();
    text.focus();
  };
  text.addEventListener("input", draw);
  text.addEventListener("keydown", (event) => {
    const all = list.hidden ? [] : offered();
    const open = all.length > 0;
    if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) at = (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length;
    else if (open && (event.key === "Tab" || (event.key === "Enter" && text.value !== all[at].name))) take(all[at]);
    else if (open && event.key === "Escape") list.hidden = true;
    else if (event.key === "Enter" && !event.shiftKey) node.requestSubmit();
    else return;
    event.preventDefault();
    if (event.key.startsWith("Arrow")) draw();
  });
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    draw();
    const answer = await post(place, thread, said);
    if (answer.error && !text.value) text.value = said;
    await state.refresh();
  });
  return node;
}

// Puts words into the channel's composer, as if they had been typed.
export function compose(words) {
  const text = document.querySelector("#composer textarea");
  text.value = words;
  text.dispatchEvent(new Event("input"));
  text.focus();
}

async function post(place, thread, said) {
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(said);
  if (!command) return act("say", { as: state.me, channel: place.id, text: said, thread });
  if (thread) {
    toast("Slack takes no commands in threads.");
    return { error: "thread" };
  }
  if (!state.data.commands.some((each) => each.name === command[1])) {
    toast(`${command[1]} is not a command here.`);
    return { error: "unknown" };
  }
  return act("command", { as: state.me, name: command[1], text: command[2], channel: place.id });
}

function row(each, id, selected, take) {
  return el("li", { id, role: "option", "aria-selected": String(selected), onmousedown: (event) => { event.preventDefault(); take(); } }, el("strong", {}, each.name), ` ${each.usage}`, el("small", {}, each.about));
}
