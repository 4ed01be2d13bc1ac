"""The many voices of a storm: names and sentences, different each time, the same on every run."""

from collections.abc import Iterator
from itertools import product

FIRST = """
Ana Luis Marta Jorge Elena Pablo Rosa Hugo Alba Iván Carmen Adrián Julia Sergio Irene Óscar Nuria Raúl
"""
LAST = "García Ramos Torres Vega Molina Castro Ortiz Rubio Marín Iglesias Núñez Santos Cano Lara Soler"
WORDS = (
    "Esto no se hace. Espero una explicación.",
    "Llevo dos días esperando respuesta.",
    "Pues a mí me han tratado siempre bien.",
    "¿Alguien sabe si van a devolver el dinero?",
    "Qué decepción, la verdad.",
    "Por favor, leed los mensajes privados.",
    "Yo también quiero saber qué ha pasado.",
    "Gracias por dar la cara.",
)


def voices(count: int) -> Iterator[tuple[str, str]]:
    """Author and text; every text carries its number, so that none is like another."""
    people = [f"{first} {last}" for first, last in product(FIRST.split(), LAST.split())]
    for number in range(count):
        # 7 and the number of people have no common factor, so everybody speaks before anybody speaks again.
        yield people[number * 7 % len(people)], f"{WORDS[number % len(WORDS)]} ({number + 1})"
