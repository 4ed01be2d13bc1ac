"""The catalogue says, in both languages, what the glossary says."""

import os
import re
from pathlib import Path

import pytest

from bot.text.words import words_for

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "GLOSSARY.md"

KEYS = {
    "COMMANDS": """command: post queue calendar inbox people listen check today report contest idea stop resume
        settings help""",
    "SHORTCUTS": "shortcut: new_post make_post reply_public check_fact stop",
    "THINGS": """thing: brand account post variant revision review rating delivery conversation person advocate fact
        digest handover practice checks blocker,warning disclosure alt_text first_comment slot blackout_date
        sensitive_date saved_reply mood spike evidence audit on_duty deputy four_eyes brand_sheet weekly_plan""",
    "COMPOSE, REVIEW": """button: save_draft submit approve approve_publish approve_week request_changes reject edit
        fix_approve hold see_changes""",
    "CALENDAR, PUBLISH": """button: schedule next_slot publish_now move duplicate keep withdraw,drop unpublish correct
        its_live send_again leave_it retry_here reconnect shorten crop""",
    "INBOX": """button: claim release assign snooze escalate pass_on reply_privately like hide,unhide delete done
        reopen undo next ask_to_use hand_over""",
    "CLOSED AS": "closed: answered no_reply spam,legal moved_private duplicate dont_feed",
    "POST STATUS": """post_status: draft in_review changes_requested approved rejected approval_expired planned
        sending live refused unknown missed on_hold held_by_stop withdrawn unpublished""",
    "CONVERSATION STATUS": "conversation_status: new owned snoozed escalated closed",
    "FACT": "fact_status: open true false rumour",
    "ROLES": "role: viewer author approver moderator trainee client admin",
    "NUMBERS": "number: reach engagement clicks answer_time conversions best_time",
}

# The glossary's example value: what the placeholder stands for there.
EXAMPLES = {"X": "{network}", "Ana": "{name}"}


def rows() -> list[tuple[str, str, str]]:
    """(section, English, Spanish) for every row of the glossary's table."""
    found: list[tuple[str, str, str]] = []
    section = ""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 2 or cells[0] in {"English", "---"}:
            continue
        if cells[0].startswith("**"):
            section = cells[0].strip("*")
        else:
            found.append((section, cells[0], cells[1]))
    return found


def pairs(section: str, english: str, spanish: str) -> list[tuple[str, str]]:
    """One row may hold two labels ("Hide / unhide"); what stands in brackets is another spelling or a note."""
    names = re.split(r" / |, ", re.sub(r" \(.*\)", "", english))
    texts = re.sub(r" \(.*\)", "", spanish).split(" / ")
    if len(texts) == 1:
        texts *= len(names)
    assert len(names) == len(texts), (section, english, spanish)
    return list(zip(names, texts, strict=True))


def as_shown(english: str, spanish: str) -> str:
    """The glossary writes English terms in lower case; as a label they take the Spanish label's first letter."""
    return english[0].upper() + english[1:] if spanish[0].isupper() else english


@pytest.mark.skipif(not GLOSSARY.exists(), reason=f"no glossary at {GLOSSARY}: set VOCERO_REFERENCE to its folder")
def test_catalogue_equals_the_glossary() -> None:
    by_section: dict[str, list[tuple[str, str]]] = {}
    for section, english, spanish in rows():
        by_section.setdefault(section, []).extend(pairs(section, english, spanish))
    assert set(by_section) == set(KEYS)

    en, es = words_for("en"), words_for("es-ES")
    for section, labels in by_section.items():
        space, _, names = KEYS[section].partition(":")
        keys = [f"{space}.{name}" for name in names.replace(",", " ").split()]
        assert len(keys) == len(labels), section
        for key, (english, spanish) in zip(keys, labels, strict=True):
            wanted = spanish
            for example, placeholder in EXAMPLES.items():
                wanted = re.sub(rf"\b{example}$", placeholder, wanted)
            assert es.forms(key) == (wanted,), key
            (text,) = en.forms(key)
            shown = as_shown(english, spanish)
            if "{" in wanted:  # the glossary's English leaves out who: "refused", "owned"
                assert text.startswith(f"{shown} by {{"), key
            else:
                assert text == shown, key


def test_every_button_and_shortcut_fits_slack() -> None:
    for locale in ("en", "es-ES", "es-LA"):
        words = words_for(locale)
        for key in words.keys():  # noqa: SIM118 - Words is no mapping
            if key.split(".")[0] in {"button", "shortcut"}:
                assert all(len(form) <= 24 for form in words.forms(key)), (key, words.forms(key))


def test_latin_america_has_its_own_few_words() -> None:
    assert words_for("es-LA")("command.report") == "reporte"
    assert words_for("es-ES")("command.report") == "informe"
    assert words_for("es-419")("button.approve") == "Aprobar"
