"""A note in the data folder that a backup was put in the store's place: whoever starts next asks people first."""

from pathlib import Path

from bot.errors import StoreError

FILE = "restored"


def note(data: Path) -> None:
    """Say so, before the store is started from the backup. Raises StoreError."""
    try:
        (data / FILE).touch()
    except OSError as error:
        raise StoreError(f"{data / FILE} can't be written: {error.strerror}.") from error


def noted(data: Path) -> bool:
    """Whether it was."""
    return (data / FILE).exists()


def forget(data: Path) -> None:
    """People are asked by now, and the store itself knows it."""
    (data / FILE).unlink(missing_ok=True)
