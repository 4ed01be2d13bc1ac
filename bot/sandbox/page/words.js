/** The page's own words in English and Spanish; Vocero's words come from Vocero. */

import { app } from "./state.js";

const WORDS = {
  en: {
    demo: "Demo", you: "You are", myday: "My day", channels: "Channels", messages: "Direct messages",
    internet: "The public internet", showInternet: "Show the public internet", hideInternet: "Hide the public internet",
    chat: "Chat", public: "Public", tour: "Guided tour", close: "Close", cancel: "Cancel", back: "Back", send: "Send",
    submit: "Submit", optional: "optional", app: "APP", edited: "edited", you_only: "Only visible to you", bot_about:
    "Your private line with Vocero", home_empty: "Vocero has not drawn this page yet.",
    nothing_hint: "Write something, or type /vocero to see what Vocero can do.", write: "Message {0}",
    write_thread: "Reply in the thread", thread: "Thread", replies_1: "1 reply", replies_n: "{0} replies", last: "last {0}",
    react: "Add a reaction", reply: "Reply in thread", more: "More actions", shortcuts: "Shortcuts", attach: "Attach a file",
    emoji: "Emoji", new: "New", no_slash: "Slash commands don't work in threads. Use a message's shortcuts, or write in the channel.",
    timeout: "Vocero did not answer in three seconds (operation_timeout).", failed: "That didn't work: {0}",
    offline: "Connection lost. Trying again…", trouble: "Vocero did not answer in time. Nothing was lost: try again.",
    starting: "Vocero is waking up…", choose: "Choose an option", choose_many: "Choose options", none: "No matches",
    remove: "Remove {0}", pick_user: "Choose a person", upload: "Choose files", drop: "or drop them here",
    alt: "Alt text: what it shows, for people who can't see it", alt_badge: "ALT", no_alt: "No alt text", yes: "Yes", no: "No",
    confirm: "Are you sure?", unsupported: "This block isn't shown here: {0}",
    posts: "Posts", mentions: "Mentions", nobody: "Nothing published yet", nobody_hint: "What is approved in Slack appears here.",
    no_mentions: "Nobody has mentioned {0} yet", comment: "Comment", comments_1: "1 comment", comments_n: "{0} comments", earlier: "Show {0} earlier", comment_as: "Comment as an outsider…", answer_as: "Answer as an outsider…",
    mention_as: "Mention {0} as an outsider…", name: "Name", hidden: "Hidden by the brand",
    practice: "Practice: nothing here is public", like: "Like", share: "Share", reply_x: "Reply", brand: "brand", follow: "Follow",
    edit: "Edit", delete: "Delete", save: "Save", outsider: "as {0}", unread: "{0} unread",
    network_x: "X", network_facebook: "Facebook", network_practice: "Practice", characters: "{0} characters", sent: "Sent",
    home: "Home", workspace: "Channels", count: "{0} of {1} characters",
    required: "Please complete this required field.", options: "Options", open_link: "opens in a new tab", picture: "Picture", post: "Post",
    t1: "Write a post", t1s: "as Ana: /vocero post", t2: "Approve it", t2s: "as Bruno, in #agora-review", t3: "See it live",
    t3s: "on the right, on X", t4: "Comment", t4s: "as an outsider", t5: "Reply in public", t5s: "as Carla, in #agora-inbox",
    t6: "Your day", t6s: "/vocero today", t_done: "done", t_intro: "Five minutes with Vocero", t_hide: "Hide the tour",
    t1_text: "/vocero post New on Thursday: cinnamon rolls, warm from eight ☕", t6_text: "/vocero today",
    t4_text: "Is there a gluten-free one too?", t4_name: "Lucía Prado",
    h1: "Press Enter. Vocero opens the form with the brand filled in.", h2: "Find Ana's card and press Approve.",
    h3: "When its hour comes, the post appears here.", h4: "Send the comment: it arrives in #agora-inbox.",
    h5: "Open the conversation's card and press Reply in public.", h6: "Press Enter: everything waiting for you, in one place.",
    s_post: "New post", s_make: "Make this a post", s_reply: "Reply in public", s_check: "Check this fact", s_stop: "Stop publishing",
  },
  es: {
    demo: "Demo", you: "Eres", myday: "Mi día", channels: "Canales", messages: "Mensajes directos",
    internet: "La internet pública", showInternet: "Mostrar la internet pública", hideInternet: "Ocultar la internet pública",
    chat: "Chat", public: "Público", tour: "Visita guiada", close: "Cerrar", cancel: "Cancelar", back: "Volver", send: "Enviar",
    submit: "Enviar", optional: "opcional", app: "APP", edited: "editado", you_only: "Solo tú puedes ver esto", bot_about:
    "Tu línea privada con Vocero", home_empty: "Vocero aún no ha dibujado esta página.",
    nothing_hint: "Escribe algo, o teclea /vocero para ver qué sabe hacer.", write: "Mensaje a {0}",
    write_thread: "Responder en el hilo", thread: "Hilo", replies_1: "1 respuesta", replies_n: "{0} respuestas", last: "la última, {0}",
    react: "Añadir una reacción", reply: "Responder en el hilo", more: "Más acciones", shortcuts: "Atajos", attach: "Adjuntar un archivo",
    emoji: "Emoji", new: "Nuevo", no_slash: "Los comandos con barra no funcionan en hilos. Usa los atajos del mensaje o escribe en el canal.",
    timeout: "Vocero no respondió en tres segundos (operation_timeout).", failed: "No se pudo: {0}",
    offline: "Sin conexión. Reintentando…", trouble: "Vocero no respondió a tiempo. No se ha perdido nada: inténtalo otra vez.",
    starting: "Vocero se está despertando…", choose: "Elegir una opción", choose_many: "Elegir opciones", none: "Sin resultados",
    remove: "Quitar {0}", pick_user: "Elegir una persona", upload: "Elegir archivos", drop: "o soltarlos aquí",
    alt: "Texto alternativo: qué se ve, para quien no puede verlo", alt_badge: "ALT", no_alt: "Sin texto alternativo", yes: "Sí", no: "No",
    confirm: "¿Seguro?", unsupported: "Este bloque no se muestra aquí: {0}",
    posts: "Publicaciones", mentions: "Menciones", nobody: "Nada publicado todavía", nobody_hint: "Lo que se apruebe en Slack aparecerá aquí.",
    no_mentions: "Nadie ha mencionado a {0} todavía", comment: "Comentar", comments_1: "1 comentario", comments_n: "{0} comentarios", earlier: "Ver {0} anteriores", comment_as: "Comentar desde fuera…", answer_as: "Responder desde fuera…",
    mention_as: "Mencionar a {0} desde fuera…", name: "Nombre", hidden: "Ocultado por la marca",
    practice: "Ensayo: nada de esto es público", like: "Me gusta", share: "Compartir", reply_x: "Responder", brand: "marca", follow: "Seguir",
    edit: "Editar", delete: "Eliminar", save: "Guardar", outsider: "como {0}", unread: "{0} sin leer",
    network_x: "X", network_facebook: "Facebook", network_practice: "Ensayo", characters: "{0} caracteres", sent: "Enviado",
    home: "Inicio", workspace: "Canales", count: "{0} de {1} caracteres",
    required: "Hace falta completar este campo.", options: "Opciones", open_link: "se abre en otra pestaña", picture: "Imagen", post: "Publicación",
    t1: "Escribir", t1s: "como Ana: /vocero crear", t2: "Aprobar", t2s: "como Bruno, en #agora-review", t3: "Verla publicada",
    t3s: "a la derecha, en X", t4: "Comentar", t4s: "como alguien de fuera", t5: "Responder en público", t5s: "como Carla, en #agora-inbox",
    t6: "Tu día", t6s: "/vocero hoy", t_done: "hecho", t_intro: "Cinco minutos con Vocero", t_hide: "Ocultar la visita",
    t1_text: "/vocero crear Este jueves estrenamos rollos de canela, calientes desde las ocho ☕", t6_text: "/vocero hoy",
    t4_text: "¿Habrá también sin gluten?", t4_name: "Lucía Prado",
    h1: "Pulsa Intro. Vocero abre el formulario con la marca puesta.", h2: "Busca la tarjeta de Ana y pulsa Aprobar.",
    h3: "Cuando llegue su hora, la publicación aparece aquí.", h4: "Envía el comentario: llega a #agora-inbox.",
    h5: "Busca la tarjeta de la conversación y pulsa Responder en público.", h6: "Pulsa Intro: todo lo que te espera, en un solo sitio.",
    s_post: "Nueva publicación", s_make: "Convertir en publicación", s_reply: "Responder en público", s_check: "Verificar este dato", s_stop: "Parar publicaciones",
  },
};

/** The two-letter language of a person. */
export const languageOf = (user) => ((user?.locale ?? "en").toLowerCase().startsWith("es") ? "es" : "en");

/** One of the page's own words in the current person's language; `{0}`, `{1}` are filled in. */
export function t(key, ...args) {
  const text = WORDS[languageOf(app.user)][key] ?? WORDS.en[key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, n) => args[Number(n)] ?? "");
}

/** "1 reply" or "3 replies". */
export const plural = (key, count) => t(count === 1 ? `${key}_1` : `${key}_n`, count);

/** Both languages have the same keys (a test reads this). */
export const languages = WORDS;
