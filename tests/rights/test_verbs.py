"""Everybody tries every verb of the desk itself, as if no screen and no handler stood in front of it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.desk.audit import Wanted
from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Channels, Role, Standing
from bot.domain.conversations import ClosedAs
from bot.domain.duty import OffHours
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


async def _permit(d: Desk, who: Standing, id_: str) -> None:
    await d.deliveries.permit(await d.deliveries.get(id_), who)


async def _member(d: Desk, who: Standing) -> object:
    return await d.custody.confirm(await d.member(who.id), epoch=1)


def content(brand: str, account: str) -> Content:
    """Something else."""
    return Content(brand=brand, text="Otra", accounts=(account,))


SOMEONE = frozenset({Role.VIEWER})
IDENTITY = Identity(id="77", handle="h", name="n", picture=None)
CALLS: Mapping[str, Verb] = {
    "accounts.connect": lambda d, w, b, at, acc, new: d.accounts.connect(
        b, "practice" if b == PRACTICE else "x", {"a": "b"}, IDENTITY, w
    ),
    "alarms.release": lambda d, w, b, at, acc, new: d.alarms.release(f"m-{at}", w),
    "alarms.take": lambda d, w, b, at, acc, new: d.alarms.take(f"m-{at}", w),
    "audit.history": lambda d, w, b, at, acc, new: d.audit.history(f"p-{at}", w),
    "audit.reach": lambda d, w, b, at, acc, new: d.audit.reach(w),
    "audit.search": lambda d, w, b, at, acc, new: d.audit.search(Wanted(words="secret"), w),
    "brands.change": lambda d, w, b, at, acc, new: d.brands.change(b, w, face="x"),
    "brands.create": lambda d, w, b, at, acc, new: _create(d, w),
    "brands.replace": lambda d, w, b, at, acc, new: _replace(d, w, b),
    "brands.set_roles": lambda d, w, b, at, acc, new: d.brands.set_roles(b, "T:X", SOMEONE, w),
    "connecting.look": lambda d, w, b, at, acc, new: d.connecting.look(b, "facebook", {}, w),
    "connecting.practise": lambda d, w, b, at, acc, new: d.connecting.practise(REVIEW, w, language="es", zone="UTC"),
    "conversations.claim": lambda d, w, b, at, acc, new: d.conversations.claim(f"c-{at}", w),
    "conversations.close": lambda d, w, b, at, acc, new: d.conversations.close(f"c-{at}", w, ClosedAs.SPAM),
    "conversations.release": lambda d, w, b, at, acc, new: d.conversations.release(f"c-{at}", w),
    "conversations.reopen": lambda d, w, b, at, acc, new: d.conversations.reopen(f"c-{at}", w),
    "conversations.reply": lambda d, w, b, at, acc, new: d.conversations.reply(f"c-{at}", new, "Sí", w),
    "custody.confirm": lambda d, w, b, at, acc, new: _member(d, w),
    "deliveries.confirm_live": lambda d, w, b, at, acc, new: d.deliveries.confirm_live(f"h-{at}", w),
    "deliveries.leave": lambda d, w, b, at, acc, new: d.deliveries.leave(f"h-{at}", w),
    "deliveries.permit": lambda d, w, b, at, acc, new: _permit(d, w, f"h-{at}"),
    "deliveries.send_again": lambda d, w, b, at, acc, new: d.deliveries.send_again(f"h-{at}", w),
    "deliveries.withdraw": lambda d, w, b, at, acc, new: d.deliveries.withdraw(f"h-{at}", w),
    "duty.accept": lambda d, w, b, at, acc, new: d.duty.accept(f"w-{at}", w),
    "duty.decline": lambda d, w, b, at, acc, new: d.duty.decline(f"w-{at}", w),
    "duty.may_give": lambda d, w, b, at, acc, new: d.duty.may_give(w),
    "duty.offer": lambda d, w, b, at, acc, new: d.duty.offer(new, SOMEBODY, [b], "", w),
    "duty.set_rota": lambda d, w, b, at, acc, new: d.duty.set_rota(b, [], OffHours.WAIT, w),
    "duty_pages.offer": lambda d, w, b, at, acc, new: d.duty_pages.offer(w, words_for("es")),
    "foreign.explain": lambda d, w, b, at, acc, new: d.foreign.explain(f"f-{at}", w),
    "hooks.remove": lambda d, w, b, at, acc, new: d.hooks.remove(w),
    "hooks.set": lambda d, w, b, at, acc, new: d.hooks.set("https://pager.example.com/", w),
    "hooks.test": lambda d, w, b, at, acc, new: d.hooks.test(w),
    "inbox.open": lambda d, w, b, at, acc, new: d.inbox.open(w),
    "inbox.to_answer": lambda d, w, b, at, acc, new: d.inbox.to_answer(f"c-{at}", w),
    "pages.compose": lambda d, w, b, at, acc, new: d.pages.compose(w, REVIEW),
    "pages.draft": lambda d, w, b, at, acc, new: d.pages.draft(f"d-{at}", w),
    "pages.seen": lambda d, w, b, at, acc, new: d.pages.seen(f"p-{at}", w),
    "pages.to_decide": lambda d, w, b, at, acc, new: d.pages.to_decide(f"p-{at}", w, revision=1),
    "pages.to_edit": lambda d, w, b, at, acc, new: d.pages.to_edit(f"p-{at}", w),
    "posts.approve": lambda d, w, b, at, acc, new: d.posts.approve(f"p-{at}", w, revision=2),
    "posts.discard": lambda d, w, b, at, acc, new: d.posts.discard(f"d-{at}", w),
    "posts.reject": lambda d, w, b, at, acc, new: d.posts.reject(f"p-{at}", w, revision=2, reason="x"),
    "posts.request_changes": lambda d, w, b, at, acc, new: d.posts.request_changes(
        f"p-{at}", w, revision=2, reason="x"
    ),
    "posts.save": lambda d, w, b, at, acc, new: d.posts.save(f"d-{at}", content(b, acc), w),
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
    "sensitive.to_delete": lambda d, w, b, at, acc, new: d.sensitive.to_delete(f"c-{at}", w),
    "sensitive.to_disconnect": lambda d, w, b, at, acc, new: d.sensitive.to_disconnect(acc, w),
    "sensitive.to_unpublish": lambda d, w, b, at, acc, new: d.sensitive.to_unpublish(f"l-{at}", w),
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
