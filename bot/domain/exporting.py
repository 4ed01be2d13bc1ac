"""All that a brand keeps of somebody outside, as they may have it: their words, our answers, what we noted.

Nothing of other people: colleagues have no names here, and profiles that may be the same human's are left out, because
that is our guess. Keys are plain English, moments ISO 8601, so that a person reads it and a program too.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.conversations import Conversation, Words
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import Errand, ErrandState, Facet
from bot.domain.people import Person, Relationship

Json = dict[str, Any]
PUBLIC = frozenset({State.LIVE, State.UNPUBLISHED})
"""An answer that was public, at least for a while."""


def export_of(
    person: Person,
    brand: str,
    talks: Sequence[Conversation],
    answers: Mapping[str, Sequence[Delivery]],
    private: Mapping[str, Sequence[Errand]],
    now: datetime,
) -> Json:
    """The whole of it. answers, private: our public answers and private replies, by conversation; talks: oldest first.

    Empty parts are left out.
    """
    told = {talk.id: _talk(talk, answers.get(talk.id, ()), private.get(talk.id, ())) for talk in talks}
    return _filled(
        {
            "exported_at": now.isoformat(timespec="seconds"),
            "kept_by": brand,
            "person": _who(person),
            "noted_about_them": _noted(person),
            "conversations": list(told.values()),
        }
    )


def text_of(export: Json) -> str:
    """The file."""
    return json.dumps(export, ensure_ascii=False, indent=2) + "\n"


def _who(person: Person) -> Json:
    outsider = person.outsider
    return {
        "network": person.network,
        "id_there": outsider.id,
        "name": outsider.name,
        "handle": outsider.handle,
        "picture": outsider.picture,
        "followers": outsider.followers,
        "last_spoke_around": _at(person.seen_at),
    }


def _noted(person: Person) -> Json:
    return _filled(
        {
            "tags": list(person.tags),
            "relationship": person.relationship.value if person.relationship is not Relationship.NONE else "",
            "advocate_since": _at(person.advocate_at),
            "notes": [{"at": _at(note.at), "text": note.text} for note in person.notes],
            "kept_for_legal_reasons_since": _at(person.hold.at) if person.hold else None,
        }
    )


def _talk(talk: Conversation, answers: Sequence[Delivery], private: Sequence[Errand]) -> Json:
    ours = [
        {"at": _at(each.settled_at or each.due), "to": each.reply.answers, "text": each.reply.text, "url": each.url}
        for each in answers
        if each.reply is not None and each.state in PUBLIC
    ]
    sent = [
        {"at": _at(each.settled_at), "to": each.ref, "text": each.text}
        for each in private
        if each.facet is Facet.PRIVATE and each.state is ErrandState.DONE
    ]
    return _filled(
        {
            "began_at": _at(talk.created_at),
            "under_the_post": talk.root_url,
            "topics": list(talk.topics),
            "closed_as": talk.closed_as.value if talk.closed_as else "",
            "kept_for_legal_reasons_since": _at(talk.hold.at) if talk.hold else None,
            "they_said": [_said(words) for words in talk.heard],
            "we_answered_in_public": [_filled(each) for each in ours],
            "we_answered_privately": [_filled(each) for each in sent],
        }
    )


def _said(words: Words) -> Json:
    edits = words.edits[:-1] if words.kept else ()
    rule = words.ruled
    return _filled(
        {
            "id_there": words.ref,
            "at": _at(words.at),
            "kind": words.kind,
            "text": words.text,
            "pictures": list(words.media),
            "url": words.url,
            "earlier_wordings": [{"at": _at(each.at), "text": each.text} for each in edits],
            "language_we_guessed": words.language,
            "how_it_sounded_to_us": words.tone.value,
            "hidden": words.hidden or None,
            "marked_by_a_rule_of_ours": f"{rule.name}, {rule.word}".strip(", ") if rule and rule.stands else "",
            "deleted_by_them_at": _at(words.gone_at),
            "deleted_by_us_at": _at(words.removed_at),
            "text_kept_as_evidence": bool(words.evidence) or None,
        }
    )


def _filled(parts: Json) -> Json:
    return {name: value for name, value in parts.items() if value not in (None, "", [], {})}


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
