"""What goes to the company leads to nobody: every trace of the person is taken out, and nothing else."""

import pytest

from bot.domain.conversations import Outsider
from bot.domain.passing import GONE, without_person

MARTA = Outsider(id="9", handle="marta_gil", name="Marta Gil Ñíguez")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("¿Abrís el domingo?", "¿Abrís el domingo?"),
        ("Soy Marta, quiero mi pedido", f"Soy {GONE}, quiero mi pedido"),
        ("MARTA GIL", GONE),
        ("soy marta gil niguez", f"soy {GONE}"),
        ("@cafe_agora hola", f"{GONE} hola"),
        ("yo soy @marta_gil", f"yo soy {GONE}"),
        ("marta_gil aquí", f"{GONE} aquí"),
        ("mira https://x.com/marta/status/1?s=2 y di", f"mira {GONE} y di"),
        ("www.martagil.es/foto", GONE),
        ("mi web es martagil.com", f"mi web es {GONE}"),
        ("escribe a marta.gil+x@correo.example.org", f"escribe a {GONE}"),
        ("llámame al +34 612 345 678", f"llámame al {GONE}"),
        ("llámame al (612) 345-678.", f"llámame al {GONE}."),
        ("el pedido 1234 llegó a las 10:30", "el pedido 1234 llegó a las 10:30"),
        ("3 cafés y 2 tostadas por 12,50 €", "3 cafés y 2 tostadas por 12,50 €"),
        ("Martas hay muchas y Gilberto no soy", "Martas hay muchas y Gilberto no soy"),
        ("pedí el 2026-10-12 a las 10 y el 12/10/2026", "pedí el 2026-10-12 a las 10 y el 12/10/2026"),
        ("", ""),
    ],
)
def test_every_trace_and_nothing_else(text: str, left: str) -> None:
    assert without_person(text, MARTA) == left


def test_short_names_and_names_with_signs_break_nothing() -> None:
    nobody = Outsider(id="1", handle="a.b*(", name="Al [x] (o)")
    assert without_person("Al final hay x", nobody) == "Al final hay x"
    assert without_person("hola", Outsider(id="1", handle="", name="")) == "hola"
