"""Signatures, cell by cell: what stands in public, once, and what could never be taken for anything but a name."""

import pytest

from bot.domain.signing import LONGEST, Signature, first_name, mark, own_name, signed
from bot.errors import UserError


@pytest.mark.parametrize(
    ("signature", "own", "name", "expected"),
    [
        (Signature.OFF, "Ana", "Ana García", ""),
        (Signature.NAME, "", "Ana García", "^Ana"),
        (Signature.NAME, "Anita", "Ana García", "^Anita"),
        (Signature.NAME, "", "☕ Íñigo Ruiz", "^Íñigo"),
        (Signature.NAME, "", "<!here> @todos", ""),
        (Signature.NAME, "", "", ""),
        (Signature.INITIALS, "", "Ana García", "^AG"),
        (Signature.INITIALS, "Lupe Sol", "Ana García", "^LS"),
        (Signature.INITIALS, "", "ana maría de la o pérez", "^AMDL"),
        (Signature.INITIALS, "", "🙂 7", ""),
    ],
)
def test_what_a_member_signs_with(signature: Signature, own: str, name: str, expected: str) -> None:
    assert mark(signature, own, name) == expected


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [
        ("Hola", "^Ana", "Hola ^Ana"),
        ("Hola\n", "^Ana", "Hola ^Ana"),
        ("Hola", "", "Hola"),
        ("Hola ^Ana", "^Ana", "Hola ^Ana"),
        ("Hola\n^Ana", "^Ana", "Hola\n^Ana"),
        ("Hola^Ana", "^Ana", "Hola^Ana ^Ana"),
        ("^Ana", "^Ana", "^Ana"),
        ("  ", "^Ana", "  "),
        ("", "^Ana", ""),
    ],
)
def test_it_is_added_once(text: str, sign: str, expected: str) -> None:
    assert signed(text, sign) == expected
    assert signed(signed(text, sign), sign) == expected


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), (" ^Ana ", "Ana"), ("Ana  María", "Ana María"), ("O'Neill", "O'Neill"), ("José L.", "José L.")],
)
def test_what_may_be_chosen(typed: str, kept: str) -> None:
    assert own_name(typed) == kept


@pytest.mark.parametrize("typed", ["@x", "a@b", "<b>", "{name}", "#x", "x" * (LONGEST + 1), "-", "http://x.es/", "😀"])
def test_what_may_not(typed: str) -> None:
    with pytest.raises(UserError):
        own_name(typed)


def test_a_first_name_is_cut_where_it_is_too_long() -> None:
    assert len(first_name("A" * 90)) == LONGEST
