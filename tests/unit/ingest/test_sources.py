import pytest

from passerby.ingest.sources import Acquisition, acquisition_of, canonical_source, source_domain


def arrival(referrer: str = "", /, **query: str) -> Acquisition:
    return acquisition_of(query, referrer, "example.com")


@pytest.mark.parametrize(
    ("referrer", "cleaned", "source"),
    [
        ("https://www.indiehackers.com/page?query=param#hash", "indiehackers.com/page", "indiehackers.com"),
        ("https://news.ycombinator.com/item?id=1", "news.ycombinator.com/item", "Hacker News"),
        ("http://m.facebook.com/", "m.facebook.com", "Facebook"),
        ("https://t.co/abc//", "t.co/abc", "Twitter"),
        ("https://www.google.co.uk", "google.co.uk", "Google"),
        ("https://GOOGLE.com/Search", "google.com/Search", "Google"),
        ("https://fr.m.wikipedia.org/wiki/Chien", "fr.m.wikipedia.org/wiki/Chien", "Wikipedia"),
        ("https://chatgpt.com/", "chatgpt.com", "ChatGPT"),
        ("https://gemini.google.com/app", "gemini.google.com/app", "Google Gemini"),
        ("https://www.perplexity.ai/search", "perplexity.ai/search", "Perplexity"),
        ("https://slack.com/x", "slack.com/x", "Slack"),
        ("https://www.producthunt.com/posts/x", "producthunt.com/posts/x", "Producthunt"),
        ("https://münchen.de/ü", "münchen.de/ü", "münchen.de"),
        ("https://shop.example.com/a", "shop.example.com/a", "shop.example.com"),
        ("https://sub.unknown.org:8443/x", "sub.unknown.org/x", "sub.unknown.org"),
        ("android-app://com.google.android.gm/", "android-app://com.google.android.gm", "Gmail"),
        ("android-app://com.reddit.frontpage", "android-app://com.reddit.frontpage", "Reddit"),
        ("android-app://org.unknown.app/x", "android-app://org.unknown.app/x", "android-app://org.unknown.app"),
        ("https://orange.fr/webmail/inbox", "orange.fr/webmail/inbox", "Orange Webmail"),
    ],
)
def test_a_referral_is_cleaned_and_named(referrer: str, cleaned: str, source: str) -> None:
    got = arrival(referrer)

    assert (got.referrer, got.referrer_source) == (cleaned, source)


@pytest.mark.parametrize(
    "referrer",
    [
        "https://example.com/other",
        "https://www.example.com/other",
        "HTTP://EXAMPLE.COM",
        "http://localhost:4000/",
        "https:://twitter.com",
        "ftp://files.example.org/",
        "about:blank",
        "javascript:alert(1)",
        "//host.without.scheme/",
        "https://",
        "http://[::1",
        "http://[not-an-address]/",
        "https://go ogle.com/",
        "https://<script>/",
        "\x00",
    ],
)
def test_what_is_no_referral_leaves_nothing_and_never_fails(referrer: str) -> None:
    got = arrival(referrer)

    assert (got.referrer, got.referrer_source, got.channel) == ("", "", "Direct")


def test_the_page_host_is_compared_without_www_and_case() -> None:
    assert acquisition_of({}, "https://example.com/", "WWW.Example.com").referrer == ""


@pytest.mark.parametrize("tag", ["utm_source", "source", "ref"])
def test_a_tagged_source_wins_over_the_referrer(tag: str) -> None:
    got = arrival("https://betalist.com/my-product", **{tag: "betalist"})

    assert (got.utm_source, got.referrer_source) == ("betalist", "betalist")
    assert got.referrer == "betalist.com/my-product"


def test_the_first_tag_that_says_something_counts() -> None:
    assert arrival(utm_source="", source="second", ref="third").utm_source == "second"


@pytest.mark.parametrize(
    ("tagged", "shown"),
    [
        ("FACEBOOK", "Facebook"),
        ("google", "Google"),
        ("ig", "Instagram"),
        ("yt-ads", "Youtube"),
        ("yahoo!", "Yahoo!"),
        ("hacker news", "Hacker News"),
        ("chatgpt.com", "ChatGPT"),
        ("perplexity.ai", "Perplexity"),
        ("My List", "My List"),
        ("", ""),
    ],
)
def test_a_known_source_is_shown_by_its_own_name(tagged: str, shown: str) -> None:
    assert canonical_source(tagged) == shown
    assert arrival(utm_source=tagged).utm_source == tagged  # As it was written.


@pytest.mark.parametrize("name", ["gclid", "gbraid", "wbraid", "msclkid", "fbclid", "twclid"])
def test_of_a_click_id_only_its_name_is_kept(name: str) -> None:
    got = arrival(**{name: "a-person's-own-number"})

    assert got.click_id_param == name
    assert "person" not in repr(got)


def test_of_several_click_ids_the_first_by_rank_counts() -> None:
    assert arrival(fbclid="1", gclid="").click_id_param == "gclid"


@pytest.mark.parametrize(
    ("referrer", "click_id", "medium"),
    [
        ("https://www.google.com/", "gclid", "(gclid)"),
        ("https://www.bing.com/", "msclkid", "(msclkid)"),
        ("https://www.google.com/", "msclkid", ""),
        ("https://duckduckgo.com/", "gclid", ""),
    ],
)
def test_a_search_engine_s_own_click_id_stands_in_for_the_medium(referrer: str, click_id: str, medium: str) -> None:
    assert arrival(referrer, **{click_id: "1"}).utm_medium == medium
    assert arrival(referrer, **{click_id: "1", "utm_medium": "mine"}).utm_medium == "mine"


def test_campaign_tags_are_kept_as_they_are() -> None:
    got = arrival(utm_medium="Ads", utm_campaign="Summer", utm_content="Red", utm_term="Shoes")

    assert (got.utm_medium, got.utm_campaign, got.utm_content, got.utm_term) == ("Ads", "Summer", "Red", "Shoes")


def test_the_channel_comes_from_the_same_facts() -> None:
    assert arrival("https://www.google.com/").channel == "Organic Search"
    assert arrival("https://www.google.com/", gclid="1").channel == "Paid Search"
    assert arrival().channel == "Direct"


def test_a_query_in_a_referrer_is_never_kept() -> None:
    assert "secret" not in repr(arrival("https://mail.example.org/inbox?token=secret#secret"))


@pytest.mark.parametrize(
    ("source", "domain"),
    [("Brave", "search.brave.com"), ("Wikipedia", "en.wikipedia.org"), ("blog.example.org/x", "blog.example.org")],
)
def test_a_source_has_a_domain_for_its_icon(source: str, domain: str) -> None:
    assert source_domain(source) == domain
