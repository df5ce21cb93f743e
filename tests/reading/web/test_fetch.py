"""What comes back for an address, and how the client asks for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it carries no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web import USER_AGENT, WEB_REASONS, Settings, Web
from tests.reading.web.servers import FAST, PUBLIC, Server, answer, certificate, named


def refused(web: Web, url: str) -> str:
    with pytest.raises(NotAnArticle) as caught:
        web.fetch(url)
    assert caught.value.detail
    return caught.value.reason


def test_a_page_comes_with_its_kind_its_charset_and_where_it_was_found() -> None:
    page = answer("खबर", kind='Text/HTML; Charset="ISO-8859-1"; x=y')
    routes = {"/new": page, "/old": answer("", "301 Moved", Location="new#top")}
    with Server(routes) as server, Web(FAST, None) as web:
        found = web.fetch(server.url + "/old")
    assert (found.url, found.final_url) == (server.url + "/old", server.url + "/new")
    assert (found.content, found.content_type, found.charset) == ("खबर".encode(), "text/html", "iso-8859-1")
    assert found.fresh
    assert found.at.utcoffset() is not None


def test_a_page_without_a_content_type_has_none() -> None:
    with Server({"/": answer("x", kind=None)}) as server, Web(FAST, None) as web:
        found = web.fetch(server.url)
    assert (found.content_type, found.charset) == (None, None)


def test_hindi_addresses_are_asked_for_percent_encoded() -> None:
    with Server({"*": answer("x")}) as server, Web(FAST, None) as web:
        web.fetch(f"  {server.url}/खबर?विषय=धन#भाग \n")
        assert server.paths() == [
            "/%E0%A4%96%E0%A4%AC%E0%A4%B0?%E0%A4%B5%E0%A4%BF%E0%A4%B7%E0%A4%AF=%E0%A4%A7%E0%A4%A8"
        ]


def test_the_client_says_who_it_is_and_the_user_may_say_it_otherwise() -> None:
    with Server({"*": answer("x")}) as server:
        for user_agent in (USER_AGENT, "Akhbar/2 (+https://akhbar.example/bot)"):
            with Web(replace(FAST, user_agent=user_agent), None) as web:
                web.fetch(server.url + "/a")
            assert {request.headers["user-agent"] for request in server.requests} == {user_agent}
            server.requests.clear()
    assert USER_AGENT.startswith("Khabar/")


@pytest.mark.parametrize("user_agent", ["", "a\r\nCookie: b", "ख़बर/1", " a"])
def test_a_user_agent_that_no_header_can_hold_is_refused_at_once(user_agent: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        Settings(user_agent=user_agent)


def test_cookies_are_not_kept() -> None:
    with Server({"*": answer("x", Set_Cookie="id=1; Path=/")}) as server, Web(FAST, None) as web:
        web.fetch(server.url + "/a")
        web.fetch(server.url + "/b")
        assert all("cookie" not in request.headers for request in server.requests)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with Server({"*": answer("x")}) as server, Web(FAST, None) as web:
        assert web.fetch(server.url).content == b"x"


def test_http_2_is_spoken_with_those_who_can(tmp_path: Path) -> None:
    ours, trust = certificate(tmp_path, "news.test", protocols=("h2", "http/1.1"))
    with Server({"/a": b"one", "/b": b"b" * 200_000, "/c": b"c" * 3_000_000}, tls=ours) as server:
        network = named({"news.test": [PUBLIC]}, {443: server}, trust)
        small = replace(FAST, allow_private=False, most_bytes=1 << 20, most_retries=0)
        with Web(small, None, network=network) as web:
            assert web.fetch("https://news.test/a").content == b"one"
            assert len(web.fetch("https://news.test/b").content) == 200_000
            assert refused(web, "https://news.test/c") == "too_large"
            assert web.fetch("https://news.test/a").content == b"one", "a broken-off page costs no other"
        assert server.requests[0].headers[":authority"] == "news.test"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    ours, _ = certificate(tmp_path, "news.test")
    with Server({"*": answer("x")}, tls=ours) as server, Web(FAST, None) as web:
        assert refused(web, server.url) == "bad_tls"
        assert not server.requests


def test_a_certificate_for_another_name_is_refused_though_the_address_is_right(tmp_path: Path) -> None:
    ours, trust = certificate(tmp_path, "news.test")
    with Server({"*": answer("x")}, tls=ours) as server:
        network = named({"news.test": [PUBLIC], "bank.test": [PUBLIC]}, {443: server}, trust)
        with Web(replace(FAST, allow_private=False), None, network=network) as web:
            assert web.fetch("https://news.test/").content == b"x"
            assert refused(web, "https://bank.test/") == "bad_tls"


@pytest.mark.parametrize(
    "status",
    [
        "404 Not Found",
        "410 Gone",
        "401 No",
        "418 Teapot",
        "204 No Content",
        "202 Later",
        "304 Not Modified",
        "999 Odd",
    ],
)
def test_an_answer_that_is_no_success_is_refused(status: str) -> None:
    with Server({"/": answer("", status)}) as server, Web(FAST, None) as web:
        assert refused(web, server.url) == "http_error"
        assert server.paths() == ["/"]


@pytest.mark.parametrize(
    "url",
    [
        *[
            "",
            "foo",
            "//x/y",
            "ftp://x/y",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://",
            "http:///a",
        ],
        *["http://a:b@x/", "http://x:0/", "http://x:99999/", "http://xn--a/", "http://[::1/"],
        *["http://x/\ud800", "http://x/\x00", "http://\u200b.in"],
    ],
)
def test_what_is_no_web_address_is_refused_before_anything_is_asked(url: str) -> None:
    with Web(FAST, None) as web:
        assert refused(web, url) == "bad_url"


@pytest.fixture(scope="module")
def nowhere() -> Iterator[Web]:
    with Web(replace(FAST, most_retries=0), None, network=named({}, {})) as web:
        yield web


@given(
    st.text()
    | st.text().map("http://127.0.0.1:1/".__add__)
    | st.from_regex(r"https?://[^/]{1,30}(:\d{1,6})?/.*")
)
@settings(max_examples=80, deadline=None)
def test_whatever_is_asked_for_ends_as_a_refusal_with_a_stable_reason(nowhere: Web, url: str) -> None:
    assert refused(nowhere, url) in WEB_REASONS


def test_a_host_that_does_not_exist_is_unreachable() -> None:
    with Web(replace(FAST, most_retries=0), None, network=named({}, {})) as web:
        assert refused(web, "http://nowhere.test/") == "unreachable"


@pytest.mark.parametrize(
    "target", ["ftp://x/", "http://u:p@127.0.0.1/", "mailto:a@b", "http://x:0/", "http://xn--a/"]
)
def test_a_redirect_to_no_web_address_is_refused(target: str) -> None:
    with Server({"/": answer("", "302 Found", Location=target)}) as server, Web(FAST, None) as web:
        assert refused(web, server.url) in {"bad_url", "bad_response"}


def test_redirects_are_followed_up_to_the_limit() -> None:
    chain = {f"/{n}": answer("", "308 Permanent", Location=f"/{n + 1}") for n in range(6)}
    with Server({**chain, "/6": answer("end")}) as server, Web(FAST, None) as web:
        assert web.fetch(server.url + "/1").content == b"end"
        assert refused(web, server.url + "/0") == "too_many_redirects"


PAGE = "करोड़ों की खबर। ".encode() * 5000


@pytest.mark.parametrize("packing", ["br", "identity", "", "BR"])
def test_a_packed_page_is_unpacked(packing: str) -> None:
    body = brotli.compress(PAGE) if packing.lower() == "br" else PAGE
    with Server({"/": answer(body, Content_Encoding=packing)}) as server, Web(FAST, None) as web:
        assert web.fetch(server.url).content == PAGE
