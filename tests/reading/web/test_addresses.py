"""Where the client does not go: this machine and private networks, by whatever way it is led there."""

import ipaddress
import socket
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web import Web
from pipeline.reading.web.addresses import is_public
from pipeline.reading.web.network import Network
from tests.reading.web.servers import FAST, PUBLIC, Server, answer, named

CAREFUL = replace(FAST, allow_private=False)

PRIVATE = [
    *["127.0.0.1", "127.255.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    *["169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.88.99.1", "192.0.2.1"],
    *["198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1"],
    *["255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1"],
    *["ff02::1", "2001:db8::1", "3fff::1", "2001::1", "2002:7f00:1::1", "2002:5db8:d822::1"],
    *["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1"],
    *["64:ff9b:1::1", "100::1", "4000::1"],
]
PUBLIC_ONES = [
    *["93.184.216.34", "8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8"],
    *["64:ff9b::808:808"],
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_no_public_host_is_told(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC_ONES)
def test_an_address_of_a_public_host_is_told(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_the_same_however_ipv6_spells_it(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address)) == is_public(f"64:ff9b::{address}")


def reason(web: Web, url: str) -> str:
    with pytest.raises(NotAnArticle) as caught:
        web.fetch(url)
    return caught.value.reason


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "127.1",
        "017700000001",
        "[::ffff:7f00:1]",
        "0",
    ],
)
def test_this_machine_is_not_asked_however_it_is_spelt(host: str) -> None:
    with Server({"*": answer("secret")}) as server, Web(CAREFUL, None) as web:
        assert reason(web, f"http://{host}:{server.port}/") in {"private_address", "unreachable", "bad_url"}
        assert not server.requests


def test_this_machine_is_asked_when_the_user_allows_it() -> None:
    with Server({"*": answer("mine")}) as server, Web(FAST, None) as web:
        assert web.fetch(f"http://localhost:{server.port}/").content == b"mine"


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://169.254.169.254/", "http://inside.test/", "//[::1]/"]
)
def test_a_public_page_does_not_lead_inside_by_a_redirect(target: str) -> None:
    with Server({"/in": answer("secret")}) as server:
        server.routes["/"] = answer("", "302 Found", Location=target.format(port=server.port))
        known = {host: [host] for host in ("127.0.0.1", "169.254.169.254", "::1")}
        known |= {"news.test": [PUBLIC], "inside.test": ["10.0.0.1"]}
        network = named(known, {80: server})
        with Web(CAREFUL, None, network=network) as web:
            assert reason(web, "http://news.test/") == "private_address"
        assert server.paths() == ["/"]


def test_a_name_with_one_private_address_among_public_ones_is_not_asked() -> None:
    with Web(CAREFUL, None, network=named({"mixed.test": [PUBLIC, "127.0.0.1"]}, {})) as web:
        assert reason(web, "http://mixed.test/") == "private_address"


def test_a_name_that_changes_its_address_is_dialled_where_it_was_checked() -> None:
    """DNS rebinding: the first look-up says a public address, the next ones this machine."""
    looked_up, dialled = [], []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return [PUBLIC] if len(looked_up) == 1 else ["127.0.0.1"]

    with Server({"/robots.txt": answer("", Connection="close"), "*": answer("x")}) as server:

        def connect(address: tuple[str, int], timeout: float) -> socket.socket:
            dialled.append(address[0])
            return socket.create_connection(("127.0.0.1", server.port), timeout)

        with Web(replace(CAREFUL, most_retries=0), None, network=Network(resolve, connect)) as web:
            assert reason(web, "http://rebind.test/") == "private_address"
    assert dialled == [PUBLIC], "robots.txt was had from the public address, the page from nowhere"


def test_the_next_address_is_dialled_when_one_is_dead() -> None:
    with Server({"*": answer("x")}) as server:

        def connect(address: tuple[str, int], timeout: float) -> socket.socket:
            if address[0] == "2606:4700::1":
                raise OSError("Network is unreachable")
            return socket.create_connection(("127.0.0.1", server.port), timeout)

        network = Network(lambda host, port: ["2606:4700::1", PUBLIC], connect)
        with Web(CAREFUL, None, network=network) as web:
            assert web.fetch("http://news.test/").content == b"x"
