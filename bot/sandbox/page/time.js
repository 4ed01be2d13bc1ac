/** Dates as the current person reads them: their language, their zone. */

import { app } from "./state.js";

const zone = () => app.user?.tz || app.user?.zone || undefined;
const locale = () => app.user?.locale || "en";

/** Seconds since the epoch from Slack's `ts`, a number, or an ISO date. */
export function seconds(at) {
  if (typeof at === "number") return at;
  const number = Number(at);
  return Number.isFinite(number) ? number : Date.parse(at) / 1000;
}

/** A moment by `Intl` options, in the reader's zone. */
export function format(at, options) {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options }).format(new Date(seconds(at) * 1000));
}

export const clock = (at) => format(at, { hour: "numeric", minute: "2-digit" });
export const fullMoment = (at) => format(at, { dateStyle: "full", timeStyle: "short" });
export const dayKey = (at) => format(at, { year: "numeric", month: "2-digit", day: "2-digit" });

function daysAway(at) {
  const day = (moment) => {
    const part = Object.fromEntries(new Intl.DateTimeFormat("en", {
      timeZone: zone(), year: "numeric", month: "numeric", day: "numeric",
    }).formatToParts(new Date(moment)).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day) / 86400000;
  };
  return day(seconds(at) * 1000) - day(Date.now());
}

const capital = (text) => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);

/** "Today", "Yesterday", or nothing when it's further away. */
export function nearDay(at) {
  const away = daysAway(at);
  if (Math.abs(away) > 1) return "";
  return capital(new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(away, "day"));
}

/** The line between two days of talk. */
export function dayName(at) {
  return nearDay(at) || capital(format(at, { weekday: "long", day: "numeric", month: "long" }));
}

/** "now", "5 min", "3 h", or the day. */
export function ago(at) {
  const passed = Date.now() / 1000 - seconds(at);
  const unit = (value, name) =>
    new Intl.NumberFormat(locale(), { style: "unit", unit: name, unitDisplay: "short" }).format(Math.floor(value));
  if (passed < 60) return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(0, "second");
  if (passed < 3600) return unit(passed / 60, "minute");
  if (passed < 86400) return unit(passed / 3600, "hour");
  return format(at, { day: "numeric", month: "short" });
}

/** "28 minutes ago", or the day. */
export function since(at) {
  const passed = Date.now() / 1000 - seconds(at);
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  if (passed < 60) return relative.format(0, "second");
  if (passed < 3600) return relative.format(-Math.floor(passed / 60), "minute");
  if (passed < 86400) return relative.format(-Math.floor(passed / 3600), "hour");
  return format(at, { day: "numeric", month: "short" });
}

const TOKENS = {
  date_num: (at) => format(at, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date_slash: (at) => format(at, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (at) => format(at, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (at) => format(at, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (at) => format(at, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  day_divider_pretty: (at) => dayName(at),
  time: clock,
  time_secs: (at) => format(at, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: since,
};

/** Slack's date format (`{date_short_pretty} {time}`) for a moment. */
export function slackDate(at, text) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name.endsWith("_pretty") && nearDay(at)) return nearDay(at).toLocaleLowerCase(locale());
    const token = TOKENS[name] ?? TOKENS[name.replace(/_pretty$/, "")];
    return token ? token(at) : whole;
  });
}

function offset(moment) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-US", {
    timeZone: zone(), hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  }).formatToParts(new Date(moment)).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute) - Math.floor(moment / 60000) * 60000;
}

/** `2026-03-29T09:30` on the reader's wall clock, as seconds since the epoch. */
export function fromWall(text) {
  const naive = Date.parse(`${text}:00Z`);
  const guess = naive - offset(naive);
  return (naive - offset(guess)) / 1000;
}

/** Seconds since the epoch, as the reader's wall clock shows them. */
export function toWall(at) {
  const moment = seconds(at) * 1000;
  return new Date(moment + offset(moment)).toISOString().slice(0, 16);
}
