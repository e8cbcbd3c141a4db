// The line at the bottom: writing, and the bot's commands behind "/".

import { element } from "./text.js";

const at = (id) => document.getElementById(id);

export class Composer {
  /** `send(text)` resolves to whether it went out. */
  constructor(send) {
    this.send = send;
    this.commands = [];
    this.chosen = -1;
    this.text = at("text");
    this.menu = at("menu");
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("blur", () => this.hideSoon());
    at("open-menu").addEventListener("click", () => this.toggle());
    at("open-menu").addEventListener("blur", () => this.hideSoon());
    at("open-menu").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hide();
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        this.text.focus();
        this.show("");
        this.choose(event.key === "ArrowUp" ? this.menu.children.length - 1 : 0);
      }
    });
    at("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  about(commands) {
    this.commands = commands;
    at("open-menu").hidden = commands.length === 0;
  }

  /** The bot's reply keyboard: each key sends its label as a message. */
  showKeys(rows) {
    at("keys").replaceChildren(...rows.map((row) => element("div", { class: "row" },
      ...row.map((label) => {
        const key = element("button", { type: "button", class: "sends" }, label);
        key.addEventListener("click", () => this.send(label));
        return key;
      }))));
    at("keys").hidden = !rows.length;
  }

  async submit() {
    const words = this.text.value.trim();
    if (!words) return;
    this.hide();
    if (await this.send(words)) {
      this.text.value = "";
      this.changed();
    }
    this.text.focus();
  }

  changed() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 132)}px`;
    at("send").disabled = !this.text.value.trim();
    const typed = /^\/(\w*)$/.exec(this.text.value);
    if (typed) this.show(typed[1].toLowerCase());
    else this.hide();
  }

  pressed(event) {
    const open = !this.menu.hidden;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (open && this.chosen >= 0) this.take(this.menu.children[this.chosen].dataset.command);
      else this.submit();
    } else if (open && event.key === "Escape") {
      this.hide();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const count = this.menu.children.length;
      const from = this.chosen < 0 && event.key === "ArrowUp" ? count : this.chosen;
      this.choose((from + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (open && event.key === "Tab" && !event.shiftKey && this.chosen >= 0) {
      event.preventDefault();
      this.text.value = `/${this.menu.children[this.chosen].dataset.command}`;
      this.changed();
    }
  }

  toggle() {
    if (this.menu.hidden) this.show("");
    else this.hide();
  }

  show(typed) {
    const fitting = this.commands.filter(({ command }) => command.startsWith(typed));
    this.menu.replaceChildren(...fitting.map(({ command, description }, index) => {
      const line = element("li", {
        id: `command-${index}`, role: "option", "aria-selected": "false", "data-command": command,
      }, element("b", {}, `/${command}`), element("span", {}, description));
      line.addEventListener("mousedown", (event) => event.preventDefault());
      line.addEventListener("click", () => this.take(command));
      return line;
    }));
    this.open(fitting.length > 0);
    this.choose(typed && fitting.length ? 0 : -1);
  }

  hide() {
    this.open(false);
    this.choose(-1);
  }

  hideSoon() {
    setTimeout(() => {
      if (![this.text, at("open-menu")].includes(document.activeElement)) this.hide();
    }, 150);
  }

  open(shown) {
    this.menu.hidden = !shown;
    at("open-menu").setAttribute("aria-expanded", String(shown));
  }

  choose(index) {
    this.chosen = index;
    [...this.menu.children].forEach((line, place) => {
      line.setAttribute("aria-selected", String(place === index));
      if (place === index) line.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.text.removeAttribute("aria-activedescendant");
    else this.text.setAttribute("aria-activedescendant", `command-${index}`);
  }

  async take(command) {
    this.hide();
    if (await this.send(`/${command}`)) {
      this.text.value = "";
      this.changed();
    }
  }
}
