/** The left column of the workspace: Vocero's Home, channels with unread marks, the private talk, shortcuts. */

import { botFace } from "./avatars.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { goTo } from "./places.js";
import { unread } from "./reading.js";
import { globalShortcuts, runShortcut } from "./shortcuts.js";
import { app, dmOf } from "./state.js";
import { t } from "./words.js";

function entry(place, face, label) {
  const here = app.place?.kind === place.kind && app.place?.channel === place.channel;
  const { count, mentions } = place.channel && !here ? unread(place.channel) : { count: 0, mentions: 0 };
  const classes = ["side-item", here && "here", count > 0 && "unread"].filter(Boolean).join(" ");
  return h("li", {}, h("button", {
    type: "button", class: classes, "aria-current": here ? "page" : null, onclick: () => goTo(place),
    data: { place: place.channel ?? place.kind },
  }, face, h("span", { class: "side-label" }, label),
  mentions > 0 && h("span", { class: "side-count", "aria-label": t("unread", mentions) }, mentions),
  count > 0 && !mentions && h("span", { class: "side-dot", "aria-label": t("unread", count) })));
}

/** Draws the sidebar. */
export function drawSidebar(node) {
  const bolt = h("button", {
    type: "button", class: "side-bolt", "aria-label": t("shortcuts"), title: t("shortcuts"), "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(bolt, globalShortcuts().map((shortcut) => ({
      label: shortcut.name, hint: "Vocero", icon: botFace(20), run: () => runShortcut(shortcut),
    }))),
  }, icon("bolt", 18));
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  put(node,
    h("div", { class: "side-head" }, h("strong", {}, app.team?.name ?? "Vocero Demo"), globalShortcuts().length > 0 && bolt),
    h("nav", { class: "side-scroll", "aria-label": t("workspace") },
      h("ul", {}, entry({ kind: "home" }, icon("home"), t("myday"))),
      h("h2", {}, t("messages")),
      h("ul", {}, entry({ kind: "chat", channel: dmOf() }, botFace(20), "Vocero")),
      h("h2", {}, t("channels")),
      h("ul", {}, app.channels.map((channel) => entry({ kind: "chat", channel: channel.id }, icon("hash", 17), channel.name)))));
  if (focused) [...node.querySelectorAll("[data-place]")].find((each) => each.dataset.place === focused)?.focus();
}
