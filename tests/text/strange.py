"""Strings as no editor would let them through: any code point, and pile-ups of the awkward ones."""

from hypothesis import strategies as st

AWKWARD = (
    "कनरडऴंँ्िीॉऩक़ड़ ab.|।?\"'é"  # letters, matras, nuktas apart and in one
    "\t\r\n\n\x0b\x0c\x1c\x1f\x85\xa0\u2009\u2028\u2029\u3000"
    "\x00\x07\x9f\xad\u200b\u200c\u200d\u200d\u2060\u202e\ufeff\ufeff"
    "‘’“”„\ud83d\ude00\udfff😀👩🏽💻❤\ufe0f"
    "\u0301\u0316\u0344\u0345\u0f73\u212b\u2000\u1100\u1161\u11a8각میക്ർලන්র"
)

awkward_text = st.text(st.sampled_from(AWKWARD), max_size=14)
any_text = st.text(st.characters(codec=None), max_size=40)
strange_text = awkward_text | any_text
_SCRAPS = [
    *("राम ", "डॉ. ", "रु. ", "500", "2.6", "है", "है। ", "The ", "U.S. ", "Ltd. ", "www.a.in ", "A"),
    *(". ", ".", "? ", "!", "...", "…", "|", '"', "(", ")", "\n", "\n\n", " ", "\u0301", "😀"),
]
news_scraps = st.lists(st.sampled_from(_SCRAPS), max_size=20).map("".join)
