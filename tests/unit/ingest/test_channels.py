import pytest

from passerby.ingest.channels import PAID_SOURCES, channel_of


def channel(source: str = "", medium: str = "", campaign: str = "", utm_source: str = "", click_id: str = "") -> str:
    return channel_of(
        referrer_source=source,
        utm_medium=medium,
        utm_campaign=campaign,
        utm_source=utm_source,
        click_id_param=click_id,
    )


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("Cross-network", {"campaign": "q3-Cross-Network-x", "source": "Google", "medium": "cpc"}),
        ("Paid Shopping", {"campaign": "shopping", "medium": "paid"}),
        ("Paid Shopping", {"source": "shopify.com", "medium": "paid"}),
        ("Paid Search", {"source": "Google", "click_id": "gclid"}),
        ("Display", {"source": "Google", "medium": "display", "click_id": "gclid"}),
        ("Paid Search", {"source": "Google", "medium": "cpc", "click_id": "gclid"}),
        ("Paid Search", {"source": "Bing", "click_id": "msclkid"}),
        ("Paid Search", {"source": "google", "medium": "paid", "utm_source": "google"}),
        ("Paid Search", {"source": "Google", "utm_source": "Adwords"}),
        ("Paid Search", {"source": "DuckDuckGo", "medium": "retargeting"}),
        ("Paid Social", {"source": "TikTok", "medium": "paid-social"}),
        ("Paid Social", {"source": "Reddit", "utm_source": "Reddit-ads"}),
        ("Paid Video", {"source": "Youtube", "medium": "xcpvx"}),
        ("Paid Video", {"source": "Youtube", "utm_source": "yt-ads"}),
        ("Display", {"medium": "banner"}),
        ("Display", {"source": "Google", "medium": "display"}),
        ("Display", {"medium": "cpm"}),
        ("Paid Search", {"source": "Bing", "medium": "cpm"}),
        ("Paid Other", {"source": "some blog", "medium": "ppc"}),
        ("Organic Shopping", {"campaign": "shop"}),
        ("Organic Shopping", {"campaign": "spring-eshop"}),
        ("Organic Shopping", {"source": "temu.com"}),
        ("Organic Social", {"source": "Facebook"}),
        ("Organic Social", {"source": "GitHub"}),
        ("Organic Social", {"source": "steamcommunity.com"}),
        ("Organic Social", {"source": "Microsoft Teams"}),
        ("Organic Social", {"medium": "Social Media"}),
        ("Organic Video", {"source": "Vimeo"}),
        ("Organic Video", {"medium": "my-video"}),
        ("AI Assistants", {"source": "ChatGPT"}),
        ("AI Assistants", {"source": "chatgpt.com"}),
        ("AI Assistants", {"source": "Perplexity"}),
        ("AI Assistants", {"source": "Google Gemini"}),
        ("Organic Search", {"source": "DuckDuckGo"}),
        ("Organic Search", {"source": "DuckDuckGo", "click_id": "gclid"}),
        ("Organic Search", {"source": "Yahoo!"}),
        ("Organic Search", {"source": "it.search.yahoo.com"}),
        ("Email", {"source": "Gmail"}),
        ("Email", {"medium": "E-Mail blast"}),
        ("Email", {"source": "x", "utm_source": "weekly newsletter"}),
        ("Affiliates", {"medium": "affiliate"}),
        ("Audio", {"medium": "audio"}),
        ("SMS", {"source": "sms", "utm_source": "sms"}),
        ("SMS", {"medium": "SMS"}),
        ("Mobile Push Notifications", {"medium": "app-push"}),
        ("Mobile Push Notifications", {"medium": "example-mobile"}),
        ("Mobile Push Notifications", {"source": "firebase"}),
        ("Referral", {"source": "Linktree"}),
        ("Referral", {"medium": "link"}),
        ("Direct", {}),
        ("Direct", {"medium": "something else"}),
        ("Direct", {"campaign": "workshop"}),
        ("Direct", {"click_id": "gclid"}),
    ],
)
def test_the_first_matching_rule_names_the_channel(expected: str, facts: dict[str, str]) -> None:
    assert channel(**facts) == expected


def test_only_an_advertiser_s_own_tag_marks_a_source_as_paid() -> None:
    advertisers = {
        *("fb-ads", "fbads", "fbad", "facebook-ads", "facebook_ads", "facebook_ad", "facebook_feed_ad"),
        *("yt-ads", "reddit-ads", "google_ads", "google-ads", "googleads", "gads", "google ads"),
        *("twitter-ads", "tiktokads", "adwords"),
    }

    assert advertisers == PAID_SOURCES
