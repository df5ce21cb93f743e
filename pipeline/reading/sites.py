"""Which addresses are of one site, so that no page can speak for another's, and how one is told."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_EDITIONS: Final = ("www.", "m.", "amp.", "hindi.")
# The labels before that of a country which belong to nobody alone, as in `co.in`:
_SECOND: Final = frozenset(("ac", "co", "com", "edu", "gen", "gov", "ind", "mil", "net", "nic", "org", "res"))
_SHARED: Final = frozenset((  # hosts below which everybody may publish; own list
    "blogspot.com", "wordpress.com", "github.io", "gitlab.io",
    "medium.com", "substack.com", "tumblr.com", "weebly.com",
    "wixsite.com", "netlify.app", "vercel.app", "pages.dev",
    "workers.dev", "web.app", "firebaseapp.com", "herokuapp.com",
    "appspot.com", "amazonaws.com", "cloudfront.net", "azurewebsites.net",
    "ampproject.org", "ngrok.io",
))  # fmt: skip
_USER: Final = re.compile(r"^(\s*(?:[a-z][a-z\d+.-]*:)?/{0,2})[^/?#]*@", re.IGNORECASE)


def same_site(claimed: str, address: str) -> bool:
    """Whether two addresses are of one publisher: of one host, of its editions, or of one below the other."""
    one, other = _host(claimed), _host(address)
    if not one or not other:
        return False
    return one == other or _is_below(one, other) or _is_below(other, one)


def without_user(address: str) -> str:
    """The address without the user name and password that may stand in it."""
    return _USER.sub(r"\1", address)


def _host(address: str) -> str:
    """The host of an address without the label of an edition; empty when it has none."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").encode("idna").decode().lower()
    except ValueError:  # also what is no name in IDNA
        return ""
    for edition in _EDITIONS:
        bare = host.removeprefix(edition)
        if bare != host and not _is_suffix(bare):
            return bare
    return host


def _is_below(host: str, above: str) -> bool:
    return not _is_suffix(above) and host.endswith("." + above)


def _is_suffix(host: str) -> bool:
    """Whether hosts below this one may belong to anybody."""
    first, _, last = host.partition(".")
    return not last or host in _SHARED or last.isdigit() or (len(last) == 2 and first in _SECOND)
