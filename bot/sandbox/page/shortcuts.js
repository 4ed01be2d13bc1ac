/** Vocero's shortcuts, global and on messages, as its manifest names them. */

import { act } from "./data.js";
import { app } from "./state.js";

const listed = (type) => app.shortcuts.filter((each) => each.type === type);

/** Those that start from anywhere. */
export const globalShortcuts = () => listed("global");

/** Those that start from a message. */
export const messageShortcuts = () => listed("message");

/** Starts one; `where` is `{channel, ts}` for a message. */
export const runShortcut = (shortcut, where = {}) => act("/human/shortcut", { callback_id: shortcut.callback_id, ...where });
