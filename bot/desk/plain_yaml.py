"""YAML as people write it by hand: values only. What could grow, run or mean two things is refused, not read.

Aliases and merge keys can make a small file large without bound; tags choose what is built; of a name that stands
twice, one would be lost in silence.
"""

from typing import Any

import yaml

LARGEST = 1_000_000
"""Characters of a file."""
DEEPEST = 40


class NotPlain(ValueError):
    """The text isn't such YAML; says what and where, in one sentence."""


class _Plain(yaml.SafeLoader):
    """Refuses while it reads, before anything is built."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """One node; raises yaml.YAMLError."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused("aliases (& and *) aren't used here", event)
        if getattr(event, "tag", None):
            raise self._refused("tags (!) aren't used here", event)
        if self._depth >= DEEPEST:
            raise self._refused("nested too deep", event)
        self._depth += 1
        try:
            node: yaml.Node | None = super().compose_node(parent, index)
        finally:
            self._depth -= 1
        if isinstance(node, yaml.MappingNode):
            self._once_each(node)
        return node

    def _once_each(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise self._refused("merge keys (<<) aren't used here", key)
            if key.value in seen if isinstance(key, yaml.ScalarNode) else True:
                raise self._refused("a name twice, or no plain name", key)
            seen.add(key.value)

    @staticmethod
    def _refused(why: str, at: Any) -> yaml.YAMLError:
        return yaml.composer.ComposerError(None, None, why, at.start_mark)


def read(text: str) -> object:
    """What the text says: mappings, lists, texts, numbers, dates. Raises NotPlain."""
    if len(text) > LARGEST:
        raise NotPlain(f"larger than {LARGEST} characters")
    try:
        return yaml.load(text, _Plain)  # noqa: S506 - a SafeLoader that takes less
    except yaml.MarkedYAMLError as error:
        where = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise NotPlain(f"{error.problem or 'not valid YAML'}{where}") from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        first = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise NotPlain(first) from error
