"""Everybody tries every verb of the desk itself, as if no screen and no handler stood in front of it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.assisted import Details
from bot.desk.audit import Wanted
from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.desk.working import Place
from bot.domain import inbox_views
from bot.domain.brands import Channels, Role, Standing
from bot.domain.conversations import ClosedAs, mark_of
from bot.domain.duty import OffHours
from bot.domain.errands import digest
from bot.domain.handling import Later
from bot.domain.moods import Tone
from bot.domain.people import Relationship
from bot.domain.recurrence import Every
from bot.domain.routing import Route
from bot.domain.ruling import ModerationRule
from bot.domain.suggestions import Way
from bot.domain.week import Shown
from bot.errors import NotAllowed, UserError
from bot.network import Identity
from bot.store.records import Store
from bot.text.words import words_for
from tests.publishing import open_desk
from tests.rights.cast import CAST, OTHER, OWN, PRACTICE, SOMEBODY
from tests.rights.table import OWN as OWN_ONLY
from tests.rights.table import PARTS, VERBS
from tests.rights.test_matrix import REVIEW, account_in, cases, open_stage


def desk_verbs(desk: Desk) -> dict[str, Any]:
    """Every public verb of the desk that takes the person who acts."""
    parts = {name: part for name, part in vars(desk).items() if type(part).__module__.startswith("bot.desk.")}
    found = {}
    for part, instance in parts.items():
        for name, verb in inspect.getmembers(type(instance), inspect.isfunction):
            if not name.startswith("_") and "who" in inspect.signature(verb).parameters:
                found[f"{part}.{name}"] = verb
    return found


def test_every_verb_has_a_row(store: Store) -> None:
    assert set(desk_verbs(open_desk(store, "http://127.0.0.1:9"))) == set(VERBS) | OWN_ONLY | PARTS
    assert not set(VERBS) & (OWN_ONLY | PARTS)


Verb = Callable[[Desk, Standing, str, str, str, str], Awaitable[object]]


async def _replace(d: Desk, who: Standing, b: str) -> object:
    return await d.brands.replace((await d.brand(b)).model_copy(update={"version": 0}), who)


async def _create(d: Desk, who: Standing) -> object:
    fresh = (await d.brand(OWN)).model_copy(
        update={"id": "n", "name": "N", "channels": Channels(review="C9"), "version": 0}
    )
    return await d.brands.create(fresh, who)


async def _policies(d: Desk, who: Standing, b: str, new: str) -> object:
    wanted = (await d.brand(b)).policies.model_copy(update={"four_eyes": False})
    return await d.proposing.policies(new, b, wanted, "x", who)


async def _filled(d: Desk, who: Standing, at: str) -> object:
    return await d.saved_replies.filled(f"s-{at}", await d.inbox.page(f"c-{at}"), who)


async def _permit(d: Desk, who: Standing, id_: str) -> None:
    await d.deliveries.permit(await d.deliveries.get(id_), who)


async def _permit_by_hand(d: Desk, who: Standing, id_: str) -> None:
    await d.by_hand.permit(await d.deliveries.get(id_), who)


async def _may_move(d: Desk, who: Standing, id_: str) -> None:
    post = await d.posts.get(id_)
    d.moving.may(post, who, await d.brand(post.brand))


async def _member(d: Desk, who: Standing) -> object:
    return await d.custody.confirm(await d.member(who.id), epoch=1)


def content(brand: str, account: str) -> Content:
    """Something else."""
    return Content(brand=brand, text="Otra", accounts=(account,))


def shown(at: str) -> Shown:
    """Somebody's post as a list showed it."""
    return Shown(post=f"p-{at}", revision=2, hash="", seen=0)


SOMEONE = frozenset({Role.VIEWER})
RULE = ModerationRule(id="insultos", name="insultos", words=("tonto",))
ROUTE = Route(id="quejas", name="quejas", words=("tonto",), role=Role.MODERATOR)
IDENTITY = Identity(id="77", handle="h", name="n", picture=None)
CALLS: Mapping[str, Verb] = {
    "accounts.connect": lambda d, w, b, at, acc, new: d.accounts.connect(
        b, "practice" if b == PRACTICE else "x", {"a": "b"}, IDENTITY, w
    ),
    "answers.answer": lambda d, w, b, at, acc, new: d.answers.answer(f"c-{at}", new, "Sí", w),
    "answers.edit": lambda d, w, b, at, acc, new: d.answers.edit(f"r-{at}", "", new, "Sí", w),
    "answers.privately": lambda d, w, b, at, acc, new: d.answers.privately(f"c-{at}", f"ref-{at}", new, "Sí", w),
    "alarms.release": lambda d, w, b, at, acc, new: d.alarms.release(f"m-{at}", w),
    "alarms.take": lambda d, w, b, at, acc, new: d.alarms.take(f"m-{at}", w),
    "by_hand.cant": lambda d, w, b, at, acc, new: d.by_hand.cant(f"j-{at}", 0, "x", w),
    "by_hand.permit": lambda d, w, b, at, acc, new: _permit_by_hand(d, w, f"j-{at}"),
    "by_hand.published": lambda d, w, b, at, acc, new: d.by_hand.published(f"j-{at}", "instagram.com/p/1", w),
    "assisted.save": lambda d, w, b, at, acc, new: d.assisted.save(
        f"hand-{new}", b, Details("tiktok-assisted", "Nueva", handle=new), w
    ),
    "by_hand.seen": lambda d, w, b, at, acc, new: d.by_hand.seen(f"j-{at}", w),
    "by_hand.to_refuse": lambda d, w, b, at, acc, new: d.by_hand.to_refuse(f"j-{at}", 0, w),
    "audit.history": lambda d, w, b, at, acc, new: d.audit.history(f"p-{at}", w),
    "audit.reach": lambda d, w, b, at, acc, new: d.audit.reach(w),
    "audit.search": lambda d, w, b, at, acc, new: d.audit.search(Wanted(words="secret"), w),
    "brands.change": lambda d, w, b, at, acc, new: d.brands.change(b, w, face="x"),
    "brands.create": lambda d, w, b, at, acc, new: _create(d, w),
    "brands.replace": lambda d, w, b, at, acc, new: _replace(d, w, b),
    "brands.set_roles": lambda d, w, b, at, acc, new: d.brands.set_roles(b, "T:X", SOMEONE, w),
    "calendar_links.make": lambda d, w, b, at, acc, new: d.calendar_links.make(b, "", w),
    "calendar_links.revoke": lambda d, w, b, at, acc, new: d.calendar_links.revoke(b, "x", w),
    "clients.make": lambda d, w, b, at, acc, new: d.clients.make(new, b, "Marta", 7, w),
    "clients.revoke": lambda d, w, b, at, acc, new: d.clients.revoke(b, "link:x", w),
    "connecting.look": lambda d, w, b, at, acc, new: d.connecting.look(b, "facebook", {}, w),
    "connecting.practise": lambda d, w, b, at, acc, new: d.connecting.practise(REVIEW, w, language="es", zone="UTC"),
    "conversations.claim": lambda d, w, b, at, acc, new: d.conversations.claim(f"c-{at}", w),
    "conversations.close": lambda d, w, b, at, acc, new: d.conversations.close(f"c-{at}", w, ClosedAs.SPAM),
    "conversations.release": lambda d, w, b, at, acc, new: d.conversations.release(f"c-{at}", w),
    "conversations.reopen": lambda d, w, b, at, acc, new: d.conversations.reopen(f"c-{at}", w),
    "conversations.reply": lambda d, w, b, at, acc, new: d.conversations.reply(f"c-{at}", new, "Sí", w),
    "corrections.approve": lambda d, w, b, at, acc, new: d.corrections.approve(f"v-{at}", w),
    "corrections.drop": lambda d, w, b, at, acc, new: d.corrections.drop(f"v-{at}", w),
    "corrections.propose": lambda d, w, b, at, acc, new: d.corrections.propose(
        new, f"l-{at}", digest(f"secret of {b}"), "Otra cosa", w
    ),
    "corrections.to_correct": lambda d, w, b, at, acc, new: d.corrections.to_correct(f"l-{at}", w),
    "corrections.write": lambda d, w, b, at, acc, new: d.corrections.write(f"l-{at}", "Rectificación", w),
    "courtesies.like_too": lambda d, w, b, at, acc, new: d.courtesies.like_too(f"c-{at}", f"ref-{at}", w),
    "courtesies.make_post": lambda d, w, b, at, acc, new: d.courtesies.make_post(f"c-{at}", new, w),
    "courtesies.settle": lambda d, w, b, at, acc, new: d.courtesies.settle(f"c-{at}", True, w),
    "courtesies.to_ask": lambda d, w, b, at, acc, new: d.courtesies.to_ask(f"c-{at}", w),
    "courtesies.to_thank": lambda d, w, b, at, acc, new: d.courtesies.to_thank(f"c-{at}", new, w),
    "courtesies.withdraw": lambda d, w, b, at, acc, new: d.courtesies.withdraw(f"n-{at}", f"c-{at}", w),
    "crowds.answer_all": lambda d, w, b, at, acc, new: d.crowds.answer_all(
        f"k-{at}", new, {"text": "Sí", "text2": "Claro"}, w, seen=1, until=10**15
    ),
    "crowds.claim_all": lambda d, w, b, at, acc, new: d.crowds.claim_all(f"k-{at}", w, seen=1, until=10**15),
    "crowds.close_all": lambda d, w, b, at, acc, new: d.crowds.close_all(
        f"k-{at}", ClosedAs.SPAM, w, seen=1, until=10**15
    ),
    "crowds.hide_all": lambda d, w, b, at, acc, new: d.crowds.hide_all(f"k-{at}", w, seen=1, until=10**15),
    "crowds.to_answer_all": lambda d, w, b, at, acc, new: d.crowds.to_answer_all(f"k-{at}", w),
    "crowds.undo": lambda d, w, b, at, acc, new: d.crowds.undo(f"u-{at}", w),
    "custody.confirm": lambda d, w, b, at, acc, new: _member(d, w),
    "deliveries.confirm_live": lambda d, w, b, at, acc, new: d.deliveries.confirm_live(f"h-{at}", w),
    "deliveries.leave": lambda d, w, b, at, acc, new: d.deliveries.leave(f"h-{at}", w),
    "deliveries.permit": lambda d, w, b, at, acc, new: _permit(d, w, f"h-{at}"),
    "deliveries.send_again": lambda d, w, b, at, acc, new: d.deliveries.send_again(f"h-{at}", w),
    "deliveries.withdraw": lambda d, w, b, at, acc, new: d.deliveries.withdraw(f"h-{at}", w),
    "duplicating.duplicate": lambda d, w, b, at, acc, new: d.duplicating.duplicate(f"p-{at}", w),
    "duty.accept": lambda d, w, b, at, acc, new: d.duty.accept(f"w-{at}", w),
    "duty.decline": lambda d, w, b, at, acc, new: d.duty.decline(f"w-{at}", w),
    "duty.may_give": lambda d, w, b, at, acc, new: d.duty.may_give(w),
    "duty.offer": lambda d, w, b, at, acc, new: d.duty.offer(new, SOMEBODY, [b], "", w),
    "duty.set_rota": lambda d, w, b, at, acc, new: d.duty.set_rota(b, [], OffHours.WAIT, w),
    "duty_pages.offer": lambda d, w, b, at, acc, new: d.duty_pages.offer(w, words_for("es")),
    "fixing.fix": lambda d, w, b, at, acc, new: d.fixing.fix(f"p-{at}", "Otra", w, revision=2, content="x"),
    "fixing.look": lambda d, w, b, at, acc, new: d.fixing.look(f"p-{at}", "Otra", w, revision=2),
    "fixing.to_fix": lambda d, w, b, at, acc, new: d.fixing.to_fix(f"p-{at}", w, revision=2),
    "foreign.explain": lambda d, w, b, at, acc, new: d.foreign.explain(f"f-{at}", w),
    "handling.answering": lambda d, w, b, at, acc, new: d.handling.answering(f"c-{at}", w),
    "handling.assign": lambda d, w, b, at, acc, new: d.handling.assign(f"c-{at}", SOMEBODY, w),
    "handling.crossed": lambda d, w, b, at, acc, new: d.handling.crossed(f"c-{at}", new, (), w),
    "handling.escalate": lambda d, w, b, at, acc, new: d.handling.escalate(f"c-{at}", "role", "moderator", "x", w),
    "handling.let_go": lambda d, w, b, at, acc, new: d.handling.let_go(f"c-{at}", w),
    "handling.not_answering": lambda d, w, b, at, acc, new: d.handling.not_answering(f"c-{at}", w),
    "handling.set_topics": lambda d, w, b, at, acc, new: d.handling.set_topics(f"c-{at}", ["x"], w),
    "handling.snooze": lambda d, w, b, at, acc, new: d.handling.snooze(f"c-{at}", Later.HOUR, w),
    "handling.switch_topic": lambda d, w, b, at, acc, new: d.handling.switch_topic(f"c-{at}", "x", w),
    "handling.take": lambda d, w, b, at, acc, new: d.handling.take(f"c-{at}", w),
    "handling.wake": lambda d, w, b, at, acc, new: d.handling.wake(f"c-{at}", w),
    "hooks.remove": lambda d, w, b, at, acc, new: d.hooks.remove(w),
    "hooks.set": lambda d, w, b, at, acc, new: d.hooks.set("https://pager.example.com/", w),
    "hooks.test": lambda d, w, b, at, acc, new: d.hooks.test(w),
    "inbox.brands_of": lambda d, w, b, at, acc, new: d.inbox.brands_of(w),
    "inbox_list.page": lambda d, w, b, at, acc, new: d.inbox_list.page(inbox_views.Wanted(brand=b), 0, w),
    "inbox.to_answer": lambda d, w, b, at, acc, new: d.inbox.to_answer(f"c-{at}", w),
    "looks.ask": lambda d, w, b, at, acc, new: d.looks.ask(new, f"c-{at}", SOMEBODY, "x", w),
    "moods.correct": lambda d, w, b, at, acc, new: d.moods.correct(f"c-{at}", mark_of(f"ref-{at}"), Tone.POSITIVE, w),
    "moderation.edit": lambda d, w, b, at, acc, new: d.moderation.edit(f"r-{at}", "", "Sí", w),
    "moderation.hide": lambda d, w, b, at, acc, new: d.moderation.hide(f"c-{at}", f"ref-{at}", True, w),
    "moderation.like": lambda d, w, b, at, acc, new: d.moderation.like(f"c-{at}", f"ref-{at}", True, w),
    "moderation.reply_privately": lambda d, w, b, at, acc, new: d.moderation.reply_privately(
        f"c-{at}", f"ref-{at}", "Sí", w
    ),
    "moderation.to_edit": lambda d, w, b, at, acc, new: d.moderation.to_edit(f"r-{at}", w),
    "moderation.to_reply_privately": lambda d, w, b, at, acc, new: d.moderation.to_reply_privately(
        f"c-{at}", f"ref-{at}", w
    ),
    "moving.may": lambda d, w, b, at, acc, new: _may_move(d, w, f"p-{at}"),
    "moving.move": lambda d, w, b, at, acc, new: d.moving.move(f"p-{at}", d.now() + timedelta(days=2), w),
    "facts.ask": lambda d, w, b, at, acc, new: d.facts.ask(new, b, "x", False, (), "", "", w),
    "facts.brands_of": lambda d, w, b, at, acc, new: d.facts.brands_of(w),
    "facts.page": lambda d, w, b, at, acc, new: d.facts.page("", 0, w),
    "facts.to_verify": lambda d, w, b, at, acc, new: d.facts.to_verify(f"e-{at}", w),
    "facts.verify": lambda d, w, b, at, acc, new: d.facts.verify(f"e-{at}", 0, "rumour", (), "", "", w),
    "pages.compose": lambda d, w, b, at, acc, new: d.pages.compose(w, REVIEW),
    "pages.draft": lambda d, w, b, at, acc, new: d.pages.draft(f"d-{at}", w),
    "pages.seen": lambda d, w, b, at, acc, new: d.pages.seen(f"p-{at}", w),
    "pages.to_decide": lambda d, w, b, at, acc, new: d.pages.to_decide(f"p-{at}", w, revision=1),
    "pages.to_sign": lambda d, w, b, at, acc, new: d.pages.to_sign(f"p-{at}", w),
    "pages.to_edit": lambda d, w, b, at, acc, new: d.pages.to_edit(f"p-{at}", w),
    "pausing.hold": lambda d, w, b, at, acc, new: d.pausing.hold(f"p-{at}", w),
    "pausing.to_release": lambda d, w, b, at, acc, new: d.pausing.to_release(f"p-{at}", w),
    "people.confirm": lambda d, w, b, at, acc, new: d.people.confirm(f"n-{at}", w),
    "people.describe": lambda d, w, b, at, acc, new: d.people.describe(f"n-{at}", w, ["vip"], "", Relationship.GIFT),
    "people.find": lambda d, w, b, at, acc, new: d.people.find("", w),
    "people.forget": lambda d, w, b, at, acc, new: d.people.forget(f"n-{at}", w),
    "people.link": lambda d, w, b, at, acc, new: d.people.link(f"n-{at}", f"b-{at}", w),
    "people.page": lambda d, w, b, at, acc, new: d.people.page(f"n-{at}", w),
    "people.unconfirm": lambda d, w, b, at, acc, new: d.people.unconfirm(f"n-{at}", w),
    "passing.answer": lambda d, w, b, at, acc, new: d.passing.answer(f"q-{at}", "x", w),
    "passing.pass_on": lambda d, w, b, at, acc, new: d.passing.pass_on(
        new, f"c-{at}", "person", SOMEBODY, text="x", topic="", note="", who=w
    ),
    "passing.to_answer": lambda d, w, b, at, acc, new: d.passing.to_answer(f"q-{at}", w),
    "posts.approve": lambda d, w, b, at, acc, new: d.posts.approve(f"p-{at}", w, revision=2),
    "posts.discard": lambda d, w, b, at, acc, new: d.posts.discard(f"d-{at}", w),
    "posts.reject": lambda d, w, b, at, acc, new: d.posts.reject(f"p-{at}", w, revision=2, reason="x"),
    "posts.request_changes": lambda d, w, b, at, acc, new: d.posts.request_changes(
        f"p-{at}", w, revision=2, reason="x"
    ),
    "posts.save": lambda d, w, b, at, acc, new: d.posts.save(f"d-{at}", content(b, acc), w),
    "posts.unsent": lambda d, w, b, at, acc, new: d.posts.unsent(f"p-{at}", content(b, acc), w),
    "previewing.see": lambda d, w, b, at, acc, new: d.previewing.see(f"p-{at}", content(b, acc), w),
    "posts.submit": lambda d, w, b, at, acc, new: d.posts.submit(f"p-{at}", content(b, acc), w, revision=2),
    "posts.withdraw": lambda d, w, b, at, acc, new: d.posts.withdraw(f"p-{at}", w),
    "proposals.confirm": lambda d, w, b, at, acc, new: d.proposals.confirm(f"o-{at}", w),
    "proposals.decline": lambda d, w, b, at, acc, new: d.proposals.decline(f"o-{at}", w),
    "proposals.evidence": lambda d, w, b, at, acc, new: d.proposals.evidence(f"o-{at}", w),
    "proposals.retry": lambda d, w, b, at, acc, new: d.proposals.retry(f"o-{at}", w),
    "proposals.withdraw": lambda d, w, b, at, acc, new: d.proposals.withdraw(f"o-{at}", w),
    "proposing.delete_comment": lambda d, w, b, at, acc, new: d.proposing.delete_comment(
        new, f"c-{at}", f"ref-{at}", "x", w
    ),
    "proposing.disconnect": lambda d, w, b, at, acc, new: d.proposing.disconnect(new, acc, "x", w),
    "proposing.policies": lambda d, w, b, at, acc, new: _policies(d, w, b, new),
    "proposing.roles": lambda d, w, b, at, acc, new: d.proposing.roles(new, b, "T:X", frozenset({Role.ADMIN}), "x", w),
    "proposing.unpublish": lambda d, w, b, at, acc, new: d.proposing.unpublish(new, [f"l-{at}"], "x", w),
    "saved_replies.filled": lambda d, w, b, at, acc, new: _filled(d, w, at),
    "saved_replies.page": lambda d, w, b, at, acc, new: d.saved_replies.page(b, w),
    "saved_replies.remove": lambda d, w, b, at, acc, new: d.saved_replies.remove(f"s-{at}", w),
    "saved_replies.save": lambda d, w, b, at, acc, new: d.saved_replies.save(new, b, new, "x", "", w),
    "sensitive.to_delete": lambda d, w, b, at, acc, new: d.sensitive.to_delete(f"c-{at}", w),
    "sensitive.to_disconnect": lambda d, w, b, at, acc, new: d.sensitive.to_disconnect(acc, w),
    "sensitive.to_unpublish": lambda d, w, b, at, acc, new: d.sensitive.to_unpublish(f"l-{at}", w),
    "suggestions.approve": lambda d, w, b, at, acc, new: d.suggestions.approve(f"g-{at}", 1, "", w),
    "suggestions.revise": lambda d, w, b, at, acc, new: d.suggestions.revise(f"g-{at}", 1, "Sí", w),
    "suggestions.send_back": lambda d, w, b, at, acc, new: d.suggestions.send_back(f"g-{at}", 1, "x", w),
    "suggestions.suggest": lambda d, w, b, at, acc, new: d.suggestions.suggest(new, f"c-{at}", Way.PUBLIC, "Sí", w),
    "suggestions.to_change": lambda d, w, b, at, acc, new: d.suggestions.to_change(f"g-{at}", w),
    "suggestions.to_decide": lambda d, w, b, at, acc, new: d.suggestions.to_decide(f"g-{at}", w),
    "suggestions.withdraw": lambda d, w, b, at, acc, new: d.suggestions.withdraw(f"g-{at}", w),
    "exporting.person": lambda d, w, b, at, acc, new: d.exporting.person(f"n-{at}", w),
    "holds.end": lambda d, w, b, at, acc, new: d.holds.end(f"c-{at}", w),
    "holds.end_person": lambda d, w, b, at, acc, new: d.holds.end_person(f"n-{at}", w),
    "holds.keep": lambda d, w, b, at, acc, new: d.holds.keep(f"c-{at}", "x", w),
    "holds.keep_person": lambda d, w, b, at, acc, new: d.holds.keep_person(f"n-{at}", "x", w),
    "retention.set_days": lambda d, w, b, at, acc, new: d.retention.set_days(b, 90, w),
    "retention.would_forget": lambda d, w, b, at, acc, new: d.retention.would_forget(b, 90, w),
    "private.switch": lambda d, w, b, at, acc, new: d.private.switch(acc, True, w),
    "routing.earlier": lambda d, w, b, at, acc, new: d.routing.earlier(b, "quejas", w),
    "routing.rehearse": lambda d, w, b, at, acc, new: d.routing.rehearse(b, ROUTE, w),
    "routing.save": lambda d, w, b, at, acc, new: d.routing.save(b, ROUTE, w),
    "rulebooks.change": lambda d, w, b, at, acc, new: d.rulebooks.change(b, w, "drop", lambda book: book),
    "rulebooks.drop": lambda d, w, b, at, acc, new: d.rulebooks.drop(b, "insultos", w),
    "rulebooks.open": lambda d, w, b, at, acc, new: d.rulebooks.open(b, w),
    "rulebooks.rehearse": lambda d, w, b, at, acc, new: d.rulebooks.rehearse(b, RULE, w),
    "rulebooks.save_rule": lambda d, w, b, at, acc, new: d.rulebooks.save_rule(b, RULE, w),
    "rulebooks.switch_rule": lambda d, w, b, at, acc, new: d.rulebooks.switch_rule(b, "insultos", True, w),
    "ruling.undo": lambda d, w, b, at, acc, new: d.ruling.undo(f"c-{at}", f"ref-{at}", w, person=True),
    "urgency.mark": lambda d, w, b, at, acc, new: d.urgency.mark(f"p-{at}", w),
    "urgency.send": lambda d, w, b, at, acc, new: d.urgency.send(f"p-{at}", "x", w, revision=2, content="x"),
    "urgency.to_send": lambda d, w, b, at, acc, new: d.urgency.to_send(f"p-{at}", w, revision=2),
    "week.now_public": lambda d, w, b, at, acc, new: d.week.now_public([shown(at)], w),
    "week.page": lambda d, w, b, at, acc, new: d.week.page(w),
    "week.sign": lambda d, w, b, at, acc, new: d.week.sign([shown(at)], w),
    "working.following": lambda d, w, b, at, acc, new: d.working.following("", Place(), w),
    "working.left": lambda d, w, b, at, acc, new: d.working.left("", w),
    "slots.set_slots": lambda d, w, b, at, acc, new: d.slots.set_slots(b, "", [], w),
    "remarks.keep": lambda d, w, b, at, acc, new: d.remarks.keep(new, f"p-{at}", "x", d.now(), w),
    "reminding.again": lambda d, w, b, at, acc, new: d.reminding.again(f"p-{at}", w),
    "repeating.repeat": lambda d, w, b, at, acc, new: d.repeating.repeat(f"p-{at}", Every.WEEK, 1, w, revision=2),
    "sheets.look": lambda d, w, b, at, acc, new: d.sheets.look(b, "F1", w, asked=d.now(), language="es"),
    "sheets.make": lambda d, w, b, at, acc, new: d.sheets.make(b, "F1", w, asked=d.now(), language="es", review=True),
    "spending.set_budget": lambda d, w, b, at, acc, new: d.spending.set_budget(acc, 5.0, w),
    "stops.resume": lambda d, w, b, at, acc, new: d.stops.resume(b, w),
    "stops.stop": lambda d, w, b, at, acc, new: d.stops.stop(b, w),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_every_verb_by_everybody(client: Any, tmp_path: Path) -> None:
    wrong, tried = [], 0
    assert set(CALLS) == set(VERBS)
    async with open_stage(client, tmp_path) as stage:
        desk, before = stage.desk, await stage.dump()
        accounts = {brand: await account_in(desk, brand) for brand in (OWN, OTHER, PRACTICE)}
        for verb, rule in VERBS.items():
            for name, person in CAST.items():
                for brand, owner, may in cases(rule, name):
                    tried += 1
                    who, case = await desk.standing(person.id), f"{verb} by {name} on {owner}'s in {brand}"
                    refused = await _refuses(
                        CALLS[verb](desk, who, brand, f"{brand}-{owner}", accounts[brand], f"n{tried}")
                    )
                    changed = await stage.put_back(before)
                    if refused == may:
                        wrong.append(f"{'refused' if may else 'let through'}: {case}")
                    if refused and changed:
                        wrong.append(f"changed {sorted(changed)[:3]}: {case}")
    assert tried >= 500
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong[:60])


async def _refuses(attempt: Awaitable[object]) -> bool:
    try:
        await attempt
    except NotAllowed:
        return True
    except UserError:
        return False
    return False
