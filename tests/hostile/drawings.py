"""Everything that we draw for Slack, with one text in every place where somebody's words may stand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk.answers import Written
from bot.desk.corrections import Correcting, CorrectionPage
from bot.desk.facts import FactsPage
from bot.desk.moderation import Moderating
from bot.desk.posts import Content
from bot.desk.private import Offer
from bot.desk.repeating import Repeated
from bot.desk.rulebooks import Rehearsal
from bot.desk.sheets import Line, Made, TableLook
from bot.desk.suggestions import SuggestionPage
from bot.desk.week import Outcome, Waiting, WeekPage
from bot.domain.assisted import Ask, ByHand
from bot.domain.brands import AccountState, Member, Stop, StopNote
from bot.domain.bulk import BulkAct, BulkState
from bot.domain.calendar_links import CalendarLink
from bot.domain.checks import Finding
from bot.domain.client_links import ClientLink
from bot.domain.conversations import ClosedAs, Escalation, Outsider
from bot.domain.corrections import Correction, CorrectionState
from bot.domain.deliveries import State, Trouble
from bot.domain.errands import Errand, Facet
from bot.domain.facts import Fact, FactState, Source, Verdict
from bot.domain.handling import Collision
from bot.domain.heat import Heat
from bot.domain.holds import Hold
from bot.domain.looks import Look
from bot.domain.posts import Act, PostStatus
from bot.domain.promises import LateNotice, Rung
from bot.domain.remarks import Remark
from bot.domain.reminding import Rung as ReviewRung
from bot.domain.routing import Route
from bot.domain.rulebook import Rulebook
from bot.domain.ruled import RULE, Ruled, Strength
from bot.domain.ruling import ModerationRule
from bot.domain.saved_replies import SavedReply
from bot.domain.sheets import Row, Table
from bot.domain.suggestions import Since, Suggestion, Way
from bot.domain.suggestions import State as SuggestionState
from bot.domain.suggestions import Version as SuggestedVersion
from bot.domain.week import Choice, Shown
from bot.errors import UserError
from bot.network import Identity
from bot.network.assisted import OTHER
from bot.slack.blocks import Message, View, section
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views import (
    accounts,
    alarms,
    answers,
    assisted,
    by_hand,
    calendar_links,
    channels,
    client_links,
    compose,
    corrections,
    decisions,
    digest,
    drafts,
    facts,
    facts_list,
    fixing,
    handling,
    help,  # noqa: A004 - a feature's name
    home,
    inbox,
    inbox_list,
    inbox_rules,
    keeping,
    late,
    legal,
    looks,
    publishing,
    reminding,
    repeating,
    review,
    roles,
    routing,
    rulebook,
    saved_replies,
    settings,
    sheets,
    signing,
    stop,
    storms,
    suggestions,
    urgency,
    week,
    work,
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
    yield from _by_hand(text, words)
    yield from _reviews(text, words)
    yield from _talks(text, words)
    yield from _settings(text, words)
    yield from _corrections(text, words)
    yield from _rules(text, words)


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
    return pages.page(post, *deliveries, where=_brand(text), accounts=known, findings=findings, leans=[_fact(text)])


def _picture(text: str) -> Any:
    return pages.picture(name=text, alt=text)


def _fact(text: str, state: FactState = FactState.TRUE) -> Fact:
    return Fact(
        id="e1",
        brand="agora",
        statement=text[:300] or "x",
        state=state,
        sources=(Source(url="https://a.example/x", owner=text[:120] or "x", on=NOW.date()),),
        verdicts=(Verdict(state=state, by=ANA, at=NOW),),
        expires=LATER,
        by=ANA,
        at=NOW,
        changed_at=NOW,
    )


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
    fell = sent[0].model_copy(
        update={"state": State.HELD, "trouble": Trouble(kind="fact_false", detail=text[:300] or "x")}
    )
    yield "question, a fact fell", alarms.ask_message(fell, out, words, who)
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
        now=pages.NOW,
        telling=text or "x",
        facts=[_fact(text, state) for state in FactState],
    )
    yield "compose", compose.compose_view(form, setting, words)


def _reviews(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    who, page = names(text), _page(text)
    waiting = [Waiting(page, choice) for choice in Choice]
    listed = WeekPage(waiting, total=4)
    reason = [relay(text, 200) or "x"]
    outcome = Outcome([page.post], [(page, UserError("error.blocked"))])
    yield "reviewing: week", week.week_view(week.WeekForm(), listed, words, week.outcome_lines(outcome, reason, words))
    yield "reviewing: week, sure", week.sure_view(week.WeekForm(), [Shown.of(page.post)], [page], words)
    yield "reviewing: week, done", week.outcome_message(week.outcome_lines(outcome, reason, words))
    form = fixing.FixForm(post="p1", revision=2, text=text[:3000])
    yield "reviewing: fix", fixing.fix_view(form, page, words)
    yield "reviewing: fix, shown", fixing.look_view(form, page, words)
    fixed = pages.decision(Act.APPROVE, revision=2, fixed=True)
    yield "reviewing: fixed", fixing.fixed_notice(page, fixed, words, who)
    for rung in ReviewRung:
        yield f"reviewing: reminder, {rung}", reminding.reminder(page, rung, words, who)
    late = _page(text, status=PostStatus.EXPIRED, due=NOW)
    yield "reviewing: expired", reminding.expired_notice(late, words)
    yield "reviewing: expired card", review.review_message(late, words, who)
    yield "reviewing: urgent", urgency.urgent_message(page, words, who)
    yield "reviewing: urgent, offered", urgency.offer_message(page, words)
    asked = urgency.AloneForm(post="p1", revision=2, content="h", reason=text[:500])
    yield "reviewing: alone", urgency.alone_view(asked, page, words)
    alone = pages.decision(Act.APPROVE, revision=2, alone=True, reason=text)
    yield "reviewing: sent alone", urgency.sent_message(page, alone, words, who)
    said = [
        Remark(id=f"m{n}", brand="agora", post="p1", revision=n, by=BRUNO, at=NOW, text=text[:3000]) for n in (1, 1, 2)
    ]
    yield "reviewing: talk", review.changes_view(page, words, said, who)


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
    choices = [SavedReply(id="s1", brand="agora", title=text[:60] or "x", text="x", by=ANA, at=NOW)]
    typed = Written(saved=choices, exact=f"{text[:2900]} ^{text[:20]}", count=5, sign=f"^{text[:20]}")
    form = answers.ReplyForm(conversation="c1", reply="r1", text=text[:3000])
    yield "reply form", answers.reply_view(form, page, typed, words, who)
    hot = type(typed)(**{**vars(typed), "heat": Heat(again=True, shouting=True), "left": ("{link}",), "waits": True})
    told = form.model_copy(update={"changed": ("people", "links")})
    yield "reply form, hot", answers.reply_view(told, page, hot, words, who)
    yield from _suggestions(text, page, words, who)
    look = Look(id="l1", brand=brand.id, conversation="c1", by=ANA, to=BRUNO, text=text[:3000] or "x", at=NOW)
    yield "look", looks.look_message(look, page, words, who)
    yield "look form", looks.look_view(looks.LookForm(conversation="c1", look="l1", text=text[:3000]), page, words)
    yield "reply's trouble", answers.trouble_message(sent[0], page, words, who)
    listed = talks.list_page(talk, where=brand, words=text, accounts=_known(text))
    yield "inbox", inbox_list.inbox_view(inbox_list.InboxForm(words=text[:100]), listed, words, who)
    going = work.WorkForm(conversation="c1", reply="r1", text=text[:3000])
    yield "working through", work.work_view(going, page, 3, typed, Collision(answers=("r1",)), words, who)
    asked = Escalation(to=BRUNO, kind="person", by=ANA, at=NOW, note=text[:1000])
    passed = type(page)(**{**vars(page), "conversation": talk.model_copy(update={"escalation": asked})})
    yield "assign", handling.assign_view(handling.AssignForm(conversation="c1"), passed, words, who)
    yield "snooze", handling.snooze_view(handling.SnoozeForm(conversation="c1"), passed, words, who)
    yield "escalate", handling.escalate_view(handling.EscalateForm(conversation="c1"), passed, words, who)
    yield "assigned", handling.assigned_message(passed, ANA, words, who)
    yield "back again", handling.woken_message(passed, words, who)
    yield "asked", handling.asked_message(passed, words, who, moderates=True)
    notice = LateNotice(id="n", brand=brand.id, rung=Rung.ROLE, to=ANA, talks=("c1",), count=9, at=NOW)
    yield "late", late.late_message(notice, brand, [passed], words, who)
    rules = inbox_rules.InboxRulesForm(brand=brand.id, topics=text[:800], week=text[:2000])
    yield "inbox rules", inbox_rules.rules_view(rules, brand, words)
    acts = [talks.for_all(BulkAct.CLOSE, reason=ClosedAs.SPAM, state=BulkState.DONE), talks.for_all(BulkAct.ANSWER)]
    crowded = talks.crowd_page(*acts[:1], talk=talk, where=brand, account=_known(text)["x-1"])
    yield "crowd", storms.crowd_message(crowded, words, who)
    yield "crowd, busy", storms.crowd_message(talks.crowd_page(*acts, talk=talk, where=brand), words, who)
    each = storms.AnswerAllForm(crowd="k1", act="u1", seen=42, **dict.fromkeys(storms.FIELDS, text[:3000]))
    yield "answer each", storms.answer_all_view(each, crowded, words)
    yield "storm", storms.storm_message(talks.storm_page(where=brand, on=_known(text)["x-1"]), words)
    yield "storm, over", storms.over_message(talks.storm_page(where=brand, on=_known(text)["x-1"], over_at=NOW), words)
    day = talks.busy(2, text=text, quote=text)
    parts = tuple(part.model_copy(update={"brand": brand}) for part in day.day.brands)
    day = type(day)(**{**vars(day), "day": day.day.model_copy(update={"brands": parts}), "accounts": _known(text)})
    yield "digest", digest.digest_message(day, words, who)
    yield "digest of a channel", digest.digest_message(type(day)(**{**vars(day), "me": None}), words, who)
    member = Member(id=ANA, name=text if relay(text, 80) else "x", zone=text, locale=text)
    yield "home", home.home_view(talks.home_page(day, brand, member=member), words, who, LATER)


def _suggestions(text: str, talk: Any, words: Words, who: Mapping[str, str]) -> Iterator[tuple[str, Message | View]]:
    version = SuggestedVersion(text=text[:3000] or "x", by=ANA, at=NOW)
    mine = Suggestion(
        id="g1", brand="agora", conversation="c1", way=Way.PUBLIC, ref="w0", last="w0", heard="", by=ANA, at=NOW,
        versions=(version,), signature=f"^{text[:20]}", version=1,
    )  # fmt: skip
    since = Since(said=talk.conversation.heard[1:], changed=True, answers=tuple(talk.replies), closed=True)
    page = SuggestionPage(mine, talk, since, "a" * 16, (BRUNO, CARLA))
    yield "suggestion", suggestions.suggestion_message(page, words, who)
    fix = suggestions.FixForm(suggestion="g1", revision=1, around="", text=text[:3000])
    yield "fix", suggestions.fix_view(fix, page, words, who)
    rewrite = suggestions.RewriteForm(suggestion="g1", revision=1, text=text[:3000])
    yield "rewrite", suggestions.rewrite_view(rewrite, page, words, who)
    back = suggestions.ReturnForm(suggestion="g1", revision=1, reason=text[:500])
    yield "send back", suggestions.return_view(back, page, words)
    decided = {"decided_by": BRUNO, "decided_at": NOW, "reason": text[:500]}
    returned = mine.model_copy(update={**decided, "state": SuggestionState.RETURNED})
    yield "sent back", suggestions.returned_message(type(page)(**{**vars(page), "suggestion": returned}), words, who)
    other = version.model_copy(update={"text": "otro", "by": BRUNO})
    fixed = mine.model_copy(update={**decided, "state": SuggestionState.APPROVED, "versions": (version, other)})
    yield "fixed", suggestions.suggestion_message(type(page)(**{**vars(page), "suggestion": fixed}), words, who)


def _rules(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    """What rules did, and the book in which they stand."""
    who, brand = names(text), _brand(text)
    person = Outsider(id="9", handle=text, name=text)
    short, word = text[:40], text[:80]
    acts = [
        Ruled(rule="r", name=short, revision=1, strength=strength, word=word, at=NOW, undone_by=by)
        for strength, by in ((Strength.FLAG, ""), (Strength.PROPOSE, ANA), (Strength.HIDE, ""))
    ]
    said = [talks.words(text, ref=f"w{n}", ruled=act, hidden=True, hidden_by=RULE) for n, act in enumerate(acts)]
    hold = Hold(by=ANA, at=NOW, reason=text[:500])
    talk = talks.owned(heard=tuple(said), person=person, hold=hold, route=short)
    page = talks.talk_page(talk, where=brand)
    errand = Errand(
        id="e", facet=Facet.HIDE, brand="agora", account="x-1", network="x", conversation="c1", ref="w2", by=RULE,
        at=NOW, rule=short,
    )  # fmt: skip
    page = type(page)(**{**vars(page), "moderating": Moderating(errands={Facet.HIDE: errand})})
    yield "ruled", inbox.conversation_message(page, words, who)
    rule = ModerationRule(id="r", name=short, words=(word,), tags=(text[:30],), on=True, paused_at=NOW)
    route = Route(id="q", name=short, words=(word,), tags=(text[:30],), channel="C1", member=ANA)
    book = Rulebook(id="agora", moderation=(rule,), routes=(route,), keep_days=90, keep_from=NOW)
    parts = [
        *routing.routes_blocks(brand, book, {}, words, who),
        *keeping.keeping_blocks(brand, book, words),
    ]
    yield "rulebook", rulebook.rulebook_view(brand, book, words, parts)
    did, less = {Strength.HIDE: 1, Strength.FLAG: 2}, {Strength.FLAG: [text[:80] or "x"]}
    seen = Rehearsal(3, 3, [(talk, said[0])], cut=True, done=did, less=less)
    form = rulebook.RuleForm(brand="agora", rule="r", terms=text[:3000])
    yield "rule", rulebook.rule_view(form, brand, words, seen)
    sent = routing.RouteForm(brand="agora", rule="q", terms=text[:3000])
    yield "route", routing.route_view(sent, brand, list(_known(text).values()), TITLES, words, seen)
    yield "keeping", keeping.keeping_view(keeping.KeepingForm(brand="agora", days=90), brand, words, (3, 1))
    yield "legal", legal.legal_view(legal.LegalForm(outsider="n"), brand, words)
    yield (
        "ruled told",
        Message(
            "\n".join(
                [
                    rulebook.rule_saved(rule, brand, words),
                    routing.route_saved(route, brand, words),
                    keeping.keeping_saved(book, brand, words),
                ]
            )
        ),
    )


def _corrections(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    who, brand, account = names(text), _brand(text), next(iter(_known(text).values()))
    out = pages.delivery(State.LIVE, revision=2)
    post = _page(text, out, status=PostStatus.APPROVED)
    made = Correction(
        id="v1", brand="agora", account=account.id, network=account.network, post="p1", delivery=out.id, before=text,
        text=text[::-1], by=ANA, at=NOW, settled_by=BRUNO, settled_at=NOW,
    )  # fmt: skip
    page = Correcting(
        delivery=out, post=post.post, brand=brand, account=account, title="X", said=text, limit=280, able=True,
        signs=True,
    )  # fmt: skip
    form = corrections.CorrectForm(delivery="d1", correction="v1", text=text[:3000])
    yield "correction form", corrections.correct_view(form, page, len(text), words)
    yield "no correcting there", corrections.no_correcting_view(page, words)
    for state in CorrectionState:
        known = made.model_copy(update={"state": state, "problem": "refused" if state in {"refused", "failed"} else ""})
        told = CorrectionPage(known, post.post, brand, account, "X", (BRUNO,), ())
        yield f"correction {state}", corrections.correction_message(told, words, who, NOW)
        there = replace(post, corrections=(known,), deliveries=(out.model_copy(update={"corrected": text}),))
        yield f"corrected {state}", review.review_message(there, words, who)


def _stop(text: str) -> Stop:
    return Stop(id="agora", by=ANA, at=NOW, reason=text)


def _by_hand(text: str, words: Words) -> Iterator[tuple[str, Message | View]]:
    """What somebody is sent who publishes by hand, in each of its states."""
    who = names(text)
    state: dict[str, Any] = {"network": "instagram-assisted", "account": "x-1", "revision": 2}
    first = Ask(to=ANA, at=NOW, due=NOW, until=LATER, reason=text[:500])
    asks = (first, Ask(to=BRUNO, at=NOW, due=NOW, until=LATER))
    doing = ByHand(network=text[:80], link="https://www.instagram.com/x", publisher=ANA, deputy=BRUNO)
    profile = pages.account("x", handle=text[:80], name=text[:80], by_hand=doing, personal=True)
    for number, each in enumerate((State.BY_HAND, State.LIVE, State.HELD, State.MISSED, State.REFUSED, State.PLANNED)):
        trouble = Trouble(kind="by_hand", detail=text[:500]) if each is State.REFUSED else None
        asked = pages.delivery(each, id=f"b{number}", asks=asks, settled_by=ANA, **state)
        asked = asked.model_copy(update={"trouble": trouble, "url": "https://www.instagram.com/p/1"})
        page = _page(text, asked, status=PostStatus.APPROVED, decisions=(_decided(text, Act.APPROVE),))
        page = replace(page, accounts={"x-1": profile})
        yield f"by hand, {each}", by_hand.hand_message(asked, 1, page, words, who)
        yield f"by hand, {each}, passed on", by_hand.hand_message(asked, 0, page, words, who)
        yield f"by hand, {each}, called off", by_hand.off_message(asked, page, BRUNO, words)
        yield f"by hand, {each}, on the card", review.review_message(page, words, who)
        yield f"by hand, {each}, more", by_hand.more_message(asked, 1, 0, page, words)
    published = by_hand.PublishedForm(delivery="b0")
    yield "by hand, published", by_hand.published_view(published, page, asked, words, linked=True)
    yield "by hand, can't", by_hand.cant_view(by_hand.CantForm(delivery="b0", number=1), page, asked, words)
    form = assisted.filled(assisted.AssistedForm(brand="agora", account="x-1"), profile)
    form = form.model_copy(update={"drawn": OTHER, "title": text[:80]})
    yield "assisted form", assisted.assisted_view(form, _brand(text), {OTHER: "Web", "x": "X"}, None, words)
    yield "assisted form, known", assisted.assisted_view(form, _brand(text), {"x": "X"}, profile, words)
    yield "assisted accounts", accounts.accounts_view(_brand(text), [profile], TITLES, words, who, NOW)
    told = assisted.saved(profile, _brand(text), TITLES, words)
    yield "assisted, saved", Message(told, [section(told)])


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
    lacks, offers = {dead.id: text}, {dead.id: Offer(True, 0.01, 0.015, 4), known[1].id: Offer(False, 0.01, 0.015, 4)}
    yield (
        "accounts and what they lack",
        accounts.accounts_view(brand, [dead, known[1]], TITLES, words, who, NOW, None, None, lacks, offers),
    )
    keys = accounts.ConnectForm(brand="agora", account="x-1", drawn="x")
    yield "keys", accounts.connect_view(keys, brand, TITLES, (), dead, words)
    found = Identity("1", text, text, "https://x.example/face.png")
    yield "whose keys", accounts.confirm_view(accounts.ConfirmForm(brand="agora", held="h"), brand, "X", found, words)
    form = settings.brand_form(brand.model_copy(update={"name": text[:80]}), "C1")
    yield "brand form", settings.brand_view(form, words)
    kept = SavedReply(id="s1", brand="agora", title=text[:60] or "x", text=text[:2000] or "x", by=ANA, at=NOW)
    links = [(brand, CalendarLink(id="a" * 64, brand="agora", by=ANA, at=NOW)), (brand, None)]
    yield "calendar links", calendar_links.links_view(links, who, NOW, words, reached=True)
    yield "no calendar links", calendar_links.links_view(links, who, NOW, words, reached=False)
    row = Row(2, {"text": text})
    bad = Line(row, problem=UserError("sheet.no_account", name=text[:60]))
    table = Table([row], (text[:40] or "x",), guessed=True)
    asked = sheets.ConfirmImport(brand="agora", file="F1", asked=1)
    yield "sheet", sheets.look_view(asked, TableLook(brand, table, [bad]), NOW, words)
    good = Line(row, Content(brand="agora", text=text, due=LATER))
    yield "good sheet", sheets.look_view(asked, TableLook(brand, table, [good]), NOW, words)
    yield "sheet made", Message(sheets.made_message(Made(brand, 1, 2, [bad]), words))
    yield "sheet form", sheets.import_view(sheets.ImportForm(), [brand], words)
    again = repeating.RepeatForm(post="p1", revision=1)
    yield "repeat", repeating.repeat_view(again, _page(text, held, status=PostStatus.APPROVED).post, words)
    done = Repeated(brand, [LATER], 1, [(LATER, UserError("check.blackout", name=text[:60], brand=text[:60]))])
    yield "repeated", Message(repeating.repeated_message(done, NOW, words))
    yield "calendar link", calendar_links.made_view(brand, f"https://vocero.example/ical/{43 * 'a'}.ics", words)
    given = ClientLink(
        id="b" * 64, brand="agora", holder="link:1", name=text[:60] or "x", by=ANA, at=NOW, until=NOW, opened=NOW
    )
    yield "client links", client_links.links_view([(brand, [given]), (brand, [])], who, NOW, words, reached=True)
    for_whom = client_links.ClientLinkForm(brand="agora", link="1", name=text[:60])
    yield "new client link", client_links.new_view(for_whom, brand, words)
    address = f"https://vocero.example/client/{43 * 'a'}"
    yield "client link", client_links.made_view(brand, text[:60], address, words)
    yield "saved replies", saved_replies.saved_view(brand, [kept], words, writes=True)
    written = saved_replies.SavedForm(brand="agora", saved="s1", title=text[:60], text=text[:2000])
    yield "saved reply", saved_replies.saved_form_view(written, brand, words, kept=True)
    said = _fact(text)
    yield "fact", facts.fact_message(said, brand, words, who)
    typed = facts.FactForm(fact="e1", statement=text[:300], owner1=text[:120], brand="agora")
    yield "fact form", facts.fact_view(typed, [brand], words)
    verdict = facts.with_sources(facts.VerdictForm(fact="e1", seen=1), said, brand)
    yield "verdict", facts.verdict_view(verdict, said, brand, words)
    listed = FactsPage(text, 0, 1, [said], {"agora": brand}, NOW)
    searched = facts_list.FactsForm(words=text[:100])
    yield "facts", facts_list.facts_view(searched, listed, frozenset({"agora"}), BRUNO, words, who)
    member = Member(id=ANA, name=text, signature=text[:20])
    yield "signature", signing.signature_view(signing.SignatureForm(name=text[:20]), member, words)
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
