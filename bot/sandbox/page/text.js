// Text with entities -> DOM. Offsets of the Bot API count UTF-16 units, as strings here do.
// Nothing is ever parsed as HTML.

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  code: "code", pre: "pre", blockquote: "blockquote",
};
const WIDE = { weekday: "long", day: "numeric", month: "long", year: "numeric" };

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Build the nodes of a text. `act` offers command(text) and now() in seconds. */
export function formatted(text, entities, act) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build({ text, act }, 0, text.length, ordered);
}

function build(source, from, to, entities) {
  const nodes = document.createDocumentFragment();
  let at = from;
  let afterBlock = false;
  const put = (end, beforeBlock) => {
    let piece = source.text.slice(at, end);
    // A block stands on lines of its own: the line break beside it is not shown twice.
    if (afterBlock) piece = piece.replace(/^\n/, "");
    if (beforeBlock) piece = piece.replace(/\n$/, "");
    if (piece) nodes.append(piece);
    at = end;
  };
  for (let index = 0; index < entities.length;) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    const block = BLOCKS.has(entity.type);
    put(entity.offset, block);
    let next = index + 1;
    while (next < entities.length && entities[next].offset < end) next += 1;
    const inside = build(source, entity.offset, end, entities.slice(index + 1, next));
    nodes.append(dressed(source, entity, inside, source.text.slice(entity.offset, end)));
    at = end;
    afterBlock = block;
    index = next;
  }
  put(to, false);
  return nodes;
}

function dressed({ act }, entity, inside, words) {
  switch (entity.type) {
    case "text_link":
    case "url":
      return element("a", {
        href: entity.url ?? words, target: "_blank", rel: "noopener noreferrer",
      }, inside);
    case "bot_command": {
      const button = element("button", { type: "button", class: "word" }, inside);
      button.addEventListener("click", () => act.command(words));
      return button;
    }
    case "spoiler": {
      const button = element("button", {
        type: "button", class: "spoiler", "aria-label": "Hidden, press to read",
      }, element("span", {}, inside));
      button.addEventListener("click", () => {
        button.classList.add("open");
        button.removeAttribute("aria-label");
      });
      return button;
    }
    case "expandable_blockquote":
      return expandable(inside);
    case "date_time":
      return moment(entity, inside, act);
    case "mention":
    case "hashtag":
    case "cashtag":
      return element("span", { class: "tag" }, inside);
    default:
      return element(PLAIN[entity.type] ?? "span", {}, inside);
  }
}

function expandable(inside) {
  const quote = element("blockquote", { class: "expandable" },
    element("div", { class: "inside" }, inside));
  const toggle = element("button", {
    type: "button", class: "unfold", "aria-expanded": "false", "aria-label": "Show all",
  });
  const turn = () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "Show less" : "Show all");
    quote.dispatchEvent(new Event("unfold", { bubbles: true }));
  };
  toggle.addEventListener("click", (event) => { event.stopPropagation(); turn(); });
  quote.addEventListener("click", () => {
    if (quote.classList.contains("folds") && !String(getSelection())) turn();
  });
  quote.append(toggle);
  return quote;
}

/** Once on the page: an expandable quote that is short anyway needs no button. */
export function settle(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable")) {
    const inside = quote.firstElementChild;
    const open = quote.classList.contains("open");
    quote.classList.add("folds");
    quote.classList.toggle("folds", open || inside.scrollHeight > inside.clientHeight + 4);
  }
}

function moment(entity, inside, act) {
  const date = new Date(entity.unix_time * 1000);
  const made = element("time", { datetime: date.toISOString(), class: "moment" });
  made.title = `${show(date, { ...WIDE, hour: "2-digit", minute: "2-digit", timeZoneName: "short" })} (your time)`;
  const format = entity.date_time_format;
  if (!format) made.append(inside);
  else if (format === "r") {
    made.dataset.relative = entity.unix_time;
    made.textContent = relative(entity.unix_time - act.now());
  } else made.textContent = show(date, options(format));
  return made;
}

function options(format) {
  const chosen = {};
  for (const letter of format) {
    if (letter === "t") Object.assign(chosen, { hour: "2-digit", minute: "2-digit" });
    if (letter === "T") Object.assign(chosen, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    if (letter === "d") Object.assign(chosen, { day: "numeric", month: "short" });
    if (letter === "D") Object.assign(chosen, { day: "numeric", month: "long", year: "numeric" });
    if (letter === "w") chosen.weekday = "short";
    if (letter === "W") chosen.weekday = "long";
  }
  return chosen;
}

function show(date, chosen) {
  return new Intl.DateTimeFormat("en-GB", chosen).format(date);
}

/** Seconds from now -> "in 9 minutes", "2 hours ago". */
export function relative(seconds) {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return Math.abs(seconds) < 5 ? "now" : words.format(Math.round(seconds), "second");
}
