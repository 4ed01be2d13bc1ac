/** The bar at the top: Vocero, who you are acting as, the tour and the public column. */

import { personFace } from "./avatars.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { becomeUser } from "./places.js";
import { app, people, remember } from "./state.js";
import { showTour } from "./tour.js";
import { languageOf, t } from "./words.js";

const FLAGS = { es: "ES", en: "EN" };

const roleOf = (user) => user.title || user.profile?.title || "";

function pill(user) {
  const on = user.id === app.user.id;
  const language = FLAGS[languageOf(user)];
  const label = `${user.real_name} (${languageOf(user)})`;
  return h("button", {
    type: "button", class: on ? "who on" : "who", role: "radio", "aria-checked": String(on), "aria-label": label, tabindex: on ? 0 : -1,
    title: [label, roleOf(user)].filter(Boolean).join(" · "), data: { user: user.name }, onclick: () => becomeUser(user.id),
  }, personFace(user, 26, true), h("span", { class: "who-name" }, user.name), h("span", { class: "who-language" }, language));
}

function picker() {
  const node = h("button", {
    type: "button", class: "who on who-menu", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `${t("you")} ${app.user.real_name}`,
    onclick: () => openMenu(node, people().map((user) => ({
      label: user.real_name, hint: FLAGS[languageOf(user)], icon: personFace(user, 26, true), run: () => becomeUser(user.id),
    })), { align: "end" }),
  }, personFace(app.user, 26, true), h("span", { class: "who-name" }, app.user.name), h("span", { class: "who-language" }, FLAGS[languageOf(app.user)]), icon("down", 14));
  return node;
}

/** Draws the bar; `toggle()` shows or hides the public column. */
export function drawTopbar(node, toggle) {
  if (!app.user) return;
  const had = node.querySelector(".whos")?.contains(document.activeElement);
  const open = remember("internet") !== false;
  const whos = h("div", { class: "whos", role: "radiogroup", "aria-label": t("you") }, people().map(pill));
  whos.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = people();
    const at = all.findIndex((user) => user.id === app.user.id);
    becomeUser(all[(at + step + all.length) % all.length].id);
  });
  put(node,
    h("div", { class: "brandmark" }, h("img", { src: "/page/logo.svg", width: 30, height: 30, alt: "" }), h("strong", {}, "Vocero"),
      h("span", { class: "demo" }, t("demo"))),
    h("div", { class: "you" }, h("span", { class: "you-label" }, `${t("you")}:`), whos, picker()),
    h("div", { class: "top-tools" },
      !app.ready && h("span", { class: "waking", role: "status" }, t("starting")),
      h("button", { type: "button", class: "top-button", onclick: () => showTour(true) }, icon("map", 17), h("span", {}, t("tour"))),
      h("button", {
        type: "button", class: open ? "top-button on" : "top-button", "aria-pressed": String(open), onclick: toggle,
        title: open ? t("hideInternet") : t("showInternet"), "aria-label": open ? t("hideInternet") : t("showInternet"),
      }, icon("globe", 17))));
  if (had) node.querySelector(".who.on")?.focus();
}
