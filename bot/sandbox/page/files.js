/** The file field of a form: choose or drop files, see them, describe them. */

import { readFile } from "./api.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const PICTURE = /\.(png|jpe?g|gif|webp|svg)$/i;
const types = { jpg: "jpeg", svg: "svg+xml" };

/** A picture's address while it waits here. */
export function previewUrl(file) {
  if (file.id) return `/human/files/${encodeURIComponent(file.id)}`;
  const end = file.name.split(".").pop().toLowerCase();
  return `data:image/${types[end] ?? end};base64,${file.base64}`;
}

/** Whether it can be shown as a picture. */
export const isPicture = (file) => (file.mimetype ?? "").startsWith("image/") || PICTURE.test(file.name ?? "");

/** A list of waiting files; with `alt`, a box for each picture's alt text. `changed(files, redraw)` after every edit. */
export function fileList(files, changed, { alt }) {
  return h("div", { class: "file-list" }, files.map((file, n) => h("div", { class: "file-row" },
    isPicture(file) ? h("img", { src: previewUrl(file), alt: "" }) : h("span", { class: "file-sign" }, icon("file", 22)),
    h("div", { class: "file-about" },
      h("span", { class: "file-name" }, file.name),
      alt && isPicture(file) && h("input", {
        type: "text", class: "field", value: file.alt ?? "", placeholder: t("alt"), "aria-label": `${t("alt")} (${file.name})`,
        oninput: (event) => {
          file.alt = event.target.value;
          changed(files, false);
        },
      })),
    h("button", {
      type: "button", class: "icon-button", "aria-label": t("remove", file.name),
      onclick: () => changed(files.filter((_, each) => each !== n), true),
    }, icon("close", 16)))));
}

/** A file_input element; its value is a list of `{name, base64}`. As in Slack, a form asks for alt texts by itself. */
export function fileInput(element, { value, changed, label, focusKey }) {
  let files = [...(value ?? [])];
  const most = element.max_files ?? 10;
  const input = h("input", {
    type: "file", class: "file-native", multiple: most > 1, "aria-label": label, data: { focus: focusKey, action: element.action_id },
    accept: element.filetypes?.map((type) => `.${type}`).join(",") ?? null,
    onchange: () => take(input.files),
  });
  const list = h("div");
  const zone = h("div", {
    class: "drop",
    ondragover: (event) => {
      event.preventDefault();
      zone.classList.add("over");
    },
    ondragleave: () => zone.classList.remove("over"),
    ondrop: (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      take(event.dataTransfer.files);
    },
  }, h("label", { class: "button" }, icon("clip", 16), t("upload"), input), h("span", { class: "drop-hint" }, t("drop")));

  async function take(chosen) {
    const read = await Promise.all([...chosen].map(readFile));
    set([...files, ...read].slice(0, most), true);
    input.value = "";
  }
  function set(next, redraw) {
    files = next;
    changed(files.map((file) => ({ ...file })));
    if (redraw) draw();
  }
  function draw() {
    put(list, files.length ? fileList(files, set, { alt: false }) : null);
    zone.hidden = files.length >= most;
  }
  draw();
  return h("div", { class: "file-input" }, list, zone);
}
