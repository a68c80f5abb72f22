// Block Kit as Slack draws it. A block that is not known here is shown loudly, so that nobody overlooks it.
import { el } from "./dom.js";
import { element, tells } from "./elements.js";
import { field } from "./inputs.js";
import { mrkdwn, plainText } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const DRAW = {
  header: (block) => el("h3.b-header", {}, textOf(block.text)),
  divider: () => el("hr.b-divider"),
  section,
  context: (block) => el("div.b-context", {}, block.elements.map((each) => (each.type === "image" ? picture(each) : el("span", {}, textOf(each))))),
  actions: (block, place) => el("div.b-actions", { role: "group" }, block.elements.map((each) => element(each, block, place))),
  image: (block) => el("figure.b-image", {}, block.title && el("figcaption", {}, textOf(block.title)), picture(block)),
  input: (block, place) => tells(block, place, field(block, place)),
  rich_text: (block) => el("div.b-rich", {}, richText(block)),
  table,
  plan: (block) => el("section.b-plan", {}, el("h4", {}, block.title), (block.tasks || []).map(taskCard)),
  task_card: taskCard,
  alert: (block) => el(`div.b-alert.${block.level || "default"}`, { role: "note" }, textOf(block.text)),
  markdown: (block) => el("div.b-section", {}, plainText(block.text)),
};

// `place` says where it stands: {message: [channel, ts]} or {view: id, values, errors}.
export function blocks(list, place) {
  return list.map((block) => {
    const draw = Object.hasOwn(DRAW, block.type) ? DRAW[block.type] : unknown;
    const node = draw(block, place);
    if (block.block_id) node.dataset.block = block.block_id;
    return node;
  });
}

export function textOf(text) {
  if (!text) return "";
  return text.type === "mrkdwn" ? mrkdwn(text.text) : plainText(text.text);
}

export function unknown(block) {
  return el("pre.b-unknown", { role: "note" }, `This page can't draw “${block.type}”:\n${JSON.stringify(block, null, 2)}`);
}

function section(block, place) {
  return el(
    block.accessory ? "div.b-section.with-accessory" : "div.b-section",
    {},
    el(
      "div.b-words",
      {},
      block.text && el("div", {}, textOf(block.text)),
      block.fields && el("div.b-fields", {}, block.fields.map((each) => el("div", {}, textOf(each)))),
    ),
    block.accessory && el("div.b-accessory", {}, block.accessory.type === "image" ? picture(block.accessory) : element(block.accessory, block, place)),
  );
}

// Only pictures of the sandbox itself are loaded: anything else would leave this machine.
export function picture(image) {
  const { id, url } = image.slack_file || {};
  const address = image.image_url || url || (id ? `/files/${encodeURIComponent(id)}/picture` : "");
  const path = address.replace(/^http:\/\/(?:127\.0\.0\.1|localhost):\d+/, "");
  if (!path.startsWith("/files/")) return el("span.b-no-picture", { role: "img", "aria-label": image.alt_text }, `🖼 ${image.alt_text}`);
  return el("img", { src: path, alt: image.alt_text });
}

function table(block) {
  const columns = block.column_settings || [];
  const [head, ...rows] = block.rows;
  const cells = (row, tag) =>
    row.map((each, place) => el(`${tag}.${columns[place]?.align || "left"}`, tag === "th" ? { scope: "col" } : {}, cell(each)));
  return el(
    "div.b-table",
    { tabIndex: 0, role: "region", "aria-label": "Table" },
    el("table", {}, el("thead", {}, el("tr", {}, cells(head, "th"))), el("tbody", {}, rows.map((row) => el("tr", {}, cells(row, "td"))))),
  );
}

function cell(each) {
  if (each.type === "rich_text") return richText(each);
  return each.text ?? String(each.value ?? "");
}

const MARKS = { pending: "○", in_progress: "◔", complete: "✓", error: "!" };
const SAID = { pending: "to do", in_progress: "in progress", complete: "done", error: "failed" };

function taskCard(task) {
  const status = task.status || "pending";
  return el(
    `div.b-task.${status}`,
    {},
    el("span.b-mark", { role: "img", "aria-label": SAID[status] }, MARKS[status]),
    el("div", {}, el("strong", {}, task.title), task.details && richText(task.details), task.output && richText(task.output)),
  );
}
