/** Starts the page: draws the panes, follows the stream of changes, and connects the parts. */

import { stream } from "./api.js";
import { drawHomeAgain, drawMessages, drawPlace, drawSide, mountChat } from "./chat.js";
import { loadAllMessages, loadHome, loadMessages, loadState, loadViews } from "./data.js";
import { debounce, h, put } from "./dom.js";
import { icon } from "./icons.js";
import { followLinks, visit } from "./links.js";
import { drawModal, mountModal } from "./modal.js";
import { becomeUser, goTo, showPane } from "./places.js";
import { drawSidebar } from "./sidebar.js";
import { app, dmOf, on, people, remember } from "./state.js";
import { mountPublic, publicChanged } from "./timeline.js";
import { drawTopbar } from "./topbar.js";
import { drawTour, firstChannel, mountTour } from "./tour.js";
import { t } from "./words.js";

const byId = (id) => document.getElementById(id);

function internet(open) {
  remember("internet", open);
  document.body.classList.toggle("no-internet", !open);
  drawTopbar(byId("topbar"), toggleInternet);
}

const toggleInternet = () => internet(remember("internet") === false);
const redrawSidebar = debounce(() => drawSidebar(byId("sidebar")), 30);

function drawPanes() {
  const pane = document.body.dataset.pane;
  const tab = (name, label, sign) => h("button", {
    type: "button", class: pane === name ? "pane-tab on" : "pane-tab", "aria-current": pane === name ? "page" : null, onclick: () => showPane(name),
  }, icon(sign, 20), h("span", {}, label));
  put(byId("panes"), tab("channels", t("workspace"), "hash"), tab("chat", t("chat"), "chat"), tab("public", t("public"), "globe"));
  byId("public").setAttribute("aria-label", t("internet"));
}

function drawEverything() {
  drawTopbar(byId("topbar"), toggleInternet);
  drawTour();
  drawSidebar(byId("sidebar"));
  drawPlace();
  drawModal();
  drawPanes();
  drawOffline();
  mountPublic(byId("public"));
}

function messagesChanged(id) {
  if (app.channels.some((channel) => channel.id === id)) loadMessages(id);
  else if (!app.user.dm || app.user.dm === id) loadMessages(dmOf());
  else if (!app.users.some((user) => user.dm === id)) loadState();
}

function changed({ topic, key }) {
  if (topic === "messages") messagesChanged(key);
  else if (topic === "views") loadViews();
  else if (topic === "home") {
    if (app.place?.kind === "home" && key === app.user.id) loadHome(false);
  } else if (topic === "public") publicChanged(key);
  else loadState();
}

function everything() {
  loadState();
  loadAllMessages();
  loadViews();
  publicChanged();
}

function connected(isOn) {
  byId("offline").hidden = isOn;
  drawOffline();
}

function drawOffline() {
  byId("offline").textContent = byId("offline").hidden ? "" : t("offline");
}

function firstPlace() {
  const kept = remember("place");
  if (kept?.kind === "home") return kept;
  if (kept?.channel === "@") return { kind: "chat", channel: dmOf() };
  const wanted = app.channels.find((channel) => channel.id === kept?.channel);
  return { kind: "chat", channel: wanted?.id ?? firstChannel() };
}

function connect() {
  on("state", () => drawTopbar(byId("topbar"), toggleInternet));
  on("user", drawEverything);
  on("place", () => {
    drawSidebar(byId("sidebar"));
    drawPlace();
  });
  on("thread", drawSide);
  on("pane", drawPanes);
  on("read", redrawSidebar);
  on("views", drawModal);
  on("home", drawHomeAgain);
  on("internet", internet);
  on("messages", (channel) => {
    redrawSidebar();
    if (channel === app.place?.channel) drawMessages();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && app.place) drawMessages();
  });
  stream(changed, everything, connected);
}

async function start() {
  mountModal(byId("modal"));
  mountChat(byId("chat"), byId("thread"));
  followLinks();
  document.body.classList.toggle("no-internet", remember("internet") === false);
  while (!app.user) await loadState();
  const asked = Object.fromEntries(new URLSearchParams(location.search));
  app.user = people().find((user) => [user.id, user.name].includes(asked.user)) ?? app.user;
  mountTour(byId("tour"));
  app.place = firstPlace();
  showPane("chat");
  connect();
  becomeUser(app.user.id);
  goTo(app.place);
  await Promise.all([publicChanged(), asked.channel && visit(asked.channel, asked.message)]);
  if (location.search) history.replaceState(null, "", location.pathname);
  document.body.dataset.ready = "true";
}

start();
