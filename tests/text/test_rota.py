"""A rota as people type it, in both languages; what isn't fully understood is refused."""

import pytest

from bot.text.rota import NotRota, matches, read_rota, write_line

WEEKDAYS, WEEK = frozenset(range(5)), frozenset(range(7))
PEOPLE = {"U1": ("ana", "Ana Ruiz", "Ana"), "U2": ("bea.lopez", "Bea López", "Bea"), "U3": ("ana2", "Ana Sol", "Ana")}


@pytest.mark.parametrize(
    ("text", "days", "start", "end", "people"),
    [
        ("mon-fri 09:00-18:00 @ana @bea", WEEKDAYS, 540, 1080, ("@ana", "@bea")),
        ("lun-vie 9-18 @ana", WEEKDAYS, 540, 1080, ("@ana", "")),
        ("Lunes, miércoles y", frozenset(), 0, 0, ()),
        ("sáb, dom 22:00–06:00 @ana", frozenset({5, 6}), 1320, 360, ("@ana", "")),
        ("fri-mon 00:00 - 24:00 @ana", frozenset({4, 5, 6, 0}), 0, 1440, ("@ana", "")),
        ("diario 8.30-20.00 <@U1> <@U2>", WEEK, 510, 1200, ("<@U1>", "<@U2>")),
        ("mar. jue. 09:00-09:00 @ana", frozenset({1, 3}), 540, 540, ("@ana", "")),
    ],
)
def test_lines(text: str, days: frozenset[int], start: int, end: int, people: tuple[str, ...]) -> None:
    if not days:
        with pytest.raises(NotRota):
            read_rota(text)
        return
    (line,) = read_rota(f"\n  {text}  \n")
    assert (line.days, line.start, line.end, (line.member, line.deputy)) == (days, start, end, people)
    assert line.number == 2


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("@ana", "duty.rota.no_times"),
        ("mon 25:00-26:00 @ana", "duty.rota.no_times"),
        ("mon 24:00-06:00 @ana", "duty.rota.no_times"),
        ("mon 09:61-10:00 @ana", "duty.rota.no_times"),
        ("09:00-18:00 @ana", "duty.rota.no_days"),
        ("someday 09:00-18:00 @ana", "duty.rota.no_days"),
        ("mon-feb 09:00-18:00 @ana", "duty.rota.no_days"),
        ("mon 09:00-18:00", "duty.rota.no_people"),
        ("mon 09:00-18:00 @a @b @c", "duty.rota.no_people"),
        ("mon 09:00-18:00 @a\n" * 31, "duty.rota.too_long"),
    ],
)
def test_what_is_not_understood_names_its_line(text: str, key: str) -> None:
    with pytest.raises(NotRota) as found:
        read_rota("mon 00:00-01:00 @a\n" + text if key != "duty.rota.too_long" else text)
    assert found.value.key == key
    assert found.value.number == (31 if key == "duty.rota.too_long" else 2)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("days", [WEEKDAYS, WEEK, frozenset({0, 2, 3, 6}), frozenset({6}), frozenset({0, 1})])
def test_what_is_written_reads_the_same(lang: str, days: frozenset[int]) -> None:
    (line,) = read_rota(write_line(days, 1320, 365, ["@ana", "@bea"], lang))
    assert (line.days, line.start, line.end, line.member, line.deputy) == (days, 1320, 365, "@ana", "@bea")


@pytest.mark.parametrize(
    ("typed", "user"),
    [
        ("@ana", "U1"),  # a handle comes before Ana Sol's first name
        ("@ána", "U1"),
        ("@ana2", "U3"),
        ("@Bea", "U2"),
        ("@bea.lopez", "U2"),
        ("<@U2>", "U2"),
        ("<@U9>", None),
        ("u1", "U1"),
        ("@lopez", None),
        ("@nobody", None),
        ("", None),
    ],
)
def test_a_name_that_several_have_names_nobody(typed: str, user: str | None) -> None:
    assert matches(typed, PEOPLE) == user
