/** A searchable list of options: one choice or several, with the keyboard. */

import { debounce, h, put } from "./dom.js";
import { icon } from "./icons.js";
import { openPopover } from "./menu.js";
import { t } from "./words.js";

let serial = 0;
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * `groups` is [{label?, options: [{value, label, description?, face?}]}]; `load(query)` resolves to such groups when they
 * are asked for while typing; `value` is a string, null, or an array when `many`; `changed(value)` follows each choice.
 */
export function select({ groups: given, load, value, many, placeholder, changed, label, max, focusKey }) {
  let groups = given;
  let all = groups.flatMap((group) => group.options);
  let chosen = many ? [...(value ?? [])] : value ? [value] : [];
  const find = (each) => all.find((option) => option.value === each) ?? { value: each, label: each };
  const id = `list-${(serial += 1)}`;
  const shown = h("span", { class: "select-value" });
  const button = h("button", {
    type: "button", class: "select", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-label": label, data: { focus: focusKey },
    onclick: () => open(),
    onkeydown: (event) => {
      if (["ArrowDown", "ArrowUp"].includes(event.key)) {
        event.preventDefault();
        open();
      } else if (event.key === "Backspace" && many && chosen.length) toggle(chosen.at(-1));
    },
  }, shown, icon("down", 16));
  const root = h("div", { class: many ? "select-box many" : "select-box" }, button);

  function draw() {
    if (!chosen.length) put(shown, h("span", { class: "placeholder" }, placeholder));
    else if (!many) put(shown, find(chosen[0]).face?.(), find(chosen[0]).label);
    else put(shown, chosen.map((each) => h("span", { class: "chip" }, find(each).face?.(), find(each).label,
      h("span", {
        class: "chip-x", title: t("remove", find(each).label),
        onclick: (event) => {
          event.stopPropagation();
          toggle(each);
        },
      }, icon("close", 12)))));
    if (label) button.setAttribute("aria-label", `${label}: ${chosen.map((each) => find(each).label).join(", ") || placeholder}`);
  }

  function toggle(each) {
    if (!many) chosen = [each];
    else if (chosen.includes(each)) chosen = chosen.filter((other) => other !== each);
    else if (!max || chosen.length < max) chosen = [...chosen, each];
    draw();
    changed(many ? [...chosen] : chosen[0]);
  }

  function open() {
    const search = h("input", {
      type: "text", class: "select-search", autofocus: true, autocomplete: "off", "aria-controls": id, "aria-label": label ?? placeholder,
    });
    const list = h("div", { class: "options", role: "listbox", id, "aria-multiselectable": many ? "true" : null });
    let close = () => {};
    let at = -1;

    const options = () => [...list.querySelectorAll(".option")];
    const light = (n) => {
      const each = options();
      each[at]?.classList.remove("active");
      at = each.length ? (n + each.length) % each.length : -1;
      each[at]?.classList.add("active");
      each[at]?.scrollIntoView({ block: "nearest" });
      search.setAttribute("aria-activedescendant", each[at]?.id ?? "");
    };
    const take = (each) => {
      toggle(each);
      if (many) fill();
      else close();
    };
    const ask = debounce(async () => {
      const query = search.value;
      const found = await load(query);
      if (query !== search.value) return;
      groups = found;
      all = [...groups.flatMap((group) => group.options), ...all];
      fill();
    }, 250);
    const fill = () => {
      const wanted = load ? "" : folded(search.value);
      let n = 0;
      put(list, groups.map((group) => {
        const fit = group.options.filter((option) => folded(option.label).includes(wanted));
        return fit.length && [
          group.label && h("div", { class: "option-group" }, group.label),
          fit.map((option) => h("div", {
            class: "option", role: "option", id: `${id}-${(n += 1)}`, "aria-selected": String(chosen.includes(option.value)),
            data: { value: option.value },
            onclick: () => take(option.value),
          }, option.face?.(), h("span", { class: "option-text" }, option.label,
            option.description && h("small", {}, option.description)),
          h("span", { class: "option-tick" }, chosen.includes(option.value) && icon("check", 16)))),
        ];
      }));
      if (!list.children.length) put(list, h("div", { class: "option-none" }, t("none")));
      light(Math.max(0, wanted ? 0 : options().findIndex((node) => node.dataset.value === chosen[0])));
    };
    search.addEventListener("input", load ? ask : fill);
    search.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") light(at + 1);
      else if (event.key === "ArrowUp") light(at - 1);
      else if (event.key === "Enter") {
        if (options()[at]) take(options()[at].dataset.value);
      } else if (event.key === "Tab") {
        close();
        return;
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    fill();
    close = openPopover(button, h("div", { class: "select-pop" }, load || all.length > 6 ? search : h("div", { class: "hush" }, search), list), {
      width: button.offsetWidth,
    });
    search.focus({ preventScroll: true });
    light(at);
    if (load) {
      ask();
      ask.flush();
    }
  }

  draw();
  return root;
}
