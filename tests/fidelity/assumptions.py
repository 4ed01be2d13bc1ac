"""Every rule of the sandbox and the connectors that is assumed, not known; `python -m tests.fidelity.assumptions`."""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("bot/sandbox", "connectors")
MARK = re.compile(r"\bassumed\b", re.IGNORECASE)


@dataclass(frozen=True)
class Assumption:
    """Where it is marked, and the line in full."""

    file: str
    line: int
    words: str


def assumptions() -> Iterator[Assumption]:
    """Comments and docstrings that say so, in the order of files."""
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            text = path.read_text("utf-8")
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                if token.type in (tokenize.COMMENT, tokenize.STRING):
                    for number, line in enumerate(token.string.splitlines(), token.start[0]):
                        if MARK.search(line):
                            yield Assumption(str(path.relative_to(ROOT)), number, line.strip(' #"'))


if __name__ == "__main__":
    for one in assumptions():
        sys.stdout.write(f"{one.file}:{one.line}: {one.words}\n")
