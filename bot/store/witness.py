"""What this machine saw of the record last, beside the store and not in it: who loses or turns back the store can't
take this along. Whoever starts compares the two."""

import os
import tempfile
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from bot.domain.records import MemberId, Value
from bot.errors import StoreError

FILE = "witness.json"


class Witness(Value):
    """The record's head when it was sealed last; and whom to tell, and where, should the store not know it any more.

    team is the Slack workspace, number and hash those of the last entry, seal the last seal's number. alerts are
    Slack channel ids.
    """

    team: str
    number: int
    hash: str
    seal: int
    at: AwareDatetime
    admins: tuple[MemberId, ...] = ()
    alerts: tuple[str, ...] = ()


def read(data: Path) -> Witness | None:
    """What was written in this folder, None for the first time. Raises StoreError for a file that can't be read."""
    path = data / FILE
    try:
        return Witness.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} can't be read: {type(error).__name__}.") from error


def write(data: Path, witness: Witness) -> None:
    """Replace it, whole and durably: after a crash it is the old one or the new one. Raises StoreError."""
    draft = ""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=data, prefix=f"{FILE}.")  # 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(witness.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(data / FILE)
        folder = os.open(data, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if draft:
            Path(draft).unlink(missing_ok=True)
        raise StoreError(f"{data / FILE} can't be written: {error.strerror}.") from error
