/** The right column: which network and account is looked at, its window, its posts and mentions. */

import { brandFace } from "./avatars.js";
import { outsideBox } from "./comment.js";
import { get } from "./api.js";
import { loadPublic, once } from "./data.js";
import { h, put, reconcile } from "./dom.js";
import { icon, networkIcon } from "./icons.js";
import { arrows } from "./menu.js";
import { drawItem } from "./post.js";
import { app, emit, remember } from "./state.js";
import { drawTalks } from "./talks.js";
import { t } from "./words.js";

const view = { account: null, tab: "posts", data: new Map(), fresh: new Set(), node: null, head: null, parts: null, known: new Map(), arrived: new Set() };

let ticking = null;

const accounts = () => app.accounts;
const accountOf = (id) => accounts().find((each) => each.id === id);
const networks = () => [...new Set(accounts().map((each) => each.network))];
const site = (account) => ({
  x: `x.com/${account.handle}`, facebook: `facebook.com/${account.handle}`,
}[account.network] ?? `${account.handle}.practice`);

/** Draws the column for the first time, or anew in another language. */
export function mountPublic(node) {
  view.node = node;
  if (!accounts().length) return;
  ticking ??= setInterval(drawPublic, 60000);
  view.account = accountOf(view.account ?? remember("account"))?.id ?? accounts()[0].id;
  drawFrame();
  drawPublic();
}

/** Looks at an account; `tab` is posts, mentions or, where a page has them, private. */
export function showAccount(id, tab = "posts") {
  view.account = id;
  view.tab = tab === "private" && !hasInbox(accountOf(id)) ? "posts" : tab;
  view.fresh.delete(id);
  remember("account", id);
  drawFrame();
  drawPublic();
  return refreshPublic(id);
}

/** Finds an account by network and part of its name. */
export const findAccount = (network, handle) =>
  accounts().find((each) => each.network === network && each.handle.includes(handle)) ?? accounts()[0];

/** Something changed on a network (or everywhere): read it again, mark what isn't open. */
export function publicChanged(network) {
  return once(`public ${network ?? ""}`, async () => {
    for (const account of accounts()) {
      if (network && account.network !== network) continue;
      if (account.id === view.account) await refreshPublic(account.id);
      else await peek(account);
    }
  });
}

async function peek(account) {
  const before = view.known.get(account.id);
  const data = await loadPublic(account.id);
  if (!data) return;
  keep(account.id, data);
  if (before !== undefined && before !== view.known.get(account.id)) {
    view.fresh.add(account.id);
    drawHead();
  }
}

const everything = (data) => ["posts", "mentions"].flatMap((tab) => answers(data?.[tab]));
const answers = (items) => (items ?? []).flatMap((item) => [item, ...answers(item.replies)]);

function keep(id, data) {
  const before = view.data.get(id);
  const old = new Set(everything(before).map((item) => item.id));
  view.arrived = new Set(before && id === view.account ? everything(data).map((item) => item.id).filter((each) => !old.has(each)) : []);
  view.data.set(id, data);
  view.known.set(id, JSON.stringify(data));
  emit("public", id);
}

/** What the public sees of an account, as last read. */
export const publicOf = (id) => view.data.get(id);

/** What has just come lights up, and comes into view unless somebody is busy in this column. */
function showArrived() {
  const fresh = [...view.parts.list.querySelectorAll("[data-item]")].filter((node) => view.arrived.delete(node.dataset.item));
  for (const node of fresh) node.classList.add("arrived");
  if (!view.node.contains(document.activeElement)) fresh.at(-1)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** Reads an account again; the last request wins. */
export async function refreshPublic(id = view.account) {
  const [data, secret] = await Promise.all([loadPublic(id), privates(id)]);
  if (!data) return;
  keep(id, { ...data, ...secret });
  if (id === view.account) drawPublic();
}

/** Whether people can write to an account in private. */
const hasInbox = (account) => ["facebook", "x"].includes(account?.network);

async function privates(id) {
  if (!hasInbox(accountOf(id))) return {};
  const { messages, conversations } = await get("/audience/private", { account: id });
  return { secret: messages ?? [], talks: conversations ?? [] };
}

const focusedIn = (node) => (node?.contains(document.activeElement) ? document.activeElement.dataset.focus : null);
const focusOn = (node, key) => key && [...node.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === key)?.focus({ preventScroll: true });

/** The networks and brands to choose from, each with a mark when it has news; what is typed below stays. */
function drawHead() {
  const { head } = view;
  const account = accountOf(view.account);
  if (!head || !account) return;
  const focused = focusedIn(head);
  const marked = (list) => list.some((each) => view.fresh.has(each.id));
  const tabs = h("div", { class: "net-tabs", role: "tablist", "aria-label": t("internet") }, networks().map((network) => {
    const inside = accounts().filter((each) => each.network === network);
    const on = network === account.network;
    return h("button", {
      type: "button", role: "tab", class: on ? "net-tab on" : "net-tab", "aria-selected": String(on), data: { focus: `net ${network}` },
      onclick: () => showAccount((inside.find((each) => each.brand === account.brand) ?? inside[0]).id),
    }, networkIcon(network, 17), h("span", {}, t(`network_${network}`)), marked(inside) && h("span", { class: "fresh-dot" }));
  }));
  arrows(tabs, ".net-tab");
  const same = accounts().filter((each) => each.network === account.network);
  const chips = same.length > 1 && h("div", { class: "brand-chips" }, same.map((each) => h("button", {
    type: "button", class: each.id === account.id ? "brand-chip on" : "brand-chip", "aria-pressed": String(each.id === account.id),
    data: { focus: `brand ${each.id}` }, onclick: () => showAccount(each.id, view.tab),
  }, brandFace(each.brand, 22), each.name, view.fresh.has(each.id) && h("span", { class: "fresh-dot" }))));
  put(head, tabs, chips);
  focusOn(head, focused);
}

function drawFrame() {
  const { node } = view;
  const account = accountOf(view.account);
  if (!node || !account) return;
  const focused = focusedIn(node);
  view.head = h("div", { class: "public-head" });
  drawHead();
  const list = h("div", { class: "feed" });
  const mention = h("div", { class: "mention-box" });
  const count = h("span", { class: "tab-count" });
  const feedTab = (key, extra) => h("button", {
    type: "button", role: "tab", class: view.tab === key ? "tab on" : "tab", "aria-selected": String(view.tab === key), data: { focus: `feed ${key}` },
    onclick: () => showAccount(account.id, key),
  }, t(key), extra);
  const talks = hasInbox(account) && feedTab("private");
  put(node,
    view.head,
    h("div", { class: `browser net-${account.network}` },
      h("div", { class: "address" }, h("i"), h("i"), h("i"), h("span", { class: "url" }, icon("lock", 13), site(account))),
      account.network === "practice" && h("div", { class: "practice-note" }, icon("eye", 15), t("practice")),
      h("div", { class: "site" },
        h("div", { class: "profile" },
          h("div", { class: `cover ${folded(account.brand)}` }),
          h("div", { class: "profile-row" }, brandFace(account.brand, 60),
            h("div", { class: "profile-name" }, h("strong", {}, account.name),
              h("span", { class: "handle" }, account.network === "facebook" ? site(account) : `@${account.handle}`)),
            h("span", { class: "follow", "aria-hidden": "true" }, t("follow")))),
        h("div", { class: "feed-tabs", role: "tablist" }, feedTab("posts"), feedTab("mentions", count), talks),
        mention, list)));
  view.parts = { list, mention, count, account };
  if (view.tab === "mentions") put(mention, outsideBox({ account, key: "mention", label: t("mention_as", account.name), done: () => refreshPublic() }));
  if (view.tab === "private") put(mention, outsideBox({ account, key: "private", label: t("private_as", account.name), to: "/audience/message", done: () => refreshPublic() }));
  focusOn(node, focused);
}

const folded = (text) => text.normalize("NFD").replace(/[^\w]/g, "").toLowerCase();

function drawPublic() {
  const { parts } = view;
  if (!parts) return;
  const data = view.data.get(view.account);
  parts.count.textContent = data?.mentions.length ? data.mentions.length : "";
  if (view.tab === "private") {
    drawTalks(parts.list, data?.talks ?? []);
    return;
  }
  const items = data ? data[view.tab] : [];
  if (!items.length) {
    const text = view.tab === "posts" ? t("nobody") : t("no_mentions", parts.account.name);
    reconcile(parts.list, [{
      key: "empty", sig: data ? text : "", render: () => h("div", { class: "feed-empty" }, data && [
        brandFace(parts.account.brand, 48), h("strong", {}, text), view.tab === "posts" && h("p", {}, t("nobody_hint"))]),
    }]);
    return;
  }
  const own = { account: parts.account, done: () => refreshPublic(), language: app.user.id };
  const secret = view.tab === "mentions" ? [] : data.secret ?? [];
  reconcile(parts.list, items.map((item) => ({
    key: `${view.tab} ${parts.account.id} ${item.at} ${item.author}`, sig: app.user.id, render: () => h("article", { class: "post", data: { post: item.id } }),
  })));
  items.forEach((item, n) => drawItem(parts.list.children[n], item, own, secret));
  showArrived();
}

/** Opens the box under the newest post and fills it in; false when there is no post yet. */
export function prefillComment(name, text) {
  const box = view.parts?.list.querySelector(".outside");
  if (!box?.fillIn) return false;
  box.scrollIntoView({ block: "center", behavior: "smooth" });
  box.fillIn(name, text);
  return true;
}
