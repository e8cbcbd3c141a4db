// One message -> one article: bubble, picture or file, time, and the keyboard below it.

import { element, formatted } from "./text.js";

const WIDEST = 420; // pixels on the longer side of a picture in the log
const NEW_YORK = "America/New_York";
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: NEW_YORK, hour: "2-digit", minute: "2-digit" });
const FULL = new Intl.DateTimeFormat("en-GB", {
  timeZone: NEW_YORK, weekday: "long", day: "numeric", month: "long",
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: NEW_YORK, weekday: "long", day: "numeric", month: "long",
});

/** The day of a message in New York, as its separator says it. */
export function dayOf(message) {
  return DAY.format(new Date(message.date * 1000));
}

export function timeOf(seconds) {
  return CLOCK.format(new Date(seconds * 1000));
}

/** Draw `message` into `article`. `act`: command, now, tap(message, button), waits, open(picture), lead(id),
 *  latest(message). */
export function draw(article, message, act) {
  const unfolded = [...article.querySelectorAll("blockquote.expandable")]
    .map((quote) => quote.classList.contains("open"));
  const focused = article.contains(document.activeElement)
    ? document.activeElement.textContent : null;
  article.className = `message ${message.from.is_bot ? "in" : "out"}`;
  article.setAttribute("aria-label", label(message));
  article.replaceChildren(bubble(message, act), ...keyboard(message, act));
  article.querySelectorAll("blockquote.expandable").forEach((quote, index) => {
    if (unfolded[index]) {
      quote.classList.add("open");
      quote.lastElementChild.setAttribute("aria-expanded", "true");
      quote.lastElementChild.setAttribute("aria-label", "Show less");
    }
  });
  if (focused !== null) {
    const same = [...article.querySelectorAll("button")].find((b) => b.textContent === focused);
    (same ?? article).focus({ preventScroll: true });
  }
}

function label(message) {
  const who = message.from.is_bot ? message.from.first_name : "You";
  return `${who}, ${timeOf(message.date)}`;
}

function bubble(message, act) {
  const made = element("div", { class: "bubble" });
  if (message.reply_to_message) made.append(answered(act.latest(message.reply_to_message), act));
  if (message.photo) made.append(photo(message, act));
  if (message.document) made.append(file(message.document, act));
  const text = message.text ?? message.caption;
  if (text) {
    const entities = message.entities ?? message.caption_entities ?? [];
    const words = element("div", { class: "text" }, formatted(text, entities, act));
    words.classList.toggle("ends-in-block", Boolean(words.lastChild?.matches?.("pre, blockquote")));
    words.append(meta(message));
    made.append(words);
  } else made.append(meta(message));
  made.classList.toggle("bare", Boolean(message.photo) && !text);
  made.classList.toggle("pictured", Boolean(message.photo));
  return made;
}

/** The message that this one answers, in a line that leads to it. */
function answered(message, act) {
  const words = (message.text ?? message.caption ?? (message.photo ? "Picture" : "File")).split("\n")[0];
  const made = element("button", { type: "button", class: "answered" },
    element("b", {}, message.from.is_bot ? message.from.first_name : "You"),
    element("span", {}, words));
  made.addEventListener("click", () => act.lead(message.message_id));
  return made;
}

function meta(message) {
  const at = new Date(message.date * 1000);
  const made = element("span", { class: "meta" });
  if (message.edit_date && message.from.is_bot) made.append("edited ");
  made.append(element("time", { datetime: at.toISOString(), title: `${FULL.format(at)} ET` },
    timeOf(message.date)));
  if (!message.from.is_bot) made.append(ticks());
  return made;
}

function ticks() {
  const name = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(name, "svg");
  drawing.setAttribute("viewBox", "0 0 18 11");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", "delivered");
  const path = document.createElementNS(name, "path");
  path.setAttribute("d", "M1 6l3.4 3.6L12 1.4M8.6 9.6L16.4 1.4M7.4 8.2l1.2 1.4");
  drawing.append(path);
  return drawing;
}

function photo(message, act) {
  const size = message.photo.at(-1);
  const source = `page/files/${encodeURIComponent(size.file_id)}`;
  const words = message.caption?.split("\n")[0] || "Picture";
  const image = element("img", {
    src: source, alt: words, width: size.width, height: size.height, decoding: "async",
  });
  const button = element("button", { type: "button", class: "photo", "aria-label": `Open: ${words}` }, image);
  // The place is taken before the picture has come, so that nothing jumps.
  button.style.width = `${Math.max(160, Math.min(size.width, WIDEST * size.width / Math.max(size.width, size.height)))}px`;
  button.style.aspectRatio = `${size.width} / ${size.height}`;
  button.addEventListener("click", () => act.open(source, words));
  return button;
}

function file(document_, act) {
  const source = `page/files/${encodeURIComponent(document_.file_id)}`;
  const inside = [
    element("span", { class: "sheet", "aria-hidden": "true" }, suffix(document_.file_name)),
    element("span", { class: "name" }, document_.file_name,
      element("small", {}, bytes(document_.file_size))),
  ];
  if (/^image\/(png|jpeg)$/.test(document_.mime_type)) {
    const button = element("button", { type: "button", class: "file" }, ...inside);
    button.addEventListener("click", () => act.open(source, document_.file_name));
    return button;
  }
  return element("a", { class: "file", href: source, download: document_.file_name }, ...inside);
}

function suffix(name) {
  return name.includes(".") ? name.split(".").at(-1).slice(0, 4) : "file";
}

function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1048576 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 1048576).toFixed(1)} MB`;
}

function keyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return [];
  return [element("div", { class: "keyboard", role: "group", "aria-label": "Buttons" },
    ...rows.map((row) => element("div", { class: "row" },
      ...row.map((button) => key(message, button, act)))))];
}

function key(message, button, act) {
  const look = `key ${button.style ?? ""}`;
  if (button.url) {
    return element("a", {
      class: `${look} away`, href: button.url, target: "_blank", rel: "noopener noreferrer",
      title: button.url,
    }, element("span", {}, button.text));
  }
  const made = element("button", { type: "button", class: look }, element("span", {}, button.text));
  if (act.waits(message, button)) made.setAttribute("aria-busy", "true");
  made.addEventListener("click", () => act.tap(message, button));
  return made;
}
