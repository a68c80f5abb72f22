// Slack's mrkdwn as nodes. What is no markup stays text; only web and mail addresses become links.
import { el } from "./dom.js";
import { isKnown, sign } from "./emoji.js";
import { act } from "./server.js";
import { channel, goTo, person, state } from "./state.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const STYLES = { "*": "strong", _: "em", "~": "s", "`": "code" };
const JOINER = "\u2060";
const CODE = /```([\s\S]+?)```/;

export const plain = (text) => text.replace(/&(?:amp|lt|gt);/g, (found) => ENTITIES[found]);

export function mrkdwn(text) {
  const block = CODE.exec(text);
  if (!block) return paragraphs(text);
  const [before, after] = [text.slice(0, block.index), text.slice(block.index + block[0].length)];
  return [...paragraphs(before), el("pre", {}, plain(block[1]).trim()), ...mrkdwn(after)];
}

export function plainText(text) {
  return lines(text.split("\n").map((line) => withEmoji(line)));
}

function paragraphs(text) {
  const nodes = [];
  let quoted = [];
  const endQuote = () => {
    if (quoted.length) nodes.push(el("blockquote", {}, lines(quoted)));
    quoted = [];
  };
  text.split("\n").forEach((line, place, all) => {
    const quote = /^(?:&gt;|>) ?(.*)/.exec(line);
    if (quote) return quoted.push(inline(quote[1]));
    endQuote();
    nodes.push(...inline(line));
    if (place < all.length - 1) nodes.push(el("br"));
  });
  endQuote();
  return nodes;
}

function lines(rows) {
  return rows.flatMap((row, place) => (place ? [el("br"), ...row] : row));
}

// One line: code, <references>, *bold*, _italic_, ~struck~, :emoji:, else text.
function inline(line) {
  const nodes = [];
  let rest = line;
  let before = "";
  while (rest) {
    const [node, length] = start(rest, before);
    if (node) nodes.push(node);
    before = rest[length - 1];
    rest = rest.slice(length);
  }
  return join(nodes);
}

function start(rest, before) {
  const reference = /^<([^<>]+)>/.exec(rest);
  if (reference) return [refer(reference[1]), reference[0].length];
  if (STYLES[rest[0]] && opens(before)) {
    const end = closing(rest);
    if (end > 1) {
      const inner = rest.slice(1, end);
      return [el(STYLES[rest[0]], {}, rest[0] === "`" ? plain(inner) : inline(inner)), end + 1];
    }
  }
  const emoji = /^:([a-z0-9_+'-]+):/.exec(rest);
  if (emoji && isKnown(emoji[1])) return [drawn(emoji[1]), emoji[0].length];
  const entity = /^&(?:amp|lt|gt);/.exec(rest);
  if (entity) return [ENTITIES[entity[0]], entity[0].length];
  return [rest[0] === JOINER ? "" : rest[0], 1];
}

const opens = (before) => !before || (/[\s\p{P}\p{S}]/u.test(before) && before !== JOINER);

function closing(rest) {
  const mark = rest[0];
  if (/\s/.test(rest[1] || " ")) return -1;
  for (let end = rest.indexOf(mark, 2); end > 0; end = rest.indexOf(mark, end + 1)) {
    const inside = rest[end - 1];
    if (!/\s/.test(inside) && inside !== JOINER && !/[\p{L}\p{N}]/u.test(rest[end + 1] || " ")) return end;
  }
  return -1;
}

function refer(inside) {
  const [target, ...labels] = inside.split("|");
  const label = labels.join("|");
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!date^")) return label ? plain(label) : plain(target);
  if (target.startsWith("!")) return el("span.mention", {}, `@${target.slice(1).split("^")[0]}`);
  return link(plain(target), plain(label));
}

export function mention(id) {
  return el(id === state.me ? "span.mention.self" : "span.mention", {}, `@${person(id).real_name}`);
}

export function channelLink(id, label = "") {
  const found = channel(id);
  if (!found) return el("span.mention", {}, label ? `#${plain(label)}` : "a private channel");
  return el("button.mention", { type: "button", onclick: () => goTo("channel", id) }, `#${found.name}`);
}

// A label that looks like another address is followed by where the link really goes.
export function link(target, label = "") {
  if (/^mailto:/i.test(target)) return mailLink(target, label);
  if (!/^https?:\/\//i.test(target)) return label || target;
  const pretends = /^\s*(?:https?:\/\/|www\.)?[\w-]+(?:\.[\w-]+)+/i.exec(label);
  const host = hostOf(target);
  const honest = !pretends || label.includes(host);
  return el("a", { href: target, target: "_blank", rel: "noopener noreferrer nofollow", title: target }, label || target, honest ? "" : ` (${host})`);
}

function hostOf(target) {
  try {
    return new URL(target).host;
  } catch {
    return target;
  }
}

// A mail program would open: the sandbox's own mailbox does.
function mailLink(target, label) {
  const open = async () => {
    const answer = await act("open_letter", { link: target });
    if (!answer.error) goTo("mail");
  };
  return el("button.link", { type: "button", onclick: open, title: "Opens in the sandbox's mailbox" }, label || target.slice("mailto:".length));
}

function withEmoji(line) {
  return join(line.split(/(:[a-z0-9_+'-]+:)/).map((part) => (/^:.+:$/.test(part) && isKnown(part.slice(1, -1)) ? drawn(part.slice(1, -1)) : part)));
}

export function drawn(name) {
  return el("span.emoji", { role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, sign(name));
}

// Neighbouring letters become one text node.
function join(nodes) {
  const joined = [];
  for (const node of nodes) {
    if (typeof node === "string" && typeof joined.at(-1) === "string") joined[joined.length - 1] += node;
    else joined.push(node);
  }
  return joined.filter((node) => node !== "");
}
