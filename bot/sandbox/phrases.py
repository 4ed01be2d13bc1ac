"""What the living audience says: sentences put together from parts, so that hours pass before one comes twice.

A part in braces is chosen too: `{thing}` with its article, `{day}`, `{month}`, `{city}`, `{many}` a small number,
`{wait}` minutes. In Spanish no sentence lets a preposition meet an article that it would melt with.
"""

from collections.abc import Mapping, Sequence
from random import Random

from bot.sandbox.crowd import Neighbour, Temper

Parts = Mapping[str, Sequence[str]]

_THINGS: Mapping[tuple[str, str], Sequence[str]] = {
    ("café", "es"): (
        "la tarta de zanahoria", "el café de filtro", "las tostadas con tomate", "el chai con canela",
        "los cruasanes de almendra", "el bizcocho de limón", "el pan de centeno", "la limonada de la casa",
        "el desayuno de los domingos", "la empanada de la abuela", "el chocolate con churros",
        "la tortilla del mediodía",
    ),
    ("café", "en"): (
        "the carrot cake", "your filter coffee", "the almond croissants", "that lemon loaf", "the Sunday breakfast",
        "your rye bread", "the cheese scones", "the hot chocolate", "the house lemonade", "your oat flat white",
    ),
    ("books", "en"): (
        "the poetry shelf", "your staff picks", "the new translations", "that window display", "the signed copies",
        "the mystery box", "your Thursday readings", "the children's corner", "the second-hand basement",
        "the book club list", "your gift wrapping", "the travel section",
    ),
    ("books", "es"): (
        "la mesa de novedades", "el club de lectura", "las recomendaciones del equipo", "la sección de poesía",
        "los libros en español", "el rincón infantil", "las ediciones ilustradas", "la caja sorpresa",
    ),
}  # fmt: skip
_COMMON: Mapping[str, Parts] = {
    "es": {
        "day": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        "month": ("enero", "marzo", "mayo", "julio", "septiembre", "noviembre", "diciembre"),
        "city": ("Valencia", "Bilbao", "Sevilla", "Bogotá", "Lima", "Ciudad de México", "Buenos Aires", "Zaragoza"),
        "who": ("mi madre", "mi hermana", "una amiga de la oficina", "mi abuelo", "mi pareja", "un vecino", "mi jefa"),
        "many": ("dos", "cuatro", "seis", "ocho", "diez"),
        "wait": ("quince", "veinte", "veinticinco", "cuarenta", "cincuenta"),
    },
    "en": {
        "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "month": ("January", "March", "May", "July", "September", "November", "December"),
        "city": ("Leeds", "Austin", "Toronto", "Dublin", "Denver", "Bristol", "Portland", "Galway"),
        "who": ("my mum", "my sister", "a friend from work", "my grandad", "my partner", "a neighbour", "my boss"),
        "many": ("two", "four", "six", "eight", "ten"),
        "wait": ("fifteen", "twenty", "twenty-five", "forty", "fifty"),
    },
}
_CORES: Mapping[tuple[str, Temper], Sequence[str]] = {
    ("es", Temper.KIND): (
        "No me quito de la cabeza {thing}.", "Vuelvo el {day} solo por {thing}.",
        "El {day} llevé a {who} y ya no quiere ir a otro sitio.", "Hay días que se arreglan con {thing}.",
        "Se nota el cariño que ponéis en todo.", "Por {thing} cruzo yo media ciudad.",
        "Llevo viniendo desde {month} y nunca me habéis fallado.", "Qué suerte teneros en el barrio.",
        "Nadie prepara las cosas como vosotros.", "Acabo de enseñarle esto a {who} y ya tenemos plan para el {day}.",
        "Me habéis alegrado el {day}.",
    ),
    ("es", Temper.CURIOUS): (
        "¿A qué hora abrís el {day}?",
        "¿Seguiréis con {thing} en {month}?", "¿Hacéis envíos a {city}?",
        "¿Hay sitio para un carrito y {many} personas el {day}?", "¿Esto vale también para quien viene desde {city}?",
        "¿Vendéis tarjetas regalo? Es para {who}.",
        "¿El {day} es festivo y abrís igual?",
    ),
    ("es", Temper.CROSS): (
        "El {day} esperé {wait} minutos y al final me fui.",
        "Me cobraron dos veces el {day} y nadie contesta.", "Llevo desde el {day} esperando respuesta a un correo.",
        "Por teléfono no hay manera de hablar con nadie.", "El {day} cerrasteis antes de hora y nos quedamos fuera.",
        "No entiendo que suban los precios sin avisar.",
        "Dijisteis {month} y aquí seguimos esperando.",
    ),
    ("es", Temper.TROLL): (
        "Menudo circo.", "Otra vez presumiendo por {thing}. Qué pereza dais.",
        "¿Esto lo escribe un robot o el becario?", "Ni regalado.", "En {city} os cerrarían en una semana.",
        "Mucha foto y poca vergüenza.",
    ),
    ("en", Temper.KIND): (
        "I can't stop thinking about {thing}.",
        "Took {who} on {day} and now they won't go anywhere else.", "Some weeks are only saved by {thing}.",
        "You can tell how much care goes into this.", "I'd cross town for {thing}.",
        "Coming since {month} and you've never let me down.", "So lucky to have you around the corner.",
        "Just showed this to {who}, and our {day} is planned.", "You made my {day}.", "Nobody does it like you do.",
    ),
    ("en", Temper.CURIOUS): (
        "What time do you open on {day}?", "Will you keep {thing} through {month}?",
        "Do you ship to {city}?", "Is there room for a pram on {day}?",
        "Do you do gift cards? It's for {who}.", "Is this on for people coming from {city} too?",
        "Can I ring up about {thing}?", "Are you open on {day} even though it's a holiday?",
        "How long will {thing} be around?",
    ),
    ("en", Temper.CROSS): (
        "Waited {wait} minutes on {day} and left.",
        "Charged twice on {day}, and nobody answers.", "Still waiting since {day} for a reply to my email.",
        "Impossible to get anybody on the phone.", "You closed early on {day} and we stood outside.",
        "Prices up again and not a word about it.",
        "You said {month}. We're still waiting.",
    ),
    ("en", Temper.TROLL): (
        "What a circus.", "Bragging about {thing} again. Yawn.", "Did a bot write this or the intern?",
        "Wouldn't take it for free.", "{city} would shut you down in a week.", "All photo, no substance.",
    ),
}  # fmt: skip
_OF_TRADE: Mapping[tuple[str, str, Temper], Sequence[str]] = {
    ("café", "es", Temper.KIND): ("Ayer probé {thing} y repito seguro.",),
    ("café", "es", Temper.CURIOUS): (
        "¿Se puede reservar mesa para {many} el {day}?",
        "¿Tenéis opción sin gluten el {day}?",
        "¿Cuánto cuesta llevarse {thing} a casa?",
        "¿Puedo pedir {thing} por teléfono?",
        "¿Hay que pedir {thing} con antelación?",
    ),
    ("café", "es", Temper.CROSS): (
        "Pedí {thing} y me trajeron otra cosa.",
        "{who_c} se encontró la mesa sin limpiar. No es la primera vez.",
        "Reservamos para {many} y no había mesa.",
    ),
    ("café", "es", Temper.TROLL): ("Seguro que todo es congelado.",),
    ("café", "en", Temper.KIND): ("Tried {thing} yesterday and I'm coming back for more.",),
    ("café", "en", Temper.CURIOUS): (
        "Can we book for {many} on {day}?",
        "Do I need to order ahead for {thing}?",
    ),
    ("café", "en", Temper.CROSS): (
        "Ordered {thing} and got something else.",
        "We booked for {many} and there was no table.",
    ),
    ("books", "es", Temper.KIND): (
        "Ayer me llevé a casa una joya que no conocía.",
        "{who_c} no para de leer desde el {day}.",
    ),
    ("books", "es", Temper.CURIOUS): (
        "¿Podéis reservarme un ejemplar hasta el {day}?",
        "¿El club de lectura sigue en {month}?",
        "¿Hay firma de ejemplares el {day}?",
    ),
    ("books", "es", Temper.CROSS): (
        "Encargué un libro en {month} y sigo sin noticias.",
        "El ejemplar llegó con la portada rota.",
    ),
    ("books", "es", Temper.TROLL): ("En internet sale más barato.",),
    ("books", "en", Temper.KIND): (
        "Picked up a gem yesterday that I'd never heard of.",
        "{who_c} hasn't stopped reading since {day}.",
    ),
    ("books", "en", Temper.CURIOUS): (
        "Could you hold a copy for me until {day}?",
        "Is the reading group on in {month}?",
        "Is there a signing on {day}?",
    ),
    ("books", "en", Temper.CROSS): (
        "Ordered a book in {month} and still no news.",
        "My copy arrived with a torn cover.",
    ),
    ("books", "en", Temper.TROLL): ("Cheaper online.",),
}
_OPENERS: Mapping[tuple[str, Temper], Sequence[str]] = {
    ("es", Temper.KIND): ("", "", "¡Hola, equipo! ", "Buenas. ", "Pasaba a decirlo: ", "De verdad: ", "¡Enhorabuena! "),
    ("es", Temper.CURIOUS): ("", "", "Hola. ", "Buenas tardes. ", "Una duda: ", "Perdonad la pregunta. "),
    ("es", Temper.CROSS): ("", "", "A ver. ", "Muy bonito todo, pero: ", "Una queja: ", "Qué decepción. "),
    ("es", Temper.TROLL): ("", "", "Jajaja. ", "Uf. ", "Madre mía. "),
    ("en", Temper.KIND): ("", "", "Hi team! ", "Just saying: ", "Honestly: ", "Congrats! ", "Hello from a regular. "),
    ("en", Temper.CURIOUS): ("", "", "Hi. ", "Quick question. ", "Sorry to ask: ", "Hello! "),
    ("en", Temper.CROSS): ("", "", "Look. ", "Lovely picture, but: ", "Not happy. ", "Really disappointed. "),
    ("en", Temper.TROLL): ("", "", "lol. ", "Ugh. ", "Oh please. "),
}
_CLOSERS: Mapping[tuple[str, Temper], Sequence[str]] = {
    ("es", Temper.KIND): ("", "", " ¡Gracias!", " 😍", " ☕", " Seguid así.", " ❤️", " Un abrazo."),
    ("es", Temper.CURIOUS): ("", "", " Gracias.", " 🙏", " Es para {who}.", " ¡Gracias de antemano!"),
    ("es", Temper.CROSS): ("", "", " Espero una explicación.", " 😠", " No vuelvo.", " ¿Lo vais a arreglar?"),
    ("es", Temper.TROLL): ("", "", " 🙄", " 🤡", " Adiós."),
    ("en", Temper.KIND): ("", "", " Thank you!", " 😍", " 📚", " Keep it up.", " ❤️", " Cheers."),
    ("en", Temper.CURIOUS): ("", "", " Thanks.", " 🙏", " Asking for {who}.", " Thanks in advance!"),
    ("en", Temper.CROSS): ("", "", " I'd like an explanation.", " 😠", " Not coming back.", " Will you fix this?"),
    ("en", Temper.TROLL): ("", "", " 🙄", " 🤡", " Bye."),
}
_AGAIN: Mapping[tuple[str, Temper], Sequence[str]] = {
    ("es", Temper.KIND): ("¡Gracias por contestar tan rápido!", "Qué majos sois.", "Genial, allí estaré el {day}."),
    ("es", Temper.CURIOUS): (
        "Perfecto, me lo apunto.", "Gracias. ¿Y el {day} también?", "Estupendo, se lo digo a {who}.",
    ),
    ("es", Temper.CROSS): (
        "Vale, gracias por la respuesta.", "Pues a ver si es verdad.", "Sigo sin entenderlo, la verdad.",
        "De acuerdo. Os escribo el {day} si sigue igual.",
    ),
    ("es", Temper.TROLL): ("Lo que yo decía.", "Bla, bla, bla.", "Copia y pega, ¿no?"),
    ("en", Temper.KIND): ("Thanks for the quick reply!", "You're lovely.", "Great, see you on {day}."),
    ("en", Temper.CURIOUS): ("Perfect, noted.", "Thanks. And {day} too?", "Great, I'll tell {who}."),
    ("en", Temper.CROSS): (
        "Alright, thanks for replying.", "We'll see.", "I still don't get it.",
        "Fine. I'll write again on {day} if nothing changes.",
    ),
    ("en", Temper.TROLL): ("Told you.", "Blah blah.", "Copy and paste, right?"),
}  # fmt: skip
_YES = {
    "es": (
        "¡Claro que sí, encantada de la vida!",
        "Por supuesto, usadla.",
        "Sí, sin problema.",
        "Sí, claro. ¡Qué ilusión!",
    ),
    "en": ("Of course, go ahead!", "Yes, please do.", "Sure, no problem.", "Yes! How lovely."),
}
_NO = {"es": ("Prefiero que no, gracias.", "Mejor no, perdonad."), "en": ("I'd rather not, thanks.", "No, sorry.")}
_LATER = {
    "es": (" PD: era el {day}.", " (Perdón, quería decir el {day}.)", " Edito: ya está hablado con {who}."),
    "en": (" PS: it was {day}.", " (Sorry, I meant {day}.)", " Edit: sorted it out with {who}."),
}
_PRIVATE = {
    "es": (
        "Hola, os escribo por aquí por lo de mi reserva del {day} para {many}.",
        "¿Me podéis decir si mi pedido sale antes del {day}?",
        "Me dejé un paraguas el {day}. ¿Lo habéis visto?",
        "Quería encargar {thing} para {many} personas. ¿Con quién hablo?",
        "El {day} me cobraron de más y prefiero no ponerlo en público.",
    ),
    "en": (
        "Hi, writing here about my booking for {many} on {day}.",
        "Can you tell me whether my order leaves before {day}?",
        "I left an umbrella on {day}. Have you seen it?", "I'd like to order {thing} for {many}. Who do I talk to?",
        "I was overcharged on {day} and would rather not post it.",
    ),
}  # fmt: skip
_PICTURED = {
    "es": (
        "Así me ha quedado la tarde con {thing}.",
        "Prueba de que vine el {day}.",
        "{who_c} dice que esta va a concurso.",
    ),
    "en": ("My afternoon with {thing}.", "Proof that I came on {day}.", "{who_c} says this one should win a prize."),
}
_ASKED = ("permiso", "permission", "podemos usar", "podemos compartir", "may we", "can we use", "can we share")


def said(chance: Random, who: Neighbour, trade: str) -> str:
    """A comment of their own. `trade`: what the brand sells, "café" or "books"."""
    key = (who.language, who.temper)
    cores = (*_CORES[key], *_OF_TRADE.get((trade, *key), ()))
    opener, core, closer = chance.choice(_OPENERS[key]), chance.choice(cores), chance.choice(_CLOSERS[key])
    if opener.endswith(": ") and not core.startswith(("I ", "I'")):
        core = core[0].lower() + core[1:]
    return filled(chance, opener + core + closer, who.language, trade)


def answered(chance: Random, who: Neighbour, trade: str, to: str) -> str:
    """What they say when the brand answered them; a question for permission gets a yes or a no."""
    if any(sign in to.casefold() for sign in _ASKED):
        choices = _NO if who.temper is Temper.TROLL or chance.random() < 0.25 else _YES
        return chance.choice(choices[who.language])
    return filled(chance, chance.choice(_AGAIN[who.language, who.temper]), who.language, trade)


def added(chance: Random, who: Neighbour, trade: str) -> str:
    """What they put behind their words when they edit them."""
    return filled(chance, chance.choice(_LATER[who.language]), who.language, trade)


def in_private(chance: Random, who: Neighbour, trade: str) -> str:
    """A private message."""
    return filled(chance, chance.choice(_PRIVATE[who.language]), who.language, trade)


def with_picture(chance: Random, who: Neighbour, trade: str) -> str:
    """What stands beside a picture of theirs."""
    return filled(chance, chance.choice(_PICTURED[who.language]), who.language, trade)


def filled(chance: Random, text: str, language: str, trade: str) -> str:
    """The text with a choice for each of its parts."""
    parts = {name: chance.choice(choices) for name, choices in _COMMON[language].items()}
    parts["thing"] = chance.choice(_THINGS[trade, language])
    parts["who_c"] = parts["who"][0].upper() + parts["who"][1:]
    return text.format_map(parts)
