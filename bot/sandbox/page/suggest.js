/** What the composer offers while somebody types: Vocero's verbs after a slash, people after an @. */

import { app, people } from "./state.js";
import { languageOf } from "./words.js";

const VERBS = {
  en: {
    post: "write a post and send it to review", inbox: "open conversations with people", today: "what waits for you, across your brands",
    stop: "hold everything planned", resume: "publish again after a stop", settings: "brands, accounts, roles, hours", help: "everything Vocero can do",
  },
  es: {
    crear: "escribir una publicación y enviarla a revisión", bandeja: "conversaciones abiertas", hoy: "lo que te espera, en todas tus marcas",
    parar: "detener todo lo programado", reanudar: "volver a publicar tras una parada", ajustes: "marcas, cuentas, roles, horarios", ayuda: "todo lo que Vocero sabe hacer",
  },
};

/** Suggestions for the text before the caret: `[{label, hint, text, from, user?}]`. */
export function suggest(text, caret) {
  const before = text.slice(0, caret);
  if (before.startsWith("/")) {
    const [command, verb, ...rest] = before.split(" ");
    if (rest.length || !"/vocero".startsWith(command)) return [];
    const typed = (verb ?? "").toLowerCase();
    return Object.entries(VERBS[languageOf(app.user)])
      .filter(([word]) => word.startsWith(typed) && word !== typed)
      .map(([word, hint]) => ({ label: `/vocero ${word}`, hint, text: `/vocero ${word} `, from: 0 }));
  }
  const at = before.match(/(?:^|\s)@([\p{L}\d._-]*)$/u);
  if (!at) return [];
  const typed = at[1].toLowerCase();
  const from = caret - at[1].length - 1;
  const all = [{ name: "vocero", real_name: "Vocero" }, ...people()];
  return all
    .filter((user) => user.name !== typed && (user.name.startsWith(typed) || user.real_name.toLowerCase().startsWith(typed)))
    .map((user) => ({
      label: user.real_name, hint: `@${user.name}`, text: `@${user.name} `, from, user: user.name === "vocero" ? null : user,
    }));
}
