"""What Slack's refusals of a card say about its channel: whose trouble it is, and for how long it is tried again.

The words are those of https://docs.slack.dev/reference/methods/chat.postMessage, chat.update and conversations.open.
"""

from datetime import timedelta

UNREACHABLE = frozenset(
    {
        "cannot_dm_bot",
        "channel_is_limited_access",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_user_combination",
        "is_archived",
        "is_inactive",  # chat.update's word for an archived channel
        "messages_tab_disabled",
        "not_in_channel",
        "posting_to_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
"""The channel's trouble, not the card's: its marks wait until somebody mends it."""
DENIED = frozenset(
    {
        "access_denied",
        "account_inactive",
        "accesslimited",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
    }
)
"""The app's trouble in every channel: nothing is given up until it has its access back."""
LOOK_AGAIN = (30, 60, 120)
"""Seconds until a channel that can't be written to is tried again, the last again and again."""
A_DAY = int(timedelta(days=1) / timedelta(seconds=LOOK_AGAIN[-1]))
"""So many refusals in a row, and somebody's direct messages were out of reach for a day: their cards are set aside."""
