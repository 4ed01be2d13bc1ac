/** The middle of the workspace: the open conversation or Home, its composer, and the thread beside it. */

import { botFace } from "./avatars.js";
import { composer } from "./composer.js";
import { h, put } from "./dom.js";
import { drawHome } from "./home.js";
import { icon } from "./icons.js";
import { drawList, drawThread } from "./messages.js";
import { goTo, openThread, showPane } from "./places.js";
import { markRead, readUntil } from "./reading.js";
import { app, channelOf, dmOf } from "./state.js";
import { t } from "./words.js";

let main = null;
let side = null;
let parts = null;
let threadParts = null;
let newFrom = 0;

/** Where the conversation and the thread are drawn. */
export function mountChat(mainNode, threadNode) {
  [main, side] = [mainNode, threadNode];
}

const menuButton = () => h("button", {
  type: "button", class: "icon-button only-narrow", "aria-label": t("workspace"), onclick: () => showPane("channels"),
}, icon("menu"));

function tabs(here) {
  const tab = (label, on, go) => h("button", { type: "button", class: on ? "tab on" : "tab", "aria-current": on ? "page" : null, onclick: go }, label);
  return h("div", { class: "app-tabs" },
    tab(t("myday"), here === "home", () => goTo({ kind: "home" })),
    tab(t("chat"), here === "dm", () => goTo({ kind: "chat", channel: dmOf() })));
}

/** Draws everything anew for the open place. */
export function drawPlace() {
  const { place } = app;
  if (place.kind === "home") {
    const body = h("div", { class: "home-blocks" });
    put(main, h("header", { class: "chat-head" }, menuButton(), botFace(26), h("h1", {}, "Vocero"), tabs("home")),
      h("div", { class: "home-scroll", tabindex: -1 }, body));
    parts = { home: body };
    drawHome(body);
  } else {
    const channel = channelOf(place.channel);
    const list = h("div", { class: "messages", role: "log", "aria-label": channel.name, tabindex: -1 });
    const empty = h("div", { class: "empty", hidden: true });
    const name = channel.dm ? "Vocero" : `#${channel.name}`;
    const box = composer({ channel: place.channel, key: `${app.user.id} ${place.channel}`, label: t("write", name) });
    put(main,
      h("header", { class: "chat-head" }, menuButton(),
        channel.dm ? botFace(26) : icon("hash", 20), h("h1", {}, channel.name),
        channel.dm ? tabs("dm") : null),
      h("div", { class: "messages-frame" }, list, empty), box);
    newFrom = Number(readUntil(place.channel));
    parts = { list, empty, box, channel, fresh: true };
    drawMessages();
    if (matchMedia("(min-width: 901px)").matches) box.focusText();
  }
  drawSide();
}

/** Brings the open conversation up to date. */
export function drawMessages() {
  if (parts?.home) return;
  const { channel: id } = app.place;
  const count = drawList(parts.list, { channel: id, openThread, newFrom, fresh: parts.fresh });
  if (count) parts.fresh = false;
  parts.empty.hidden = count > 0;
  if (!count) {
    put(parts.empty, parts.channel.dm ? botFace(56) : h("span", { class: "empty-sign" }, icon("hash", 30)),
      h("h2", {}, parts.channel.dm ? t("bot_about") : `#${parts.channel.name}`), h("p", {}, t("nothing_hint")));
  }
  if (document.visibilityState === "visible") markRead(id);
  if (app.thread && threadParts) updateThread();
}

function updateThread() {
  drawThread(threadParts.list, { channel: app.place.channel, ts: app.thread, fresh: threadParts.fresh });
  threadParts.fresh = false;
}

/** Draws the thread panel, or hides it. */
export function drawSide() {
  side.hidden = !app.thread;
  document.body.classList.toggle("with-thread", Boolean(app.thread));
  if (!app.thread) {
    threadParts = null;
    put(side);
    return;
  }
  const list = h("div", { class: "messages", role: "log", "aria-label": t("thread"), tabindex: -1 });
  const name = channelOf(app.place.channel).name;
  const box = composer({
    channel: app.place.channel, thread: app.thread, key: `${app.user.id} ${app.place.channel} ${app.thread}`, label: t("write_thread"),
  });
  put(side, h("header", { class: "chat-head" }, h("h1", {}, t("thread")), h("span", { class: "quiet" }, `#${name}`),
    h("span", { class: "grow" }),
    h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => openThread(null) }, icon("close"))),
  h("div", { class: "messages-frame" }, list), box);
  side.onkeydown = (event) => {
    if (event.key === "Escape") openThread(null);
  };
  threadParts = { list, fresh: true };
  updateThread();
  if (matchMedia("(min-width: 901px)").matches) box.focusText();
}

/** Brings Home up to date. */
export function drawHomeAgain() {
  if (parts?.home) drawHome(parts.home);
}

/** Scrolls to a message, in the thread when that is where it stands, and marks it for a moment. */
export function pointAt(ts) {
  for (const list of [threadParts?.list, parts?.list]) {
    const found = [...(list?.children ?? [])].find((each) => each.dataset.ts === ts);
    if (!found) continue;
    const show = () => found.scrollIntoView({ block: "center" });
    list.dataset.pointed = ts;
    for (const img of list.querySelectorAll("img")) if (!img.complete) img.addEventListener("load", show, { once: true });
    show();
    found.classList.add("pointed");
    setTimeout(() => {
      found.classList.remove("pointed");
      delete list.dataset.pointed;
    }, 4000);
    return;
  }
}

/** Puts text into the open conversation's composer. */
export function prefill(text) {
  parts?.box?.toDraft(text);
}
