/** Faces: people of the workspace, outsiders, brands and Vocero itself, all drawn here. */

import { h, s } from "./dom.js";

const PAIRS = [
  ["#f2994a", "#d9553b"], ["#3fa796", "#1f6f78"], ["#8e6ad8", "#5b3fa8"], ["#4a90d9", "#2b5fae"],
  ["#d96a93", "#a83e6b"], ["#7aa646", "#48762c"], ["#c79a3a", "#8f6416"], ["#5f7f95", "#3a5466"],
];
const TEAM = { ana: 0, bruno: 1, carla: 2, diego: 3, eva: 4, admin: 6 };

const BRANDS = {
  "café ágora": {
    colours: ["#c8623a", "#8f3b22"],
    path: "M10 15h15v7a6 6 0 0 1-6 6h-3a6 6 0 0 1-6-6zM25 17h2.2a3 3 0 0 1 0 6.5H25M14 12c-1-1.5 1-2.5 0-4M19 12c-1-1.5 1-2.5 0-4",
  },
  "northwind books": {
    colours: ["#2f6f9f", "#173f63"],
    path: "M20 13c-3-2-6.5-2.5-10-2.5V26c3.5 0 7 .5 10 2.5 3-2 6.5-2.5 10-2.5V10.5c-3.5 0-7 .5-10 2.5zM20 13v15.5",
  },
  ensayo: {
    colours: ["#7a5bd0", "#4b3590"],
    path: "M17 10h6M18.2 10v6.5L12.5 26a2 2 0 0 0 1.7 3h11.6a2 2 0 0 0 1.7-3l-5.7-9.5V10M15.3 22.5h9.4",
  },
};

function hash(text) {
  let sum = 7;
  for (const each of text) sum = (sum * 31 + each.codePointAt(0)) % 100003;
  return sum;
}

function initials(name) {
  const words = name.replace(/^@/, "").split(/[\s_.-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}

let serial = 0;

function tile(colours, inside, { size, round, label }) {
  const id = `face-${(serial += 1)}`;
  return s(
    "svg",
    {
      viewBox: "0 0 40 40", width: size, height: size, class: "face",
      role: label ? "img" : null, "aria-label": label, "aria-hidden": label ? null : "true",
    },
    s("defs", {}, s("linearGradient", { id, x1: 0, y1: 0, x2: 1, y2: 1 },
      s("stop", { offset: 0, "stop-color": colours[0] }), s("stop", { offset: 1, "stop-color": colours[1] }))),
    s("rect", { width: 40, height: 40, rx: round ? 20 : 9, fill: `url(#${id})` }),
    inside,
  );
}

function letters(text) {
  return s("text", {
    x: 20, y: 20, "text-anchor": "middle", "dominant-baseline": "central", fill: "#fff",
    "font-size": text.length > 1 ? 15 : 18, "font-weight": 650, "letter-spacing": ".3",
  }, text);
}

/** A member of the workspace. */
export function personFace(user, size = 36, round = false) {
  const pair = PAIRS[TEAM[user?.name] ?? hash(user?.id ?? "?") % PAIRS.length];
  return tile(pair, letters(initials(user?.real_name || user?.name || "?")), { size, round });
}

/** Somebody outside, known only by a name. */
export function outsiderFace(name, size = 36) {
  return tile(PAIRS[hash(name) % PAIRS.length], letters(initials(name).slice(0, 1)), { size, round: true });
}

/** A brand's own face: its sign, or its first letter. */
export function brandFace(brand, size = 36, round = true) {
  const known = BRANDS[(brand ?? "").toLowerCase()];
  if (!known) return tile(PAIRS[hash(brand ?? "") % PAIRS.length], letters(initials(brand ?? "?").slice(0, 1)), { size, round });
  return tile(known.colours, s("path", {
    d: known.path, fill: "none", stroke: "#fff", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round",
  }), { size, round });
}

/** Vocero. */
export function botFace(size = 36) {
  return h("img", { src: "/page/logo.svg", width: size, height: size, alt: "", class: "face" });
}
