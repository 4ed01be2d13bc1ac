"""A proxy between the bot and its store that cuts connections: before a command, after it, or in the middle of an
answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import hiredis

BEFORE, AFTER, WITHIN = "before the command", "before its answer", "within its answer"
WAYS = (AFTER, WITHIN, BEFORE)


class Cutter:
    """Cuts a connection at every `every`-th command over all connections, one way after the other.

    `lose`: answers of commands that hold these bytes are lost, so many times, and nothing else is cut.
    """

    def __init__(self, target: Path, every: int = 0) -> None:
        self.target = target
        self.every = every
        self.lose: tuple[bytes, int] = (b"", 0)
        self.commands = 0
        self.cuts: list[str] = []

    def _way(self, commands: list[bytes]) -> str | None:
        needle, times = self.lose
        for command in commands:
            self.commands += 1
            if times and needle in command:
                self.lose = (needle, times - 1)
                return AFTER
            if self.every and self.commands % self.every == 0:
                return WAYS[len(self.cuts) % len(WAYS)]
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the bot."""
        try:
            inside, out = await asyncio.open_unix_connection(str(self.target))
        except OSError:
            writer.close()
            return
        cut: asyncio.Queue[str] = asyncio.Queue()
        down = asyncio.create_task(self._answers(inside, writer, cut))
        parser = hiredis.Reader()
        try:
            while data := await reader.read(65536):
                parser.feed(data)
                commands: list[bytes] = []
                while (command := parser.gets()) is not False:
                    commands.append(b" ".join(command))
                way = self._way(commands)
                if way is not None:
                    self.cuts.append(way)
                    if way == BEFORE:
                        break
                    cut.put_nowait(way)
                out.write(data)
                await out.drain()
                if way is not None:
                    await asyncio.wait({down})
                    break
        except (ConnectionError, OSError):
            return
        finally:
            down.cancel()
            for each in (writer, out):
                each.close()

    @staticmethod
    async def _answers(inside: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Queue[str]) -> None:
        with suppress(ConnectionError, OSError):
            while data := await inside.read(65536):
                if not cut.empty():
                    if cut.get_nowait() == WITHIN:
                        writer.write(data[: max(1, len(data) // 2)])
                        await writer.drain()
                    return
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def cutting(target: Path, socket: Path, every: int = 0) -> AsyncIterator[Cutter]:
    """The proxy in front of the store's socket, listening on another one."""
    cutter = Cutter(target, every)
    server = await asyncio.start_unix_server(cutter.serve, str(socket))
    try:
        yield cutter
    finally:
        server.close()
