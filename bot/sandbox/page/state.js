/** What the page knows, and who is told when it changes. */

export const app = {
  ready: false,
  users: [],
  channels: [],
  accounts: [],
  shortcuts: [],
  user: null,
  place: null,
  thread: null,
  messages: new Map(),
  views: [],
  home: null,
};

const listeners = new Map();

/** Calls `work(detail)` whenever the topic is emitted. */
export function on(topic, work) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), work]);
}

/** Tells everyone who listens to a topic. */
export function emit(topic, detail) {
  for (const work of listeners.get(topic) ?? []) work(detail);
}

const BOT = { id: "U01VOCERO01", name: "vocero", real_name: "Vocero", bot: true };

/** A member by id; Vocero itself included. */
export function userOf(id) {
  const found = app.users.find((user) => user.id === id);
  if (found) return found;
  return id === BOT.id || (id ?? "").startsWith("B") ? BOT : { id, name: id ?? "?", real_name: id ?? "?" };
}

/** People, without the robots. */
export const people = () => app.users.filter((user) => !user.is_bot && user.id !== BOT.id);

/** Where a person talks with Vocero alone. */
export const dmOf = (user = app.user) => `@${user.name}`;

/** A channel by id; a private talk with Vocero has an id like `@ana`. */
export function channelOf(id) {
  if ((id ?? "").startsWith("@")) return { id, name: "Vocero", dm: true };
  return app.channels.find((channel) => channel.id === id || channel.name === id) ?? { id, name: id };
}

/** Something small this browser remembers. */
export function remember(key, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(`vocero.${key}`) ?? "null");
    localStorage.setItem(`vocero.${key}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still shows everything.
  }
  return value ?? null;
}
