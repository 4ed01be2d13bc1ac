"""What the rules answer becomes a sentence."""

from datetime import UTC, datetime

from bot.text.telling import sentence
from bot.text.words import words_for

AT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def test_who_and_when() -> None:
    args = {"who": "U1", "at": AT}
    said = sentence(words_for("es-ES"), "error.already_approve", args, zone="Europe/Madrid")
    assert said == "Ya la aprobó <@U1> el mar 3 de marzo de 2026, 09:00 (Madrid)."


def test_role_and_status_are_said_in_words() -> None:
    spanish = words_for("es-ES")
    role = sentence(spanish, "error.no_role", {"role": "approver", "brand": "A & B"}, zone="UTC")
    assert role == "Para esto hace falta el rol *Aprobación* en A &amp; B. Pídelo a Administración."
    several = sentence(spanish, "error.no_role", {"role": "approver,moderator", "brand": "Ágora"}, zone="UTC")
    assert several.startswith("Para esto hace falta el rol *Aprobación* o *Moderación* en Ágora.")
    status = sentence(spanish, "error.not_possible_now", {"status": "post_status.withdrawn"}, zone="UTC")
    assert status == "Ya no se puede hacer. Ahora: Anulada"


def test_plain_text_has_names_and_no_escapes() -> None:
    said = sentence(
        words_for("en"), "error.already_closed", {"who": "U1", "at": AT}, zone="UTC", person={"U1": "Ana"}.__getitem__
    )
    assert said == "Already closed by Ana on Tue, March 3, 2026, 8:00 AM (UTC)."
    assert sentence(words_for("en"), "error.name_taken", {"name": "A & B"}, zone="UTC", escape=str).endswith("A & B.")
