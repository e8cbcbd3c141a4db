// The page of the chat: hears the event stream, sends, taps, and shows what came of it.

import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Panel } from "./panel.js";

const ANSWER_WITHIN = 15000; // ms after which a client stops waiting for a tap's answer
const TYPING = 5000; // ms for which one "typing" lasts
const SILENCE = 6000; // ms without a sign of life after which the server counts as gone
const TOAST = 3500; // ms
const DOING = {
  typing: "typing", upload_photo: "sending a picture", upload_document: "sending a file",
};

const at = (id) => document.getElementById(id);

const taps = new Map(); // "message:data" -> the query's id, or null until it is known
const early = new Map(); // answers that overtook the reply to the tap
let clock = null; // {now, seen, rate}: the chat's clock, which may run at its own speed
let stream = null;
let heard = 0;
let bot = true;
let starting = "";
let doing = "";
let doingTimer = 0;
let toastTimer = 0;
let unseen = 0; // messages that rang while the tab was in the background

const act = {
  now, tap, open: openPicture, lead: (id) => log.lead(id),
  latest: (message) => log.latest(message),
  command: (text) => { send(text); closePanel(); }, steer,
  waits: (message, button) => taps.has(nameOf(message, button)),
};
const log = new Log(act);
const panel = new Panel(act);
const composer = new Composer(send);

/** The time of the chat in Unix seconds; null before it is known. */
function now() {
  if (clock === null) return null;
  return clock.now + (performance.now() - clock.seen) / 1000 * clock.rate;
}

async function post(path, body) {
  try {
    const reply = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}

async function send(text) {
  const sent = await post("send", { text });
  if (!sent) toast("Not sent: the chat server does not answer.");
  return Boolean(sent);
}

async function steer(path, body) {
  if (!await post(path, body)) toast("Not done: the demo does not answer.");
}

function nameOf(message, button) {
  return `${message.message_id}:${button.callback_data ?? button.text}`;
}

async function tap(message, button) {
  if (button.copy_text) return copy(button.copy_text.text);
  const name = nameOf(message, button);
  if (!button.callback_data || taps.has(name)) return undefined;
  taps.set(name, null);
  log.refresh(message.message_id);
  setTimeout(() => settleTap(name), ANSWER_WITHIN);
  const asked = await post("tap", { message_id: message.message_id, data: button.callback_data });
  if (!asked) {
    settleTap(name);
    return toast("Not sent: the chat server does not answer.");
  }
  taps.set(name, asked.query_id);
  if (early.has(asked.query_id)) answered(early.get(asked.query_id));
  return undefined;
}

function settleTap(name) {
  if (taps.delete(name)) log.refresh(Number(name.split(":")[0]));
}

function answered(answer) {
  const name = [...taps].find(([, queryId]) => queryId === answer.query_id)?.[0];
  if (name === undefined) {
    // Either it overtook the reply to our tap, or another device asked.
    if ([...taps.values()].includes(null)) early.set(answer.query_id, answer);
    return;
  }
  early.delete(answer.query_id);
  settleTap(name);
  if (answer.text && answer.show_alert) {
    at("alert-text").textContent = answer.text;
    at("alert").showModal();
  } else if (answer.text) toast(answer.text);
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(`Copied: ${text}`);
}

function toast(words) {
  at("toast").textContent = words;
  at("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { at("toast").hidden = true; }, Math.max(TOAST, words.length * 60));
}

function openPicture(source, words) {
  at("picture").src = source;
  at("picture").alt = words;
  at("picture-caption").textContent = words;
  at("viewer").showModal();
}

function does(action) {
  doing = DOING[action] ?? "";
  clearTimeout(doingTimer);
  if (doing) doingTimer = setTimeout(() => does(""), TYPING);
  showState();
}

/** Say under the name who is there. */
function showState() {
  const there = stream !== null && performance.now() - heard < SILENCE;
  const state = at("state");
  const words = !there ? "connecting …" : !bot ? (starting ? "bot is starting" : "bot is not running") : doing || "bot";
  if (state.textContent !== words) state.textContent = words;
  state.classList.toggle("busy", there && bot && Boolean(doing));
  const banner = at("banner");
  const trouble = !there ? "The chat server is gone. Start it again; this page finds it by itself."
    : !bot ? starting || "The bot is not running. What you send now waits for it." : "";
  if (banner.textContent !== trouble) banner.textContent = trouble;
  banner.hidden = !trouble || (heard === 0 && performance.now() < SILENCE);
  panel.pulse(there && bot);
}

/** Show the panel; until the bot's first poll it says what is waited for. */
function showPanel(told) {
  starting = told.starting ?? "";
  panel.show(told);
}

function showIntro() {
  const empty = log.messages.size === 0;
  at("intro").hidden = !empty;
  at("start").hidden = !empty;
  at("composer").hidden = empty;
  at("keys").hidden = empty || !at("keys").children.length;
}

function about({ bot: self, description, commands }) {
  at("name").textContent = self.first_name;
  at("alert-title").textContent = self.first_name;
  showTitle();
  if (description) at("description").textContent = description;
  composer.about(commands);
  panel.about(commands);
}

function showTitle() {
  document.title = (unseen ? `(${unseen}) ` : "") + at("name").textContent;
}

function pulse(sign) {
  const seen = performance.now();
  const rate = clock ? (sign.now - clock.now) / Math.max(0.001, (seen - clock.seen) / 1000) : 1;
  // A pulse is two seconds after the last: less is too short to measure a speed.
  const known = clock && seen - clock.seen > 1000;
  clock = { now: sign.now, seen, rate: sign.speed ?? (known ? rate : clock?.rate ?? 1) };
  bot = sign.bot;
}

const HEARD = {
  everything: (all) => {
    clock = null;
    pulse(all.pulse);
    about(all.about);
    showPanel(all.panel);
    composer.showKeys(all.keys);
    log.fill(all.messages);
    showIntro();
  },
  message: ({ message, silent }) => {
    if (message.from.is_bot) {
      does("");
      if (document.hidden && !silent) unseen += 1;
      showTitle();
    }
    log.add(message);
    showIntro();
  },
  edited: ({ message }) => log.change(message),
  // The box stays, even if nothing else is left: somebody may be writing in it.
  deleted: ({ message_id: gone }) => log.remove(gone),
  action: ({ action }) => does(action),
  answer: answered,
  keys: ({ keys }) => composer.showKeys(keys),
  about,
  panel: showPanel,
  pulse,
};

/** Listen for ever: a stream that has ended is opened again. */
function listen() {
  stream = new EventSource("events");
  for (const [kind, hear] of Object.entries(HEARD)) {
    stream.addEventListener(kind, (event) => {
      heard = performance.now();
      hear(JSON.parse(event.data));
      showState();
    });
  }
  stream.addEventListener("error", () => {
    heard = Math.min(heard, performance.now() - SILENCE);
    showState();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showTheme() {
  at("theme").setAttribute("aria-pressed", String(dark()));
  at("theme").classList.toggle("dark", dark());
}

function closePanel() {
  document.body.classList.remove("panel-open");
  at("about").setAttribute("aria-expanded", "false");
}

const kept = localStorage.getItem("theme");
if (kept) document.documentElement.dataset.theme = kept;
showTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
at("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = dark() ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
  showTheme();
});
at("about").addEventListener("click", () => {
  const open = document.body.classList.toggle("panel-open");
  at("about").setAttribute("aria-expanded", String(open));
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePanel(); });
document.addEventListener("pointerdown", (event) => {
  if (!at("panel").contains(event.target) && !at("about").contains(event.target)) closePanel();
});
at("start").addEventListener("click", () => send("/start"));
at("viewer").addEventListener("click", () => at("viewer").close());
if (matchMedia("(hover: hover)").matches) at("text").focus();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) unseen = 0;
  showTitle();
});
setInterval(showState, 1000);
listen();
