/** The left column of the workspace: Vocero's Home, channels with unread marks, the private talk, shortcuts. */

import { botFace } from "./avatars.js";
import { h, reconcile } from "./dom.js";
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
  const render = () => h("li", {}, h("button", {
    type: "button", class: classes, "aria-current": here ? "page" : null, onclick: () => goTo(place),
    data: { place: place.channel ?? place.kind, focus: place.channel ?? place.kind },
  }, face, h("span", { class: "side-label" }, label),
  mentions > 0 && h("span", { class: "side-count", "aria-label": t("unread", mentions) }, mentions),
  count > 0 && !mentions && h("span", { class: "side-dot", "aria-label": t("unread", count) })));
  return { key: place.channel ?? place.kind, sig: JSON.stringify([classes, count, mentions, label]), render };
}

function head() {
  const bolt = h("button", {
    type: "button", class: "side-bolt", "aria-label": t("shortcuts"), title: t("shortcuts"), "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(bolt, globalShortcuts().map((shortcut) => ({
      label: shortcut.name, hint: "Vocero", icon: botFace(20), run: () => runShortcut(shortcut),
    }))),
  }, icon("bolt", 18));
  return h("div", { class: "side-head" }, h("strong", {}, app.team?.name ?? "Vocero Demo"), globalShortcuts().length > 0 && bolt);
}

const list = (name) => h("ul", { data: { list: name } });

/** Draws the sidebar; what has not changed stays the same element, so that a press is never lost to a redraw. */
export function drawSidebar(node) {
  reconcile(node, [
    { key: "head", sig: JSON.stringify([app.user.id, app.team, globalShortcuts()]), render: head },
    {
      key: "nav", sig: app.user.id, render: () => h("nav", { class: "side-scroll", "aria-label": t("workspace") },
        list("home"), h("h2", {}, t("messages")), list("direct"), h("h2", {}, t("channels")), list("channels")),
    },
  ]);
  const fill = (name, items) => reconcile(node.querySelector(`[data-list="${name}"]`), items);
  fill("home", [entry({ kind: "home" }, icon("home"), t("myday"))]);
  fill("direct", [entry({ kind: "chat", channel: dmOf() }, botFace(20), "Vocero")]);
  fill("channels", app.channels.map((channel) => entry({ kind: "chat", channel: channel.id }, icon("hash", 17), channel.name)));
}
