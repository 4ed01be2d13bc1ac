/** The box in which an outsider writes: a name and some words, under a post or to an account. */

import { outsiderFace } from "./avatars.js";
import { post } from "./api.js";
import { announce, h, put } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./menu.js";
import { remember } from "./state.js";
import { t } from "./words.js";

const NAMES = ["Lucía Prado", "Tom Weaver", "Marta Gil", "Noor Aziz", "Pau Serra", "Jenny Cole"];
let last = remember("outsider");
let turn = 0;

const someone = () => last ?? NAMES[(turn += 1) % NAMES.length];

/** A form for `{account, answers?, label, to?}`; `done()` after it was sent. `fillIn(name, text)` pre-fills it. */
export function outsideBox({ account, answers, label, done, open = false, closed, to = "/audience/comment" }) {
  const name = h("input", { type: "text", class: "outside-name", value: someone(), maxlength: 60, "aria-label": t("name"), oninput: draw });
  const area = h("textarea", {
    rows: 1, class: "outside-text", placeholder: label, "aria-label": label, oninput: draw,
    onfocus: () => expand(true),
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      } else if (event.key === "Escape" && !area.value) {
        expand(false);
        area.blur();
        closed?.();
      }
    },
  });
  const face = h("span", { class: "outside-face" });
  const button = h("button", { type: "submit", class: "outside-send", "aria-label": t("send"), title: t("send") }, icon("send", 17));
  const form = h("form", {
    class: "outside", onsubmit: (event) => {
      event.preventDefault();
      send();
    },
  }, face, h("div", { class: "outside-box" },
    h("label", { class: "outside-who" }, h("span", {}, t("name")), name), h("div", { class: "outside-row" }, area, button)));

  function expand(on) {
    form.classList.toggle("open", on || Boolean(area.value));
  }

  function draw() {
    put(face, outsiderFace(name.value || "?", 30));
    button.disabled = !area.value.trim() || !name.value.trim();
    area.style.height = "auto";
    if (area.isConnected) area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
  }

  async function send() {
    const text = area.value.trim();
    const author = name.value.trim();
    if (!text || !author || form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    const answer = await post(to, { account: account.id, ...(answers ? { post: answers } : {}), author, text });
    form.removeAttribute("aria-busy");
    if (answer.ok === false) {
      toast(t("failed", answer.error), "bad");
      return;
    }
    if (author !== last) last = remember("outsider", author);
    area.value = "";
    draw();
    announce(t("sent"));
    closed?.();
    await done();
  }

  form.fillIn = (who, text) => {
    name.value = who;
    area.value = text;
    expand(true);
    area.focus({ preventScroll: true });
    draw();
  };
  draw();
  expand(open);
  return form;
}
