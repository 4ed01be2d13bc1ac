"""The many voices of a storm: names and sentences, different each time, the same on every run.

By default a few sentences go round with a number each. With a share `alike` so many of all are one sentence as people
copy it from each other, with their own accents, signs, mentions and slips; the others each say something else.
"""

import hashlib
import unicodedata
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


COPIED = "Lo que habéis hecho con vuestros trabajadores es una vergüenza, espero una explicación"
BEFORE = ("", "", "Pues ", "@amigo mira: ", "😡 ", "RT ", "Oye, ")
AFTER = ("", "!!!", " 😡😡", " @amiga @primo", " https://ejemplo.test/noticia", " ya", "...", " #boicot")
SCENES = (
    "Mi madre, El vecino, La dueña, Un camarero, Aquel chico, Mi jefa, El panadero, Una turista, La abuela, Su gato",
    "pidió café, perdió la cartera, encontró mesa, cantó fatal, llegó tarde, pagó dos veces, lloró un rato, se cayó",
    "en la terraza, junto al mercado, bajo la lluvia, tras el concierto, cerca del puerto, frente al cine, a oscuras",
    "este lunes, anteayer, por Navidad, a medianoche, en agosto, durante la feria, al salir, un domingo cualquiera",
    "y nadie dijo nada, y tan a gusto, con un disgusto enorme, para variar, como quien oye llover, y me dio la risa",
    "con bufanda roja, cargada de libros, oliendo a churros, del brazo de un mago, muerta de hambre, hablando sola",
)
"""What others tell: one of each line."""


def voices(count: int, alike: float | None = None) -> Iterator[tuple[str, str]]:
    """Author and text; no text is the same as another, letter by letter, before thousands were said."""
    people = [f"{first} {last}" for first, last in product(FIRST.split(), LAST.split())]
    copies = others = 0
    for number in range(count):
        # 7 and the number of people have no common factor, so everybody speaks before anybody speaks again.
        author = people[number * 7 % len(people)]
        if alike is None:
            yield author, f"{WORDS[number % len(WORDS)]} ({number + 1})"
        elif int((number + 1) * alike) > int(number * alike):
            yield author, _copied(copies)
            copies += 1
        else:
            yield author, _scene(others)
            others += 1


def _scene(number: int) -> str:
    """What the person of that number tells; it has little in common with what any other does."""
    parts = [line.split(", ") for line in SCENES]
    picks = hashlib.sha256(str(number).encode()).digest()
    return f"{' '.join(part[pick % len(part)] for part, pick in zip(parts, picks, strict=False))}."


def _copied(number: int) -> str:
    """The sentence as the person of that number passes it on."""
    text = COPIED
    if number % 3 == 1:
        text = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    if number % 5 == 2:
        text = text.upper()
    if number % 7 == 3:
        at = 5 + number % 40
        text = text[:at] + text[at + 1 :]
    return f"{BEFORE[number % len(BEFORE)]}{text}{AFTER[number % len(AFTER)]}"
