"""Other outputs are of another version, so that `khabar run --reprocess` knows what to make anew."""

from tests.outputs import digest, key, recorded


def test_what_is_found_in_the_samples_changes_only_with_a_version() -> None:
    """When it fails: give `pipeline.__version__` (or the model) another version, then record the outputs."""
    present = " and ".join(key().split("\t"))
    assert key() in recorded(), f"nothing is recorded for {present}: run `python -m tests.outputs`"
    assert digest() == recorded()[key()], f"{present} found something else: raise pipeline.__version__"
