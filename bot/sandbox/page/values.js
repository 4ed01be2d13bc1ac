/** The value of a form's element: as the bot proposes it, as Slack keeps it, and as the human API takes it. */

const PLAIN = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

/** What the element shows before anybody touches it. */
export function initialValue(element) {
  const { type } = element;
  if (PLAIN.has(type)) return element.initial_value ?? "";
  if (type === "datepicker") return element.initial_date ?? "";
  if (type === "timepicker") return element.initial_time ?? "";
  if (type === "datetimepicker") return element.initial_date_time ?? null;
  if (type === "checkboxes" || type === "multi_static_select" || type === "multi_external_select") {
    return (element.initial_options ?? []).map((option) => option.value);
  }
  if (type === "multi_users_select") return element.initial_users ?? [];
  if (type === "multi_conversations_select") return element.initial_conversations ?? [];
  if (type === "multi_channels_select") return element.initial_channels ?? [];
  if (type === "users_select") return element.initial_user ?? null;
  if (type === "conversations_select") return element.initial_conversation ?? null;
  if (type === "channels_select") return element.initial_channel ?? null;
  if (type === "file_input") return [];
  if (type === "rich_text_input") return "";
  return element.initial_option?.value ?? null;
}

/** The human API's value from one entry of Slack's `view.state.values`; undefined when there is none. */
export function stateValue(entry) {
  if (!entry) return undefined;
  const {
    type, value, selected_option: one, selected_options: several, selected_date: date, selected_time: time,
    selected_date_time: moment, selected_user: user, selected_users: users, selected_conversation: conversation,
    selected_conversations: conversations, selected_channel: channel, selected_channels: channels, files,
  } = entry;
  if (PLAIN.has(type)) return value ?? "";
  if (several) return several.map((option) => option.value);
  if (one) return one.value;
  return date ?? time ?? moment ?? user ?? users ?? conversation ?? conversations ?? channel ?? channels ?? files ?? value ?? undefined;
}
