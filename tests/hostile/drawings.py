"""Everything that we draw for Slack, with one text in every place where somebody's words may stand."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk.inbox import OpenInbox
from bot.domain.brands import AccountState, Member, Stop, StopNote
from bot.domain.checks import Finding
from bot.domain.conversations import Outsider
from bot.domain.deliveries import State
from bot.domain.posts import Act, PostStatus
from bot.network import Identity
from bot.slack.blocks import Message, View
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views import (
    accounts,
    alarms,
    answers,
    channels,
    compose,
    decisions,
    digest,
    drafts,
    help,  # noqa: A004 - a feature's name
    home,
    inbox,
    inbox_list,
    publishing,
    review,
    roles,
    settings,
    stop,
)
from handlers.views.faces import named
from tests.views import pages, talks
from tests.views.pages import ANA, BRUNO, CARLA, NOW, TITLES

LATER = NOW + timedelta(hours=3)


def payload(drawn: Message | View) -> Mapping[str, Any]:
    """As it leaves."""
    return {"text": drawn.text, "blocks": list(drawn.blocks)} if isinstance(drawn, Message) else drawn


def drawings(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    """Each with a name; `text` is a brand's, an account's and a person's name, what they say, a picture's, a reason."""
    yield from _posts(text, words)
    yield from _talks(text, words)
    yield from _settings(text, words)


def _brand(text: str) -> Any:
    return pages.brand(name=text or "x", face=text[:40] or "x")


def _known(text: str) -> Any:
    more = {"handle": text[:200], "name": text}
    return {each.id: each for each in (pages.account("x", **more), pages.account("facebook", **more))}


def names(text: str) -> Mapping[str, str]:
    """Members' names as Slack has them, ready for mrkdwn as `names_of` makes them."""
    name = text if relay(text, 80) else "x"  # who has none is mentioned instead
    return {id_: named(Member(id=id_, name=name)) for id_ in (ANA, BRUNO, CARLA)}


def _page(text: str, *deliveries: Any, **more: Any) -> Any:
    revisions = [pages.revision(text="Antes " + text[::-1]), pages.revision(2, text, pictures=(_picture(text),))]
    of_the_post = {"status": PostStatus.IN_REVIEW, "decisions": (_decided(text),), "revisions": tuple(revisions)}
    post = pages.post(**of_the_post | more)
    said = {"brand": text, "channel_brand": text, "name": text, "length": 9, "limit": 8}
    findings = [Finding(key=key, blocks=False, args=said) for key in ("check.brand_mismatch", "check.picture_broken")]
    known = tuple(_known(text).values())
    return pages.page(post, *deliveries, where=_brand(text), accounts=known, findings=findings)


def _picture(text: str) -> Any:
    return pages.picture(name=text, alt=text)


def _decided(text: str, act: Act = Act.REQUEST_CHANGES) -> Any:
    return pages.decision(act, reason=text)


def _posts(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    who, page = names(text), _page(text)
    states = (State.UNKNOWN, State.REFUSED, State.LIVE, State.PLANNED)
    sent = [pages.delivery(state, id=f"d{n}", revision=2) for n, state in enumerate(states)]
    out = _page(text, *sent, status=PostStatus.APPROVED, decisions=(_decided(text, Act.APPROVE),))
    yield "review card", review.review_message(page, words, who)
    yield "review card, approved", review.review_message(out, words, who)
    yield "text", review.text_view(page, 2, words)
    yield "changes", review.changes_view(page, words)
    yield "checks", review.checks_view(page, words)
    yield "decision", decisions.decision_notice(page, _decided(text), words, who)
    yield "ask again", decisions.ask_again(page, words)
    yield (
        "changes form",
        decisions.changes_form(decisions.ChangesForm(post="p1", revision=1, reason=text[:1000]), words),
    )
    for delivery in sent:
        yield f"question, {delivery.state}", alarms.ask_message(delivery, out, words, who)
    yield "ask first", publishing.ask_first(sent[0], out, words)
    draft = page.post.model_copy(update={"status": PostStatus.DRAFT})
    yield "saved", drafts.saved_message(draft, words)
    yield "submitted", drafts.submitted_message(draft, page.brand, review.finding_lines(page, words), words)
    form = compose.filled(compose.ComposeForm(draft="p1", drawn="agora", more=True), draft)
    setting = compose.Setting(
        brands=[page.brand, pages.brand(id="b2")],
        here=pages.brand(id="b2", name=text),
        brand=page.brand,
        accounts=list(page.accounts.values()),
        titles=TITLES,
        kept=[_picture(text)],
        zone=ZoneInfo("America/Lima"),
    )
    yield "compose", compose.compose_view(form, setting, words)


def _talks(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    who, brand = names(text), _brand(text)
    person = Outsider(id="9", handle=text, name=text, followers=3)
    said = [talks.words(text, ref=f"w{n}", url="https://x.example/1", media=(text,)) for n in range(3)]
    talk = talks.owned(heard=tuple(said), person=person, root_url="https://x.example/2")
    sent = [talks.answer(state, text, id=f"r{n}") for n, state in enumerate((State.UNKNOWN, State.LIVE))]
    page = talks.talk_page(talk, *sent, where=brand, about=pages.post(pages.revision(text=text)), stop=_stop(text))
    page = type(page)(**{**vars(page), "account": _known(text)["x-1"]})
    yield "conversation", inbox.conversation_message(page, words, who)
    yield "whole", inbox.whole_view(page, words, who)
    yield "follow-up", inbox.follow_up_message(page, talk.latest, words, who)
    form = answers.ReplyForm(conversation="c1", reply="r1", text=text[:3000])
    yield "reply form", answers.reply_view(form, page, 5, words, who)
    yield "reply's trouble", answers.trouble_message(sent[0], page, words, who)
    listed = OpenInbox(brand=brand, mine=(talk,), new=(talk.model_copy(update={"id": "c2"}),), others=1)
    yield "inbox", inbox_list.inbox_message([listed], _known(text), TITLES, LATER, words)
    day = talks.busy(2, text=text, quote=text)
    parts = tuple(part.model_copy(update={"brand": brand}) for part in day.day.brands)
    day = type(day)(**{**vars(day), "day": day.day.model_copy(update={"brands": parts}), "accounts": _known(text)})
    yield "digest", digest.digest_message(day, words, who)
    yield "digest of a channel", digest.digest_message(type(day)(**{**vars(day), "me": None}), words, who)
    member = Member(id=ANA, name=text if relay(text, 80) else "x", zone=text, locale=text)
    yield "home", home.home_view(talks.home_page(day, brand, member=member), words, who, LATER)


def _stop(text: str) -> Stop:
    return Stop(id="agora", by=ANA, at=NOW, reason=text)


def _settings(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    who, brand = names(text), _brand(text)
    known = list(_known(text).values())
    dead = known[0].model_copy(update={"state": AccountState.DEAD, "dead_since": NOW, "dead_reason": text})
    note = StopNote(id="agora-1", scope="agora", by=ANA, at=NOW, reason=text)
    held = pages.delivery(State.HELD, trouble="stopped", revision=2)
    waits = stop.Held(held, _page(text, held, status=PostStatus.APPROVED))
    yield "stop card", stop.stop_card(note, brand, [waits], 3, words, who)
    lifted = note.model_copy(update={"lifted_by": BRUNO, "lifted_at": LATER})
    yield "stop card, lifted", stop.stop_card(lifted, brand, [waits], 3, words, who)
    yield "stop form", stop.stop_view(stop.StopForm(scope="agora", reason=text[:500]), [brand], True, words)
    yield "stops", stop.stops_list([(_stop(text), brand)], words, who)
    yield "access lost", alarms.access_lost(dead, brand, "X", 3, words)
    yield "access back", alarms.access_back(dead, brand, "X", words)
    lost = channels.ChannelOutOfReach(channel="C1", reason=text, since=1, to=ANA)
    yield "channel lost", channels.lost_message(lost, brand, words)
    yield "accounts", accounts.accounts_view(brand, [dead, known[1]], TITLES, words, who, NOW)
    keys = accounts.ConnectForm(brand="agora", account="x-1", drawn="x")
    yield "keys", accounts.connect_view(keys, brand, TITLES, (), dead, words)
    found = Identity("1", text, text, "https://x.example/face.png")
    yield "whose keys", accounts.confirm_view(accounts.ConfirmForm(brand="agora", held="h"), brand, "X", found, words)
    form = settings.brand_form(brand.model_copy(update={"name": text[:80]}), "C1")
    yield "brand form", settings.brand_view(form, words)
    yield "roles", roles.roles_view(roles.RolesForm(brand="agora"), brand, words)
    told = [
        accounts.connected(dead, brand, TITLES, words),
        settings.saved(brand, words, new=True),
        roles.roles_saved(ANA, brand.roles[ANA], brand, words, who),
        settings.practice_ready(brand, words),
    ]
    yield "told", Message("\n".join(told))
    yield "unknown verb", help.unknown_message(text, None, words)
    yield "mention", help.menu_message(words, relay(text, 80))
