// Small line drawings of our own, so that the page looks the same without emoji fonts.

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.5 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  shared: "M4 8h13l-3-3M20 16H7l3 3",
  letter: "M4 6h16v12H4zM4 7l8 6 8-6",
  home: "M4 11l8-7 8 7M6 10v10h12V10M10 20v-6h4v6",
  boards: "M4 5h5v14H4zM11 5h5v9h-5zM18 5h2.5v12H18z",
  mail: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 2h4l1-2h5",
  bolt: "M13 3 6 13h5l-1 8 7-11h-5z",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  down: "M7 10l5 5 5-5",
  eye: "M2.5 12S6 6 12 6s9.500 6 9.500 6-3.500 6-9.500 6-9.500-6-9.500-6zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  thread: "M4 5h16v11h-9l-4 4v-4H4z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14.500c1 1.500 2.200 2 3.500 2s2.500-.5 3.500-2M9 9.500v.01M15 9.500v.01",
  send: "M4 12 20 4l-5 16-3.500-6.500zM11.500 13.500 20 4",
};
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const node = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  node.append(path);
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "svg"], ["aria-hidden", "true"]]) node.setAttribute(key, value);
  return node;
}
