"""Who may do what, written from what people are promised and from nothing in the code: deny by default.

Every routed interaction and every verb that takes a person has a row; a new one without a row fails the test.
"""

from collections.abc import Mapping
from dataclasses import dataclass

NOBODY: frozenset[str] = frozenset()
WORKSPACE = frozenset({"workspace_admin"})
ADMINS = WORKSPACE | {"brand_admin"}
APPROVE = ADMINS | {"approver"}
MODERATE = ADMINS | {"moderator"}
WRITE = ADMINS | {"author", "trainee", "guest_trainee"}
STOP = APPROVE | MODERATE | {"author"}
SECOND = APPROVE | MODERATE
CHANGE = WRITE | APPROVE
HOLD = STOP | WRITE | {"viewer", "client"}
TEAM = HOLD | {"none", "guest"}
"""Who can see the menu: a guest's weighty roles count for nothing, and people from outside aren't even answered."""


@dataclass(frozen=True)
class Rule:
    """Who may, with a thing of somebody else, and with one that is theirs (None: the same, or nothing is anybody's).

    anywhere: it is about no brand, so it does not matter whose brand is named.
    """

    others: frozenset[str]
    mine: frozenset[str] | None = None
    anywhere: bool = False


def anyone(who: frozenset[str]) -> Rule:
    """About no brand."""
    return Rule(who, anywhere=True)


INTERACTIONS: Mapping[str, Rule] = {
    "button accounts.connect": Rule(ADMINS),
    "button accounts.manage": Rule(ADMINS),
    "button accounts.reconnect": Rule(ADMINS),
    "button alarms.release": Rule(STOP),
    "button alarms.take": Rule(STOP),
    "button audit.search": anyone(HOLD),
    "button audit.see": Rule(HOLD),
    "button compose.continue": Rule(NOBODY, mine=WRITE),
    "button compose.discard": Rule(NOBODY, mine=TEAM),
    "button compose.more": anyone(TEAM),
    "button compose.new": anyone(WRITE),
    "button custody.confirm": anyone(WORKSPACE),
    "button digest.see_post": Rule(HOLD),
    "button digest.show": anyone(TEAM),
    "button duty.accept": Rule(NOBODY, mine=STOP),
    "button duty.decline": Rule(NOBODY, mine=TEAM),
    "button duty.edit": Rule(ADMINS),
    "button duty.hand_over": anyone(STOP),
    "button foreign.ours": Rule(STOP),
    "button held.keep_account": Rule(CHANGE),
    "button held.keep_stop": Rule(CHANGE),
    "button help.show": anyone(TEAM),
    "button home.refresh": anyone(TEAM),
    "button hooks.edit": anyone(WORKSPACE),
    "button hooks.remove": anyone(WORKSPACE),
    "button hooks.test": anyone(WORKSPACE),
    "button inbox.answer": Rule(MODERATE),
    "button inbox.claim": Rule(MODERATE),
    "button inbox.close": Rule(MODERATE),
    "button inbox.release": Rule(MODERATE),
    "button inbox.reopen": Rule(MODERATE),
    "button inbox.see": Rule(MODERATE),
    "button inbox.show": anyone(MODERATE),
    "button inbox.undo": Rule(MODERATE),
    "button proposals.confirm": Rule(ADMINS, mine=NOBODY),
    "button proposals.decline": Rule(ADMINS, mine=NOBODY),
    "button proposals.delete_comment": Rule(MODERATE),
    "button proposals.disconnect": Rule(ADMINS),
    "button proposals.evidence": Rule(SECOND),
    "button proposals.retry": Rule(SECOND),
    "button proposals.unpublish": Rule(SECOND),
    "button proposals.withdraw": Rule(NOBODY, mine=SECOND),
    "button publishing.its_live": Rule(APPROVE, mine=CHANGE),
    "button publishing.leave_it": Rule(APPROVE, mine=CHANGE),
    "button publishing.send_again": Rule(APPROVE, mine=CHANGE),
    "button publishing.withdraw": Rule(APPROVE, mine=CHANGE),
    "button review.approve": Rule(APPROVE, mine=NOBODY),
    "button review.edit": Rule(APPROVE, mine=CHANGE),
    "button review.reject": Rule(APPROVE),
    "button review.request_changes": Rule(APPROVE),
    "button review.see_changes": Rule(HOLD),
    "button review.see_checks": Rule(HOLD),
    "button review.see_text": Rule(HOLD),
    "button review.withdraw": Rule(APPROVE, mine=CHANGE),
    "button settings.edit_brand": Rule(ADMINS),
    "button settings.edit_roles": Rule(ADMINS),
    "button settings.my_digest": anyone(TEAM),
    "button settings.new_brand": anyone(WORKSPACE),
    "button settings.practice": anyone(WORKSPACE),
    "button settings.show": anyone(TEAM),
    "button stop.open": anyone(STOP),
    "button stop.resume": Rule(APPROVE),
    "command ": anyone(TEAM),
    "command ?": anyone(TEAM),
    "command help": anyone(TEAM),
    "command inbox": anyone(MODERATE),
    "command post": anyone(WRITE),
    "command resume": anyone(TEAM),
    "command settings": anyone(TEAM),
    "command stop": anyone(STOP),
    "command today": anyone(TEAM),
    "event app_home_opened": anyone(TEAM),
    "event app_mention": anyone(TEAM),
    "form accounts.confirm": Rule(ADMINS),
    "form accounts.form": Rule(ADMINS),
    "form audit.search_form": anyone(HOLD),
    "form compose.form": Rule(APPROVE, mine=CHANGE),
    "form duty.form": Rule(ADMINS),
    "form duty.offer": Rule(STOP),
    "form hooks.form": anyone(WORKSPACE),
    "form inbox.reply": Rule(MODERATE),
    "form proposals.delete_form": Rule(MODERATE),
    "form proposals.disconnect_form": Rule(ADMINS),
    "form proposals.unpublish_form": Rule(SECOND),
    "form review.changes": Rule(APPROVE),
    "form review.detail": anyone(TEAM),
    "form review.rejection": Rule(APPROVE),
    "form settings.brand": Rule(ADMINS),
    "form settings.practice_form": anyone(WORKSPACE),
    "form settings.roles": Rule(ADMINS),
    "form stop.form": Rule(STOP),
    "live accounts.form": Rule(ADMINS),
    "live compose.form": Rule(NOBODY, mine=WRITE),
    "live digest.post": Rule(HOLD),
    "live inbox.reply": Rule(MODERATE),
    "live settings.roles": Rule(ADMINS),
    "shortcut new_post": anyone(WRITE),
    "shortcut stop_publishing": anyone(STOP),
}

VERBS: Mapping[str, Rule] = {
    "accounts.connect": Rule(ADMINS),
    "alarms.release": Rule(STOP),
    "alarms.take": Rule(STOP),
    "audit.history": Rule(HOLD),
    "audit.reach": anyone(HOLD),
    "audit.search": anyone(HOLD),
    "brands.change": Rule(ADMINS),
    "brands.create": anyone(WORKSPACE),
    "brands.replace": Rule(NOBODY),
    "brands.set_roles": Rule(ADMINS),
    "connecting.look": Rule(ADMINS),
    "connecting.practise": anyone(WORKSPACE),
    "conversations.claim": Rule(MODERATE),
    "conversations.close": Rule(MODERATE),
    "conversations.release": Rule(MODERATE),
    "conversations.reopen": Rule(MODERATE),
    "conversations.reply": Rule(MODERATE),
    "custody.confirm": anyone(WORKSPACE),
    "deliveries.confirm_live": Rule(APPROVE, mine=CHANGE),
    "deliveries.leave": Rule(APPROVE, mine=CHANGE),
    "deliveries.permit": Rule(APPROVE, mine=CHANGE),
    "deliveries.send_again": Rule(APPROVE, mine=CHANGE),
    "deliveries.withdraw": Rule(APPROVE, mine=CHANGE),
    "duty.accept": Rule(NOBODY, mine=STOP),
    "duty.decline": Rule(NOBODY, mine=TEAM),
    "duty.may_give": anyone(STOP),
    "duty.offer": Rule(STOP),
    "duty.set_rota": Rule(ADMINS),
    "duty_pages.offer": anyone(STOP),
    "foreign.explain": Rule(STOP),
    "hooks.remove": anyone(WORKSPACE),
    "hooks.set": anyone(WORKSPACE),
    "hooks.test": anyone(WORKSPACE),
    "inbox.open": anyone(MODERATE),
    "inbox.to_answer": Rule(MODERATE),
    "pages.compose": anyone(WRITE),
    "pages.draft": Rule(NOBODY, mine=TEAM),
    "pages.seen": Rule(HOLD),
    "pages.to_decide": Rule(APPROVE),
    "pages.to_edit": Rule(APPROVE, mine=CHANGE),
    "posts.approve": Rule(APPROVE, mine=NOBODY),
    "posts.discard": Rule(NOBODY, mine=TEAM),
    "posts.reject": Rule(APPROVE),
    "posts.request_changes": Rule(APPROVE),
    "posts.save": Rule(NOBODY, mine=WRITE),
    "posts.submit": Rule(APPROVE, mine=CHANGE),
    "posts.withdraw": Rule(APPROVE, mine=CHANGE),
    "proposals.confirm": Rule(ADMINS, mine=NOBODY),
    "proposals.decline": Rule(ADMINS, mine=NOBODY),
    "proposals.evidence": Rule(SECOND),
    "proposals.retry": Rule(SECOND),
    "proposals.withdraw": Rule(NOBODY, mine=SECOND),
    "proposing.delete_comment": Rule(MODERATE),
    "proposing.disconnect": Rule(ADMINS),
    "proposing.policies": Rule(ADMINS),
    "proposing.roles": Rule(ADMINS),
    "proposing.unpublish": Rule(SECOND),
    "sensitive.to_delete": Rule(MODERATE),
    "sensitive.to_disconnect": Rule(ADMINS),
    "sensitive.to_unpublish": Rule(SECOND),
    "stops.resume": Rule(APPROVE),
    "stops.stop": Rule(STOP),
}

OWN = frozenset({
    "brands.mine", "brands.set_digest", "connecting.save", "days.home", "days.today", "digests.brand_day",
    "digests.today", "duty.work", "held.keep", "posts.drafts", "sensitive.asked", "stops.scopes",
})  # fmt: skip
"""They take a person and answer only for what is theirs, or check each thing by a verb above; `test_keys` has them."""

PARTS = frozenset({"deliveries.record", "conversations.reply_withdrawn", "proposals.put"})
"""Parts of a change that a verb above has permitted."""
