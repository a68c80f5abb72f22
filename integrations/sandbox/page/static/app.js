// Reads the state, draws the page, and reads it again whenever the sandbox says that something has changed.
import { drawBoards } from "./boards.js";
import { drawClock } from "./clock.js";
import { el, fill } from "./dom.js";
import { drawHome, openHome } from "./home.js";
import { drawInspector } from "./inspector.js";
import { drawMail } from "./mailbox.js";
import { drawChannel, drawThread } from "./messages.js";
import { drawDialogs } from "./modal.js";
import { listen, read } from "./server.js";
import { drawSidebar, toggleSidebar } from "./sidebar.js";
import { goTo, readAddress, state } from "./state.js";
import { drawStory } from "./story.js";

const VIEWS = { channel: drawChannel, home: drawHome, boards: drawBoards, mail: drawMail };
const PANELS = { story: drawStory, inspector: drawInspector, thread: drawThread };
const main = document.getElementById("main");
const panel = document.getElementById("panel");
let reading = null;
let again = false;
let drawnPlace = "";

// One reading at a time; what changes meanwhile is read once more. Resolves when the newest state is drawn.
state.refresh = () => {
  if (reading) again = true;
  else reading = readOn().finally(() => { reading = null; });
  return reading;
};

async function readOn() {
  do {
    again = false;
    try {
      const asked = { as: state.me, view: state.view, id: state.id };
      const data = await read("state", asked);
      if (asked.as !== state.me || asked.view !== state.view || asked.id !== state.id) again = true;
      else await show(data);
    } catch {
      document.body.classList.add("away");
      return;
    }
  } while (again);
}

async function show(data) {
  document.body.classList.remove("away");
  if (data.starting || data.error) return showStarting(data);
  if (state.data && state.data.run !== data.run) state.thread = "";
  state.data = data;
  if (state.view === "channel" && !data.channels.some((each) => each.id === state.id)) return goTo("channel", data.channels.find((each) => each.member)?.id || data.channels[0].id, data.me);
  drawSidebar();
  drawClock(document.getElementById("clock"));
  drawMain();
  await drawPanel();
  drawDialogs(data.dialogs);
}

function showStarting() {
  state.data = null;
  drawDialogs([]);
  fill(main, "starting", () => el("p.starting", { role: "status" }, "The app is starting …"));
  drawnPlace = "";
}

function drawMain() {
  const place = `${state.data.run} ${state.me}/${state.view}/${state.id}`;
  const fresh = place !== drawnPlace;
  if (fresh) {
    drawnPlace = place;
    main.trace = null;
    main.replaceChildren();
    main.dataset.place = `${state.me}/${state.view}/${state.id}`;
  }
  VIEWS[state.view](main, fresh);
  if (fresh && state.view === "home") openHome();
}

async function drawPanel() {
  const wanted = state.thread ? "thread" : state.panel;
  panel.hidden = !wanted;
  document.body.classList.toggle("with-panel", Boolean(wanted));
  for (const button of document.querySelectorAll("[data-panel]")) button.setAttribute("aria-pressed", String(button.dataset.panel === wanted));
  if (!wanted) return;
  if (panel.dataset.shows !== wanted) {
    panel.dataset.shows = wanted;
    panel.trace = null;
    panel.replaceChildren();
  }
  await PANELS[wanted](panel);
}

for (const button of document.querySelectorAll("[data-panel]")) {
  button.addEventListener("click", () => {
    const open = (state.thread ? "thread" : state.panel) === button.dataset.panel;
    state.thread = "";
    state.panel = open ? "" : button.dataset.panel;
    state.refresh();
  });
}

document.getElementById("open-sidebar").addEventListener("click", () => toggleSidebar());

document.getElementById("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
});
const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;

addEventListener("hashchange", () => { readAddress(); toggleSidebar(false); state.refresh(); });
readAddress();
state.refresh();
listen(() => state.refresh());
