"""Looks for canaries: marks within every secret that a test run uses, in whatever dress they may be seen."""

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

OURS = (".log", ".log.1", ".aof", ".rdb", ".json", ".jsonl", ".yaml", ".yml", ".txt", ".manifest", ".html")
SKIPPED = ("secret.key", "pids.json")


def dresses(canary: str) -> set[bytes]:
    """As it is, as in an address, in hex, and in Base64 at each of its three offsets."""
    raw = canary.encode()
    found = {raw, quote(canary, safe="").encode(), raw.hex().encode(), raw[::-1]}
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw).decode()
        start = -(-offset * 8 // 6)
        found.add(text[start : len(text.rstrip("=")) - 1].encode())
    return found


def shows(content: bytes, canaries: Iterator[str] | list[str]) -> bool:
    """Whether any of them is in there."""
    return any(dress in content for canary in canaries for dress in dresses(canary))


def leaking_files(root: Path, canaries: list[str]) -> list[Path]:
    """Files of the bot and its store below a folder that show one; the outside world's own databases aren't ours."""
    marks = [dress for canary in canaries for dress in dresses(canary)]
    found = []
    for file in root.rglob("*"):
        if file.is_file() and not file.is_symlink() and file.name.endswith(OURS) and file.name not in SKIPPED:
            content = file.read_bytes()
            if any(mark in content for mark in marks):
                found.append(file)
    return found


def leaking_commands(canaries: list[str]) -> list[str]:
    """Names of the processes whose command line shows one; anybody on the machine can read those."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            content = file.read_bytes()
        except OSError:  # it ended in this moment, or is another's
            continue
        if shows(content, canaries):
            found.append(content.split(b"\0")[0].decode(errors="replace"))
    return found
