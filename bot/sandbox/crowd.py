"""The people of the living audience: who they are, which language they speak, what they are like."""

from dataclasses import dataclass
from enum import StrEnum


class Temper(StrEnum):
    """What somebody is like when they write."""

    KIND = "kind"
    CURIOUS = "curious"
    CROSS = "cross"
    TROLL = "troll"


@dataclass(frozen=True)
class Neighbour:
    """Somebody who comes by. `language` is "es" or "en"."""

    name: str
    language: str
    temper: Temper


_ES = """
Lucía Ferrer kind|Marcos Gil kind|Nerea Otxoa curious|Inés Prado kind|Tomás Vela kind|Aitana Roig curious
Ramón Seco cross|Olga Martín cross|Paco Ríos cross|Sara Luque curious|Bea Santamaría kind|Julián Cuesta curious
Maite Arrieta kind|Ximena Duarte kind|Camila Rojas curious|Rodrigo Peña cross|Abril Montes kind|Fermín Ayala curious
Rocío Bravo kind|Gonzalo Sáez cross|Noa Villar kind|Emilio Tena curious|Yolanda Crespo kind|Dani Pardo kind
Valeria Ocampo curious|Teo Marchena kind|Pilar Gascón cross|Iker Zubiri kind|El Tenedor Amargo troll
"""
_EN = """
Tom Weaver kind|Noor Aziz curious|Jenny Cole kind|Priya Nair kind|Owen Bishop cross|Hattie Lowe curious
Marcus Reed kind|Elena Novak kind|Grace Okafor curious|Will Thornton cross|Sofia Lindqvist kind|Ben Acker curious
Rosie Tran kind|Dev Malhotra curious|Ivy Calloway kind|Hank Dorsey cross|Mae Fitzgerald kind|Leo Castellan curious
Tess Underhill kind|Gus Porter cross|Ana Whitlock kind|Zeke Morrow curious|Realtalk Randy troll
"""


def _read(text: str, language: str) -> tuple[Neighbour, ...]:
    found = []
    for entry in (part for line in text.split("\n") for part in line.split("|") if part):
        name, _, temper = entry.rpartition(" ")
        found.append(Neighbour(name, language, Temper(temper)))
    return tuple(found)


NEIGHBOURS = _read(_ES, "es") + _read(_EN, "en")
"""Everybody who may come by; the same on every run."""
