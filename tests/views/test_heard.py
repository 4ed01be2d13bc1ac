"""What became of somebody's words, on the card: edited, hidden, deleted, erased."""

from datetime import timedelta

import pytest

from bot.domain.conversations import Words
from bot.domain.sightings import Sighting, Told, see
from bot.text.words import words_for
from handlers.views.inbox import conversation_message, follow_up_message, whole_view
from tests.views.pages import CARLA, NAMES, NOW, brand
from tests.views.shown import buttons, formatted, said
from tests.views.talks import NASTY, conversation, talk_page, words

ES, EN = words_for("es"), words_for("en")


def edited(*texts: str) -> Words:
    """Words that read so, one after another."""
    found = words(texts[0])
    for minute, text in enumerate(texts[1:], 1):
        at = NOW - timedelta(minutes=20 - minute)
        found = see(found, Sighting(ref=found.ref, at=at, text=text, told=Told.EDITED))
    return found


def test_an_edit_shows_before_and_after() -> None:
    talk = conversation(edited("Me encanta", "Me da igual", "Lo odio"))
    text = said(conversation_message(talk_page(talk), ES, NAMES))
    assert "Me encanta" not in text
    assert text.index("Antes") < text.index("Me da igual") < text.index("Editado el") < text.index("Lo odio")
    whole = said(whole_view(talk_page(talk), EN, NAMES))
    assert whole.index("Me encanta") < whole.index("Me da igual") < whole.index("Lo odio")


def test_what_its_author_deleted_is_marked_kept_for_a_while_and_not_answered() -> None:
    talk = conversation(words(gone_at=NOW - timedelta(minutes=2)))
    card = conversation_message(talk_page(talk), ES, NAMES)
    text = said(card)
    assert "Lo eliminó quien lo escribió, el lun 2 de marzo, 15:58 (Madrid)" in text
    assert "Guardamos el texto 30 días" in text
    assert "¿Abrís el domingo?" in text
    assert "Responder en público" not in buttons(card)
    assert "No hace falta" in buttons(card)


def test_what_was_erased_says_so_and_nothing_else() -> None:
    talk = conversation(words("", gone_at=NOW - timedelta(days=31), erased_at=NOW))
    for drawn in (
        conversation_message(talk_page(talk), EN, NAMES),
        whole_view(talk_page(talk), EN, NAMES),
        follow_up_message(talk_page(talk), talk.latest, EN, NAMES),
    ):
        assert "We don't keep the text any longer" in said(drawn)


@pytest.mark.parametrize(("by", "sentence"), [(CARLA, "Lo ocultó Carla el"), ("", "pero no desde aquí")])
def test_the_card_says_by_whom_it_was_hidden(by: str, sentence: str) -> None:
    talk = conversation(words(hidden=True, hidden_by=by, hidden_at=NOW))
    assert sentence in said(conversation_message(talk_page(talk), ES, NAMES))


def test_of_pictures_the_host_is_told_and_nothing_is_linked() -> None:
    talk = conversation(words(media=("https://cdn.example.net/a.jpg?x=1", "https://evil.example/|<!here>", "nowhere")))
    text = said(conversation_message(talk_page(talk), EN, NAMES))
    assert "3 pictures (cdn.example.net, evil.example)" in text
    assert "<https://cdn" not in text
    assert "<!here>" not in text


def test_a_quote_says_what_it_is_and_which_post_it_shows() -> None:
    talk = conversation(words(kind="quote"), root="77", root_url="https://x.example/77")
    text = said(conversation_message(talk_page(talk), ES, NAMES))
    assert "Cita de una publicación de" in text
    assert "https://x.example/77" in text


def test_no_wording_can_format_ping_or_link() -> None:
    talk = conversation(edited(NASTY, NASTY + "!", NASTY))
    text = formatted(conversation_message(talk_page(talk), ES, NAMES))
    assert not any(sign in text for sign in ("<!channel>", "<@U1>", "<https://evil", "*b*"))
    assert brand().policies.deleted_days == 30
