/** Small line icons, drawn on a 24-unit grid in the current colour. */

import { s } from "./dom.js";

const PATHS = {
  hash: "M10 4 8 20M16 4l-2 16M4.5 9h16M3.5 15h16",
  home: "M4 11.5 12 4l8 7.5V20a.8.8 0 0 1-.8.8h-4.7V15h-5v5.800H4.800A.8.8 0 0 1 4 20z",
  bolt: "M13 3 5 13.500h6L10 21l8.500-11h-6.500z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c.8 1.300 2 2 3.500 2s2.700-.7 3.500-2M9 9.500h.01M15 9.500h.01",
  thread: "M20 12.500a7 7 0 0 1-7 7H4.500l1.600-2.700A7 7 0 0 1 11 5.500h2a7 7 0 0 1 7 7zM9 11h7M9 14.500h4.500",
  reply: "M9.500 6 4 11.500 9.500 17M4.500 11.500H13c4 0 7 2.200 7 6.500",
  dots: "M5.500 12h.01M12 12h.01M18.500 12h.01",
  plus: "M12 5v14M5 12h14",
  clip: "m20 11.500-8 8a5 5 0 0 1-7.100-7.100l8.300-8.200a3.300 3.300 0 0 1 4.700 4.700l-8.200 8.200a1.700 1.700 0 0 1-2.400-2.400l7.500-7.400",
  send: "M4.500 12 3.500 4.500 21 12 3.500 19.500zM4.500 12h8",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6.500 9.500 12 15l5.500-5.500",
  back: "M14.500 6 8.500 12l6 6",
  side: "M4.500 5h15v14h-15zM14.500 5v14",
  check: "m5 12.500 4.500 4.500L19.500 7",
  alert: "M12 4 2.800 19.500h18.400zM12 10v4.500M12 17.200h.01",
  image: "M4 5h16v14H4zM4 16.500l4.500-4.500 4 4 3-3L20 17M15.500 9.500h.01",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.500 12h17M12 3c2.500 2.500 3.700 5.500 3.700 9S14.500 18.500 12 21c-2.500-2.500-3.700-5.500-3.700-9S9.500 5.500 12 3z",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  heart: "M12 20S4 15 4 9.300A4.300 4.300 0 0 1 12 7a4.300 4.300 0 0 1 8 2.300C20 15 12 20 12 20z",
  repeat: "M5 11V9.500A2.500 2.500 0 0 1 7.500 7H18l-3-3M19 13v1.500a2.500 2.500 0 0 1-2.500 2.500H6l3 3",
  comment: "M12 4.500c4.700 0 8.500 3.200 8.500 7.200s-3.800 7.200-8.500 7.200c-1 0-2-.1-2.900-.4L4.500 20l1-3.700a6.700 6.700 0 0 1-2-4.600c0-4 3.800-7.200 8.500-7.200z",
  share: "M12 15V4M8 7.500 12 3.500l4 4M5 13v6.500h14V13",
  thumb: "M7.500 11v9H4v-9zM7.500 11 11.500 4c1.400 0 2.300 1 2.300 2.400L13.300 10h4.900a1.900 1.900 0 0 1 1.900 2.300l-1.300 6a2.200 2.200 0 0 1-2.100 1.700H7.500",
  hidden: "M4 4l16 16M9.500 5.800A9.600 9.600 0 0 1 12 5.500c5 0 8.500 4.500 9.500 6.500a14 14 0 0 1-2.900 3.800M6.500 7.500A14 14 0 0 0 2.500 12c1 2 4.500 6.500 9.500 6.500 1.600 0 3-.4 4.300-1.100M10 10a2.800 2.800 0 0 0 4 4",
  pencil: "M4.500 19.500 5.500 15 16 4.500l3.500 3.500L9 18.500z",
  trash: "M5 7h14M9.500 7V4.500h5V7M7 7l.8 13h8.400L17 7M10.500 11v5M13.500 11v5",
  menu: "M4 7h16M4 12h16M4 17h16",
  chat: "M4 5h16v11.500h-8L7.500 20v-3.500H4z",
  map: "M9 5 3.500 7v12.500L9 17.500l6 2 5.500-2V5L15 7zM9 5v12.500M15 7v12.500",
  file: "M6 3.500h8L18.500 8v12.500H6zM14 3.500V8h4.500",
  eye: "M2.500 12C3.500 10 7 5.500 12 5.500s8.500 4.500 9.500 6.500c-1 2-4.500 6.500-9.500 6.500S3.500 14 2.500 12zM12 14.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z",
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
      d: "M4 4l12.300 16H20L7.700 4zM19.300 4l-6.500 7.400M10.700 13.300 4.600 20",
      fill: "none", stroke: "currentColor", "stroke-width": 1.9, "stroke-linejoin": "round",
    }));
  }
  if (network === "facebook") {
    return s("svg", box, s("circle", { cx: 12, cy: 12, r: 10, fill: "#1877f2" }), s("path", {
      d: "M13.300 22v-7.600h2.600l.45-3.100H13.300V9.400c0-.95.4-1.700 1.800-1.700h1.400V5.100c-.3 0-1.200-.15-2.200-.15-2.300 0-3.800 1.400-3.800 4v2.350H7.900v3.100h2.600V22z",
      fill: "#fff",
    }));
  }
  return s("svg", box, s("path", {
    d: "M9.500 4h5M10.500 4v5.500L5 18.300A1.800 1.800 0 0 0 6.600 21h10.800a1.800 1.800 0 0 0 1.600-2.700L13.500 9.500V4M7.800 15h8.400",
    fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round",
  }));
}
