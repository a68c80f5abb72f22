// Slack's rich_text blocks.
import { el } from "./dom.js";
import { drawn, link, mention, channelLink } from "./mrkdwn.js";

const PARTS = {
  rich_text_section: (part) => el("div", {}, part.elements.map(piece)),
  rich_text_preformatted: (part) => el("pre", {}, part.elements.map(piece)),
  rich_text_quote: (part) => el("blockquote", {}, part.elements.map(piece)),
  rich_text_list: (part) =>
    el(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((item) => el("li", {}, item.elements.map(piece)))),
};

const PIECES = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text),
  user: (part) => mention(part.user_id),
  channel: (part) => channelLink(part.channel_id),
  emoji: (part) => (part.unicode ? String.fromCodePoint(...part.unicode.split("-").map((code) => parseInt(code, 16))) : drawn(part.name)),
  date: (part) => part.fallback || new Date(part.timestamp * 1000).toLocaleDateString(),
  broadcast: (part) => el("span.mention", {}, `@${part.range}`),
};

export function richText(block) {
  return block.elements.map((part) => (PARTS[part.type] ? PARTS[part.type](part) : loud(part)));
}

function piece(part) {
  const node = PIECES[part.type] ? PIECES[part.type](part) : loud(part);
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };
  return Object.entries(tags).reduce((inner, [style, tag]) => (part.style?.[style] ? el(tag, {}, inner) : inner), node);
}

function loud(part) {
  return el("code.b-unknown", {}, JSON.stringify(part));
}
