/** rich_text and markdown blocks as elements. */

import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelMention, dateMention, userMention } from "./mrkdwn.js";

function styled(node, style = {}) {
  let out = node;
  if (style.code) out = h("code", {}, out);
  if (style.bold) out = h("strong", {}, out);
  if (style.italic) out = h("em", {}, out);
  if (style.strike) out = h("s", {}, out);
  if (style.underline) out = h("u", {}, out);
  return out;
}

const lines = (text) => text.split("\n").flatMap((line, n) => (n ? [h("br"), line] : [line]));

function glyph(part) {
  if (!part.unicode) return emoji(part.name ?? "");
  return String.fromCodePoint(...part.unicode.split("-").map((code) => Number.parseInt(code, 16)));
}

const PARTS = {
  text: (part) => lines(part.text),
  link: (part) => link(part.url, part.text || part.url),
  emoji: glyph,
  user: (part) => userMention(part.user_id),
  channel: (part) => channelMention(part.channel_id),
  usergroup: (part) => h("span", { class: "mention" }, `@${part.usergroup_id}`),
  broadcast: (part) => h("span", { class: "mention mention-me" }, `@${part.range}`),
  date: (part) => dateMention(part.timestamp, part.format, part.url, part.fallback),
  color: (part) => h("span", { class: "swatch" }, h("i", { style: { background: part.value } }), part.value),
};

const parts = (elements) =>
  (elements ?? []).map((part) => styled(h("span", {}, PARTS[part.type]?.(part) ?? part.text ?? ""), part.style));

function list(block, counters) {
  const tag = block.style === "ordered" ? "ol" : "ul";
  const indent = block.indent ?? 0;
  const start = (counters.get(indent) ?? block.offset ?? 0) + 1;
  counters.set(indent, start - 1 + block.elements.length);
  for (const depth of [...counters.keys()]) if (depth > indent) counters.delete(depth);
  return h(tag, { class: `rich-list indent-${Math.min(indent, 4)}`, start: tag === "ol" ? start : null },
    block.elements.map((item) => h("li", {}, parts(item.elements))));
}

/** A rich_text block. */
export function richText(block) {
  let counters = new Map();
  return h("div", { class: "rich" }, block.elements.map((element) => {
    if (element.type === "rich_text_list") return list(element, counters);
    counters = new Map();
    if (element.type === "rich_text_quote") return h("blockquote", {}, parts(element.elements));
    if (element.type === "rich_text_preformatted") return h("pre", {}, parts(element.elements));
    return h("div", { class: "rich-section" }, parts(element.elements));
  }));
}

const MD = /`(?<code>[^`]+)`|\*\*(?<bold>.+?)\*\*|__(?<bold2>.+?)__|~~(?<strike>.+?)~~|(?<![*\w])\*(?<em>[^*]+)\*|(?<![_\w])_(?<em2>[^_]+)_(?!\w)|\[(?<label>[^\]]+)\]\((?<url>[^)\s]+)\)|:(?<emoji>[a-z0-9_+-]+):/g;

function mdInline(text) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(MD)) {
    out.push(...lines(text.slice(from, match.index)));
    from = match.index + match[0].length;
    const { code, bold, bold2, strike, em, em2, label, url, emoji: name } = match.groups;
    if (code) out.push(h("code", {}, code));
    else if (bold ?? bold2) out.push(h("strong", {}, mdInline(bold ?? bold2)));
    else if (strike) out.push(h("s", {}, mdInline(strike)));
    else if (em ?? em2) out.push(h("em", {}, mdInline(em ?? em2)));
    else if (label) out.push(link(url, mdInline(label)));
    else out.push(emoji(name));
  }
  return [...out, ...lines(text.slice(from))];
}

function mdParagraph(chunk) {
  const heading = chunk.match(/^(#{1,6})\s+(.*)$/s);
  if (heading) return h(heading[1].length < 3 ? "h3" : "h4", {}, mdInline(heading[2]));
  if (/^(-{3,}|\*{3,})$/.test(chunk)) return h("hr");
  const rows = chunk.split("\n");
  if (rows.every((row) => /^\s*>/.test(row))) return h("blockquote", {}, mdInline(rows.map((row) => row.replace(/^\s*>\s?/, "")).join("\n")));
  if (rows.every((row) => /^\s*[-*+]\s/.test(row))) return h("ul", { class: "rich-list" }, rows.map((row) => h("li", {}, mdInline(row.replace(/^\s*[-*+]\s+/, "")))));
  if (rows.every((row) => /^\s*\d+[.)]\s/.test(row))) return h("ol", { class: "rich-list" }, rows.map((row) => h("li", {}, mdInline(row.replace(/^\s*\d+[.)]\s+/, "")))));
  return h("p", {}, mdInline(chunk));
}

/** A markdown block: headings, lists, quotes, code and inline styles. */
export function markdown(text) {
  const chunks = text.split(/```\w*\n([\s\S]*?)\n?```/).flatMap((part, n) => {
    if (n % 2) return [h("pre", {}, part)];
    return part.replace(/^(#{1,6}\s.*)$/gm, "\n$1\n").split(/\n{2,}/).map((chunk) => chunk.trim()).filter(Boolean).map(mdParagraph);
  });
  return h("div", { class: "rich markdown" }, chunks);
}
