// Short names as Slack has them; an unknown one is shown as it is written.

const SIGNS = {
  triangular_flag_on_post: "🚩", red_flag: "🚩", money_with_wings: "💸", scroll: "📜", coin: "🪙", hourglass: "⌛", hole: "🕳️", jigsaw: "🧩", fog: "🌫️",
  snail: "🐌", mute: "🔇", mailbox_with_no_mail: "📭", telephone_receiver: "📞", no_entry_sign: "🚫", thunder_cloud_and_rain: "⛈️",
  octagonal_sign: "🛑", performing_arts: "🎭", joystick: "🕹️", elephant: "🐘", unicorn_face: "🦄", stopwatch: "⏱️",
  umbrella_with_rain_drops: "☔", rain_cloud: "🌧️", crystal_ball: "🔮", sunflower: "🌻", moneybag: "💰", gem: "💎", dart: "🎯",
  rabbit2: "🐇", handshake: "🤝", trophy: "🏆", loudspeaker: "📢", seedling: "🌱", turtle: "🐢", sloth: "🦥", adhesive_bandage: "🩹",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴", white_circle: "⚪", large_blue_circle: "🔵",
  rotating_light: "🚨", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️", tada: "🎉",
  thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", heart: "❤️", eyes: "👀", smile: "😄", joy: "😂", thinking_face: "🤔", wave: "👋",
  pray: "🙏", clap: "👏", fire: "🔥", rocket: "🚀", star: "⭐", sparkles: "✨", calendar: "📅", date: "📅", memo: "📝", pencil: "✏️",
  pushpin: "📌", lock: "🔒", bulb: "💡", hourglass_flowing_sand: "⏳", email: "✉️", link: "🔗", clipboard: "📋", bell: "🔔", 100: "💯",
  point_right: "👉", raised_hands: "🙌", coffee: "☕", muscle: "💪", ok_hand: "👌", checkered_flag: "🏁", door: "🚪", black_square_button: "🔲",
  white_small_square: "▫️", thought_balloon: "💭", speech_balloon: "💬",
  white_large_square: "⬜", white_medium_square: "◻️", black_circle: "⚫", arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", scales: "⚖️",
};

export const EVERYDAY = ["thumbsup", "heart", "tada", "eyes", "joy", "pray", "clap", "fire", "white_check_mark", "thinking_face", "wave", "rocket"];

export function sign(name) {
  return Object.hasOwn(SIGNS, name) ? SIGNS[name] : `:${name}:`;
}

export const isKnown = (name) => Object.hasOwn(SIGNS, name);
