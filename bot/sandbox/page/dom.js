/** Builds and updates the page's elements; what people wrote always arrives as text, never as HTML. */

const SVG = "http://www.w3.org/2000/svg";
const marks = new WeakMap();

/** An HTML element: `on…` are listeners, `data` and `style` are objects, false and null are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, each] of Object.entries(value)) node.style.setProperty(key, each);
    else if (name === "value" && "value" in node) node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Replaces everything inside a node. */
export function put(node, ...children) {
  node.replaceChildren(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The address if it is one that a click may follow, else null. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    return ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that opens outside; plain text when its address isn't safe. */
export function link(url, ...children) {
  const href = safeUrl(url);
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, children) : h("span", {}, children);
}

/**
 * Makes a node's children equal to `items` ({key, sig, render}), touching only those whose signature changed, so that
 * focus, typed text and open menus survive an update.
 */
export function reconcile(parent, items) {
  const focus = focusIn(parent);
  const wanted = new Set(items.map((item) => item.key));
  const old = new Map();
  for (const node of [...parent.children]) {
    const mark = marks.get(node);
    if (mark && wanted.has(mark.key)) old.set(mark.key, node);
    else node.remove();
  }
  let place = parent.firstChild;
  for (const item of items) {
    let node = old.get(item.key);
    if (!node || marks.get(node).sig !== item.sig) {
      const fresh = item.render();
      marks.set(fresh, { key: item.key, sig: item.sig });
      if (node) {
        if (place === node) place = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
  if (focus && document.activeElement !== focus.node) restore(parent, focus);
}

function focusIn(parent) {
  const node = document.activeElement;
  if (!node || !parent.contains(node)) return null;
  return { node, key: node.dataset.focus, value: node.value, start: node.selectionStart, end: node.selectionEnd };
}

function restore(parent, { key, start, end }) {
  if (!key) return;
  const node = [...parent.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === key);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (typeof start === "number" && typeof node.selectionStart === "number") node.setSelectionRange(start, end);
}

/** Calls `work` once, `ms` after the last request. `flush()` runs a waiting call now. */
export function debounce(work, ms) {
  let timer = null;
  const run = () => {
    timer = null;
    return work();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  later.flush = () => {
    if (timer === null) return undefined;
    clearTimeout(timer);
    return run();
  };
  return later;
}

/** Says something to people who listen to the page instead of looking at it. */
export function announce(text) {
  document.getElementById("live").textContent = text;
}
