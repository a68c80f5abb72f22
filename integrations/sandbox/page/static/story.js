// Plays the story step by step, and starts over.
import { el, fill } from "./dom.js";
import { ask } from "./modal.js";
import { act } from "./server.js";
import { state } from "./state.js";

const STARTS = [
  ["story", "The story", "Four clients, six weeks, scene by scene: one heals, one fades away, two partings."],
  ["started", "A started agency", "The story's first two weeks are over: clients, notes, a digest. Go on by hand."],
  ["empty", "An empty agency", "People and channels, no clients; today's date. Everything by hand."],
];

export function drawStory(panel) {
  const { story, run } = state.data;
  fill(panel, [story, run], () => [
    el("header.panel-head", {}, el("h2", {}, "Story"), el("button.icon", { type: "button", "aria-label": "Close story", onclick: () => { state.panel = ""; state.refresh().then(() => document.querySelector('[data-panel="story"]').focus()); } }, "✕")),
    story.told || story.playing ? telling(story) : invitation(),
    el("section.starts", { "aria-label": "Start over" }, el("h3", {}, "Start over"), STARTS.map(start)),
  ]);
  panel.querySelector(".scene.now")?.scrollIntoView({ block: "nearest" });
}

function invitation() {
  return el("div.empty", {}, el("p", {}, "Watch an agency for six weeks: each scene is played by the same signed requests that real people would cause. Start “The story” below, then play it scene by scene."), state.data.story.ready && el("div.row", {}, controls(state.data.story)));
}

function telling(story) {
  const scenes = story.captions.slice(0, story.told + (story.playing ? 1 : 0));
  return el(
    "div.telling",
    {},
    el("div.row", {}, controls(story)),
    el("p.progress", { role: "status" }, story.broken ? "The scene broke off: something is not as the story expects it. Start over." : `${story.told} of ${story.captions.length} scenes`),
    story.failures.map((each) => el("p.b-alert.error", { role: "note" }, `Did not hold: ${each}`)),
    el("ol.scenes", {}, scenes.map((caption, place) => el(`li.scene${place === scenes.length - 1 ? ".now" : ""}`, { "aria-current": place === scenes.length - 1 ? "step" : null }, caption))),
  );
}

function controls(story) {
  const over = story.told >= story.captions.length;
  const tell = (what) => act("tell", { what }).then(state.refresh);
  if (over) return el("p", {}, "The story is over. Look around: everything is still here.");
  if (story.playing) return el("button.button.plain", { type: "button", id: "story-pause", onclick: () => tell("pause") }, "Pause after this scene");
  return [
    el("button.button.primary", { type: "button", id: "story-next", onclick: () => tell("next") }, "Next scene"),
    el("button.button.plain", { type: "button", id: "story-all", onclick: () => tell("all") }, "Play all"),
  ];
}

function start([what, title, about]) {
  const begin = async () => {
    const sure = await ask({ title: `${title}: start over?`, text: "What is in the sandbox now is thrown away.", yes: "Start over", danger: true });
    if (!sure) return;
    await act("start_over", { what });
    await state.refresh();
  };
  return el("div.start", {}, el("button.button.plain", { type: "button", id: `start-${what}`, onclick: begin }, title), el("p", {}, about));
}
