"""Which language a short text is in, or that one can't tell: enough to choose the language of an answer.

Frequent little words, letters and endings. Portuguese, French, Italian, German and Catalan are known so that they
aren't taken for Spanish or English.
"""

from collections.abc import Mapping

import regex

SHORTEST = 8
"""Letters below which nobody could tell, unless a letter or word gives it away."""
_MOST = 1_000
_WORD = regex.compile(r"\p{L}++(?:['’]\p{L}++)?+")
_NOT_WORDS = regex.compile(r"https?://\S++|[@#][\p{L}\p{N}_]++|(?<![\w.])[\w.]++@[\w.]++")
_MARGIN = 1.1  # by how much the first has to lead
_LIKELY = 1.25  # the two that people mostly write where Vocero is used

_LITTLE: Mapping[str, str] = {
    "en": "the and to of a in is it you that for on with this was are be have i my me your we they at but not so do "
    "if what when how can will just all from an or as there been would has had more about out up who get like "
    "no one our his her by best worst most worth every day than then them into only other good time know want "
    "make see come look use down over any these him absolutely don't it's i'm can't didn't isn't please thanks "
    "thank love great very still why where hello hi",
    "es": "el la los las un una de que y en es no se lo por con para su al del como más mas pero sus le ya o este "
    "esta muy sin sobre también tambien me hasta hay donde quien desde todo nos durante todos uno les ni contra "
    "otros eso ha han mi mí yo tú te ti os qué cuándo cuando cómo gracias hola porque están estoy está son soy "
    "eres era fue nada ser tiene tengo hacer si sí aquí ahora siempre nunca bueno buenos buenas día dias días "
    "vale jaja jajaja hoy ayer mañana esto vi voy vamos vuelvo sois estáis hacéis tenéis vuestro vuestra mis "
    "tus nuestro nuestra otra otro mejor peor mucho mucha muchas poco tan he has hemos veces vez año años mes "
    "gente mira puede pueden puedo quiero",
    "pt": "o os as um uma de que e em é não nao se por com para seu ao do da dos das no na nos nas como mais mas sua "
    "ou já muito também eu você voce vocês isso esse essa meu minha obrigado obrigada está são tem foi ser bom "
    "boa dia quando até pelo pela só nós ele ela eles quem onde porque aqui agora sempre nunca olá",
    "fr": "le la les un une des de du et en est que qui ne pas pour dans sur avec ce cette il elle on nous vous ils "
    "au aux plus mais ou où je tu mon ma mes votre vos notre très bien merci bonjour c'est j'ai n'est d'un "
    "d'une sont être avoir fait tout même comme aussi quand",
    "it": "il lo la i gli le un una di che e è in per con non si del della dei nel nella al alla da sono come più ma "
    "anche se mi ti ci vi ho hai ha abbiamo questo questa molto grazie ciao buongiorno perché quando dove tutto "
    "bene sempre solo essere fatto c'è",
    "de": "der die das und ist nicht ein eine ich du er sie es wir ihr in zu den dem des mit auf für von im auch an "
    "als wie aber so noch nur sind war haben hat bei aus wenn mein meine danke hallo bitte sehr gut warum wo "
    "was kann",
    "ca": "el la els les un una de que i en és no es amb per a al del dels com més però molt també jo tu em et ens us "
    "són això aquest aquesta gràcies hola bon dia quan on perquè fins tot res avui sempre mai hi ha teu meva",
}
_MARKS: Mapping[str, str] = {
    "es": r"[ñ¿¡]|ción\b|[áéó]is\b|[ií]sim[oa]s?\b|[íú]|\bll\w",
    "pt": r"[ãõ]|ções?\b|ção\b|\blh|nh[ao]s?\b",
    "fr": r"[œ]|\b[cdjlmnst]['’]\w|eaux?\b|\bqu['’]",
    "it": r"\bdell['’]|zione\b|\bgli\b|à\b|ò\b",
    "de": r"[äß]|ung\b|sch\w",
    "ca": r"l·l|\bl['’]\w|\bd['’]\w|ció\b|ny\b",
    "en": r"n['’]t\b|['’](?:re|ve|ll|m)\b|ing\b|tion\b|th\w|\bwh\w",
}
SPOKEN = tuple(_LITTLE)
"""The codes of all that can be told."""
_WORDS = {language: frozenset(words.split()) for language, words in _LITTLE.items()}
_SIGNS = {language: regex.compile(marks, regex.IGNORECASE) for language, marks in _MARKS.items()}


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`, one of seven, or "" where it can't be told."""
    kept = _NOT_WORDS.sub(" ", text[:_MOST]).replace("’", "'")
    words = [word.lower() for word in _WORD.findall(kept)]
    scores = {
        language: (sum(word in little for word in words) + 0.8 * len(_SIGNS[language].findall(kept)))
        * (_LIKELY if language in {"en", "es"} else 1.0)
        for language, little in _WORDS.items()
    }
    (first, most), (_, next_) = sorted(scores.items(), key=lambda each: -each[1])[:2]
    letters = sum(map(len, words))
    if most < 1.2 or (letters < SHORTEST and most < 2.4) or most < next_ * _MARGIN:
        return ""
    return first
