// The sandbox's time: what is due then happens as it would.
import { announce, el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { popup } from "./popup.js";
import { act } from "./server.js";
import { state } from "./state.js";

const MOVES = [
  ["due", "Run what is due now"],
  ["minutes", "10 minutes later"],
  ["day", "1 day later"],
  ["two_days", "2 days later"],
  ["week", "1 week later"],
  ["monday", "Next Monday, 09:00"],
];

export function drawClock(place) {
  const { now, zone, moved } = state.data.clock;
  const shown = new Date(now).toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone });
  fill(place, [shown, moved], () => {
    const button = el("button", { type: "button", id: "clock-button", "aria-haspopup": "menu", "aria-label": `It is ${shown}. Move the clock`, title: now.slice(0, 10) }, icon("clock"), el("span", {}, shown), icon("down"));
    button.addEventListener("click", () => popup(button, MOVES.map(([to, label]) => ({ label, run: () => moveClock(to) })), { label: "Move the clock" }));
    return button;
  });
}

export async function moveClock(to) {
  document.body.classList.add("time-moves");
  announce("Time moves …");
  const answer = await act("clock", { to });
  document.body.classList.remove("time-moves");
  if (!answer.error) announce("What was due is done.");
  await state.refresh();
}
