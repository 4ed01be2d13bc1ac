/** Block Kit's layout blocks, drawn as Slack draws them. */

import { h, safeUrl } from "./dom.js";
import { drawElement, known, perform } from "./elements.js";
import { icon } from "./icons.js";
import { plainText, textOf } from "./mrkdwn.js";
import { markdown, richText } from "./rich.js";
import { initialValue } from "./values.js";
import { t } from "./words.js";

function source({ image_url: url, slack_file: file }) {
  if (file?.id) return `/human/files/${encodeURIComponent(file.id)}`;
  return safeUrl(file?.url ?? url ?? "") ?? "";
}

function imageElement(element, className) {
  return h("img", { class: className, src: source(element), alt: element.alt_text ?? "", loading: "lazy" });
}

function imageBlock(block) {
  return h("figure", { class: "b-image" },
    block.title && h("figcaption", {}, plainText(block.title)),
    h("span", { class: "picture" }, imageElement(block, "")));
}

/** The hooks of an element outside an input block: whatever changes is an act. */
function acting(block, element, ctx) {
  const label = element.accessibility_label ?? (element.placeholder ? plainText(element.placeholder) : null);
  const hooks = {
    label, focusKey: `${block.block_id}|${element.action_id}`, value: ctx.shown?.(block, element) ?? initialValue(element),
    act: (value) => ctx.act(block, element, value), options: (query) => ctx.options?.(element, query) ?? [],
    changed: (value) => perform(null, { confirm: element.confirm }, () => ctx.act(block, element, value)),
  };
  return hooks;
}

function interactive(block, element, ctx) {
  if (element.type === "image") return imageElement(element, "accessory-image");
  if (!known(element.type)) return h("span", { class: "unsupported" }, t("unsupported", element.type));
  return drawElement(element, acting(block, element, ctx));
}

function section(block, ctx) {
  const { accessory } = block;
  const wide = accessory && ["checkboxes", "radio_buttons"].includes(accessory.type);
  return h("div", { class: accessory ? `b-section with-accessory ${wide ? "wide" : ""}` : "b-section" },
    h("div", { class: "b-body" },
      block.text && h("div", { class: "b-text" }, textOf(block.text)),
      block.fields && h("div", { class: "b-fields" }, block.fields.map((field) => h("div", {}, textOf(field))))),
    accessory && h("div", { class: "b-accessory" }, interactive(block, accessory, ctx)));
}

function context(block) {
  return h("div", { class: "b-context" }, block.elements.map((element) =>
    element.type === "image" ? imageElement(element, "context-image") : h("span", {}, textOf(element))));
}

function input(block, ctx) {
  const { element } = block;
  const field = ctx.field?.(block, element);
  const id = `${block.block_id}-about`;
  const error = ctx.error?.(block);
  const label = plainText(block.label);
  const hooks = {
    label, focusKey: `${block.block_id}|${element.action_id}`, described: block.hint || error ? id : null,
    value: field ? field.value : ctx.shown?.(block, element) ?? initialValue(element),
    changed: (value) => (field ? field.set(value) : block.dispatch_action && ctx.act(block, element, value)),
    enter: (event, value) => field?.enter(event, value), act: (value) => ctx.act(block, element, value),
    options: (query) => ctx.options?.(element, query) ?? [],
  };
  return h("div", { class: error ? "b-input invalid" : "b-input", role: "group", "aria-label": label },
    h("div", { class: "b-label" }, label, block.optional && h("span", { class: "optional" }, ` (${t("optional")})`)),
    drawElement(element, hooks),
    h("div", { id, class: "b-about" },
      error && h("div", { class: "b-error", role: "alert" }, icon("alert", 15), error),
      block.hint && h("div", { class: "b-hint" }, textOf(block.hint))));
}

const DRAW = {
  section, context, input,
  header: (block) => h("div", { class: "b-header", role: "heading", "aria-level": "3" }, plainText(block.text)),
  divider: () => h("hr", { class: "b-divider" }),
  image: imageBlock,
  actions: (block, ctx) => h("div", { class: "b-actions" }, block.elements.map((element) => interactive(block, element, ctx))),
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  alert: (block) => h("div", { class: `b-alert ${block.level ?? "default"}`, role: "note" }, icon("alert", 16), h("span", {}, textOf(block.text))),
  video: (block) => h("div", { class: "b-section" }, plainText(block.title)),
};

/**
 * One block. `ctx.act(block, element, value)` answers presses, `ctx.options(element, query)` finds options; in forms `ctx.field(block, element)` gives
 * `{value, set, enter}` and `ctx.error(block)` the sentence beside a field.
 */
export function drawBlock(block, ctx) {
  const draw = DRAW[block.type];
  return h("div", { class: `block block-${block.type}` },
    draw ? draw(block, ctx) : h("div", { class: "unsupported" }, t("unsupported", block.type)));
}
