"""Why something read is no article: the stable codes of `rejects.reason`, and how one is said."""

from __future__ import annotations

from typing import Final

from pipeline.article import Refusal

REASONS: Final[dict[str, str]] = {
    "empty": "nothing but white space, or a table without rows",
    "unreadable": "it cannot be opened, or its data end early or are damaged",
    "binary": "an image, a document of an office program, an archive or other bytes that are no text",
    "not_text": "text without a single letter",
    "bad_encoding": "text in an encoding that is not known for sure",
    "too_large": "one article larger than any article is",
    "no_article": "a page without an article, such as a home page",
    "broken_row": "a row of a table that cannot be parsed or does not fit its header",
    "no_text_column": "a table or row without a column that holds article text",
    "many_articles": "a table of several rows where one article is wanted",
    "unsupported_format": "a known format that Khabar does not read",
}


class NotAnArticle(Exception):
    """What was read is no article: `reason` is a code of `REASONS`, `detail` one sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the code and the sentence, on one line and fit to be stored."""
        self.reason = reason
        plain = " ".join(detail.encode("utf-8", "replace").decode("utf-8").split())
        self.detail = plain.rstrip(".") + "."
        super().__init__(self.detail)

    def refusal(self, source_uri: str) -> Refusal:
        """The row of `rejects` that says so of `source_uri`."""
        return Refusal(source_uri, self.reason, self.detail)
