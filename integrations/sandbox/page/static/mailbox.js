// Drafts, as the reviewer's mail program would hold them. Nothing is ever sent from here.
import { el, fill } from "./dom.js";
import { state } from "./state.js";

export function drawMail(main) {
  const drafts = state.data.shown.drafts;
  if (!drafts) return;
  fill(main, drafts, () => [
    el("header.place", {}, el("h1", {}, "Mailbox"), el("span.chip", {}, "drafts only: nothing is ever sent")),
    el("div.mail", {}, drafts.length ? drafts.toReversed().map(draft) : empty()),
  ]);
}

function draft(each) {
  return el(
    "article.draft",
    { "aria-label": each.subject },
    el("dl.fields", {}, el("dt", {}, "To"), el("dd", {}, each.to || "nobody yet"), el("dt", {}, "Subject"), el("dd", {}, each.subject)),
    el("div.letter", {}, each.body),
    el("footer", {}, el("span.chip", {}, "Draft, not sent"), el("a.button.plain", { href: `/page/draft.eml?n=${each.n}`, download: "letter.eml" }, "Download as .eml")),
  );
}

function empty() {
  return el(
    "div.empty",
    {},
    el("p", {}, "No drafts yet. A letter gets here like this:"),
    el("ol", {}, el("li", {}, "type ", el("code", {}, "/client NAME letter"), " once a parting is under way, and have it drafted"), el("li", {}, "send it to review; a second person approves it"), el("li", {}, "press “Open it in your mail program” in the letter: with real mail your own program opens, here this mailbox does")),
    el("p", {}, "For a long letter there is no such link: its text is copied from Slack."),
  );
}
