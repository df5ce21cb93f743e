"""Why an address on the web gave no article: the codes that the web client adds to `REASONS`."""

from __future__ import annotations

from typing import Final

WEB_REASONS: Final[dict[str, str]] = {
    "bad_url": "no http or https address, or one with a user name or password in it",
    "private_address": "the host is this machine, in a private network, or else not in the public internet",
    "refused_by_robots": "robots.txt forbids it, or cannot be read for now",
    "unreachable": "there is no such host, or the connection is refused or breaks off",
    "bad_tls": "the encryption or the certificate of the server is not to be trusted",
    "timeout": "the server takes longer than is waited for",
    "bad_response": "what the server sends is not HTTP, is cut short or is packed in a way not asked for",
    "too_many_redirects": "one redirect after the other, or a loop of them",
    "http_error": "the server answers with another status than success",
}
