"""A request leaves once: what is sent again is the engine's to decide, never a client library's."""

import aiohttp


async def once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """For a session's middlewares: aiohttp repeats GET, PUT and DELETE by itself when a connection breaks.

    The same signature twice is a 401 at X, and looks as if the keys were dead.
    https://docs.aiohttp.org/en/stable/client_advanced.html#middleware
    """
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientPayloadError(type(error).__name__) from error
