// The app's Home tab, as it was published for this person.
import { blocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import { act } from "./server.js";
import { me, state } from "./state.js";

export function drawHome(main) {
  const home = state.data.shown.home;
  const trace = [home?.hash, home?.id, state.me, state.data.run];
  fill(main, trace, () => [
    el("header.place", {}, el("h1", {}, "Amicable"), el("span.chip", {}, "Home"), el("span.chip", {}, "only you see this page")),
    el("div.home", {}, home ? blocks(home.blocks, { view: home.id, values: home.state.values }) : el("p.empty", { role: "status" }, me().role === "client" ? "People of other companies have no Home tab of this app." : "The app is drawing your Home tab …")),
  ]);
}

// Slack tells the app that somebody looks; the app publishes what is there now.
export function openHome() {
  if (me().role !== "client") act("home", { as: state.me }).then(state.refresh);
}
