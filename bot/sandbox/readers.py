"""The simulated readers of the practice network: who answers a post, with what, and after how long."""

import hashlib

KIND = (
    ("Lucía Ferrer", "¡Qué buena pinta! Mañana me paso sin falta."),
    ("Marcos Gil", "Enhorabuena, equipo. Se nota el cariño que le ponéis."),
    ("Nerea Otxoa", "¿A qué hora abrís el sábado? Quiero ir con mi madre."),
    ("Inés Prado", "Compartido con mis amigas. Gracias por avisar."),
    ("Tomás Vela", "Llevo años siguiéndoos y siempre me alegráis el día."),
    ("Aitana Roig", "¿Tenéis opción sin gluten? Me interesa mucho."),
)
UNKIND = (
    ("Ramón Seco", "La última vez esperé media hora y nadie me pidió perdón."),
    ("Olga Martín", "Muy bonito, pero por teléfono no contestáis nunca."),
    ("Paco Ríos", "Otra promesa más. A ver si esta vez la cumplís."),
    ("Sara Luque", "No me parece bien que hayáis subido los precios sin avisar."),
)


def answers(post: str) -> list[tuple[str, str, float]]:
    """Author, words, seconds after the post. The same post id always gets the same answers."""
    digest = hashlib.sha256(post.encode()).digest()
    author, text = KIND[digest[0] % len(KIND)]
    found = [(author, text, 3.0 + digest[1] % 5)]
    if digest[2] % 2:
        author, text = UNKIND[digest[3] % len(UNKIND)]
        found.append((author, text, 9.0 + digest[4] % 6))
    return found
