/** The box at the bottom: messages, mentions, files, and `/vocero` commands with suggestions. */

import { botFace, personFace } from "./avatars.js";
import { readFile } from "./api.js";
import { act } from "./data.js";
import { h, put } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { fileList } from "./files.js";
import { icon } from "./icons.js";
import { openEmoji, openMenu, toast } from "./menu.js";
import { globalShortcuts, runShortcut } from "./shortcuts.js";
import { suggest } from "./suggest.js";
import { t } from "./words.js";

const drafts = new Map();

/** A composer for `where` = {channel, thread?, key, label}; `toDraft(text)` on the result pre-fills it. */
export function composer(where) {
  const list = h("div", { class: "suggestions", role: "listbox", id: `suggest-${where.thread ? "thread" : "main"}`, hidden: true });
  const attached = h("div");
  let files = [];
  let offered = [];
  let at = -1;
  const area = h("textarea", {
    rows: 1, class: "composer-text", placeholder: where.label, "aria-label": where.label, "aria-controls": list.id,
    "aria-autocomplete": "list", value: drafts.get(where.key) ?? "", data: { composer: where.thread ? "thread" : "main" },
    oninput: changed, onkeydown: keys, onblur: () => setTimeout(() => { list.hidden = true; }, 150), onfocus: offer,
  });
  const picker = h("input", {
    type: "file", multiple: true, class: "file-native", tabindex: -1, "aria-hidden": "true", onchange: () => attach(picker.files),
  });
  const sendButton = h("button", { type: "submit", class: "send", "aria-label": t("send"), title: t("send") }, icon("send"));
  const tool = (name, label, press) => {
    const button = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: () => press(button) }, icon(name));
    return button;
  };
  const form = h("form", {
    class: "composer", onsubmit: (event) => {
      event.preventDefault();
      send();
    },
    ondragover: (event) => event.preventDefault(),
    ondrop: (event) => {
      event.preventDefault();
      attach(event.dataTransfer.files);
    },
  }, list, h("div", { class: "composer-box" }, attached, area, h("div", { class: "composer-tools" },
    tool("clip", t("attach"), () => picker.click()), picker,
    tool("smile", t("emoji"), (button) => openEmoji(button, (name) => insert(EMOJI[name]))),
    !where.thread && globalShortcuts().length > 0 && tool("bolt", t("shortcuts"), (button) => openMenu(button, globalShortcuts().map((shortcut) => ({
      label: shortcut.name, hint: "Vocero", icon: botFace(20), run: () => runShortcut(shortcut),
    })))),
    h("span", { class: "grow" }), sendButton)));

  function grow() {
    area.style.height = "auto";
    if (area.isConnected) area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
    sendButton.disabled = !area.value.trim() && !files.length;
  }

  function changed() {
    drafts.set(where.key, area.value);
    grow();
    offer();
  }

  function insert(text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    changed();
  }

  async function attach(chosen) {
    files = [...files, ...(await Promise.all([...chosen].map(readFile)))];
    drawFiles();
  }

  function drawFiles() {
    put(attached, files.length ? fileList(files, (next, redraw) => {
      files = next;
      if (redraw) drawFiles();
    }, { alt: true }) : null);
    grow();
  }

  function offer() {
    offered = document.activeElement === area ? suggest(area.value, area.selectionStart) : [];
    at = -1;
    list.hidden = !offered.length;
    put(list, offered.map((each, n) => h("div", {
      class: "suggestion", role: "option", id: `${list.id}-${n}`, "aria-selected": "false",
      onmousedown: (event) => {
        event.preventDefault();
        take(each);
      },
    }, each.user ? personFace(each.user, 24) : botFace(24), h("strong", {}, each.label), h("span", { class: "quiet" }, each.hint))));
    area.setAttribute("aria-expanded", String(!list.hidden));
  }

  function light(n) {
    at = (n + offered.length) % offered.length;
    [...list.children].forEach((node, place) => {
      node.classList.toggle("active", place === at);
      node.setAttribute("aria-selected", String(place === at));
    });
    list.children[at].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function take({ from, text }) {
    area.setRangeText(text, from, area.selectionStart, "end");
    changed();
  }

  function keys(event) {
    const open = !list.hidden && offered.length;
    if (open && event.key === "ArrowDown") light(at + 1);
    else if (open && event.key === "ArrowUp") light(at < 0 ? offered.length - 1 : at - 1);
    else if (open && event.key === "Escape") list.hidden = true;
    else if (open && event.key === "Tab" && !event.shiftKey) take(offered[Math.max(at, 0)]);
    else if (open && event.key === "Enter" && at >= 0) take(offered[at]);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async function send() {
    const text = area.value.trim();
    if (!text && !files.length) return;
    if (text.startsWith("/") && where.thread) {
      toast(t("no_slash"), "bad");
      return;
    }
    const sent = files.map(({ name, base64, alt }) => ({ name, base64, ...(alt ? { alt } : {}) }));
    area.value = "";
    files = [];
    drafts.delete(where.key);
    drawFiles();
    offer();
    const { channel, thread } = where;
    if (text.startsWith("/")) await act("/human/command", { channel, text });
    else await act("/human/message", {
      channel, text, ...(thread ? { thread_ts: thread } : {}), ...(sent.length ? { files: sent } : {}),
    });
  }

  requestAnimationFrame(grow);
  form.toDraft = (text) => {
    area.value = text;
    area.focus();
    changed();
    area.setSelectionRange(text.length, text.length);
  };
  form.focusText = () => area.focus({ preventScroll: true });
  return form;
}
