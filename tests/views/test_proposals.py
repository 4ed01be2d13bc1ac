"""A sensitive act reads plainly, shows whose it is and what it touches, and nothing that strangers wrote is alive."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.desk.audit import Found, History
from bot.desk.proposals import ProposalPage
from bot.desk.sensitive import SensitivePage
from bot.domain.brands import AccountState, Brand
from bot.domain.conversations import ClosedAs, ConversationStatus
from bot.domain.deliveries import State as Live
from bot.domain.posts import Act as Decided
from bot.domain.posts import PostStatus
from bot.domain.proposals import Act, Proposal, State, Target
from bot.domain.records import AuditEntry
from bot.slack.wire import drawn_in
from bot.text.words import words_for
from handlers.views.accounts import accounts_view
from handlers.views.audit import SearchForm, found_view, history_view, search_view
from handlers.views.inbox import conversation_message
from handlers.views.proposals import Confirm, Decline, TakeBack, TryAgain, evidence_view, proposal_message
from handlers.views.proposing import (
    DeleteForm,
    DisconnectForm,
    UnpublishForm,
    delete_view,
    disconnect_view,
    proposed,
    unpublish_view,
)
from handlers.views.review import review_message
from handlers.views.sensitive import DeleteComment, SeeEvidence, SeeRecord, Unpublish
from tests.views.pages import ANA, BRUNO, CARLA, NAMES, NOW, TITLES, account, brand, decision, delivery, page, post
from tests.views.shown import buttons, formatted, inputs, said
from tests.views.talks import NASTY, conversation, talk_page, words

ES, EN = words_for("es"), words_for("en")
LIVE = ("<!channel>", "<!here>", "<@U1>", "<https://evil", ":tada:", "*b*", "`c`")
CHANGES: Mapping[Act, dict[str, Any]] = {
    Act.POLICIES: {"four_eyes": False, "urgent_alone": True, "late_minutes": 5, "close_on_answer": False},
    Act.ROLES: {"member": CARLA, "roles": ["approver", "moderator"]},
}
BOUND: Mapping[Act, dict[str, str]] = {
    Act.POLICIES: {
        "policies:four_eyes": "True",
        "policies:urgent_alone": "False",
        "policies:late_minutes": "30",
        "policies:close_on_answer": "True",
    },
    Act.ROLES: {"roles": "moderator"},
}


def proposal(
    act: Act = Act.UNPUBLISH, state: State = State.OPEN, text: str = "Abrimos a las 9", **more: Any
) -> Proposal:
    given: dict[str, Any] = {
        "id": "q1",
        "act": act,
        "brand": "agora",
        "subject": "p1",
        "by": CARLA,
        "at": NOW,
        "expires_at": NOW + timedelta(hours=24),
        "reason": "La foto no es nuestra",
        "state": state,
        "change": CHANGES.get(act, {}),
        "bound": BOUND.get(act, {}),
        "targets": (Target(account="x-1", refs=("9",), delivery="d1"),),
        "copy_": {"text": text, "author": f"{NASTY} @lucia", "url": "https://x.example/1"},
        "decided_by": "" if state is State.OPEN else BRUNO,
        "decided_at": None if state is State.OPEN else NOW,
    }
    return Proposal(**given | more)


def proposal_page(shown: Proposal, where: Brand | None = None) -> ProposalPage:
    return ProposalPage(shown, where or brand(), {"x-1": account()}, TITLES, [BRUNO], NOW)


def sensitive(**more: Any) -> SensitivePage:
    given: dict[str, Any] = {
        "brand": brand(),
        "accounts": {"x-1": account(), "facebook-1": account("facebook")},
        "titles": TITLES,
        "asked": [BRUNO],
        "alone": False,
    }
    return SensitivePage(**given | more)


@pytest.mark.parametrize(("act", "state"), list(product(Act, State)))
def test_every_act_in_every_state_reads_and_offers_what_can_be_done(act: Act, state: State) -> None:
    card = proposal_message(proposal_page(proposal(act, state)), ES, NAMES)
    text = said(card)
    assert "Café Ágora" in text
    assert "Carla" in text
    assert "La foto no es nuestra" in text
    offered = {State.OPEN: {Confirm, Decline, TakeBack}, State.FAILED: {TryAgain}}.get(state, set())
    if (act, state) == (Act.DELETE_COMMENT, State.DONE):
        offered = {SeeEvidence}
    assert drawn_in(list(card.blocks)) == offered


def test_the_press_that_does_it_asks_once_and_names_brand_and_account() -> None:
    drawn = buttons(proposal_message(proposal_page(proposal()), EN, NAMES))["Confirm"]
    assert "Café Ágora" in str(drawn["confirm"])
    assert "X @cafe_agora" in str(drawn["confirm"])


def test_old_and_new_stand_side_by_side() -> None:
    rules = said(proposal_message(proposal_page(proposal(Act.POLICIES)), ES, NAMES))
    assert "Revisa otra persona: de sí a *no*" in rules
    assert "de 30 a *5*" in rules
    roles = said(proposal_message(proposal_page(proposal(Act.ROLES)), EN, NAMES))
    assert "Carla: from Moderator to *Approver, Moderator*" in roles


def test_how_it_went_wrong_is_said() -> None:
    for problem in ("outage", "rate_limited", "refused", "access"):
        failed = proposal(state=State.FAILED, problem=problem, detail="503 <!channel>")
        text = said(proposal_message(proposal_page(failed), ES, NAMES))
        assert "503" in text
        assert "<!channel>" not in formatted(proposal_message(proposal_page(failed), ES, NAMES))
    for lapsed in ("post", "account", "text", "policies", "roles"):
        gone = proposal(state=State.EXPIRED, lapsed=lapsed, decided_by="")
        assert "desde que se propuso" in said(proposal_message(proposal_page(gone), ES, NAMES))


def test_deleted_words_are_shown_as_evidence_only() -> None:
    done = proposal_page(proposal(Act.DELETE_COMMENT, State.DONE, "un insulto"))
    assert "un insulto" not in said(proposal_message(done, ES, NAMES))
    assert "un insulto" in said(evidence_view(done, ES, NAMES))
    gone = words("", removed_by=CARLA, removed_at=NOW, evidence="q1")
    card = conversation_message(talk_page(conversation(gone)), ES, NAMES)
    assert "a petición de Carla" in said(card)
    assert SeeEvidence in drawn_in(list(card.blocks))


def test_what_is_deleted_altogether_asks_for_no_answer() -> None:
    gone = words("", removed_by=CARLA, removed_at=NOW, evidence="q1", url="https://x.com/1")
    talk = conversation(gone, status=ConversationStatus.CLOSED, closed_as=ClosedAs.DELETED, closed_by=CARLA)
    card = conversation_message(talk_page(talk), ES, NAMES)
    assert "Eliminada" in said(card)
    assert set(buttons(card)) == {"Prueba"}


def test_what_strangers_wrote_is_not_alive() -> None:
    where = brand(name=NASTY, face="<!here>")
    for act, state in product(Act, State):
        shown = proposal(act, state, NASTY, reason=NASTY, detail=NASTY, problem="refused")
        for drawn in (
            proposal_message(proposal_page(shown, where), ES, NAMES),
            evidence_view(proposal_page(shown, where), ES, NAMES) if act is Act.DELETE_COMMENT else None,
        ):
            if drawn is not None:
                said(drawn)
                assert not [live for live in LIVE if live in formatted(drawn)], (act, state)


def test_the_forms_name_brand_account_and_who_confirms() -> None:
    live = [delivery(Live.LIVE, ref="9"), delivery(Live.LIVE, "facebook", ref="8")]
    form = UnpublishForm(delivery=live[0].id, proposal="q1", accounts=(live[0].id,))
    view = unpublish_view(form, sensitive(deliveries=live, text=NASTY, hurry=True), ES)
    assert [each["value"] for each in inputs(view)["accounts"]["initial_options"]] == [live[0].id]
    assert "alone" in inputs(view)
    assert "<@UBRUNO>" in said(view)
    assert "alone" not in inputs(unpublish_view(form, sensitive(deliveries=live, text="x"), EN))
    nobody = said(unpublish_view(form, sensitive(deliveries=live, text="x", asked=[]), EN))
    assert "Nobody else here could confirm it" in nobody
    practice = said(unpublish_view(form, sensitive(deliveries=live, text="x", alone=True), EN))
    assert "one person is enough" in practice
    talk = conversation(words(NASTY, "w1"), words("x" * 5000, "w2"))
    one = sensitive(accounts={"x-1": account()}, talk=talk, comments=talk.heard[:1])
    view = delete_view(DeleteForm(conversation="c1", proposal="q1", only="w1"), one, ES)
    assert "ref" not in inputs(view)
    said(view)
    both = delete_view(
        DeleteForm(conversation="c1", proposal="q1"),
        sensitive(accounts={"x-1": account()}, talk=talk, comments=talk.heard),
        ES,
    )
    assert inputs(both)["ref"]["initial_option"]["value"] == "w2"
    said(both)
    view = disconnect_view(DisconnectForm(account="x-1", proposal="q1"), sensitive(waiting=2), ES)
    assert "2 publicaciones esperan a esta cuenta" in said(view)
    assert "<@UBRUNO>" in proposed(proposal(), proposal_page(proposal()), ES)


def test_the_longest_of_everything_fits() -> None:
    long = proposal(text="ñ" * 30_000, reason="é" * 500, state=State.FAILED, problem="outage", detail="x" * 5000)
    where = brand(name="B" * 80)
    for act in Act:
        said(proposal_message(proposal_page(long.model_copy(update={"act": act, **_of(act)}), where), ES, NAMES))
    said(evidence_view(proposal_page(long.model_copy(update={"act": Act.DELETE_COMMENT}), where), ES, NAMES))
    live = [delivery(Live.LIVE, ref="9", id=f"d{n}") for n in range(30)]
    form = UnpublishForm(delivery="d0", proposal="q1", reason="é" * 500)
    said(unpublish_view(form, sensitive(deliveries=live, text="ñ" * 30_000, hurry=True, asked=[ANA] * 90), ES))


def _of(act: Act) -> dict[str, Any]:
    return {"change": CHANGES.get(act, {}), "bound": BOUND.get(act, {})}


def test_cards_have_the_way_to_the_record_and_to_taking_down() -> None:
    approved = post(status=PostStatus.APPROVED, decisions=(decision(Decided.APPROVE),))
    live = delivery(Live.LIVE, ref="9", settled_at=NOW)
    shown = page(approved, live)
    assert Unpublish not in drawn_in(list(review_message(shown, ES, NAMES).blocks))
    card = review_message(type(shown)(**vars(shown) | {"removable": frozenset({live.id})}), ES, NAMES)
    said(card)
    drawn = drawn_in(list(card.blocks))
    assert Unpublish in drawn
    assert SeeRecord in drawn
    talk = talk_page()
    assert DeleteComment not in drawn_in(list(conversation_message(talk, ES, NAMES).blocks))
    card = conversation_message(type(talk)(**vars(talk) | {"deletable": True}), ES, NAMES)
    drawn = drawn_in(list(card.blocks))
    assert DeleteComment in drawn
    assert SeeRecord in drawn


def test_a_disconnected_account_says_so_and_can_be_connected_again() -> None:
    view = accounts_view(brand(), [account(state=AccountState.DISCONNECTED, dead_since=NOW)], TITLES, ES, NAMES, NOW)
    assert "Desconectada" in said(view)
    assert "Desconectar" not in buttons(view)
    assert "Reconectar" in buttons(view)


ENTRIES = [
    AuditEntry(at=NOW, who=ANA, act="post.submit", brand="agora", subject="p1", revision=post().current.hash),
    AuditEntry(at=NOW, who=BRUNO, act="post.approve", brand="agora", subject="p1", revision=post().current.hash),
    AuditEntry(at=NOW, who="engine", act="delivery.wire", brand="agora", subject="p1", delivery="d1"),
    AuditEntry(at=NOW, who="engine", act="delivery.live", brand="agora", subject="p1", delivery="d1", detail="9"),
    AuditEntry(at=NOW, who="operator", act="brand.import", brand="agora", subject="p1"),
    AuditEntry(at=NOW, who=CARLA, act="something.new", brand="agora", subject="p1", detail=NASTY),
    *(
        AuditEntry(at=NOW, who=CARLA, act=f"proposal.{act}.{step}", brand="agora", subject="p1", detail=NASTY)
        for act in Act
        for step in ("open", "alone", "second", "declined", "withdrawn", "expired", "retry", "gone", "done", "fail")
    ),
]


def history(entries: list[AuditEntry], thing: Any = None) -> History:
    deliveries = {"d1": delivery(Live.LIVE, id="d1")}
    return History(thing or post(), brand(), entries, deliveries, {"x-1": account()}, TITLES, NOW)


def test_a_history_answers_who_approved_it_first() -> None:
    view = history_view(history(ENTRIES), ES, NAMES)
    text = said(view)
    assert text.index("Bruno aprobó la versión 1") < text.index("Ana envió la versión 1")
    assert "Publicada en X @cafe_agora" in text
    assert "delivery.wire" not in text
    assert not [live for live in LIVE if live in formatted(view)]
    assert "Nadie la ha aprobado" in said(history_view(history(ENTRIES[:1]), ES, NAMES))
    for thing in (conversation(), account(), brand()):
        said(history_view(history(ENTRIES, thing), EN, NAMES))
    said(history_view(history([]), EN, NAMES))


def test_a_long_history_fits_and_says_how_much_is_older() -> None:
    many = [entry.model_copy(update={"detail": "ñ" * 900}) for entry in ENTRIES * 20]
    view = history_view(history(many), ES, NAMES)
    assert "líneas anteriores" in said(view)


def test_a_search_lists_what_fits_in_the_readers_brands() -> None:
    def found(things: list[Any], now: datetime = NOW, cut: bool = False) -> Found:
        return Found(things, {"agora": brand(name=NASTY)}, {"x-1": account()}, TITLES, now, cut)

    things = [post(id=f"p{n}") for n in range(18)] + [conversation(words(NASTY)), account()]
    view = found_view(found(things, cut=True), ES)
    assert "Puede haber más" in said(view)
    assert not [live for live in LIVE if live in formatted(view)]
    assert "No hay nada así" in said(found_view(found([]), ES))
    form = search_view(SearchForm(), found([]), ES)
    assert set(inputs(form)) == {"words", "person", "account", "since", "until", "place"}
    said(form)
