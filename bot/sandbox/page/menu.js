/** Things that open beside a button: menus, the emoji picker, lists of options. */

import { h } from "./dom.js";
import { emoji, PICKS } from "./emoji.js";
import { t } from "./words.js";

/** Whether something is open that Esc closes first. */
export const popoverOpen = () => document.querySelector("[popover]:popover-open") !== null;

/** Opens `content` beside `anchor`; Esc or a press elsewhere closes it. Returns the function that closes it. */
export function openPopover(anchor, content, { align = "start", width, focus = true, closed } = {}) {
  const box = h("div", { class: "popover", popover: "auto" }, content);
  document.body.append(box);
  if (width) box.style.minWidth = `${width}px`;
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    if (box.contains(document.activeElement) || document.activeElement === document.body) anchor.focus({ preventScroll: true });
    box.remove();
    closed?.();
  });
  box.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(box, anchor, align);
  if (focus) box.querySelector("[autofocus], button, input, [tabindex]")?.focus({ preventScroll: true });
  return () => box.isConnected && box.hidePopover();
}

function place(box, anchor, align) {
  const rect = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = align === "end" ? rect.right - width : rect.left;
  const below = rect.bottom + 4;
  const above = rect.top - height - 4;
  const top = below + height > innerHeight - 8 && above > 8 ? above : Math.min(below, innerHeight - height - 8);
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, top)}px`;
}

/** Up, Down, Home and End move between the buttons inside. */
export function arrows(node, selector) {
  node.addEventListener("keydown", (event) => {
    const all = [...node.querySelectorAll(selector)];
    const at = all.indexOf(document.activeElement);
    const next = {
      ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1,
    }[event.key];
    if (next === undefined || !all.length) return;
    event.preventDefault();
    all[(next + all.length) % all.length].focus();
  });
}

/** A menu of `{label, icon?, hint?, danger?, run}`; null draws a line. */
export function openMenu(anchor, items, options = {}) {
  let close = () => {};
  const body = h("div", { class: "menu", role: "menu" }, items.map((item) => {
    if (!item) return h("div", { class: "menu-line", role: "separator" });
    return h("button", {
      type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item",
      onclick: () => {
        close();
        item.run();
      },
    }, item.icon, h("span", { class: "menu-label" }, item.label), item.hint && h("span", { class: "menu-hint" }, item.hint));
  }));
  arrows(body, ".menu-item");
  close = openPopover(anchor, body, options);
}

/** A small grid of emoji; calls `chosen(name)`. */
export function openEmoji(anchor, chosen) {
  let close = () => {};
  const grid = h("div", { class: "emoji-grid", role: "menu", "aria-label": t("emoji") }, PICKS.map((name) =>
    h("button", {
      type: "button", role: "menuitem", "aria-label": name.replaceAll("_", " "), title: `:${name}:`,
      onclick: () => {
        close();
        chosen(name);
      },
    }, emoji(name))));
  arrows(grid, "button");
  close = openPopover(anchor, grid, { align: "end" });
}

/** Asks before an act; resolves to whether it was confirmed. */
export function ask({ title, text, confirm, deny, danger }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "confirm", "aria-labelledby": "confirm-title" },
      h("form", { method: "dialog" },
        h("h2", { id: "confirm-title" }, title),
        h("div", { class: "confirm-text" }, text),
        h("div", { class: "confirm-buttons" },
          h("button", { value: "no", type: "submit", class: "button" }, deny),
          h("button", { value: "yes", type: "submit", class: danger ? "button danger solid" : "button primary", autofocus: true }, confirm))));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A sentence at the bottom that leaves by itself. */
export function toast(text, kind = "info") {
  const box = document.getElementById("toasts");
  const node = h("div", { class: `toast ${kind}`, role: "status" }, text);
  box.append(node);
  setTimeout(() => node.classList.add("leaving"), 5200);
  setTimeout(() => node.remove(), 5600);
}
