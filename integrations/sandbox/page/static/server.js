// The way to the sandbox's own JSON. Every change carries the header that a foreign page may not send.
import { toast } from "./dom.js";

export async function read(path, asked = {}) {
  const answer = await fetch(`/page/${path}?${new URLSearchParams(asked)}`, { cache: "no-store" });
  return answer.json();
}

export async function act(what, body = {}) {
  let answer;
  try {
    const sent = await fetch(`/page/do/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Sandbox-Page": "1" },
      body: JSON.stringify(body),
    });
    answer = await sent.json();
  } catch {
    answer = { error: "The sandbox does not answer. Is `make sandbox` still running?" };
  }
  if (answer.error) toast(answer.error);
  return answer;
}

export function listen(onChange) {
  const events = new EventSource("/page/events");
  events.onmessage = onChange;
}
