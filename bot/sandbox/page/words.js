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
    posts: "Posts", mentions: "Mentions", private: "Messages", no_private: "Nobody has written in private yet", private_as: "Write to {0} in private…",
    nobody: "Nothing published yet", nobody_hint: "What is approved in Slack appears here.",
    no_mentions: "Nobody has mentioned {0} yet", comment: "Comment", comments_1: "1 comment", comments_n: "{0} comments", earlier: "Show {0} earlier", comment_as: "Comment as an outsider…", answer_as: "Answer as an outsider…",
    mention_as: "Mention {0} as an outsider…", name: "Name", hidden: "Hidden by the brand",
    practice: "Practice: nothing here is public", like: "Like", share: "Share", reply_x: "Reply", brand: "brand", follow: "Follow",
    edit: "Edit", delete: "Delete", save: "Save", outsider: "as {0}", unread: "{0} unread",
    network_x: "X", network_facebook: "Facebook", network_practice: "Practice", characters: "{0} characters", sent: "Sent",
    home: "Home", workspace: "Channels", count: "{0} of {1} characters",
    required: "Please complete this required field.", options: "Options", open_link: "opens in a new tab", picture: "Picture", post: "Post",
    t1: "Write a post", t1s: "as {0}: /vocero post", t2: "Approve it", t2s: "as {0}, in #{1}", t3: "See it live",
    t3s: "in public, on X", t4: "Comment", t4s: "as an outsider", t5: "Reply in public", t5s: "as {0}, in #{1}",
    t6: "Your day", t6s: "/vocero today", t_done: "done", t_intro: "Five minutes with Vocero", t_hide: "Hide the tour",
    t_language: "The tour in English, with Northwind Books",
    t1_text: "/vocero post {0}", t6_text: "/vocero today",
    t4_text: "Is it for four-year-olds too?", t4_name: "Jenny Cole",
    h1: "Press Enter: the form opens with the brand filled in. Add a picture if you like, then Submit for review.",
    h2: "On {2}'s card, press Approve and publish, and confirm.", h3: "This is what was approved, to the letter.", h4: "Press Enter to send it. Vocero looks every five seconds.",
    h5: "On the card, press Reply in public and write the answer. For 20 seconds it can be undone.",
    h6: "Press Enter: everything that waits for you, on one page.",
    x2: "There is no card yet: first write a post, step 1.", x3: "Nothing is public yet: first approve the post, step 2.",
    x4: "There is nothing to comment on yet: steps 1 and 2 come first.", x5: "Nobody has written yet: comment first, step 4.",
    d1: "It is in review. Who writes doesn't approve.", d2: "Approved, and public.", d3: "This is what was approved, to the letter.",
    d4: "The comment is in #{0}.", d5: "The answer is public, and the conversation is closed.",
    d6: "That is the whole round. Try /vocero stop, or look around.", copy_link: "Copy link", copied: "Copied", gone: "That message isn't here any more, or isn't for you.",
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
    posts: "Publicaciones", mentions: "Menciones", private: "Mensajes", no_private: "Nadie ha escrito en privado todavía", private_as: "Escribir a {0} en privado…",
    nobody: "Nada publicado todavía", nobody_hint: "Lo que se apruebe en Slack aparecerá aquí.",
    no_mentions: "Nadie ha mencionado a {0} todavía", comment: "Comentar", comments_1: "1 comentario", comments_n: "{0} comentarios", earlier: "Ver {0} anteriores", comment_as: "Comentar desde fuera…", answer_as: "Responder desde fuera…",
    mention_as: "Mencionar a {0} desde fuera…", name: "Nombre", hidden: "Ocultado por la marca",
    practice: "Ensayo: nada de esto es público", like: "Me gusta", share: "Compartir", reply_x: "Responder", brand: "marca", follow: "Seguir",
    edit: "Editar", delete: "Eliminar", save: "Guardar", outsider: "como {0}", unread: "{0} sin leer",
    network_x: "X", network_facebook: "Facebook", network_practice: "Ensayo", characters: "{0} caracteres", sent: "Enviado",
    home: "Inicio", workspace: "Canales", count: "{0} de {1} caracteres",
    required: "Hace falta completar este campo.", options: "Opciones", open_link: "se abre en otra pestaña", picture: "Imagen", post: "Publicación",
    t1: "Escribir", t1s: "como {0}: /vocero crear", t2: "Aprobar", t2s: "como {0}, en #{1}", t3: "Verla publicada",
    t3s: "en público, en X", t4: "Comentar", t4s: "como alguien de fuera", t5: "Responder en público", t5s: "como {0}, en #{1}",
    t6: "Tu día", t6s: "/vocero hoy", t_done: "hecho", t_intro: "Cinco minutos con Vocero", t_hide: "Ocultar la visita",
    t_language: "La visita en español, con Café Ágora",
    t1_text: "/vocero crear {0}", t6_text: "/vocero hoy",
    t4_text: "¿Habrá también sin gluten?", t4_name: "Lucía Prado",
    h1: "Pulsa Intro: se abre el formulario con la marca puesta. Añade una imagen si quieres y pulsa Enviar a revisión.",
    h2: "En la tarjeta de {2}, pulsa Aprobar y publicar, y confirma.", h3: "Es lo que se aprobó, letra por letra.", h4: "Pulsa Intro para enviarlo. Vocero mira cada cinco segundos.",
    h5: "En la tarjeta, pulsa Responder en público y escribe la respuesta. Se puede deshacer durante 20 segundos. {0} usa Slack en inglés.",
    h6: "Pulsa Intro: todo lo que te espera, en un solo sitio.",
    x2: "Aún no hay tarjeta: primero hay que escribir, paso 1.", x3: "Aún no hay nada público: primero hay que aprobar, paso 2.",
    x4: "Aún no hay nada que comentar: antes van los pasos 1 y 2.", x5: "Aún no ha escrito nadie: primero hay que comentar, paso 4.",
    d1: "Ya está en revisión. Quien escribe no aprueba.", d2: "Aprobada y publicada.", d3: "Es lo que se aprobó, letra por letra.",
    d4: "El comentario está en #{0}.", d5: "La respuesta ya es pública y la conversación está cerrada.",
    d6: "Esa es la vuelta entera. Prueba /vocero parar, o sigue por tu cuenta.", copy_link: "Copiar enlace", copied: "Copiado", gone: "Ese mensaje ya no está, o no es para ti.",
  },
};

/** The two-letter language of a person. */
export const languageOf = (user) => ((user?.locale ?? "en").toLowerCase().startsWith("es") ? "es" : "en");

/** The language that this browser asks for, as far as we speak it. */
export const browserLanguage = () => (navigator.language.toLowerCase().startsWith("es") ? "es" : "en");

/** One of the page's own words in a language; `{0}`, `{1}` are filled in. */
export function wordIn(language, key, ...args) {
  const text = WORDS[language][key] ?? WORDS.en[key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, n) => args[Number(n)] ?? "");
}

/** The same in the current person's language. */
export const t = (key, ...args) => wordIn(languageOf(app.user), key, ...args);

/** "1 reply" or "3 replies". */
export const plural = (key, count) => t(count === 1 ? `${key}_1` : `${key}_n`, count);

/** Both languages have the same keys (a test reads this). */
export const languages = WORDS;
