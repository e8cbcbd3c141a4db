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
const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});
const TIME = new Intl.DateTimeFormat("en-GB", { timeZone: "America/New_York", hour: "2-digit", minute: "2-digit" });
const STATES = { up: "running", waiting: "starting", down: "not running" };

const at = (id) => document.getElementById(id);

export class Panel {
  /** `act`: command(text), steer(path, body), and now() in seconds. */
  constructor(act) {
    this.act = act;
    at("jump").addEventListener("click", () => act.steer("jump", {}));
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
    this.showPace();
    this.showStory();
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

  showPace() {
    const pace = this.told.pace;
    at("pace").hidden = !pace;
    if (!pace) return;
    at("speeds").replaceChildren(...pace.choices.map((speed) => {
      const button = element("button", { type: "button", "aria-pressed": String(speed === pace.speed) }, `${speed}×`);
      button.addEventListener("click", () => this.act.steer("pace", { speed }));
      return button;
    }));
    at("speed-note").textContent = pace.speed === 1 ? "As fast as the clock on the wall."
      : `A minute takes ${inWall(60 / pace.speed)} here. Slow down to answer a card.`;
    at("next-open").textContent = `${DAY.format(new Date(pace.next_open * 1000))}. The computer sleeps until then.`;
  }

  showStory() {
    const story = this.told.story;
    at("story").hidden = !story;
    if (!story) return;
    at("story-name").textContent = story.name;
    at("story-text").textContent = story.text;
    at("steps").replaceChildren(...story.steps.map((step) => element("li", { class: step.done ? "done" : "" },
      element("time", {}, TIME.format(new Date(step.at * 1000))),
      element("span", {}, step.text, element("span", { class: "unseen" }, step.done ? " (has happened)" : "")))));
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

/** Seconds on the wall, in words. */
function inWall(seconds) {
  return seconds === 1 ? "a second" : `${seconds < 1 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

function span(seconds) {
  const whole = Math.ceil(seconds);
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
