/** Fetches what the page shows and keeps it fresh: one request per thing at a time, asked again when it changed meanwhile. */

import { get, post } from "./api.js";
import { toast } from "./menu.js";
import { app, dmOf, emit, people, remember, userOf } from "./state.js";
import { browserLanguage, languageOf, t } from "./words.js";

const running = new Map();

/** Runs `work` now, or once more after the run with this key that is under way. */
export function once(key, work) {
  const current = running.get(key);
  if (current) {
    current.again = true;
    return current.promise;
  }
  const entry = { again: false, promise: null };
  entry.promise = (async () => {
    try {
      await work();
    } finally {
      running.delete(key);
    }
    if (entry.again) await once(key, work);
  })();
  running.set(key, entry);
  return entry.promise;
}

/** Whom a newcomer meets first: somebody who speaks the browser's language. */
const firstPerson = () => people().find((user) => languageOf(user) === browserLanguage()) ?? people()[0] ?? null;

/** Who exists, and whether the bot is up; asks again until it is. */
export function loadState() {
  return once("state", async () => {
    const state = await get("/human/state");
    if (Array.isArray(state.users)) {
      Object.assign(app, {
        users: state.users, channels: (state.channels ?? []).filter((each) => !each.is_archived), accounts: state.accounts ?? [],
        shortcuts: state.shortcuts ?? [], ready: state.ready !== false, team: state.team ?? app.team,
      });
      const wanted = app.user?.id ?? remember("user");
      app.user = people().find((user) => user.id === wanted) ?? firstPerson();
      emit("state");
    }
    if (!app.ready) setTimeout(loadState, 1500);
  });
}

/** The messages of a channel, or of a private talk (`@ana`), that the current person may read. */
export function loadMessages(channel) {
  const user = app.user;
  return once(`messages ${channel} ${user.id}`, async () => {
    const { messages } = await get("/human/messages", { channel, user: user.name });
    if (!messages || app.user.id !== user.id) return;
    app.messages.set(channel, messages);
    emit("messages", channel);
  });
}

/** Every conversation of the current person. */
export function loadAllMessages() {
  return Promise.all([dmOf(), ...app.channels.map((channel) => channel.id)].map(loadMessages));
}

/** The open forms of the current person. */
export function loadViews() {
  const user = app.user;
  return once(`views ${user.id}`, async () => {
    const { views } = await get("/human/views", { user: user.name });
    if (!views || app.user.id !== user.id) return;
    app.views = views;
    emit("views");
  });
}

/** The current person's Home; `opened` tells Vocero that somebody looks, otherwise it is only read. */
export function loadHome(opened) {
  const user = app.user;
  return once(`home ${user.id} ${opened}`, async () => {
    const answer = await get("/human/home", opened ? { user: user.name } : { user: user.name, peek: "1" });
    if (app.user.id !== user.id) return;
    app.home = answer.view ?? null;
    emit("home");
  });
}

/** What the public sees of an account: `{posts, mentions}`. */
export async function loadPublic(account) {
  const { posts, mentions } = await get("/audience/posts", { account });
  return posts ? { posts, mentions: mentions ?? [] } : null;
}

/** Who alone sees an ephemeral message; null for all others. */
export function readerOf(message) {
  return message.ephemeral?.user ?? null;
}

/** A channel's messages that the current person may see, oldest first. */
export function visible(channel) {
  return (app.messages.get(channel) ?? []).filter((message) => {
    const reader = readerOf(message);
    return !reader || reader === app.user.id;
  });
}

/** Whether a message was written by Vocero or another app. */
export const byBot = (message) => Boolean(message.bot_id) || Boolean(userOf(message.user).bot);

/** Sends an act of the current person to the human API and shows what came of it. */
export async function act(path, body, { quiet = false } = {}) {
  const channel = body.channel;
  emit("act");
  const answer = await post(path, { user: app.user.name, ...body });
  if (answer.ok === false && !quiet) {
    if (answer.error === "operation_timeout") toast(t("timeout"), "bad");
    else toast(t("failed", answer.error === "offline" ? t("offline") : answer.message ?? answer.error ?? "?"), "bad");
  }
  loadViews();
  if (channel) loadMessages(channel);
  return answer;
}

/** What an external select offers for a query. */
export async function findOptions(where) {
  const answer = await post("/human/options", { user: app.user.name, ...where });
  return answer.options ?? [];
}
