// What a form asks for. Each control keeps its value in the shape in which the stand-in takes it.
import { unknown } from "./blocks.js";
import { el } from "./dom.js";
import { combobox } from "./combobox.js";
import { mrkdwn, plain, plainText } from "./mrkdwn.js";
import { conversations, state } from "./state.js";

let numbers = 0;

const CONTROLS = {
  plain_text_input: (each, start) =>
    each.multiline
      ? el("textarea.field", { rows: start && start.length > 600 ? 14 : 4, value: start || "", maxLength: each.max_length || 3000, ...hint(each) })
      : el("input.field", { type: "text", value: start || "", maxLength: each.max_length || 3000, ...hint(each) }),
  email_text_input: (each, start) => el("input.field", { type: "text", inputmode: "email", autocomplete: "off", value: start || "", ...hint(each) }),
  url_text_input: (each, start) => el("input.field", { type: "text", inputmode: "url", value: start || "", ...hint(each) }),
  number_input: (each, start) =>
    el("input.field", { type: "text", inputmode: "decimal", value: start || "", autocomplete: "off", ...hint(each) }),
  datepicker: (each, start) => el("input.field.short", { type: "date", value: start || "" }),
  timepicker: (each, start) => el("input.field.short", { type: "time", value: start || "" }),
  static_select: (each, start, block) => select(grouped(each), start?.value, each, block),
  users_select: (each, start, block) => select([{ options: people() }], start, each, block),
  conversations_select: (each, start, block) => select([{ options: places(each.filter) }], start, each, block),
  channels_select: (each, start, block) => select([{ options: places({ include: ["public"] }) }], start, each, block),
  multi_users_select: (each, start) => several(people(), start || []),
  multi_conversations_select: (each, start) => several(places(each.filter), start || []),
  external_select: (each, start, block, place) => combobox(each, start, place),
  checkboxes: (each, start) => boxes(each, "checkbox", (start || []).map((option) => option.value)),
  radio_buttons: (each, start) => boxes(each, "radio", start ? [start.value] : []),
};

const CHECKS = {
  email_text_input: [/^[^@\s]+@[^@\s]+\.[^@\s]+$/, "Please enter an e-mail address."],
  url_text_input: [/^https?:\/\/\S+$/, "Please enter a link."],
  number_input: [/^-?\d+(\.\d+)?$/, "Please enter a number."],
};

// A whole input block with label, hint and room for its error.
export function field(block, place) {
  const each = block.element;
  const node = control(each, block, place);
  const id = `field-${++numbers}`;
  const group = node.matches("fieldset");
  const label = [...plainText(block.label.text), block.optional ? el("span.optional", {}, " (optional)") : ""];
  const described = [block.hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  const target = node.matches("input,textarea,select") ? node : node.querySelector("input,select") || node;
  target.setAttribute("aria-describedby", described);
  if (!group) target.id = id;
  target.removeAttribute("aria-label");
  if (!block.optional && !group) target.setAttribute("aria-required", "true");
  if (group) node.prepend(el("legend.label", {}, label));
  return el(
    "div.b-input",
    { "data-field": block.block_id },
    !group && el("label.label", { for: id }, label),
    node,
    block.hint && el("div.hint", { id: `${id}-hint` }, plainText(block.hint.text)),
    el("div.error", { id: `${id}-error`, hidden: true }),
  );
}

// The bare control with what was entered so far, or what the app preset.
export function control(each, block, place) {
  if (!Object.hasOwn(CONTROLS, each.type)) return unknown(each);
  const kept = place.values?.[block.block_id]?.[each.action_id];
  const start = kept ? keptValue(kept) : preset(each);
  const node = CONTROLS[each.type](each, start, block, place);
  node.dataset.control = each.type;
  node.dataset.mark = [place.view || place.message?.join(" "), block.block_id, each.action_id].join(" ");
  node.dataset.action = each.action_id;
  return node;
}

function keptValue(kept) {
  const name = Object.keys(kept).find((key) => key !== "type");
  return kept[name];
}

function preset(each) {
  const name = Object.keys(each).find((key) => key.startsWith("initial_"));
  return name ? each[name] : null;
}

export function valueOf(node) {
  switch (node.dataset.control) {
    case "checkboxes":
    case "multi_users_select":
    case "multi_conversations_select":
      return [...node.querySelectorAll("input:checked")].map((box) => box.value);
    case "radio_buttons":
      return node.querySelector("input:checked")?.value ?? null;
    case "external_select":
      return node.chosen?.text.text ?? null;
    default:
      return node.value === "" ? null : node.value;
  }
}

// Slack's client itself refuses what is no e-mail address or number.
export function complaint(node) {
  const [pattern, words] = CHECKS[node.dataset.control] || [];
  return pattern && node.value && !pattern.test(node.value) ? words : "";
}

const hint = (each) => (each.placeholder ? { placeholder: plain(each.placeholder.text) } : {});

function grouped(each) {
  const groups = each.option_groups || [{ options: each.options }];
  return groups.map((group) => ({ label: group.label && plain(group.label.text), options: group.options.map((option) => [option.value, plain(option.text.text)]) }));
}

function people() {
  return state.data.people.filter((each) => each.role !== "app").map((each) => [each.id, each.real_name]);
}

function places(filter = {}) {
  const kinds = filter.include || ["public", "private"];
  const open = ["public", "private"].filter((kind) => kinds.includes(kind)).flatMap(conversations);
  const fit = open.filter((each) => !(filter.exclude_external_shared_channels && each.shared));
  return fit.map((each) => [each.id, `#${each.name}`]);
}

function select(groups, start, each, block) {
  const choice = ([value, label]) => el("option", { value, selected: value === start }, label);
  const drawn = groups.map((group) => (group.label ? el("optgroup", { label: group.label }, group.options.map(choice)) : group.options.map(choice)));
  const none = el("option", { value: "", selected: !start }, each.placeholder ? plain(each.placeholder.text) : "Choose …");
  const label = block.type === "input" ? null : none.textContent;
  return el("select.field", { "aria-label": label }, none, drawn);
}

// Several people or channels: a box to tick for each, in the shape in which the stand-in takes them.
function several(choices, ticked) {
  const options = choices.map(([value, label]) => ({ value, text: { type: "plain_text", text: label } }));
  return boxes({ options }, "checkbox", ticked);
}

function boxes(each, type, ticked) {
  const name = `choice-${++numbers}`;
  const rows = each.options.map((option) =>
    el(
      "label.choice",
      {},
      el("input", { type, name, value: option.value, checked: ticked.includes(option.value) }),
      el("span", {}, words(option.text), option.description && el("small", {}, words(option.description))),
    ),
  );
  return el("fieldset.choices", {}, rows);
}

const words = (text) => (text.type === "mrkdwn" ? mrkdwn(text.text) : plainText(text.text));
