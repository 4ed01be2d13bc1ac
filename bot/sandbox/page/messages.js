/** The list of messages of a channel or a thread: days, groups, the line before what is new, scrolling. */

import { byBot, readerOf, visible } from "./data.js";
import { h, reconcile } from "./dom.js";
import { drawMessage } from "./message.js";
import { app } from "./state.js";
import { dayKey, dayName } from "./time.js";
import { t } from "./words.js";

const CLOSE = 300;
const MOST = 250;

const inThread = (message) => message.thread_ts && message.thread_ts !== message.ts;

function follows(message, before) {
  if (!before || readerOf(message) || readerOf(before)) return false;
  const same = byBot(message) ? byBot(before) && (message.username ?? "") === (before.username ?? "") : message.user === before.user && !byBot(before);
  return same && Number(message.ts) - Number(before.ts) < CLOSE && dayKey(message.ts) === dayKey(before.ts);
}

function rows(messages, { channel, openThread, newFrom, thread }) {
  const all = visible(channel);
  const items = [];
  let before = null;
  for (const message of messages) {
    const fresh = newFrom && !items.some((item) => item.key === "new") && Number(message.ts) > newFrom && message.user !== app.user.id;
    if (!thread && (!before || dayKey(before.ts) !== dayKey(message.ts))) {
      const name = dayName(message.ts);
      items.push({ key: `day ${dayKey(message.ts)}`, sig: name, render: () => h("div", { class: "day" }, h("span", {}, name)) });
    }
    if (fresh) items.push({ key: "new", sig: t("new"), render: () => h("div", { class: "new-line" }, h("span", {}, t("new"))) });
    const next = follows(message, before) && !fresh;
    const replies = thread ? [] : all.filter((reply) => reply.thread_ts === message.ts && reply.ts !== message.ts);
    items.push({
      key: message.ts,
      sig: JSON.stringify([message, next, replies.map((reply) => [reply.ts, reply.user]), app.user.id]),
      render: () => drawMessage(message, {
        channel, follows: next, replies, only: Boolean(readerOf(message)),
        openThread: openThread ? () => openThread(message.ts) : null,
      }),
    });
    before = message;
  }
  return items;
}

/** Draws a channel's top-level messages into `list`; stays at the bottom when it was there. */
export function drawList(list, options) {
  const shown = visible(options.channel).filter((message) => !inThread(message));
  const stick = atEnd(list, options.fresh);
  reconcile(list, rows(shown.slice(-MOST), options));
  if (stick) toEnd(list);
  return shown.length;
}

/** Draws a thread: its first message, a line, the replies. */
export function drawThread(list, { channel, ts, fresh }) {
  const all = visible(channel);
  const parent = all.find((message) => message.ts === ts);
  const replies = all.filter((message) => message.thread_ts === ts && message.ts !== ts);
  const stick = atEnd(list, fresh);
  const items = parent ? rows([parent], { channel, thread: true }) : [];
  const label = replies.length ? t(replies.length === 1 ? "replies_1" : "replies_n", replies.length) : "";
  items.push({ key: "count", sig: label, render: () => h("div", { class: "thread-count" }, h("span", {}, label)) });
  items.push(...rows(replies, { channel, thread: true }));
  reconcile(list, items);
  if (stick) toEnd(list);
}

/** Whether new messages should come into view: somebody reads at the end, and no link has led elsewhere. */
const atEnd = (list, fresh) => !list.dataset.pointed && (fresh || list.scrollHeight - list.scrollTop - list.clientHeight < 60);

function toEnd(list) {
  const go = () => {
    if (!list.dataset.pointed) list.scrollTop = list.scrollHeight;
  };
  go();
  for (const img of list.querySelectorAll("img")) if (!img.complete) img.addEventListener("load", go, { once: true });
}
