"""Why something read is no article for us: all codes of `rejects.reason`, and how one is said."""

from __future__ import annotations

from typing import Final

from pipeline.article import Refusal
from pipeline.reading.web.reasons import WEB_REASONS

REASONS: Final[dict[str, str]] = {
    "empty": "nothing but white space, or a table without rows",
    "unreadable": "it cannot be opened, or its data end early or are damaged",
    "binary": "an image, a document of an office program or other bytes that are no text",
    "not_text": "text without a single letter",
    "bad_encoding": "text in an encoding that is not known for sure",
    "too_large": "one article larger than any article is",
    "no_article": "a page without an article, such as a home page",
    "broken_row": "a row of a table that cannot be parsed or does not fit its header",
    "no_text_column": "a table or row without a column that holds article text",
    "many_articles": "several articles where one is wanted",
    "unsupported_format": "a known format that Khabar does not read",
    "encrypted": "a file or a member of an archive that opens only with a password",
    "nested_archive": "an archive within an archive",
    "not_fetched": "a page that would have to be fetched, in a run that does not fetch",
    "not_followed": "a sitemap that is named again, too deep, or after too many others",
    **WEB_REASONS,
    "live_blog": "a page that is a live blog",
    "photo_gallery": "a page that is a gallery of pictures or a story of slides",
    "video": "a page that shows a film and has no text of an article",
    "list_page": "a page that lists stories: of a topic, an author, a section",
    "home_page": "the home page of a site",
    "legacy_font": "Hindi typed for a font from before Unicode that cannot be read for sure",
    # Of the steps after reading, and of what names an input:
    "not_found": "an input that names no file or folder",
    "language": "text in a language that is not kept",
    "outside_dates": "an article of a day outside the range that the run was asked for",
    "failed": "a defect of Khabar: the analysis of this article, or of one that it repeats, broke off",
}


class NotAnArticle(Exception):
    """What was read is no article: `reason` is a code of `REASONS`, `detail` one sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the code and the sentence, on one line and fit to be stored."""
        self.reason = reason
        plain = " ".join(detail.encode("utf-8", "replace").decode("utf-8").split())
        self.detail = plain.rstrip(".") + "."
        super().__init__(self.detail)

    def refusal(self, source_uri: str, payload: bytes | None = None) -> Refusal:
        """The refusal that says so of `source_uri`, with what was refused."""
        return Refusal(source_uri, self.reason, self.detail, payload)
