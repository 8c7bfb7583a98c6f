"""The failures of the wire in our words: transient or permanent, and without secret addresses.

What belongs here: the translation of library errors and statuses. What does not: what is done about
a failure (``http.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3

from observatory.errors import NotPublished, OutOfRange, PermanentError, TransientError, Unreachable


class CutBodyError(TransientError):
    """A body that ended before its promised length: worth another try, then bad input."""


def shown(url: str) -> str:
    """Return an address fit for messages: no user, no query (it may carry a token)."""
    plain, question, _ = url.partition("#")[0].partition("?")
    scheme, slashes, rest = plain.partition("//")
    place, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{place.rpartition('@')[2]}{slash}{path}{question and '?…'}"


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn the errors of the libraries below into ours, without the address they print."""
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
        raise PermanentError(
            "its TLS certificate cannot be verified",
            where=shown(url),
            remedy="check this machine's date and certificates; verification is never turned off",
        ) from error
    except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError) as error:
        raise cut("its body was cut off on the way", url) from error
    except (
        requests.exceptions.ContentDecodingError,
        urllib3.exceptions.DecodeError,
    ) as error:
        raise cut("its compressed body cannot be unpacked", url) from error
    except requests.exceptions.ConnectionError as error:
        if _never_connected(error):
            raise Unreachable(
                "cannot be reached (no connection)",
                where=shown(url),
                remedy="check the network, then refresh again; nothing is lost",
            ) from error
        raise _passing("closed the connection or fell silent", url) from error
    except urllib3.exceptions.ReadTimeoutError as error:  # in the middle of a body
        raise _passing("closed the connection or fell silent", url) from error
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise _passing("took too long to answer", url) from error
    except requests.exceptions.RequestException as error:
        raise PermanentError(
            f"cannot be asked for ({type(error).__name__})",
            where=shown(url),
            remedy="check the address in the source module",
        ) from error


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(
        reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
    )


def _passing(what: str, url: str) -> TransientError:
    return TransientError(what, where=shown(url), remedy="refresh again later; nothing is lost")


def cut(what: str, url: str) -> CutBodyError:
    """Return the failure of a body that was not all there, and how it showed."""
    return CutBodyError(
        what, where=shown(url), remedy="refresh again later; nothing of it was kept"
    )


def refusal(status: int, url: str) -> PermanentError:
    """Return what a status that is not worth another try means."""
    meaning = {
        401: "asks for a password",
        403: "refuses us",
        404: "has no such page",
        410: "has taken this page away",
        416: "does not have what lies there",
    }.get(status, "does not serve this")
    kinds = {404: NotPublished, 410: NotPublished, 416: OutOfRange}
    return kinds.get(status, PermanentError)(
        f"{meaning} (status {status})",
        where=shown(url),
        remedy="open the address in a browser; the publisher may have moved the file",
    )
