// What the page knows: who sits before it, where they are, and what the sandbox last told.

export const state = {
  me: sessionStorage.getItem("me") || "U0OLIVIA",
  view: "channel",
  id: "",
  thread: "",
  panel: "",
  data: null,
  refresh: () => {},
};

export function person(id) {
  return state.data?.people.find((each) => each.id === id) || { id, name: id, real_name: id, role: "" };
}

export function channel(id) {
  return state.data?.channels.find((each) => each.id === id);
}

export const me = () => person(state.me);

// The address names person and place, so that two windows can show two people side by side.
export function readAddress() {
  const [who, view, id] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (who) state.me = who;
  if (view) [state.view, state.id] = [view, id || ""];
}

export function goTo(view, id = "", who = state.me) {
  state.thread = "";
  sessionStorage.setItem("me", who);
  location.hash = `${who}/${view}${id ? `/${id}` : ""}`;
}

export function conversations(kind) {
  return (state.data?.channels || []).filter((each) => each.kind === kind && !each.archived);
}
