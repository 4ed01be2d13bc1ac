/** Block Kit's interactive elements: buttons, fields, choices and pickers. */

import { personFace } from "./avatars.js";
import { h, safeUrl } from "./dom.js";
import { fileInput } from "./files.js";
import { icon } from "./icons.js";
import { ask, openMenu } from "./menu.js";
import { plainText, textOf } from "./mrkdwn.js";
import { select } from "./select.js";
import { app, dmOf, people } from "./state.js";
import { fromWall, toWall } from "./time.js";
import { t } from "./words.js";

/** Runs an act after its `confirm` dialog, if it has one; the button, if it was one, shows that it is under way and takes no second press. */
export async function perform(node, element, act) {
  const { confirm } = element;
  if (confirm && !(await ask({
    title: plainText(confirm.title) || t("confirm"), text: textOf(confirm.text),
    confirm: plainText(confirm.confirm) || t("yes"), deny: plainText(confirm.deny) || t("no"),
    danger: (confirm.style ?? element.style) === "danger",
  }))) return false;
  if (node?.getAttribute("aria-busy") === "true") return false;
  node?.setAttribute("aria-busy", "true");
  try {
    await act();
  } finally {
    node?.removeAttribute("aria-busy");
  }
  return true;
}

function button(element, { act, focusKey }) {
  const kind = element.style ? `button ${element.style}` : "button";
  const url = element.url && safeUrl(element.url);
  const node = h(url ? "a" : "button", {
    class: kind, type: url ? null : "button", href: url, target: url ? "_blank" : null, rel: url ? "noopener noreferrer" : null,
    "aria-label": element.accessibility_label ?? null, data: { focus: focusKey, action: element.action_id },
    onclick: () => perform(node, url ? {} : element, () => act(element.value)),
  }, plainText(element.text), url && icon("out", 14));
  return node;
}

function overflow(element, { act, focusKey }) {
  const node = h("button", {
    type: "button", class: "button overflow", "aria-label": t("options"), "aria-haspopup": "menu", "aria-expanded": "false",
    data: { focus: focusKey, action: element.action_id },
    onclick: () => openMenu(node, element.options.map((option) => ({
      label: plainText(option.text), hint: option.description && plainText(option.description),
      run: () => {
        if (option.url && safeUrl(option.url)) window.open(safeUrl(option.url), "_blank", "noopener");
        perform(node, element, () => act(option.value));
      },
    })), { align: "end" }),
  }, icon("dots"));
  return node;
}

function textInput(element, { value, changed, enter, focusKey, described, label }) {
  const kinds = { email_text_input: "email", url_text_input: "url" };
  const multiline = element.multiline || element.type === "rich_text_input";
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const node = h(multiline ? "textarea" : "input", {
    type: multiline ? null : kinds[element.type] ?? "text", class: "field", value: value ?? "",
    inputmode: element.type === "number_input" ? "decimal" : null, autocomplete: "off",
    placeholder: element.placeholder ? plainText(element.placeholder) : null, maxlength: element.max_length ?? null,
    "aria-label": label, "aria-describedby": described, data: { focus: focusKey, action: element.action_id },
    rows: multiline ? 4 : null,
    oninput: () => {
      draw();
      changed(node.value);
    },
    onkeydown: (event) => {
      if (event.key === "Enter" && (!multiline || event.metaKey || event.ctrlKey)) enter?.(event, node.value);
    },
  });
  function draw() {
    const length = [...node.value].length;
    const most = element.max_length ?? Infinity;
    const near = length > most * 0.9;
    const full = near || most <= 500;
    count.textContent = full ? `${length} / ${most}` : String(length || "");
    count.title = full ? t("count", length, most) : t("characters", length);
    count.classList.toggle("near", near);
    if (multiline && node.isConnected) {
      node.style.height = "auto";
      node.style.height = `${Math.min(node.scrollHeight + 2, 320)}px`;
    }
  }
  draw();
  if (multiline) requestAnimationFrame(draw);
  const counted = multiline || element.max_length;
  return h("div", { class: counted ? "text-field counted" : "text-field" }, node, counted && count);
}

function option(each, name, type, checked, changed, focusKey) {
  return h("label", { class: "choice" },
    h("input", { type, name, value: each.value, checked, onchange: changed, data: { focus: `${focusKey}|${each.value}` } }),
    h("span", { class: "choice-text" }, h("span", {}, textOf(each.text)), each.description && h("small", {}, textOf(each.description))));
}

let serial = 0;

function choices(element, { value, changed, label, focusKey }) {
  const many = element.type === "checkboxes";
  const name = `choice-${(serial += 1)}`;
  const node = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-label": label, data: { action: element.action_id } },
    element.options.map((each) => option(each, name, many ? "checkbox" : "radio",
      many ? (value ?? []).includes(each.value) : value === each.value, () => {
        const on = [...node.querySelectorAll("input:checked")].map((input) => input.value);
        changed(many ? on : on[0]);
      }, focusKey)));
  return node;
}

function picker(element, { value, changed, label, focusKey, described }) {
  const type = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" }[element.type];
  const moment = type === "datetime-local";
  const node = h("input", {
    type, class: "field picker", value: moment ? (value ? toWall(value) : "") : value ?? "", "aria-label": label,
    "aria-describedby": described, data: { focus: focusKey, action: element.action_id },
    onchange: () => changed(node.value ? (moment ? fromWall(node.value) : node.value) : null),
  });
  return node;
}

const plainOption = (each) => ({
  value: each.value, label: plainText(each.text), description: each.description && plainText(each.description),
});
const person = (user) => ({
  value: user.id, label: user.real_name, description: user.title ?? null, face: () => personFace(user, 20),
});
const talk = (channel) => ({ value: channel.id, label: `#${channel.name}` });

function groupsOf(element) {
  if (/users_select$/.test(element.type)) return [{ options: people().map(person) }];
  if (/conversations_select$|channels_select$/.test(element.type)) {
    const include = element.filter?.include;
    const dm = include?.includes("im") ? [{ value: dmOf(), label: "Vocero" }] : [];
    return [{ options: [...app.channels.map(talk), ...dm] }];
  }
  if (element.option_groups) {
    return element.option_groups.map((group) => ({ label: plainText(group.label), options: group.options.map(plainOption) }));
  }
  return [{ options: (element.options ?? []).map(plainOption) }];
}

function chosenOptions(element) {
  return [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map(plainOption);
}

function dropdown(element, { value, changed, label, focusKey, options }) {
  const many = element.type.startsWith("multi_");
  const fallback = /users/.test(element.type) ? t("pick_user") : many ? t("choose_many") : t("choose");
  const external = /external/.test(element.type);
  return select({
    groups: external ? [{ options: chosenOptions(element) }] : groupsOf(element), value,
    load: external && options ? async (query) => [{ options: (await options(query)).map(plainOption) }] : null,
    many, label, changed, focusKey, max: element.max_selected_items,
    placeholder: element.placeholder ? plainText(element.placeholder) : fallback,
  });
}

const DRAW = {
  button, overflow, plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput,
  number_input: textInput, rich_text_input: textInput, checkboxes: choices, radio_buttons: choices,
  datepicker: picker, timepicker: picker, datetimepicker: picker, file_input: fileInput,
};

/** Whether the element is drawn here. */
export const known = (type) => type in DRAW || /select$/.test(type);

/**
 * An interactive element. `changed(value)` is called for every change, `act(value)` for presses, `enter(event, value)`
 * for Enter in a text field; `value` is what it shows.
 */
export function drawElement(element, hooks) {
  return (DRAW[element.type] ?? dropdown)(element, hooks);
}
