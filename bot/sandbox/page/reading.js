/** What each person has read: unread counts, mentions, and the line before the first new message. */

import { visible } from "./data.js";
import { app, emit, remember } from "./state.js";

const marks = remember("read") ?? {};

const at = (channel) => Number(marks[app.user.id]?.[channel] ?? 0);

/** Messages newer than the last reading that somebody else wrote: `{count, mentions}`. */
export function unread(channel) {
  const since = at(channel);
  const fresh = visible(channel).filter((message) => Number(message.ts) > since && message.user !== app.user.id);
  const mine = `<@${app.user.id}`;
  const mentions = fresh.filter((message) => JSON.stringify([message.text, message.blocks]).includes(mine)
    || (channel.startsWith("@") && !message.thread_ts)).length;
  return { count: fresh.length, mentions };
}

/** The `ts` of the last message read so far. */
export const readUntil = at;

/** Everything in the channel has been seen. */
export function markRead(channel) {
  const last = visible(channel).at(-1)?.ts;
  if (!last || Number(last) <= at(channel)) return;
  marks[app.user.id] = { ...marks[app.user.id], [channel]: last };
  remember("read", marks);
  emit("read");
}

/** On a first visit everything that is already there counts as read. */
export function markAllRead(user, channels) {
  if (marks[user.id]) return;
  marks[user.id] = Object.fromEntries(channels.map((channel) => [channel, String(Date.now() / 1000)]));
  remember("read", marks);
}
