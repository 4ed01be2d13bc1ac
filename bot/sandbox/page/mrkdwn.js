/** Turns Slack's mrkdwn into elements: styles, quotes, code, links, mentions, dates and emoji. */

import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { app, channelOf, userOf } from "./state.js";
import { fullMoment, slackDate } from "./time.js";

const NAMED = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const entities = (text) => text.replace(/&(amp|lt|gt);/g, (whole) => NAMED[whole]);

const TOKEN = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>]+)>",
    ":(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-\\d)?):",
    "(?<url>https?:\\/\\/[^\\s<>|]+[^\\s<>|.,;:!?)'\"])",
    "(?<![\\p{L}\\p{N}])(?<mark>[*_~])(?=\\S)(?<inner>(?:<[^<>]*>|`[^`\\n]+`|(?!\\k<mark>)[^\\n])+?)(?<=\\S)\\k<mark>(?![\\p{L}\\p{N}])",
  ].join("|"),
  "gu",
);
const TAGS = { "*": "strong", _: "em", "~": "s" };

/** Someone's name as a mention. */
export function userMention(id) {
  return h("span", { class: id === app.user?.id ? "mention mention-me" : "mention" }, `@${userOf(id).real_name || userOf(id).name}`);
}

/** A channel's name as a mention. */
export function channelMention(id, name) {
  return h("span", { class: "mention" }, `#${name || channelOf(id).name}`);
}

/** A moment in the reader's words, with the full date on hover. */
export function dateMention(at, text, url, fallback) {
  const shown = Number.isFinite(Number(at)) ? slackDate(Number(at), text) : fallback;
  const node = h("time", { title: Number.isFinite(Number(at)) ? fullMoment(Number(at)) : null }, shown);
  return url ? link(url, node) : node;
}

function angle(inside) {
  const [target, label] = inside.split(/\|(.*)/s);
  if (/^@[UWB]/.test(target)) return userMention(target.slice(1));
  if (/^#[CGD]/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, at, text, url] = target.split("^");
    return dateMention(at, entities(text ?? ""), url, entities(label ?? ""));
  }
  if (target.startsWith("!")) return h("span", { class: "mention mention-me" }, label ? entities(label) : `@${target.slice(1).split("^")[0]}`);
  if (!/^(https?|mailto):/.test(target)) return entities(`<${inside}>`);
  return link(entities(target), entities(label || target.replace(/^mailto:/, "")));
}

function plain(text) {
  return entities(text).split("\n").flatMap((line, n) => (n ? [h("br"), line] : [line])).filter((part) => part !== "");
}

/** One run of text without quotes or code blocks; `verbatim` leaves bare addresses as they are. */
function inline(text, verbatim) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    out.push(...plain(text.slice(from, match.index)));
    from = match.index + match[0].length;
    const { code, angle: inside, emoji: name, url, mark, inner } = match.groups;
    if (code !== undefined) out.push(h("code", {}, entities(code)));
    else if (inside !== undefined) out.push(angle(inside));
    else if (name !== undefined) out.push(emoji(name));
    else if (url !== undefined) out.push(verbatim ? entities(url) : link(entities(url), entities(url)));
    else out.push(h(TAGS[mark], {}, inline(inner, verbatim)));
  }
  out.push(...plain(text.slice(from)));
  return out;
}

function quoted(text, verbatim) {
  const out = [];
  let quote = null;
  let plainLines = [];
  const close = () => {
    if (quote) out.push(h("blockquote", {}, inline(quote.join("\n"), verbatim)));
    if (plainLines.length) out.push(...inline(plainLines.join("\n"), verbatim));
    [quote, plainLines] = [null, []];
  };
  for (const line of text.split("\n")) {
    const inside = line.match(/^(?:&gt;|>)\s?(.*)$/s);
    if (Boolean(inside) !== Boolean(quote)) {
      close();
      if (inside) quote = [];
    }
    if (inside) quote.push(inside[1]);
    else plainLines.push(line);
  }
  close();
  return out;
}

/** A whole mrkdwn text. */
export function mrkdwn(text, verbatim = false) {
  return (text ?? "").split(/\n?```\n?([\s\S]*?)\n?```\n?/).flatMap((part, n) => {
    if (n % 2) return [h("pre", {}, entities(part))];
    return part ? quoted(part, verbatim) : [];
  });
}

/** plain_text: nothing but emoji names, when the object allows them. */
export function plainText(object) {
  const text = object?.text ?? "";
  return object?.emoji === false ? text : text.replace(/:([a-z0-9_+'-]+):/g, (_, name) => emoji(name));
}

/** A text object of either kind, as children. */
export function textOf(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, object.verbatim);
  return plainText(object).split("\n").flatMap((line, n) => (n ? [h("br"), line] : [line]));
}
