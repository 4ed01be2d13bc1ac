/** Small line icons, drawn on a 24-unit grid in the current colour. */

import { s } from "./dom.js";

const PATHS = {
  hash: "M10 4 8 20M16 4l-2 16M4.5 9h16M3.5 15h16",
  home: "M4 11.5 12 4l8 7.5V20a.8.8 0 0 1-.8.8h-4.7V15h-5v5.8H4.8A.8.8 0 0 1 4 20z",
  bolt: "M13 3 5 13.5h6L10 21l8.5-11h-6.5z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9 9.5h.01M15 9.5h.01",
  thread: "M20 12.5a7 7 0 0 1-7 7H4.5l1.6-2.7A7 7 0 0 1 11 5.5h2a7 7 0 0 1 7 7zM9 11h7M9 14.5h4.5",
  reply: "M9.5 6 4 11.5 9.5 17M4.5 11.5H13c4 0 7 2.2 7 6.5",
  dots: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  plus: "M12 5v14M5 12h14",
  clip: "m20 11.5-8 8a5 5 0 0 1-7.1-7.1l8.3-8.2a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.5-7.4",
  send: "M4.5 12 3.5 4.5 21 12 3.5 19.5zM4.5 12h8",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6.5 9.5 12 15l5.5-5.5",
  back: "M14.5 6 8.5 12l6 6",
  forth: "M9.5 6l6 6-6 6",
  link: "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.3 6M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.3-1.3",
  side: "M4.5 5h15v14h-15zM14.5 5v14",
  check: "m5 12.5 4.5 4.5L19.5 7",
  alert: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2h.01",
  image: "M4 5h16v14H4zM4 16.5l4.5-4.5 4 4 3-3L20 17M15.5 9.5h.01",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 12h17M12 3c2.5 2.5 3.7 5.5 3.7 9S14.5 18.5 12 21c-2.5-2.5-3.7-5.5-3.7-9S9.5 5.5 12 3z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  heart: "M12 20S4 15 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20z",
  repeat: "M5 11V9.5A2.5 2.5 0 0 1 7.5 7H18l-3-3M19 13v1.5a2.5 2.5 0 0 1-2.5 2.5H6l3 3",
  comment: "M12 4.5c4.7 0 8.5 3.2 8.5 7.2s-3.8 7.2-8.5 7.2c-1 0-2-.1-2.9-.4L4.5 20l1-3.7a6.7 6.7 0 0 1-2-4.6c0-4 3.8-7.2 8.5-7.2z",
  share: "M12 15V4M8 7.5 12 3.5l4 4M5 13v6.5h14V13",
  out: "M13 4.5h6.5V11M19.5 4.5 11 13M9 5.5H5v13.5h13.5V15",
  thumb: "M7.5 11v9H4v-9zM7.5 11 11.5 4c1.4 0 2.3 1 2.3 2.4L13.3 10h4.9a1.9 1.9 0 0 1 1.9 2.3l-1.3 6a2.2 2.2 0 0 1-2.1 1.7H7.5",
  hidden: "M4 4l16 16M9.5 5.8A9.6 9.6 0 0 1 12 5.5c5 0 8.5 4.5 9.5 6.5a14 14 0 0 1-2.9 3.8M6.5 7.5A14 14 0 0 0 2.5 12c1 2 4.5 6.5 9.5 6.5 1.6 0 3-.4 4.3-1.1M10 10a2.8 2.8 0 0 0 4 4",
  pencil: "M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5z",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 13h8.4L17 7M10.5 11v5M13.5 11v5",
  menu: "M4 7h16M4 12h16M4 17h16",
  chat: "M4 5h16v11.5h-8L7.5 20v-3.5H4z",
  map: "M9 5 3.5 7v12.5L9 17.5l6 2 5.5-2V5L15 7zM9 5v12.5M15 7v12.5",
  file: "M6 3.5h8L18.5 8v12.5H6zM14 3.5V8h4.5",
  eye: "M2.5 12C3.5 10 7 5.5 12 5.5s8.5 4.5 9.5 6.5c-1 2-4.5 6.5-9.5 6.5S3.5 14 2.5 12zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
};

/** An icon by name; hidden from screen readers, so the button around it needs its own label. */
export function icon(name, size = 18) {
  return s(
    "svg",
    { viewBox: "0 0 24 24", width: size, height: size, class: `icon icon-${name}`, "aria-hidden": "true" },
    s("path", {
      d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": name === "dots" ? 2.8 : 1.8,
      "stroke-linecap": "round", "stroke-linejoin": "round",
    }),
  );
}

/** The sign of a network. */
export function networkIcon(network, size = 18) {
  const box = { viewBox: "0 0 24 24", width: size, height: size, class: "icon", "aria-hidden": "true" };
  if (network === "x") {
    return s("svg", box, s("path", {
      d: "M4 4l12.3 16H20L7.7 4zM19.3 4l-6.5 7.4M10.7 13.3 4.6 20",
      fill: "none", stroke: "currentColor", "stroke-width": 1.9, "stroke-linejoin": "round",
    }));
  }
  if (network === "facebook") {
    return s("svg", box, s("circle", { cx: 12, cy: 12, r: 10, fill: "#1877f2" }), s("path", {
      d: "M13.3 22v-7.6h2.6l.45-3.1H13.3V9.4c0-.95.4-1.7 1.8-1.7h1.4V5.1c-.3 0-1.2-.15-2.2-.15-2.3 0-3.8 1.4-3.8 4v2.35H7.9v3.1h2.6V22z",
      fill: "#fff",
    }));
  }
  return s("svg", box, s("path", {
    d: "M9.5 4h5M10.5 4v5.5L5 18.3A1.8 1.8 0 0 0 6.6 21h10.8a1.8 1.8 0 0 0 1.6-2.7L13.5 9.5V4M7.8 15h8.4",
    fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round",
  }));
}
