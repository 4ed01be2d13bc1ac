/** The guided tour: six steps that go where the story goes on; a step is done when what it tells of has happened. */

import { prefill } from "./chat.js";
import { byBot, readerOf } from "./data.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { becomeUser, goTo, showPane } from "./places.js";
import { app, emit, on, remember } from "./state.js";
import { clock } from "./time.js";
import { findAccount, prefillComment, publicOf, showAccount } from "./timeline.js";
import { languageOf, wordIn } from "./words.js";

const STORIES = {
  es: {
    writer: "ana", approver: "bruno", moderator: "carla", review: "agora-review", inbox: "agora-inbox", handle: "agora",
    texts: [
      "Este jueves estrenamos rollos de canela, calientes desde las ocho ☕", "Domingo de lluvia, ventana y libro. ¿Qué estás leyendo?",
      "Mañana abrimos a las siete: el primer café lo invita la casa.",
    ],
  },
  en: {
    writer: "diego", approver: "admin", moderator: "carla", review: "northwind-review", inbox: "northwind-inbox", handle: "northwind",
    texts: [
      "Story hour is back on Sunday at eleven. Bring a cushion 📚", "Rain, a window seat and a long novel. What are you reading?",
      "We open at nine tomorrow, and the coffee is on us until ten.",
    ],
  },
};
const now = () => Date.now() / 1000;
const begin = (language) => ({ language, since: now(), at: 0, from: now(), done: [] });

let tour = null;
let node = null;
let hint = null;
let hiding = null;

const w = (key, ...args) => wordIn(tour.language, key, ...args);
const story = () => STORIES[tour.language];
const idOf = (name) => app.channels.find((channel) => channel.name === name)?.id ?? app.channels[0].id;
const nameOf = (user) => user.charAt(0).toUpperCase() + user.slice(1);
const save = () => remember("story", tour);
const cards = (name, since) => (app.messages.get(idOf(name)) ?? []).filter((each) => byBot(each) && Number(each.ts) > since);
const account = () => findAccount("x", story().handle).id;
const posts = () => publicOf(account())?.posts ?? [];
const answers = (list) => (list ?? []).flatMap((each) => [each, ...answers(each.replies)]);
const fresh = (each) => each.at > tour.since && each.by_account;
const carded = (name) => cards(name, tour.since).some((each) => !readerOf(each));

/** The channel where the story begins. */
export const firstChannel = () => idOf(story().review);

/** What to write in the first step: a network takes no text twice, so the second round has another one. */
function words() {
  const { texts } = story();
  const used = answers(posts()).map((post) => post.text);
  return texts.find((text) => !used.some((each) => each.includes(text))) ?? `${texts[0]} ${clock(now())}`;
}

function act(user, channel, text) {
  becomeUser(user);
  goTo({ kind: "chat", channel: idOf(channel) });
  if (text) prefill(text);
}

async function look(comment) {
  emit("internet", true);
  showPane("public");
  await showAccount(account());
  if (comment && posts().length) prefillComment(w("t4_name"), w("t4_text"));
  document.querySelector(".public")?.animate?.(
    [{ boxShadow: "0 0 0 0 var(--accent)" }, { boxShadow: "0 0 0 4px var(--accent)" }, { boxShadow: "0 0 0 0 var(--accent)" }], 900);
}

/** `run` goes there, `ready` says whether there is something to do, `happened` whether it was done; `about` fills the words. */
const STEPS = [
  {
    run: () => {
      act(story().writer, story().review, w("t1_text", words()));
      return showAccount(account());
    },
    about: () => nameOf(story().writer),
    happened: () => carded(story().review),
  },
  {
    run: () => act(story().approver, story().review), about: () => [nameOf(story().approver), story().review, nameOf(story().writer)],
    ready: () => carded(story().review), happened: () => posts().some(fresh),
  },
  { run: () => look(false), ready: () => posts().length > 0, happened: () => tour.at === 3 && posts().length > 0 },
  {
    run: () => look(true), about: () => story().inbox, ready: () => posts().length > 0,
    happened: () => carded(story().inbox),
  },
  {
    run: () => act(story().moderator, story().inbox), about: () => [nameOf(story().moderator), story().inbox],
    ready: () => carded(story().inbox), happened: () => answers(posts().flatMap((post) => post.replies)).some(fresh),
  },
  {
    run: () => act(story().writer, story().review, w("t6_text")),
    happened: () => tour.at === 6 && cards(story().review, tour.from).some((each) => readerOf(each)),
  },
];

function hideHint() {
  clearTimeout(hiding);
  hint?.remove();
  hint = null;
}

/** A sentence below a step; with `next` a button goes on from there. */
function showHint(number, text, next) {
  hideHint();
  const button = node.querySelector(`[data-step="${number}"]`);
  if (!button) return;
  button.scrollIntoView({ block: "nearest", inline: "center" });
  const left = button.getBoundingClientRect().left - node.getBoundingClientRect().left;
  hint = h("div", { class: "tour-hint", role: "status", lang: tour.language }, text, next && h("button", {
    type: "button", class: "tour-next", onclick: () => go(next),
  }, w(`t${next}`), icon("forth", 15)));
  hint.style.setProperty("--at", `${Math.max(4, Math.min(left, node.offsetWidth - 348))}px`);
  node.append(hint);
  if (!next) hiding = setTimeout(hideHint, 12000);
}

const about = (n) => [STEPS[n - 1].about?.() ?? []].flat();

async function go(number) {
  const step = STEPS[number - 1];
  const before = tour.done.includes(number);
  Object.assign(tour, { at: number, from: now() });
  save();
  await step.run();
  drawTour();
  follow();
  if (!before && tour.done.includes(number)) showDone();
  else showHint(number, w(step.ready?.() ?? true ? `h${number}` : `x${number}`, ...about(number)));
}

const showDone = () => showHint(tour.at, w(`d${tour.at}`, ...about(tour.at)), tour.at < STEPS.length ? tour.at + 1 : null);

/** Notes what has happened meanwhile; when that was the step one is at, its hint leads on. */
function follow() {
  const done = STEPS.map((_, n) => n + 1).filter((number) => !tour.done.includes(number) && STEPS[number - 1].happened());
  if (!done.length) return;
  tour.done.push(...done);
  save();
  drawTour();
  if (done.includes(tour.at)) showDone();
}

function drawStep(_, n) {
  const number = n + 1;
  const isDone = tour.done.includes(number);
  const next = !isDone && STEPS.findIndex((__, each) => !tour.done.includes(each + 1)) === n;
  const classes = ["step", isDone && "done", next && "next", number === tour.at && "at"].filter(Boolean).join(" ");
  return h("li", {}, h("button", {
    type: "button", class: classes, "aria-current": next ? "step" : null, data: { step: number }, onclick: () => go(number),
  }, h("span", { class: "step-number" }, isDone ? icon("check", 14) : number),
  h("span", { class: "step-text" }, h("strong", {}, w(`t${number}`)), h("small", {}, w(`t${number}s`, ...about(number))),
    isDone && h("span", { class: "hush" }, ` (${w("t_done")})`))));
}

function restart(language) {
  tour = begin(language);
  save();
}

/** Where the tour is drawn; its language is that of whoever came first. */
export function mountTour(element) {
  node = element;
  tour = remember("story") ?? begin(languageOf(app.user));
  save();
  remember("account") ?? remember("account", account());
  on("user", drawTour);
  on("state", drawTour);
  for (const topic of ["thread", "place", "act"]) on(topic, hideHint);
  for (const topic of ["messages", "public"]) on(topic, follow);
}

/** Draws the strip, unless it was dismissed. */
export function drawTour() {
  if (!node || !app.user) return;
  const hidden = remember("tour.hidden") === true;
  node.hidden = hidden;
  if (hidden) return;
  const other = tour.language === "es" ? "en" : "es";
  node.lang = tour.language;
  put(node,
    h("span", { class: "tour-title" }, w("t_intro")),
    h("ol", {}, STEPS.map(drawStep)),
    h("button", {
      type: "button", class: "tour-other", lang: other, title: wordIn(other, "t_language"), "aria-label": wordIn(other, "t_language"),
      onclick: () => {
        restart(other);
        act(story().writer, story().review);
        showAccount(account());
      },
    }, other.toUpperCase()),
    h("button", { type: "button", class: "icon-button tour-close", "aria-label": w("t_hide"), title: w("t_hide"), onclick: () => showTour(false) }, icon("close", 16)),
    hint);
  const next = node.querySelector(".step.next")?.parentElement;
  if (next) next.parentElement.scrollLeft = next.offsetLeft - next.parentElement.offsetLeft - 6;
}

/** Shows the strip from the start, or hides it. */
export function showTour(shown) {
  remember("tour.hidden", !shown);
  if (shown) restart(languageOf(app.user));
  drawTour();
  emit("tour");
}
