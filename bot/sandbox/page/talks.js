/** The private messages of a page: one conversation with each person, and a box to write as somebody outside. */

import { outsiderFace } from "./avatars.js";
import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { pictures, publicText } from "./post.js";
import { ago, fullMoment } from "./time.js";
import { t } from "./words.js";

/** Draws `{person, messages}` into a list, whoever wrote last first. */
export function drawTalks(list, talks) {
  if (!talks.length) {
    reconcile(list, [{ key: "empty", sig: t("no_private"), render: () => h("div", { class: "feed-empty" }, icon("lock", 28), h("strong", {}, t("no_private"))) }]);
    return;
  }
  const last = (talk) => talk.messages.at(-1)?.at ?? 0;
  reconcile(list, [...talks].sort((one, other) => last(other) - last(one)).map((talk) => ({
    key: `talk ${talk.person}`, sig: JSON.stringify([talk, ago(last(talk))]), render: () => h("article", { class: "post talk" },
      h("header", { class: "post-head" }, outsiderFace(talk.person, 40), h("div", { class: "post-who" }, h("strong", {}, talk.person),
        h("span", { class: "handle" }, icon("lock", 12), " ", h("time", { title: fullMoment(last(talk)) }, ago(last(talk)))))),
      talk.messages.map((each) => h("div", { class: each.by_account ? "talk-line ours" : "talk-line" },
        each.text && h("div", { class: "bubble" }, publicText(each.text)), pictures(each.media)))),
  })));
}
