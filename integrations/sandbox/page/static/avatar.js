// A person as two letters on a colour of their own.
import { el } from "./dom.js";

const TONES = 6;

export function avatar(person) {
  const letters = person.real_name.split(/\s+/).map((word) => word[0] || "").join("").slice(0, 2).toUpperCase();
  const tone = [...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % TONES;
  return el(`span.avatar.tone-${person.role === "app" ? "app" : tone}`, { "aria-hidden": "true" }, letters);
}
