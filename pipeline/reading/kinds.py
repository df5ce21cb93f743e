"""What a page is when it is no article: a live blog, a gallery, a film, a list of stories, a home page."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import regex

from pipeline.reading import jsonld
from pipeline.reading.body import Body
from pipeline.reading.opened import Page
from pipeline.reading.reasons import NotAnArticle

_LIVE: Final = frozenset(("LiveBlogPosting",))
_GALLERIES: Final = frozenset(("ImageGallery", "MediaGallery", "AmpStory"))
_FILMS: Final = frozenset(("VideoObject", "Clip", "TVEpisode", "Episode", "BroadcastEvent"))
_LISTS: Final = frozenset(("CollectionPage", "SearchResultsPage", "ProfilePage"))
_IN_PATHS: Final = {
    "live_blog": regex.compile(r"live-?blogs?|live-?updates", regex.I),
    "photo_gallery": regex.compile(
        r"photo-?gallery|photo-?galleries|photos?|galleries|gallery|picture-gallery|slideshows?|photo-?story"
        r"|web-?stor(?:y|ies)|visual-?stor(?:y|ies)|photo-?features?|photo-?shows?",
        regex.I,
    ),
    "video": regex.compile(r"videos?|video-?shows?|watch|video-?gallery", regex.I),
    "list_page": regex.compile(
        r"topics?|tags?|search|authors?|reporters?|archives?|category|categories", regex.I
    ),
}
_SAYS: Final = {
    "live_blog": "The page is a live blog, whose entries change and have no end.",
    "photo_gallery": "The page is a gallery of pictures with captions.",
    "video": "The page shows a film and has no text of an article.",
    "list_page": "The page lists stories, as of a topic, an author or a section.",
    "home_page": "The page is the home page of a site.",
    "no_article": "The page has no article.",
}
_FEW_WORDS: Final = 60  # of what is told beside a film
_MANY_WORDS: Final = 150  # of an article with a film or pictures in it


def refuse_other_kinds(page: Page, body: Body) -> None:
    """NotAnArticle with the kind of the page as its reason, for all but articles."""
    if reason := _kind(page, body):
        raise NotAnArticle(reason, _SAYS[reason])


def _kind(page: Page, body: Body) -> str | None:
    stated = frozenset[str]().union(*map(jsonld.kinds, page.nodes))
    named, words = _named(page.url), sum(len(text.split()) for text in body.paragraphs)
    if _is_live(page, named):
        return "live_blog"
    if _is_gallery(page, stated, named, body, words):
        return "photo_gallery"
    if _is_film(page, stated, named, words):
        return "video"
    if page.node is None and page.url is not None and urlsplit(page.url).path.strip("/") == "":
        return "home_page"
    if page.node is None and _is_list(page, stated, named, body):
        return "list_page"
    return None if body.paragraphs else "no_article"


def _named(url: str | None) -> frozenset[str]:
    """The kinds that parts of the address of a page name."""
    parts = urlsplit(url or "").path.split("/")
    return frozenset(
        kind for kind, shape in _IN_PATHS.items() if any(shape.fullmatch(part) for part in parts)
    )


def _is_live(page: Page, named: frozenset[str]) -> bool:
    """A live blog says so; one that another article only names has a headline of its own."""
    live = [each for each in page.nodes if jsonld.kinds(each) & _LIVE]
    titles = {None, jsonld.headline(page.node) if page.node else None}
    own = page.node is None or any(jsonld.headline(each) in titles for each in live)
    return bool(live and own) or "live_blog" in named or _has(page, "amp-live-list")


def _is_gallery(page: Page, stated: frozenset[str], named: frozenset[str], body: Body, words: int) -> bool:
    """Pictures with their captions; a story with pictures in it has more to tell."""
    if _has(page, "amp-story"):
        return True
    if not (stated & _GALLERIES or "photo_gallery" in named):
        return False
    return page.node is None or words < _MANY_WORDS or 2 * body.pictured > body.told


def _is_film(page: Page, stated: frozenset[str], named: frozenset[str], words: int) -> bool:
    """A film with some lines about it; an article with a film in it has more to tell."""
    stands_for = page.meta.get("og:type", "")
    filmed = "video" in named or stands_for.startswith("video")
    if page.node is None and stands_for != "article":
        return (bool(stated & _FILMS) or filmed) and words < _MANY_WORDS
    return filmed and words < _FEW_WORDS


def _is_list(page: Page, stated: frozenset[str], named: frozenset[str], body: Body) -> bool:
    lists = "list_page" in named or body.is_index
    return bool(stated & _LISTS) or (lists and page.meta.get("og:type") != "article")


def _has(page: Page, tag: str) -> bool:
    return next(page.root.iter(tag), None) is not None
