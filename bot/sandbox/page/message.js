/** One message: who, when, its text or blocks, files, reactions, its thread, and the actions that appear on hover. */

import { botFace, personFace } from "./avatars.js";
import { drawBlock } from "./blocks.js";
import { act, byBot, findOptions } from "./data.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { isPicture } from "./files.js";
import { icon } from "./icons.js";
import { openEmoji, openMenu, toast } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { messageShortcuts, runShortcut } from "./shortcuts.js";
import { app, userOf } from "./state.js";
import { clock, fullMoment, since } from "./time.js";
import { plural, t } from "./words.js";

/** The face beside a message. */
export function faceOf(message, size = 36) {
  return byBot(message) ? botFace(size) : personFace(userOf(message.user), size);
}

/** The name above a message. */
export function authorOf(message) {
  const user = userOf(message.user);
  if (!byBot(message)) return user.real_name || user.name;
  return message.username && message.username !== user.name ? message.username : "Vocero";
}

function body(message, channel) {
  const ctx = {
    act: (block, element, value) => act("/human/click", {
      channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value,
    }),
    options: (element, query) => findOptions({ channel, ts: message.ts, action_id: element.action_id, query }),
  };
  const blocks = message.blocks?.length
    ? message.blocks.map((block) => drawBlock(block, ctx))
    : [h("div", { class: "message-text" }, mrkdwn(message.text))];
  return h("div", { class: "message-body" }, blocks,
    message.edited && !byBot(message) && h("span", { class: "edited" }, `(${t("edited")})`));
}

function files(message) {
  if (!message.files?.length) return null;
  return h("div", { class: "message-files" }, message.files.map((file) => {
    const url = `/human/files/${encodeURIComponent(file.id)}`;
    if (!isPicture(file)) return h("a", { href: url, class: "file-chip", target: "_blank" }, icon("file", 18), file.name ?? file.title);
    return h("a", { href: url, target: "_blank", class: "picture" },
      h("img", { src: url, alt: file.alt_txt ?? file.title ?? file.name ?? "", loading: "lazy" }),
      file.alt_txt && h("span", { class: "alt-badge", title: file.alt_txt, "aria-hidden": "true" }, t("alt_badge")));
  }));
}

function reactions(message, react) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((each) => {
    const mine = each.users?.includes(app.user.id);
    const names = (each.users ?? []).map((id) => userOf(id).real_name).join(", ");
    return h("button", {
      type: "button", class: mine ? "reaction mine" : "reaction", title: `${names} · :${each.name}:`,
      "aria-label": `${each.name.replaceAll("_", " ")}: ${each.count ?? each.users?.length}`, "aria-pressed": String(Boolean(mine)),
      onclick: () => react(each.name),
    }, emoji(each.name), h("span", {}, each.count ?? each.users?.length ?? 1));
  }));
}

function threadLink(replies, open) {
  if (!replies.length) return null;
  const faces = [...new Map(replies.map((reply) => [authorOf(reply), reply])).values()].slice(0, 4);
  return h("button", { type: "button", class: "thread-link", onclick: open },
    h("span", { class: "faces" }, faces.map((reply) => faceOf(reply, 22))),
    h("strong", {}, plural("replies", replies.length)),
    h("span", { class: "quiet" }, t("last", since(replies.at(-1).ts))));
}

async function copyLink(channel, ts) {
  const place = channel.startsWith("@") ? app.user.dm : channel;
  try {
    await navigator.clipboard.writeText(`${location.origin}/archives/${place}/p${ts.replace(".", "")}`);
    toast(t("copied"));
  } catch (error) {
    toast(t("failed", error.message), "bad");
  }
}

function tools(message, channel, react, openThread) {
  const quick = (name) => h("button", {
    type: "button", class: "tool", title: `:${name}:`, "aria-label": name.replaceAll("_", " "), onclick: () => react(name),
  }, emoji(name));
  const more = h("button", {
    type: "button", class: "tool", title: t("more"), "aria-label": t("more"), "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(more, [
      ...messageShortcuts().map((shortcut) => ({
        label: shortcut.name, hint: "Vocero", icon: botFace(20), run: () => runShortcut(shortcut, { channel, ts: message.ts }),
      })),
      openThread && { label: t("reply"), icon: icon("thread", 18), run: openThread },
      { label: t("copy_link"), icon: icon("link", 18), run: () => copyLink(channel, message.ts) },
    ].filter(Boolean), { align: "end" }),
  }, icon("dots"));
  const pick = h("button", {
    type: "button", class: "tool", title: t("react"), "aria-label": t("react"), "aria-haspopup": "menu",
    onclick: () => openEmoji(pick, react),
  }, icon("smile"));
  return h("div", { class: "tools", role: "toolbar", "aria-label": t("more") },
    quick("white_check_mark"), quick("eyes"), pick,
    openThread && h("button", {
      type: "button", class: "tool", title: t("reply"), "aria-label": t("reply"), onclick: openThread,
    }, icon("thread")),
    more);
}

/** A message; `follows` leaves out face and name, `replies` are those of its thread, `openThread` may be null inside one. */
export function drawMessage(message, { channel, follows, replies = [], openThread = null, only = false }) {
  const react = (name) => act("/human/react", { channel, ts: message.ts, name });
  const time = h("time", { title: fullMoment(message.ts) }, clock(message.ts));
  const classes = ["message", follows && "follows", only && "only", byBot(message) && "from-bot"].filter(Boolean).join(" ");
  return h("article", { class: classes, data: { ts: message.ts }, "aria-label": `${authorOf(message)}, ${clock(message.ts)}` },
    h("div", { class: "message-side" }, follows ? time : faceOf(message)),
    h("div", { class: "message-main" },
      only && h("div", { class: "only-you" }, icon("eye", 14), t("you_only")),
      !follows && h("header", {}, h("strong", { class: "author" }, authorOf(message)),
        byBot(message) && h("span", { class: "badge" }, t("app")), time),
      body(message, channel), files(message), reactions(message, react), threadLink(replies, openThread)),
    only ? null : tools(message, channel, react, openThread));
}
