from pathlib import Path

import pytest

from passerby.ingest.spam import SpamHosts, is_spam_referrer
from passerby.settings import SettingRefused


@pytest.mark.parametrize(
    "referrer",
    ["https://www.1-best-seo.com", "http://semalt.com/path?q", "https://forum.darodar.com/x", "HTTP://SEMALT.COM"],
)
def test_a_listed_host_and_its_sub_domains_are_spam(referrer: str) -> None:
    assert is_spam_referrer(referrer)


@pytest.mark.parametrize(
    "referrer", ["", "https://google.com/", "https://notsemalt.com/", "https://example.org/?u=semalt.com", "http://["]
)
def test_other_referrers_are_not(referrer: str) -> None:
    assert not is_spam_referrer(referrer)


def test_an_operator_adds_hosts_of_their_own(tmp_path: Path) -> None:
    extra = tmp_path / "spam.txt"
    extra.write_text("# mine\nwww.Annoying.example  # since May\n\n")

    hosts = SpamHosts.open(extra)

    assert hosts.sent("https://annoying.example/")
    assert hosts.sent("https://semalt.com/")


def test_an_operator_s_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="PASSERBY_SPAM_REFERRERS"):
        SpamHosts.open(tmp_path / "missing.txt")
