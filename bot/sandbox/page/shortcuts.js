/** Vocero's shortcuts, global and on messages, as its manifest names them. */

import { act } from "./data.js";
import { app } from "./state.js";
import { t } from "./words.js";

const USUAL = [
  { callback_id: "new_post", type: "global", word: "s_post" },
  { callback_id: "stop_publishing", type: "global", word: "s_stop" },
  { callback_id: "make_post", type: "message", word: "s_make" },
  { callback_id: "reply_in_public", type: "message", word: "s_reply" },
  { callback_id: "check_fact", type: "message", word: "s_check" },
];

function listed(type) {
  if (app.shortcuts?.length) return app.shortcuts.filter((each) => each.type === type);
  return USUAL.filter((each) => each.type === type).map((each) => ({ ...each, name: t(each.word) }));
}

/** Those that start from anywhere. */
export const globalShortcuts = () => listed("global");

/** Those that start from a message. */
export const messageShortcuts = () => listed("message");

/** Starts one; `where` is `{channel, ts}` for a message. */
export const runShortcut = (shortcut, where = {}) => act("/human/shortcut", { callback_id: shortcut.callback_id, ...where });
