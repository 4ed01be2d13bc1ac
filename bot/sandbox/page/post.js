/** One public post or mention with its pictures, numbers, nested replies and the box to answer it. */

import { brandFace, outsiderFace } from "./avatars.js";
import { post as send } from "./api.js";
import { outsideBox } from "./comment.js";
import { h, link, put, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { ask, openMenu, toast } from "./menu.js";
import { ago, fullMoment } from "./time.js";
import { plural, t } from "./words.js";

/** Public words with their links, handles and tags. */
export function publicText(text) {
  return (text ?? "").split(/(https?:\/\/[^\s]+|[@#][\p{L}\d_]{2,})/u).flatMap((part, n) => {
    if (n % 2 && part.startsWith("http")) return [link(part, part.replace(/^https?:\/\/(www\.)?/, ""))];
    if (n % 2) return [h("span", { class: "tag" }, part)];
    return part.split("\n").flatMap((line, each) => (each ? [h("br"), line] : [line]));
  });
}

/** The pictures of something said, with their alt texts. */
export function pictures(media) {
  if (!media?.length) return null;
  return h("div", { class: `media media-${Math.min(media.length, 4)}` }, media.map((medium) => {
    const url = medium.url ?? (medium.id ? `/audience/media/${encodeURIComponent(medium.id)}` : null);
    const moving = (medium.type ?? "").startsWith("video/");
    return h("span", { class: "picture" },
      url && (moving ? h("video", { src: url, controls: true, "aria-label": medium.alt }) : h("img", { src: url, alt: medium.alt ?? "", loading: "lazy" })),
      !url && h("span", { class: "no-picture" }, icon("image", 26)),
      medium.alt
        ? h("span", { class: "alt-badge", tabindex: 0, "aria-hidden": "true", title: medium.alt }, t("alt_badge"), h("span", { class: "alt-text" }, medium.alt))
        : h("span", { class: "alt-badge none" }, t("no_alt")));
  }));
}

function who(item, account, size) {
  const own = item.by_account ?? (item.author === undefined || item.author === account.name);
  const name = own ? account.name : item.author?.name ?? item.author;
  return { own, name, face: own ? brandFace(account.brand, size) : outsiderFace(name, size) };
}

const count = (item) => (item.replies ?? []).reduce((sum, reply) => sum + 1 + count(reply), 0);

function bar(item, account, focusBox) {
  const replies = count(item);
  const button = (name, label, number, press) => h("button", {
    type: "button", class: `act act-${name}`, "aria-label": label, tabindex: press ? 0 : -1, "aria-hidden": press ? null : "true", onclick: press,
  }, icon(name, 17), account.network === "facebook" ? h("span", {}, label) : number > 0 && h("span", {}, number));
  if (account.network === "facebook") {
    return [
      h("div", { class: "tally" }, replies > 0 && h("span", {}, plural("comments", replies))),
      h("div", { class: "bar" }, button("thumb", t("like")), button("comment", t("comment"), replies, focusBox), button("share", t("share"))),
    ];
  }
  return h("div", { class: "bar" }, button("comment", t("reply_x"), replies, focusBox), button("repeat", t("share"), 0),
    button("heart", t("like"), 0), button("share", t("share"), 0));
}

async function change(path, body, done) {
  const answer = await send(path, body);
  if (answer.ok === false) toast(t("failed", answer.error), "bad");
  done();
}

function tools(reply, account, done, node) {
  const more = h("button", {
    type: "button", class: "icon-button small", "aria-label": t("more"), "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(more, [
      { label: t("edit"), hint: t("outsider", reply.author), icon: icon("pencil", 17), run: () => edit() },
      {
        label: t("delete"), hint: t("outsider", reply.author), icon: icon("trash", 17), danger: true,
        run: async () => {
          const sure = await ask({ title: t("delete"), text: [t("confirm")], confirm: t("delete"), deny: t("cancel"), danger: true });
          if (sure) change("/audience/delete", { account: account.id, id: reply.id }, done);
        },
      },
    ], { align: "end" }),
  }, icon("dots", 16));
  function edit() {
    const words = node.querySelector(".reply-text");
    const area = h("textarea", { class: "field", rows: 2, value: reply.text, "aria-label": t("edit") });
    put(words, area, h("div", { class: "edit-buttons" },
      h("button", { type: "button", class: "button small", onclick: () => put(words, publicText(reply.text)) }, t("cancel")),
      h("button", {
        type: "button", class: "button primary small", onclick: () => change("/audience/edit", { account: account.id, id: reply.id, text: area.value }, done),
      }, t("save"))));
    area.focus();
  }
  return more;
}

function drawReply(reply, depth, { account, done }) {
  const { own, name, face } = who(reply, account, depth ? 26 : 32);
  const slot = h("div");
  const node = h("div", { class: ["reply", own && "by-brand", reply.hidden && "is-hidden"].filter(Boolean).join(" "), style: { "--depth": Math.min(depth, 3) }, data: { item: reply.id } },
    face,
    h("div", { class: "reply-main" },
      h("div", { class: "bubble" },
        h("div", { class: "reply-head" }, h("strong", {}, name), own && h("span", { class: "brand-badge" }, t("brand")),
          h("time", { title: fullMoment(reply.at) }, ago(reply.at)), h("span", { class: "grow" })),
        h("div", { class: "reply-text" }, publicText(reply.text)), pictures(reply.media)),
      h("div", { class: "reply-foot" },
        reply.hidden && h("span", { class: "hidden-mark" }, icon("hidden", 14), t("hidden")),
        h("button", {
          type: "button", class: "text-button",
          onclick: () => {
            const box = outsideBox({ account, answers: reply.id, key: reply.id, label: t("answer_as"), done, open: true, closed: () => put(slot) });
            put(slot, box);
            box.querySelector("textarea").focus();
          },
        }, t("reply_x"))),
      slot));
  if (!own) node.querySelector(".reply-head").append(tools(reply, account, done, node));
  return node;
}

function flat(replies, depth = 0) {
  return (replies ?? []).flatMap((reply) => [{ reply, depth }, ...flat(reply.replies, depth + 1)]);
}

const MOST = 60;

/** The newest answers; a long list is cut until somebody asks for all of it. */
function shownReplies(node, item) {
  const all = flat(item.replies);
  if (all.length <= MOST || node.dataset.all) return { all, rest: 0 };
  return { all: all.slice(-MOST), rest: all.length - MOST };
}

/** Draws or updates a post inside its article; the box under it keeps what has been typed. */
export function drawItem(node, item, own, secret = []) {
  const { account } = own;
  const shape = { ...item, replies: count(item) };
  const focusBox = () => node.querySelector(".outside textarea")?.focus();
  const { all, rest } = shownReplies(node, item);
  const mine = secret.filter((each) => all.some(({ reply }) => reply.id === each.comment));
  const earlier = rest > 0 && {
    key: "earlier", sig: t("earlier", rest), render: () => h("button", {
      type: "button", class: "text-button earlier",
      onclick: () => {
        node.dataset.all = "true";
        own.done();
      },
    }, t("earlier", rest)),
  };
  reconcile(node, [
    {
      key: "post", sig: JSON.stringify([shape, ago(item.at)]), render: () => {
        const { name, own: byBrand, face } = who(item, account, 40);
        return h("div", { class: item.hidden ? "post-main is-hidden" : "post-main", data: { item: item.id } },
          h("header", { class: "post-head" }, face, h("div", { class: "post-who" }, h("strong", {}, name),
            h("span", { class: "handle" }, byBrand && account.network === "x" ? `@${account.handle} · ` : "",
              h("time", { title: fullMoment(item.at) }, ago(item.at)), account.network === "facebook" && [" · ", icon("globe", 12)])),
          h("span", { class: "grow" }),
          item.permalink && h("a", { class: "icon-button small", href: item.permalink, target: "_blank", rel: "noopener", "aria-label": t("open_link"), title: t("open_link") }, icon("out", 15))),
          h("div", { class: "post-text" }, publicText(item.text)), item.link && h("div", { class: "link-card" }, link(item.link, item.link)),
          pictures(item.media), item.hidden && h("span", { class: "hidden-mark" }, icon("hidden", 14), t("hidden")), bar(item, account, focusBox));
      },
    },
    ...(earlier ? [earlier] : []),
    ...all.map(({ reply, depth }) => ({
      key: `reply ${reply.id}`, sig: JSON.stringify([{ ...reply, replies: 0 }, depth, ago(reply.at)]), render: () => drawReply(reply, depth, own),
    })),
    ...mine.map((each) => ({
      key: `private ${each.id}`, sig: JSON.stringify(each), render: () => h("div", { class: "private-note" }, icon("lock", 14), each.recipient, ": ", each.text),
    })),
    {
      key: "box", sig: `${own.language} ${item.id}`, render: () => outsideBox({
        account, answers: item.id, key: item.id, label: own.mention ? t("answer_as") : t("comment_as"), done: own.done,
      }),
    },
  ]);
}
