/** Forms: the stack of open views, what has been typed in them, errors beside their fields, submitting and closing. */

import { botFace } from "./avatars.js";
import { drawBlock } from "./blocks.js";
import { act, findOptions, loadViews } from "./data.js";
import { debounce, h, put, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { popoverOpen } from "./menu.js";
import { plainText } from "./mrkdwn.js";
import { app } from "./state.js";
import { initialValue, stateValue } from "./values.js";
import { t } from "./words.js";

const typed = new Map();
const waiting = new Map();
const troubles = new Map();
const refused = new Map();
const TEXT = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

let layer = null;
let open = null;

const keyOf = (block, element) => `${block.block_id}/${element.action_id}`;
const valuesOf = (view) => typed.get(view.id) ?? typed.set(view.id, new Map()).get(view.id);
const elementsOf = (block) => [block.element, block.accessory, ...(block.elements ?? [])].filter((each) => each?.action_id);

function current(view, block, element) {
  const local = valuesOf(view).get(keyOf(block, element));
  if (local) return local.value;
  return stateValue(view.state?.values?.[block.block_id]?.[element.action_id]) ?? initialValue(element);
}

/** Typed values by name, of those fields that the view still has. */
function stillThere(id, values) {
  const view = app.views.find((each) => each.id === id);
  const names = new Set((view?.blocks ?? []).flatMap((block) => elementsOf(block).map((element) => keyOf(block, element))));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

const sendTyped = debounce(() => {
  const all = [...waiting.entries()];
  waiting.clear();
  return Promise.all(all.map(async ([id, given]) => {
    const values = stillThere(id, given);
    if (!Object.keys(values).length) return;
    const answer = await act("/human/input", { view_id: id, values }, { quiet: true });
    if (answer.ok === false) return;
    for (const [name, value] of Object.entries(values)) {
      const local = typed.get(id)?.get(name);
      if (local?.value === value) local.sent = true;
    }
  }));
}, 400);

function dispatches(block, element, moment) {
  if (!block.dispatch_action || !TEXT.has(element.type)) return true;
  return (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(moment);
}

function field(view, block, element) {
  const keep = (value) => {
    waiting.set(view.id, { ...waiting.get(view.id), [keyOf(block, element)]: value });
    sendTyped();
  };
  return {
    value: current(view, block, element),
    set: (value) => {
      valuesOf(view).set(keyOf(block, element), { value, file: element.type === "file_input", sent: false });
      if (dispatches(block, element, "on_character_entered")) keep(value);
    },
    enter: (event, value) => {
      event.preventDefault();
      if (block.dispatch_action && dispatches(block, element, "on_enter_pressed")) keep(value);
      else submit(view);
    },
  };
}

function context(view) {
  return {
    field: (block, element) => field(view, block, element),
    shown: (block, element) => current(view, block, element),
    error: (block) => errorsOf(view)[block.block_id],
    options: (element, query) => findOptions({ view_id: view.id, action_id: element.action_id, query }),
    act: async (block, element, value) => {
      await sendTyped.flush();
      return act("/human/click", { view_id: view.id, action_id: element.action_id, block_id: block.block_id, value });
    },
  };
}

const errorsOf = (view) => ({ ...refused.get(view.id), ...view.errors });

/** Slack's client refuses by itself what can't be sent: "Label (action_id): words; …". */
function complaints(view, error) {
  const found = {};
  for (const [, action, words] of (error ?? "").matchAll(/\(([^()]+)\): ([^;]+)/g)) {
    const block = view.blocks.find((each) => each.element?.action_id === action);
    if (block) found[block.block_id] = words.startsWith("Please complete") ? t("required") : words;
  }
  return found;
}

async function submit(view) {
  if (!view.submit || open?.busy) return;
  const { box } = open;
  const pressed = document.activeElement;
  await sendTyped.flush();
  const values = Object.fromEntries([...valuesOf(view)].filter(([, { file, sent }]) => !(file && sent)).map(([name, { value }]) => [name, value]));
  busy(true);
  const answer = await act("/human/submit", { view_id: view.id, values: stillThere(view.id, values) }, { quiet: true });
  const wrong = answer.ok === false ? complaints(view, answer.error) : {};
  refused.set(view.id, wrong);
  troubles.delete(view.id);
  if (answer.ok === false && !Object.keys(wrong).length) {
    troubles.set(view.id, answer.ack_ms === undefined ? t("failed", answer.error) : t("trouble"));
  }
  await loadViews();
  if (open?.box !== box) return; // another form is open by now, and has the focus where its reader put it
  busy(false); // only now: whoever goes on by the keyboard isn't sent back to the form's head while it is drawn
  drawModal();
  const at = document.activeElement;
  if (at !== pressed && at !== document.body && at !== box) return; // the reader went on meanwhile
  (box.querySelector(".invalid :is(input, textarea, button)") ?? box).focus();
}

function busy(on) {
  if (!open) return;
  open.busy = on;
  open.box.querySelector(".modal-submit")?.toggleAttribute("disabled", on);
  open.box.querySelector(".modal-submit")?.setAttribute("aria-busy", String(on));
}

async function close(view, all = false) {
  await sendTyped.flush();
  app.views = all ? [] : app.views.filter((each) => each.id !== view.id);
  drawModal();
  await act("/human/close", { view_id: view.id, ...(all ? { all } : {}) });
}

function shell(view) {
  const title = h("h2", { id: "modal-title" });
  const body = h("div", { class: "modal-blocks" });
  const banner = h("div", { class: "modal-banner", role: "alert" });
  const head = h("header", { class: "modal-head" });
  const foot = h("footer", { class: "modal-foot" });
  const box = h("form", {
    class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", tabindex: -1, novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      submit(open.view);
    },
  }, head, h("div", { class: "modal-scroll" }, banner, body), foot);
  put(layer, h("div", { class: "scrim" }), box);
  return { view, box, title, body, banner, head, foot, busy: false };
}

/** Where forms appear; everything else inside that element waits while one is open. */
export function mountModal(element) {
  layer = element;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open || popoverOpen() || document.querySelector("dialog[open]")) return;
    const { activeElement: at } = document;
    if (at !== document.body && !open.box.contains(at)) return;
    event.preventDefault();
    close(open.view);
  });
}

/** Draws the top view, or nothing. */
export function drawModal() {
  const views = app.views.filter((view) => view.type !== "home");
  const view = views.at(-1);
  for (const sibling of layer.parentElement.children) if (sibling !== layer) sibling.inert = Boolean(view);
  layer.hidden = !view;
  if (!view) {
    if (open) {
      put(layer);
      document.querySelector("[data-composer]")?.focus({ preventScroll: true });
    }
    open = null;
    return;
  }
  const fresh = open?.view.id !== view.id || !open.box.isConnected;
  if (fresh) open = shell(view);
  open.view = view;
  put(open.title, plainText(view.title));
  const closeLabel = view.close ? plainText(view.close) : t("cancel");
  reconcile(open.head, [{
    key: "head", sig: JSON.stringify([view.title, views.length, view.id]), render: () => h("div", { class: "modal-bar" },
      views.length > 1
        ? h("button", { type: "button", class: "icon-button", "aria-label": t("back"), onclick: () => close(open.view) }, icon("back"))
        : botFace(28),
      open.title,
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => close(open.view, true) }, icon("close"))),
  }]);
  const trouble = troubles.get(view.id) ?? (view.error ? t("trouble") : "");
  const errors = errorsOf(view);
  put(open.banner, trouble ? [icon("alert", 18), trouble] : null);
  open.banner.hidden = !trouble;
  const ctx = context(view);
  reconcile(open.body, view.blocks.map((raw, n) => {
    const block = raw.block_id ? raw : { ...raw, block_id: `block-${n}` };
    return {
      key: block.block_id, sig: JSON.stringify([block, errors[block.block_id] ?? null, app.user.id]),
      render: () => drawBlock(block, ctx),
    };
  }));
  reconcile(open.foot, [{
    key: "foot", sig: JSON.stringify([view.submit ?? null, closeLabel, view.id]), render: () => h("div", { class: "modal-buttons" },
      h("button", { type: "button", class: "button", onclick: () => close(open.view) }, closeLabel),
      view.submit && h("button", { type: "submit", class: "button primary modal-submit" }, plainText(view.submit))),
  }]);
  if (open.busy) busy(true); // the button may just have been drawn anew
  if (fresh) focusFirst(view);
}

function focusFirst(view) {
  const wanted = view.blocks.find((block) => block.element?.focus_on_load);
  const key = wanted && `${wanted.block_id}|${wanted.element.action_id}`;
  const node = (key && [...open.box.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === key))
    || open.body.querySelector(":is(input, textarea, .select, button):not([type=file])");
  (node ?? open.box).focus({ preventScroll: true });
}
