"""Whatever a client sends, a look-up answers; it never raises."""

from hypothesis import given
from hypothesis import strategies as st

from passerby.ingest.bots import bot_of
from passerby.ingest.channels import RULES, channel_of
from passerby.ingest.devices import device_of
from passerby.ingest.geo import GeoDatabase
from passerby.ingest.sources import acquisition_of, canonical_source
from passerby.ingest.spam import is_spam_referrer
from passerby.settings import read_settings

# Lone surrogates too: a header or a percent-escape may decode to anything.
anything = st.text(alphabet=st.characters(codec=None), max_size=60)
links = st.builds("{}{}".format, st.sampled_from(["http://", "https://", "android-app://", "//", ""]), anything)
tags = st.dictionaries(st.sampled_from(["utm_source", "utm_medium", "utm_campaign", "ref", "gclid"]), anything)
CHANNELS = {channel for channel, _ in RULES}
GEO = GeoDatabase.open(read_settings({}))


@given(query=tags, referrer=links, hostname=anything)
def test_every_arrival_has_a_channel_and_no_referrer_has_a_query(
    query: dict[str, str], referrer: str, hostname: str
) -> None:
    acquisition = acquisition_of(query, referrer, hostname)

    assert acquisition.channel in CHANNELS
    assert "?" not in acquisition.referrer
    assert "#" not in acquisition.referrer


@given(source=anything, medium=anything, campaign=anything)
def test_case_never_changes_a_channel(source: str, medium: str, campaign: str) -> None:
    def channel(source: str, medium: str, campaign: str) -> str:
        return channel_of(
            referrer_source=source, utm_medium=medium, utm_campaign=campaign, utm_source=source, click_id_param=""
        )

    lower = channel(source.lower(), medium.lower(), campaign.lower())
    assert channel(source, medium, campaign) == lower


@given(name=anything)
def test_a_shown_source_name_is_its_own_name(name: str) -> None:
    shown = canonical_source(name)

    assert canonical_source(shown) == shown


@given(text=anything)
def test_any_text_may_be_a_user_agent_an_address_or_a_referrer(text: str) -> None:
    device = device_of(text)

    assert device == device_of(text)
    assert bot_of(text) == bot_of(text)
    assert isinstance(is_spam_referrer(text), bool)
    assert len(GEO.place_of(text).country_code) in {0, 2}
