"""Who of the team an answer is signed by, where a brand wants that: `^Ana`, or the initials."""

from enum import StrEnum

import regex

from bot.errors import UserError

LONGEST = 20
"""Characters of a signature's name."""
SIGN = "^"
_NAME = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}.'’ -]*[\p{L}\p{M}\p{N}.])?")
_WORD = regex.compile(r"\p{L}\p{M}*")


class Signature(StrEnum):
    """How a brand's answers are signed."""

    OFF = "none"
    NAME = "name"
    INITIALS = "initials"


def own_name(typed: str) -> str:
    """A signature's name as somebody typed it for themselves, without the sign; "" for none. Raises UserError for what
    could be read as anything but a name: it stands in public."""
    name = " ".join(typed.split()).removeprefix(SIGN).strip()
    if name and (len(name) > LONGEST or not _NAME.fullmatch(name)):
        raise UserError("error.signature", most=LONGEST)
    return name


def first_name(name: str) -> str:
    """The first word of somebody's name that could stand in public; "" where there is none."""
    return next((word[:LONGEST] for word in name.split() if _NAME.fullmatch(word[:LONGEST])), "")


def mark(signature: Signature, own: str, name: str) -> str:
    """`^Ana`, `^AG`, or "" where the brand doesn't sign. own: the name that the member chose for signing, which goes
    before their `name`; of either the initials are taken."""
    if signature is Signature.OFF:
        return ""
    if signature is Signature.NAME:
        said = own or first_name(name)
    else:
        parts = [_WORD.match(word) for word in (own or name).split()]
        said = "".join(found[0].upper() for found in parts if found)[:4]
    return f"{SIGN}{said}" if said else ""


def signed(text: str, sign: str) -> str:
    """The text with its signature, once: one that ends with it stays as it is, an empty one stays empty."""
    bare = text.rstrip()
    if not sign or not bare or bare == sign or bare.endswith((f" {sign}", f"\n{sign}")):
        return text
    return f"{bare} {sign}"
