/** App Home: the person's own page, drawn by Vocero. */

import { botFace } from "./avatars.js";
import { drawBlock } from "./blocks.js";
import { act, findOptions } from "./data.js";
import { h, reconcile } from "./dom.js";
import { app } from "./state.js";
import { stateValue } from "./values.js";
import { t } from "./words.js";

/** Draws Home's blocks into `node`. */
export function drawHome(node) {
  const view = app.home;
  if (!view?.blocks?.length) {
    reconcile(node, [{
      key: "empty", sig: t("home_empty"), render: () => h("div", { class: "empty" }, botFace(56), h("p", {}, t("home_empty"))),
    }]);
    return;
  }
  const ctx = {
    act: (block, element, value) => act("/human/click", {
      view_id: app.home.id, action_id: element.action_id, block_id: block.block_id, value,
    }),
    options: (element, query) => findOptions({ view_id: app.home.id, action_id: element.action_id, query }),
    shown: (block, element) => stateValue(app.home.state?.values?.[block.block_id]?.[element.action_id]),
  };
  reconcile(node, view.blocks.map((raw, n) => {
    const block = raw.block_id ? raw : { ...raw, block_id: `home-${n}` };
    return { key: block.block_id, sig: JSON.stringify([block, app.user.id]), render: () => drawBlock(block, ctx) };
  }));
}
