/** Permalinks: an address of a message opens its conversation here, scrolls to it and marks it for a moment. */

import { pointAt } from "./chat.js";
import { loadMessages, visible } from "./data.js";
import { toast } from "./menu.js";
import { goTo, openThread } from "./places.js";
import { app } from "./state.js";
import { t } from "./words.js";

/** `p1700000000123456` or `1700000000.123456` as a `ts`. */
const tsOf = (text) => text.replace(/^p(\d+)(\d{6})$/, "$1.$2");

/** Opens a channel; with `message`, that message, in its thread if it is a reply. */
export async function visit(channel, message) {
  if (!app.channels.some((each) => each.id === channel) && !channel.startsWith("@")) {
    const person = app.users.find((user) => user.dm === channel);
    if (person?.id !== app.user.id) {
      toast(t("gone"), "bad");
      return;
    }
    channel = `@${person.name}`;
  }
  goTo({ kind: "chat", channel });
  if (!message) return;
  await loadMessages(channel);
  const found = visible(channel).find((each) => each.ts === tsOf(message));
  if (!found) {
    toast(t("gone"), "bad");
    return;
  }
  if (found.thread_ts && found.thread_ts !== found.ts) openThread(found.thread_ts);
  pointAt(found.ts);
}

/** Where a link leads, when it is one of our own permalinks: `[channel, message]`. */
function ownPlace(anchor) {
  const url = new URL(anchor.href, location.href);
  const [, channel, message] = url.pathname.match(/^\/archives\/([^/]+)\/(p\d+)$/) ?? [];
  return url.origin === location.origin && channel ? [channel, message] : null;
}

/** Follows permalinks inside the page instead of opening another tab. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest("a[href]");
    const place = anchor && !event.ctrlKey && !event.metaKey && ownPlace(anchor);
    if (!place) return;
    event.preventDefault();
    visit(...place);
  });
}
