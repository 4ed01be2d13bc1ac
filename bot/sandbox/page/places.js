/** Moves through the page: who acts, which conversation is open, which thread, which pane on a phone. */

import { loadAllMessages, loadHome, loadMessages, loadViews } from "./data.js";
import { announce } from "./dom.js";
import { markAllRead } from "./reading.js";
import { app, dmOf, emit, people, remember } from "./state.js";
import { languageOf, t } from "./words.js";

/** Opens Home or a conversation; `thread` opens one of its threads too. */
export function goTo(place, thread = null) {
  app.place = place;
  app.thread = thread;
  remember("place", place.channel?.startsWith("@") ? { ...place, channel: "@" } : place);
  showPane("chat");
  emit("place");
  if (place.kind === "home") loadHome(true);
  else loadMessages(place.channel);
}

/** Opens or (null) closes a thread of the current conversation. */
export function openThread(ts) {
  app.thread = ts;
  emit("thread");
}

/** On narrow screens one pane is shown at a time: channels, chat or public. */
export function showPane(pane) {
  document.body.dataset.pane = pane;
  emit("pane", pane);
}

/** Becomes another person, staying in the same conversation. */
export function becomeUser(id) {
  const user = people().find((each) => each.id === id || each.name === id);
  if (!user) return;
  const dm = app.place?.channel?.startsWith("@");
  app.user = user;
  app.views = [];
  app.home = null;
  remember("user", user.id);
  document.documentElement.lang = languageOf(user);
  markAllRead(user, [dmOf(user), ...app.channels.map((channel) => channel.id)]);
  if (dm) app.place = { kind: "chat", channel: dmOf(user) };
  emit("user");
  announce(`${t("you")} ${user.real_name}`);
  loadViews();
  if (app.place?.kind === "home") loadHome(true);
  loadAllMessages();
}
