/** The guided tour: six steps, each a button that goes where the story goes on. */

import { prefill } from "./chat.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { becomeUser, goTo, showPane } from "./places.js";
import { app, emit, on, remember } from "./state.js";
import { findAccount, prefillComment, showAccount } from "./timeline.js";
import { t } from "./words.js";

const channelNamed = (name) => app.channels.find((channel) => channel.name === name)?.id ?? app.channels[0].id;
let done = new Set(remember("tour") ?? []);
let node = null;

function act(user, channel, text) {
  becomeUser(user);
  goTo({ kind: "chat", channel: channelNamed(channel) });
  if (text) prefill(t(text));
}

async function look(comment) {
  emit("internet", true);
  showPane("public");
  const account = findAccount("x", "agora");
  await showAccount(account.id);
  if (comment) prefillComment(t("t4_name"), t("t4_text"));
  document.querySelector(".public")?.animate?.(
    [{ boxShadow: "0 0 0 0 var(--accent)" }, { boxShadow: "0 0 0 4px var(--accent)" }, { boxShadow: "0 0 0 0 var(--accent)" }], 900);
}

const STEPS = [
  () => act("ana", "agora-review", "t1_text"),
  () => act("bruno", "agora-review"),
  () => look(false),
  () => look(true),
  () => act("carla", "agora-inbox"),
  () => act("ana", "agora-review", "t6_text"),
];

let hint = null;
let hiding = null;

function hideHint() {
  clearTimeout(hiding);
  hint?.remove();
  hint = null;
}

/** A sentence below the step: what to do there. */
function showHint(number) {
  hideHint();
  const button = node.querySelector(`[data-step="${number}"]`);
  button.scrollIntoView({ block: "nearest", inline: "center" });
  const left = button.getBoundingClientRect().left - node.getBoundingClientRect().left;
  hint = h("div", { class: "tour-hint", role: "status" }, t(`h${number}`));
  hint.style.setProperty("--at", `${Math.max(4, Math.min(left, node.offsetWidth - 348))}px`);
  node.append(hint);
  hiding = setTimeout(hideHint, 9000);
}

function step(run, n) {
  const number = n + 1;
  const isDone = done.has(number);
  const next = !isDone && STEPS.findIndex((_, each) => !done.has(each + 1)) === n;
  const classes = ["step", isDone && "done", next && "next"].filter(Boolean).join(" ");
  return h("li", {}, h("button", {
    type: "button", class: classes, "aria-current": next ? "step" : null, data: { step: number },
    onclick: async () => {
      done.add(number);
      remember("tour", [...done]);
      await run();
      drawTour();
      showHint(number);
    },
  }, h("span", { class: "step-number" }, isDone ? icon("check", 14) : number),
  h("span", { class: "step-text" }, h("strong", {}, t(`t${number}`)), h("small", {}, t(`t${number}s`)),
    isDone && h("span", { class: "hush" }, ` (${t("t_done")})`))));
}

/** Where the tour is drawn. */
export function mountTour(element) {
  node = element;
  on("user", drawTour);
  on("state", drawTour);
  on("thread", hideHint);
  on("place", hideHint);
  on("act", hideHint);
}

/** Draws the strip, unless it was dismissed. */
export function drawTour() {
  if (!node || !app.user) return;
  const hidden = remember("tour.hidden") === true;
  node.hidden = hidden;
  if (hidden) return;
  put(node,
    h("span", { class: "tour-title" }, t("t_intro")),
    h("ol", {}, STEPS.map(step)),
    h("button", { type: "button", class: "icon-button tour-close", "aria-label": t("t_hide"), title: t("t_hide"), onclick: () => showTour(false) }, icon("close", 16)));
  const next = node.querySelector(".step.next")?.parentElement;
  if (next) next.parentElement.scrollLeft = next.offsetLeft - next.parentElement.offsetLeft - 6;
}

/** Shows the strip from the start, or hides it. */
export function showTour(shown) {
  remember("tour.hidden", !shown);
  if (shown) done = new Set(remember("tour", []));
  drawTour();
  emit("tour");
}
