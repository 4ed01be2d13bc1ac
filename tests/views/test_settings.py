"""Settings: forms that hold what is, secrets that never ride along or print, and help in both languages."""

import pytest
from pydantic import SecretStr

from bot.desk.private import Offer
from bot.desk.spending import Spent
from bot.domain.brands import AccountState, Policies, Role
from bot.network import CredentialField, Identity
from bot.slack.blocks import option
from bot.slack.submission import refilled
from bot.slack.wire import elements_in
from bot.text.verbs import Verb
from bot.text.words import words_for
from handlers.views.accounts import ConfirmForm, ConnectForm, accounts_view, confirm_view, connect_view
from handlers.views.help import SERVED, help_message, menu_message, unknown_message, verb_message
from handlers.views.roles import RolesForm, roles_line, roles_view
from handlers.views.settings import BrandForm, brand_form, brand_view
from tests.views.pages import ANA, BRUNO, NAMES, NOW, TITLES, account, brand
from tests.views.shown import buttons, inputs, said

ES, EN = words_for("es"), words_for("en")
KEYS = (CredentialField("access_token"), CredentialField("access_token_secret"))


def test_a_brands_form_holds_what_it_is_and_gives_it_back() -> None:
    where = brand(policies=Policies(four_eyes=True, digest_channel=True, late_minutes=5), digest_hour=8)
    form = brand_form(where, "")
    drawn = inputs(brand_view(form, ES))
    assert drawn["name"]["initial_value"] == "Café Ágora"
    assert drawn["review"]["initial_conversation"] == "CREVIEW"
    assert drawn["hour"]["initial_option"]["value"] == "8"
    assert form.channels == where.channels
    assert form.policies(where.policies) == where.policies
    said(brand_view(BrandForm(), EN))


def test_roles_are_listed_and_ticked_when_a_member_is_chosen() -> None:
    where = brand()
    first = roles_view(RolesForm(brand="agora"), where, ES)
    assert "roles" not in inputs(first)
    assert "<@UANA>: Redacción" in said(first)
    ticked = roles_view(RolesForm(brand="agora", person="UANA", drawn="UANA", roles=("author",)), where, ES)
    assert [o["value"] for o in inputs(ticked)["roles"]["initial_options"]] == ["author"]
    assert roles_line({BRUNO: frozenset(Role)}, ES) == "<@UBRUNO>: Administración"
    assert roles_line({}, EN) == "No roles yet"


def test_keys_are_asked_for_by_name_and_never_ride_along() -> None:
    form = ConnectForm(brand="agora", drawn="x", first=SecretStr("s3cret-one"), second=SecretStr("s3cret-two"))
    view = connect_view(form, brand(), {"x": "X", "facebook": "Facebook"}, KEYS, None, EN)
    assert "s3cret" not in str(view)
    assert "s3cret" not in repr(form)
    assert "s3cret" not in form.packed()
    assert form.typed(KEYS) == {"access_token": "s3cret-one", "access_token_secret": "s3cret-two"}
    assert "Access token secret" in said(view)
    again = connect_view(form, brand(), TITLES, KEYS, account(), ES)
    assert "network" not in inputs(again)
    assert "X @cafe_agora" in said(again)


@pytest.mark.parametrize("picture", [None, "https://x.example/face.png", "http://127.0.0.1/face.png"])
def test_whose_keys_they_are_is_shown_before_anything_is_saved(picture: str | None) -> None:
    identity = Identity("1", "cafe_agora", "Café <!here> *Ágora*", picture)
    view = confirm_view(ConfirmForm(brand="agora", held="h1"), brand(), "X", identity, ES)
    assert "<!here>" not in said(view)
    assert "(@cafe∶agora)" in said(view) or "(@cafe_agora)" in said(view)
    assert ("image" in str(view)) == bool(picture and picture.startswith("https"))


def test_whoever_has_no_handle_is_shown_without_one() -> None:
    view = confirm_view(
        ConfirmForm(brand="agora", held="h1"), brand(), "Facebook", Identity("1", "", "Ágora", None), ES
    )
    assert "@" not in said(view)
    assert "()" not in said(view)


def test_accounts_say_whether_their_access_works() -> None:
    dead = account("facebook", state=AccountState.DEAD, dead_since=NOW, connected_by=ANA)
    view = accounts_view(brand(), [account(), dead], TITLES, ES, NAMES, NOW)
    assert "Acceso en orden" in said(view)
    assert "Sin acceso: hay que reconectarla · lun 2 de marzo" in said(view)
    assert "La conectó Ana" in said(view)
    assert "Conectar una cuenta" in buttons(view)
    many = [account(id=f"x-{n}") for n in range(90)]
    said(accounts_view(brand(), many, TITLES, EN, NAMES, NOW))
    spent = {each.id: Spent(1.0, 5.0) for each in many}
    offers = {each.id: Offer(False, 0.010, 0.015, 4) for each in many}
    lacks = {each.id: "Read and write and Direct message" for each in many}
    said(accounts_view(brand(), many, TITLES, ES, NAMES, NOW, None, spent, lacks, offers))


def test_what_private_messages_cost_is_asked_about_before_they_are_read() -> None:
    for words, price in ((ES, "0.010 $"), (EN, "$0.010")):
        for on in (False, True):
            view = accounts_view(
                brand(), [account()], TITLES, words, NAMES, NOW, offers={"x-1": Offer(on, 0.010, 0.015, 4)}
            )
            (press,) = [each for each in elements_in(view) if each["action_id"].startswith("accounts.messages")]
            assert (price in press["confirm"]["text"]["text"]) is not on
            assert len(press["confirm"]["text"]["text"]) < 300
            assert words("settings.messages.off" if on else "settings.messages.on") in buttons(view)


@pytest.mark.parametrize("reader", ["en", "es", "es-MX"])
def test_help_fits_and_names_every_verb(reader: str) -> None:
    words = words_for(reader)
    page = said(help_message(words))
    for verb in SERVED:
        assert words(f"help.{verb}") in page
    for verb in Verb:
        said(verb_message(verb, words))
        said(unknown_message("<!here>" * 30, verb, words))
    said(unknown_message("x", None, words))
    said(menu_message(words, "Hola"))


def test_a_form_that_comes_back_late_brings_no_secret_back() -> None:
    form = ConnectForm(brand="agora", drawn="x")
    view = connect_view(form, brand(), {"x": "X"}, KEYS, None, EN)
    typed = {"accounts.form.first": {"type": "plain_text_input", "value": "s3cret"}}
    network = {"accounts.form.network": {"type": "static_select", "selected_option": option("X", "x")}}
    state = {"state": {"values": {"first:x": typed, "network": network}}}
    back = refilled(dict(view) | state, {"": "Again."})
    assert "s3cret" not in str(back)
    assert inputs(back)["network"]["initial_option"]["value"] == "x"
    said(back)
