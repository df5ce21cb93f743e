"""What robots.txt says is obeyed, remembered for a day, and never a reason to fall over."""

import datetime as dt
import itertools
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web import Settings, Web
from pipeline.reading.web.exchange import Answer
from pipeline.reading.web.memory import Memory
from pipeline.reading.web.robots import Robots
from tests.reading.web.servers import FAST, Server, answer


def robots(text: str | bytes, status: str = "200 OK") -> dict[str, bytes]:
    return {"/robots.txt": answer(text, status, kind="text/plain"), "*": answer("page")}


def reason(web: Web, url: str) -> str | None:
    try:
        web.fetch(url)
    except NotAnArticle as no:
        return no.reason
    return None


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /closed",
        "User-agent: Khabar\nDisallow: /closed\n\nUser-agent: *\nDisallow: /open",
        "User-agent: Other\nUser-agent: khabar\nDisallow: /*osed\n\nUser-agent: news\nDisallow: /",
        "\ufeffuser-agent: *\r\ndisallow: /closed # for ever\r\n",
        "User-agent: Other\nDisallow: /open\nUser-agent: *\nDisallow: /closed\nAllow: /",
    ],
)
def test_a_page_that_is_forbidden_to_us_is_not_asked_for(text: str) -> None:
    with Server(robots(text)) as server, Web(FAST, None) as web:
        assert reason(web, server.url + "/closed/page") == "refused_by_robots"
        assert reason(web, server.url + "/open/page") is None
        assert server.paths() == ["/open/page"]
        assert len(server.requests) == 2, "robots.txt is asked for once"


def test_the_rules_hold_for_the_name_that_the_user_gives_the_client() -> None:
    text = "User-agent: Akhbar\nDisallow: /\n\nUser-agent: *\nDisallow:"
    with Server(robots(text)) as server:
        for user_agent in ("Akhbar/2", "Mozilla/5.0 (compatible; akhbar/2)"):
            with Web(replace(FAST, user_agent=user_agent), None) as web:
                assert reason(web, server.url) == "refused_by_robots"
        with Web(FAST, None) as web:
            assert reason(web, server.url) is None


def test_rules_of_a_host_hold_also_for_a_redirect_to_it() -> None:
    with Server(robots("User-agent: *\nDisallow: /b")) as server, Web(FAST, None) as web:
        server.routes["/a"] = answer("", "302 Found", Location="/b")
        assert reason(web, server.url + "/a") == "refused_by_robots"
        assert server.paths() == ["/a"]


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone", "401 Unauthorized"])
def test_without_rules_all_is_allowed(status: str) -> None:
    with Server(robots("User-agent: *\nDisallow: /", status)) as server, Web(FAST, None) as web:
        assert reason(web, server.url) is None


@pytest.mark.parametrize("status", ["500 Broken", "503 Busy", "429 Slow down", "206 Part"])
def test_while_the_rules_cannot_be_had_nothing_is_asked_for(status: str, tmp_path: Path) -> None:
    with Server(robots("", status)) as server:
        with Web(replace(FAST, most_retries=1), tmp_path) as web:
            assert [reason(web, server.url + path) for path in ("/a", "/b")] == ["refused_by_robots"] * 2
            assert server.paths() == []
            assert len(server.requests) <= 2, "and not for the rules either, for now"
        server.routes["/robots.txt"] = answer("")
        with Web(FAST, tmp_path) as web:
            assert reason(web, server.url) is None, "a later run tries again"


def test_rules_that_a_redirect_leads_to_are_read() -> None:
    with Server(robots("")) as server, Web(FAST, None) as web:
        server.routes["/robots.txt"] = answer("", "301 Moved", Location="/rules")
        server.routes["/rules"] = answer("User-agent: *\nDisallow: /closed")
        assert reason(web, server.url + "/closed") == "refused_by_robots"


def test_rules_are_remembered_for_a_day(tmp_path: Path) -> None:
    with Server(robots("User-agent: *\nDisallow: /closed")) as server:
        for _ in range(2):
            with Web(FAST, tmp_path) as web:
                assert reason(web, server.url + "/closed") == "refused_by_robots"
        assert len(server.requests) == 1


def test_rules_older_than_a_day_or_from_the_future_are_not_remembered(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.sqlite")
    now = dt.datetime.now(dt.UTC)
    for origin, hours in (("new", -1), ("old", -25), ("future", 2)):
        memory.keep_robots(origin, now + dt.timedelta(hours=hours), "rules")
    since = now - dt.timedelta(days=1)
    assert [memory.robots(origin, since) for origin in ("new", "old", "future")] == ["rules", None, None]


def test_a_crawl_delay_lies_between_two_requests() -> None:
    with Server(robots("User-agent: *\nCrawl-delay: 0.3")) as server, Web(FAST, None) as web:
        for _ in web.fetch_all([(f"{server.url}/{n}", None) for n in range(4)]):
            pass
        times = [request.at for request in server.requests if request.path != "/robots.txt"]
    assert all(later - earlier >= 0.3 for earlier, later in itertools.pairwise(times))


def test_a_crawl_delay_is_cut_to_the_longest_wait() -> None:
    rules = robots("User-agent: *\nCrawl-delay: 86400")
    with Server(rules) as server, Web(replace(FAST, most_wait=0.2), None) as web:
        began = time.monotonic()
        assert [reason(web, server.url) for _ in range(3)] == [None] * 3
    assert 0.4 <= time.monotonic() - began < 5


def crawl_delay(text: str) -> float:
    """Without a server: what these rules make of the pause between requests."""
    memory = Memory(None)
    memory.keep_robots("http://x:80", dt.datetime.now(dt.UTC), text)

    def nobody(url: httpx.URL) -> Answer:
        raise AssertionError("robots.txt is known")

    return Robots(Settings(delay=2), memory, nobody).rules(httpx.URL("http://x/")).delay


@pytest.mark.parametrize(
    ("said", "delay"),
    [("10", 10), ("1", 2), ("0", 2), ("-5", 2), ("nan", 2), ("inf", 2), ("x", 2), ("1e9", 60)],
)
def test_the_longer_of_both_delays_wins(said: str, delay: float) -> None:
    assert crawl_delay(f"User-agent: *\nCrawl-delay: {said}") == delay


def test_a_hostile_file_of_names_and_rules_is_read_in_no_time() -> None:
    names = "".join(f"User-agent: bot{n}\nUser-agent: {'*' * (n % 300)}k\n" for n in range(5000))
    began = time.monotonic()
    assert crawl_delay(names + "Disallow: /a*b*c$\n" * 10_000) == 2
    assert time.monotonic() - began < 5


@given(st.text(st.sampled_from("User-agnt:*Khabr Dislow/$#\r\n\x00क")) | st.text())
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_the_rules_they_are_read(text: str) -> None:
    assert crawl_delay(text) >= 2


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("Khabar/0.1", True),
        ("khabar (news)", True),
        ("Khabar*", True),
        ("bar", False),
        ("a", False),
        ("Khabarist", False),
    ],
)
def test_a_group_is_ours_when_it_names_us_whole_whatever_follows(name: str, held: bool) -> None:
    with Server(robots(f"User-agent: {name}\nDisallow: /")) as server, Web(FAST, None) as web:
        assert reason(web, server.url) == ("refused_by_robots" if held else None)
