// What stands beside the chat: what runs, what time it is in New York, what to try.
//
// GET /panel and the event "panel" carry the fields of `Panel` in panel.py.

import { element } from "./text.js";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const OPENS = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", weekday: "short", hour: "2-digit", minute: "2-digit",
});
const STATES = { up: "running", waiting: "starting", down: "not running" };

const at = (id) => document.getElementById(id);

export class Panel {
  /** `act`: command(text) and now() in seconds. */
  constructor(act) {
    this.act = act;
    this.told = {};
    this.commands = [];
    this.bot = null;
    setInterval(() => this.tick(), 250);
  }

  show(told) {
    this.told = told;
    if (told.title) at("panel-title").textContent = told.title;
    if (told.note) at("panel-note").textContent = told.note;
    this.listTries();
    this.listRunning();
  }

  about(commands) {
    this.commands = commands;
    this.listTries();
  }

  pulse(bot) {
    if (bot === this.bot) return;
    this.bot = bot;
    this.listRunning();
  }

  tick() {
    const now = this.act.now();
    if (now === null) return;
    at("clock").textContent = CLOCK.format(new Date(now * 1000));
    at("market").textContent = market(this.told.market, now);
  }

  listRunning() {
    const bot = { name: "Bot", state: this.bot ? "up" : "down" };
    const rest = (this.told.running ?? []).filter((part) => part.name !== "Bot");
    const mine = (this.told.running ?? []).find((part) => part.name === "Bot");
    const parts = [...rest, { ...mine, ...bot }];
    at("running").replaceChildren(...parts.map((part) => element("li", { class: part.state },
      element("span", { class: "dot", "aria-hidden": "true" }),
      element("span", { class: "part" }, part.name,
        element("small", {}, part.state === "up" && part.detail ? part.detail : STATES[part.state] ?? "")))));
  }

  listTries() {
    const tries = this.told.tries ?? this.commands.slice(0, 3)
      .map(({ command, description }) => ({ send: `/${command}`, text: description }));
    at("tries").replaceChildren(...tries.map(({ send, text }) => {
      const chip = element("button", { type: "button", class: "chip" },
        element("b", {}, send), element("span", {}, text));
      chip.addEventListener("click", () => this.act.command(send));
      return element("li", {}, chip);
    }));
  }
}

function market(hours, now) {
  if (!hours) return "";
  if (now < hours.opens) {
    const wait = hours.opens - now;
    if (wait > 20 * 3600) return `Market closed, opens ${OPENS.format(new Date(hours.opens * 1000))}`;
    return `Market closed, opens in ${span(wait)}`;
  }
  return now < hours.closes ? `Market open, closes in ${span(hours.closes - now)}` : "Market closed";
}

function span(seconds) {
  const whole = Math.ceil(seconds);
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
