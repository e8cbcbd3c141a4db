// The messages on the screen: days, groups, and a scroll position that stays where it is.

import { dayOf, draw } from "./bubble.js";
import { element, relative, settle } from "./text.js";

const TOGETHER = 600; // seconds within which messages of one sender stand close
const LINGER = 900; // ms for which the floating day stays after a scroll
const NEAR = 60; // pixels from the end that count as reading the newest

const at = (id) => document.getElementById(id);

export class Log {
  /** `act` is handed to every message. */
  constructor(act) {
    this.act = act;
    this.view = at("log");
    this.messages = new Map();
    this.unread = 0;
    this.stopped = 0;
    this.view.addEventListener("scroll", () => { this.scrolled(); this.floatDay(); });
    this.size = new ResizeObserver(() => { if (this.pinned) this.toEnd(); });
    this.size.observe(this.view);
    // Who opens details wants to read them where they are.
    this.view.addEventListener("unfold", () => this.scrolled());
    at("down").addEventListener("click", () => this.toEnd());
    this.pinned = true;
    setInterval(() => this.refreshTimes(), 1000);
  }

  /** Start again from everything there is. */
  fill(messages) {
    const place = this.view.scrollTop;
    const stay = this.messages.size > 0 && !this.pinned;
    this.messages.clear();
    this.view.replaceChildren();
    for (const message of messages) this.insert(message);
    this.regroup();
    settle(this.view);
    if (stay) this.view.scrollTop = place;
    else this.toEnd();
  }

  add(message) {
    const mine = !message.from.is_bot;
    const stay = !this.pinned && !mine;
    const article = this.insert(message);
    article.classList.add("new");
    this.regroup();
    settle(article);
    if (!stay) return this.toEnd();
    this.unread += 1;
    return this.scrolled();
  }

  change(message) {
    const held = this.messages.get(message.message_id);
    if (!held) return;
    held.message = message;
    this.redraw(held);
    for (const each of this.messages.values()) {
      if (each.message.reply_to_message?.message_id === message.message_id) this.redraw(each);
    }
  }

  /** `message` as it stands now: what answers it quotes that. */
  latest(message) {
    return this.messages.get(message.message_id)?.message ?? message;
  }

  redraw({ article, message }) {
    this.steadily(article, () => {
      draw(article, message, this.act);
      this.regroup();
      settle(article);
    });
  }

  /** Change `article` without moving what is being read. */
  steadily(article, change) {
    const pinned = this.pinned;
    const above = article.getBoundingClientRect().bottom <= this.view.getBoundingClientRect().top;
    const height = this.view.scrollHeight;
    change();
    if (pinned) this.toEnd();
    else if (above) this.view.scrollTop += this.view.scrollHeight - height;
  }

  remove(messageId) {
    const held = this.messages.get(messageId);
    if (!held) return;
    this.messages.delete(messageId);
    const day = held.article.parentElement;
    this.steadily(held.article, () => {
      held.article.remove();
      if (!day.querySelector(".message")) day.remove();
      this.regroup();
    });
  }

  /** Draw a message again because a tap on it began or ended. */
  refresh(messageId) {
    const held = this.messages.get(messageId);
    if (held) this.redraw(held);
  }

  /** Show a message that is somewhere above. */
  lead(messageId) {
    const article = this.messages.get(messageId)?.article;
    if (!article) return;
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    article.classList.remove("shown");
    requestAnimationFrame(() => article.classList.add("shown"));
  }

  insert(message) {
    const name = dayOf(message);
    let day = this.view.lastElementChild;
    if (day?.dataset.day !== name) {
      day = element("section", { class: "day", "data-day": name },
        element("h2", { class: "date" }, element("span", { title: "New York time" }, `${name} · ET`)));
      this.view.append(day);
      this.size.observe(day);
    }
    const article = element("article", { tabindex: "-1" });
    draw(article, message, this.act);
    day.append(article);
    this.messages.set(message.message_id, { message, article });
    return article;
  }

  regroup() {
    const held = [...this.messages.values()];
    held.forEach(({ message, article }, index) => {
      article.classList.toggle("first", !together(held[index - 1]?.message, message));
      article.classList.toggle("last", !together(message, held[index + 1]?.message));
    });
  }

  scrolled() {
    const below = this.view.scrollHeight - this.view.scrollTop - this.view.clientHeight;
    this.pinned = below < NEAR;
    if (this.pinned) this.unread = 0;
    at("down").hidden = this.pinned;
    at("unread").hidden = this.unread === 0;
    at("unread").textContent = this.unread;
  }

  /** Let the day of what is on top float while the log moves. */
  floatDay() {
    const top = this.view.getBoundingClientRect().top;
    for (const date of this.view.querySelectorAll(".date")) {
      date.classList.toggle("stuck", date.parentElement.getBoundingClientRect().top < top);
    }
    if (this.pinned) return;
    this.view.classList.add("moving");
    clearTimeout(this.stopped);
    this.stopped = setTimeout(() => this.view.classList.remove("moving"), LINGER);
  }

  // At once: a glide would look like a person scrolling, and be taken for one.
  toEnd() {
    this.pinned = true;
    this.view.scrollTop = this.view.scrollHeight;
  }

  refreshTimes() {
    for (const made of this.view.querySelectorAll("time[data-relative]")) {
      made.textContent = relative(made.dataset.relative - this.act.now());
    }
  }
}

function together(before, after) {
  return Boolean(before && after) && before.from.id === after.from.id
    && dayOf(before) === dayOf(after) && after.date - before.date < TOGETHER;
}
