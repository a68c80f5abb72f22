// A select whose options the app searches while somebody types (WAI-ARIA combobox with a list).
import { el } from "./dom.js";
import { act } from "./server.js";
import { plain } from "./mrkdwn.js";
import { state } from "./state.js";

const PAUSE = 120;
let numbers = 0;

export function combobox(each, start, place) {
  const id = `options-${++numbers}`;
  const list = el("ul.options", { id, role: "listbox", hidden: true });
  const input = el("input.field", {
    type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    "aria-label": each.placeholder ? plain(each.placeholder.text) : "Search",
    placeholder: each.placeholder ? plain(each.placeholder.text) : "Type to search …",
    value: start ? plain(start.text.text) : "",
  });
  const node = el("div.combobox", {}, input, list);
  node.chosen = start || null;
  let timer;
  let at = -1;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (option) => {
    node.chosen = option;
    input.value = plain(option.text.text);
    close();
    node.dispatchEvent(new Event("change", { bubbles: false }));
  };
  const move = (by) => {
    const rows = [...list.children].filter((row) => row.option);
    if (!rows.length) return;
    at = (at + by + rows.length) % rows.length;
    rows.forEach((row, place_) => row.setAttribute("aria-selected", String(place_ === at)));
    input.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const show = (options) => {
    list.replaceChildren(...options.map((option, number) => row(option, `${id}-${number}`, take)));
    if (!options.length) list.append(el("li.none", { role: "option", "aria-disabled": "true" }, "Nothing found"));
    list.hidden = false;
    at = -1;
    input.setAttribute("aria-expanded", "true");
  };
  const search = async () => {
    const where = place.view ? { view: place.view } : { message: place.message };
    const found = await act("options", { as: state.me, place: where, action: each.action_id, typed: input.value });
    if (document.activeElement === input) show(found.options || []);
  };

  input.addEventListener("input", () => {
    node.chosen = null;
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  input.addEventListener("click", search);
  input.addEventListener("blur", () => setTimeout(close, PAUSE));
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") list.hidden ? search() : move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && at >= 0) take([...list.children][at].option);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return node;
}

function row(option, id, take) {
  const node = el("li", { id, role: "option", "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(option); } }, plain(option.text.text));
  node.option = option;
  return node;
}
