"""Text as all later steps expect it: one spelling, true offsets, words, sentences, language."""
