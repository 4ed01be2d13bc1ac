"""Rules at work through the real store: what they do to what arrives, how they stop themselves, and the way back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.desk.working import Place
from bot.domain.alarms import AlarmKind
from bot.domain.brands import AccountState
from bot.domain.conversations import FRONT, Conversation
from bot.domain.errands import Errand
from bot.domain.moods import Tone
from bot.domain.people import Relationship
from bot.domain.ruled import Strength
from bot.domain.ruling import LEAST, ModerationRule
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.network import Author, Change, Item, ItemKind, Page, Ref
from tests.desk.conftest import Clock, Team
from tests.desk.test_people import MARTA, hear, said


def rule(id_: str = "insultos", **about: Any) -> ModerationRule:
    given = {"id": id_, "name": id_, "on": True, "strength": Strength.HIDE, "words": ("tonto",)}
    return ModerationRule.model_validate(given | about)


async def talks(desk: Desk) -> dict[str, Conversation]:
    return {each.latest.text: each for each in await desk.store.listed(Conversation, "open:agora")}


async def errands(desk: Desk) -> list[Errand]:
    return await desk.store.listed(Errand, "errands")


async def record(desk: Desk) -> str:
    return str(await desk.store.client.xrange(desk.store.key("audit")))


async def carried_out(desk: Desk) -> None:
    """The network does what is asked."""
    for errand in await errands(desk):
        taken = await desk.errands.take(errand.id, timedelta(seconds=60))
        assert taken is not None
        await desk.errands.done(taken)


async def test_it_hides_by_itself_once_and_says_which_rule_and_word(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    for cursor in ("1", "2"):
        await hear(desk, people, said(1, "Eres t0nto"), said(2, "hola", author="luis", name="Luis"), cursor=cursor)
    (errand,) = await errands(desk)
    assert (errand.ref, errand.wanted, errand.rule) == ("r1", True, "insultos")
    await carried_out(desk)
    found = (await talks(desk))["Eres t0nto"].latest
    assert found.hidden
    assert found.ruled is not None
    assert (found.ruled.rule, found.ruled.word, found.ruled.revision) == ("insultos", "tonto", 1)
    assert (await talks(desk))["hola"].latest.ruled is None
    assert "insultos (r1): tonto" in await record(desk)
    assert await desk.ruling.counts("agora") == {Strength.HIDE: 1}


async def test_nothing_happens_unless_an_admin_switched_it_on(desk: Desk, people: Team) -> None:
    with pytest.raises(NotAllowed):
        await desk.rulebooks.save_rule("agora", rule(), people.carla)
    await desk.rulebooks.save_rule("agora", rule(on=False), people.admin)
    await hear(desk, people, said(1, "tonto"))
    assert (await talks(desk))["tonto"].latest.ruled is None
    await desk.rulebooks.switch_rule("agora", "insultos", True, people.admin)
    await hear(desk, people, said(2, "tonto otra vez"), cursor="2")
    await hear(desk, people, said(3, "tonto allí"), brand="northwind")
    assert [each.ref for each in await errands(desk)] == ["r2"]


async def test_flags_and_proposals_stand_in_front(desk: Desk, people: Team, clock: Clock) -> None:
    clock.pass_(hours=5)
    await desk.rulebooks.save_rule("agora", rule("f", strength=Strength.FLAG), people.admin)
    await desk.rulebooks.save_rule("agora", rule("p", strength=Strength.PROPOSE, words=("estafa*",)), people.admin)
    await hear(desk, people, said(1, "hola"), said(2, "tonto", "luis", "L"), said(3, "estafadores", "eva", "E"))
    listed = await desk.store.listed(Conversation, "unowned:agora")
    assert [each.latest.text for each in listed] == ["tonto", "estafadores", "hola"]
    assert not await errands(desk)
    account = people.accounts["agora"]
    assert len(await desk.receiving.to_look_at(account, 10, timedelta(0))) == 3
    first = await desk.working.following("agora", Place(), people.carla)
    assert first.talk is not None
    assert first.talk.latest.text == "tonto"
    assert first.place.at < 0 < FRONT


async def test_one_press_shows_it_again_and_the_rule_leaves_it_alone(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    await hear(desk, people, said(1, "tonto"))
    await carried_out(desk)
    talk = (await talks(desk))["tonto"]
    await desk.ruling.undo(talk.id, "r1", people.carla)
    (errand,) = await errands(desk)
    assert (errand.wanted, errand.by, errand.rule) == (False, people.carla.id, "")
    await carried_out(desk)
    assert not (await desk.conversations.get(talk.id)).latest.hidden
    with pytest.raises(AlreadyDone):
        await desk.ruling.undo(talk.id, "r1", people.carla)
    account = people.accounts["agora"]
    change = Change(Ref("r1"), said(9, "").at, text="tonto, más que tonto", edited=True)
    await desk.receiving.receive(account, Page([], "3", changes=[change]), await desk.receiving.cursor(account.id))
    assert not await errands(desk)
    await hear(desk, people, said(2, "tonto"), cursor="4")
    assert [each.ref for each in await errands(desk)] == ["r2"]


async def test_showing_it_from_the_menu_says_so_too_and_hiding_it_twice_is_refused(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    await hear(desk, people, said(1, "tonto"))
    talk = (await talks(desk))["tonto"]
    with pytest.raises(UserError):
        await desk.moderation.hide(talk.id, "r1", True, people.carla)
    await carried_out(desk)
    with pytest.raises(UserError):
        await desk.moderation.hide(talk.id, "r1", True, people.carla)
    errand = await desk.moderation.hide(talk.id, "r1", False, people.carla)
    assert not errand.wanted
    now = (await desk.conversations.get(talk.id)).latest
    assert now.ruled is not None
    assert now.ruled.undone_by == people.carla.id


async def test_a_person_may_be_spared_for_good(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    await hear(desk, people, said(1, "tonto"))
    talk = (await talks(desk))["tonto"]
    await desk.ruling.undo(talk.id, "r1", people.carla, person=True)
    assert (await desk.people.get(MARTA)).spared == ("insultos",)
    await hear(desk, people, said(2, "tonto yo"), said(3, "tonto tú", "luis", "L"), cursor="2")
    assert {each.ref for each in await errands(desk) if each.wanted} == {"r3"}


async def test_what_is_written_anew_is_looked_at_again(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    await hear(desk, people, said(1, "hola"))
    account = people.accounts["agora"]
    change = Change(Ref("r1"), said(9, "").at, text="tonto", edited=True)
    await desk.receiving.receive(account, Page([], "2", changes=[change]), await desk.receiving.cursor(account.id))
    assert [each.ref for each in await errands(desk)] == ["r1"]


async def test_links_of_strangers_and_tags(desk: Desk, people: Team, clock: Clock) -> None:
    await desk.rulebooks.save_rule("agora", rule("spam", words=(), links=True), people.admin)
    await desk.rulebooks.save_rule("agora", rule("trolls", words=(), tags=("troll",)), people.admin)
    await hear(desk, people, said(1, "mira https://a.example"), said(2, "hola", "luis", "L"))
    assert [each.ref for each in await errands(desk)] == ["r1"]
    await carried_out(desk)
    luis = (await talks(desk))["hola"].who
    await desk.people.describe(luis, people.carla, ["Troll"], "", Relationship.NONE)
    clock.pass_(minutes=1)
    await hear(desk, people, said(3, "más https://a.example", "marta"), said(4, "otra vez", "luis", "L"), cursor="2")
    assert [each.ref for each in await errands(desk)] == ["r4"]


async def test_a_mood_hides_nothing(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    await hear(desk, people, said(1, "Qué horror, pésimo, un asco de servicio"))
    (talk,) = (await talks(desk)).values()
    assert talk.latest.tone is Tone.NEGATIVE
    assert talk.latest.ruled is None


async def test_where_nothing_can_be_hidden_it_is_flagged(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    mention = Item(
        ref=Ref("m1"), kind=ItemKind.MENTION, author=Author("x", "x", "X"), text="tonto", at=said(1, "").at, root=None,
        parent=None, own=False,
    )  # fmt: skip
    await hear(desk, people, mention)
    (talk,) = (await talks(desk)).values()
    assert talk.latest.ruled is not None
    assert talk.latest.ruled.strength is Strength.FLAG
    assert not await errands(desk)


async def test_what_the_network_refuses_to_hide_is_flagged(desk: Desk, people: Team) -> None:
    await desk.rulebooks.save_rule("agora", rule(), people.admin)
    await hear(desk, people, said(1, "tonto"))
    (errand,) = await errands(desk)
    taken = await desk.errands.take(errand.id, timedelta(seconds=60))
    assert taken is not None
    await desk.errands.not_done(taken, "refused", "", None)
    assert (await talks(desk))["tonto"].flagged


async def test_a_slip_that_would_hide_everybody_stops_itself_and_tells(desk: Desk, people: Team, clock: Clock) -> None:
    await desk.rulebooks.save_rule("agora", rule(words=("de",)), people.admin)
    await hear(desk, people, *(said(n, f"de {n}", f"p{n}", "P") for n in range(3)))
    assert len(await errands(desk)) == 3
    await hear(desk, people, *(said(n, f"de {n}", f"p{n}", "P") for n in range(3, 40)), cursor="2")
    assert len(await errands(desk)) == 3
    (alarm,) = await desk.alarms.open("agora")
    assert alarm.kind is AlarmKind.RULE_PAUSED
    assert alarm.detail == {"rule": "insultos", "count": "40"}
    book = await desk.rulebooks.of("agora")
    assert book.moderation[0].on
    assert not book.moderation[0].acts
    found = [each.latest.ruled for each in (await talks(desk)).values() if each.latest.ruled]
    assert sum(each.strength is Strength.PROPOSE for each in found) == 37
    await hear(desk, people, said(50, "de nuevo", "q", "Q"), cursor="3")
    assert (await talks(desk))["de nuevo"].latest.ruled is None
    await desk.rulebooks.switch_rule("agora", "insultos", True, people.admin)
    assert not await desk.alarms.open("agora")
    clock.pass_(minutes=11)
    await hear(desk, people, said(51, "de nuevo", "r", "R"), cursor="4")
    assert len(await errands(desk)) == 4


async def test_a_busy_brand_may_have_more_hidden(desk: Desk, people: Team) -> None:
    assert await desk.ruling.most("agora") == LEAST
    key = desk.store.key("index", "heard:agora")
    now = desk.now().timestamp() * 1000
    await desk.store.client.zadd(key, {f"c{n}": now - n for n in range(5_000)})
    assert await desk.ruling.most("agora") == 15


async def test_a_rehearsal_tells_what_it_would_have_done_and_does_nothing(
    desk: Desk, people: Team, clock: Clock
) -> None:
    clock.pass_(days=1)
    await hear(desk, people, *(said(n, f"tonto {n}", f"p{n}", "P") for n in range(5)), said(9, "hola"))
    before = await record(desk)
    found = await desk.rulebooks.rehearse("agora", rule(on=False), people.admin)
    assert (found.heard, found.count, len(found.samples)) == (6, 5, 3)
    assert [words.text for _, words in found.samples] == ["tonto 4", "tonto 3", "tonto 2"]
    assert await record(desk) == before
    with pytest.raises(UserError):
        await desk.rulebooks.rehearse("agora", rule(words=()), people.admin)
    clock.pass_(days=8)
    assert (await desk.rulebooks.rehearse("agora", rule(), people.admin)).heard == 0


async def test_a_rehearsal_says_what_could_really_be_done(desk: Desk, people: Team) -> None:
    mention = replace(said(3, "tonto, os mencionan", "eva", "E"), kind=ItemKind.MENTION)
    await hear(desk, people, said(1, "tonto"), said(2, "tonto 2", "luis", "L"), mention)
    gone = Change(Ref("r2"), said(9, "").at, gone=True)
    account = people.accounts["agora"]
    await desk.receiving.receive(account, Page([], "2", changes=[gone]), await desk.receiving.cursor(account.id))
    found = await desk.rulebooks.rehearse("agora", rule(), people.admin)
    assert found.done == {Strength.HIDE: found.count - 1, Strength.FLAG: 1}, "what is gone now was there then"
    assert found.less == {Strength.FLAG: ["Letters Agora"]}
    found = await desk.rulebooks.rehearse("agora", rule(strength=Strength.FLAG), people.admin)
    assert (found.done, found.less) == ({Strength.FLAG: found.count}, {})
    change = desk.store.begin()
    account = await desk.accounts.get(account.id)
    change.put(account.model_copy(update={"state": AccountState.DEAD}), account)
    await change.commit()
    found = await desk.rulebooks.rehearse("agora", rule(), people.admin)
    assert found.done == {Strength.PROPOSE: found.count - 1, Strength.FLAG: 1}
    assert set(found.less) == {Strength.PROPOSE, Strength.FLAG}


async def test_a_changed_rule_is_another_revision_and_the_record_says_what_it_was(desk: Desk, people: Team) -> None:
    for words in (("tonto",), ("tonto", "bobo"), ("tonto", "bobo")):
        book = await desk.rulebooks.save_rule("agora", rule(words=words), people.admin)
    assert book.moderation[0].revision == 2
    assert "insultos (r2); hide; on; words tonto, bobo" in await record(desk)
    assert not (await desk.rulebooks.drop("agora", "insultos", people.admin)).moderation
