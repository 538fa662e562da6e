"""Believable traffic for the demo site: sixty days of a small software company's website.

Weekdays are busier than weekends, evenings are quiet, pages have a long tail, a launch campaign brings one tall week,
and some visitors sign up, buy, download, leave by outbound links or meet a 404. The same seed and day always give the
same traffic, so screenshots and browser tests agree.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAYS = 60
EVENTS_A_DAY = 3300
SEED = 20261101
VISIT_PAGEVIEWS_MAX = 14
CAMPAIGN_DAYS_AGO = range(17, 24)
RETURNING = 0.14  # The share of visits by somebody who has been here the same day.

Event = dict[str, object]

# How much of a day's traffic each hour (UTC) gets, and each weekday from Monday.
HOURS = (18, 14, 12, 11, 13, 20, 34, 55, 78, 92, 96, 94, 90, 95, 98, 96, 90, 82, 72, 64, 56, 46, 34, 25)
WEEKDAYS = (1.08, 1.14, 1.16, 1.12, 1.0, 0.62, 0.66)

PAGES: tuple[tuple[str, float], ...] = (
    ("/", 30), ("/pricing", 11), ("/docs", 8), ("/blog", 7), ("/features", 6), ("/blog/why-we-count-without-cookies", 6),
    ("/docs/getting-started", 5), ("/signup", 4.5), ("/about", 2.5), ("/docs/install", 3), ("/docs/api", 2.4),
    ("/blog/launch-week", 3.5), ("/customers", 2), ("/changelog", 1.8), ("/contact", 1.2), ("/docs/self-hosting", 1.9),
    ("/docs/proxy", 1), ("/integrations", 1.4), ("/security", 1.1), ("/privacy", 0.8), ("/download", 1.7),
)  # fmt: skip
TAIL_PAGES = 240
TAIL_TOPICS = (
    "speed",
    "privacy",
    "funnels",
    "campaigns",
    "sources",
    "goals",
    "reports",
    "teams",
    "charts",
    "exports",
)

SOURCES: tuple[tuple[float, dict[str, str]], ...] = (
    (34, {}),
    (26, {"referrer_source": "Google", "referrer": "google.com"}),
    (5, {"referrer_source": "Hacker News", "referrer": "news.ycombinator.com/item"}),
    (4, {"referrer_source": "Twitter", "referrer": "t.co/4kQ2"}),
    (4, {"referrer_source": "GitHub", "referrer": "github.com/passerby"}),
    (3.5, {"referrer_source": "DuckDuckGo", "referrer": "duckduckgo.com"}),
    (3, {"referrer_source": "Bing", "referrer": "bing.com"}),
    (3, {"referrer_source": "ChatGPT", "referrer": "chatgpt.com"}),
    (2.2, {"referrer_source": "LinkedIn", "referrer": "linkedin.com/feed"}),
    (2.2, {"referrer_source": "Reddit", "referrer": "reddit.com/r/selfhosted"}),
    (1.6, {"referrer_source": "Youtube", "referrer": "youtube.com/watch"}),
    (1.5, {"referrer_source": "newsletter", "utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "weekly-42"}),
    (1.4, {"referrer_source": "Perplexity", "referrer": "perplexity.ai"}),
    (1.2, {"referrer_source": "Mastodon", "referrer": "fosstodon.org/@passerby"}),
    (1.2, {"referrer_source": "Google", "utm_source": "google", "utm_medium": "cpc", "utm_campaign": "brand", "utm_term": "cookieless analytics", "click_id_param": "gclid"}),
    (0.9, {"referrer_source": "lobste.rs", "referrer": "lobste.rs/s/analytics"}),
    (0.7, {"referrer_source": "dev.to", "referrer": "dev.to/passerby/counting"}),
)  # fmt: skip
CAMPAIGN = {
    "referrer_source": "Product Hunt",
    "referrer": "producthunt.com/posts/passerby",
    "utm_source": "producthunt",
    "utm_medium": "social",
    "utm_campaign": "launch-week",
    "utm_content": "hero",
}

# Country, weight, then (subdivision, GeoNames id) of its cities.
PLACES: tuple[tuple[str, float, tuple[tuple[str, int], ...]], ...] = (
    ("US", 27, (("US-CA", 5391959), ("US-NY", 5128581), ("US-WA", 5809844), ("US-TX", 4671654), ("US-IL", 4887398), ("US-CA", 5368361))),
    ("DE", 13, (("DE-BE", 2950159), ("DE-BY", 2867714), ("DE-NW", 2886242), ("DE-HE", 2925533))),
    ("GB", 9, (("GB-ENG", 2643743), ("GB-ENG", 2643123))),
    ("FR", 7, (("FR-IDF", 2988507), ("FR-ARA", 2996944))),
    ("IN", 6, (("IN-MH", 1275339), ("IN-KA", 1277333))),
    ("NL", 5, (("NL-NH", 2759794), ("NL-ZH", 2747373))),
    ("CA", 4, (("CA-ON", 6167865),)),
    ("ES", 3.4, (("ES-MD", 3117735),)),
    ("BR", 3.2, (("BR-SP", 3448439),)),
    ("AU", 3, (("AU-NSW", 2147714), ("AU-VIC", 2158177))),
    ("PL", 2.6, (("PL-14", 756135),)),
    ("SE", 2.2, (("SE-AB", 2673730),)),
    ("IT", 2.2, (("IT-25", 3173435),)),
    ("CH", 2, (("CH-ZH", 2657896),)),
    ("AT", 1.7, (("AT-9", 2761369),)),
    ("JP", 1.6, (("JP-13", 1850147),)),
    ("DK", 1.3, (("DK-84", 2618425),)),
    ("NO", 1.2, (("NO-03", 3143244),)),
    ("FI", 1.1, (("FI-18", 658225),)),
    ("EE", 1, (("EE-37", 588409),)),
    ("PT", 1, (("PT-11", 2267057),)),
    ("IE", 1, (("IE-L", 2964574),)),
    ("BE", 0.9, (("BE-BRU", 2800866),)),
    ("MX", 0.9, (("MX-CMX", 3530597),)),
    ("KR", 0.6, (("KR-11", 1835848),)),
    ("SG", 0.5, (("SG-01", 1880252),)),
)  # fmt: skip

DEVICES: tuple[tuple[float, tuple[str, str, str, str, str]], ...] = (
    (23, ("Desktop", "Chrome", "141.0", "Windows", "10")), (16, ("Desktop", "Chrome", "141.0", "Mac", "10.15")),
    (8, ("Desktop", "Safari", "18.5", "Mac", "10.15")), (7, ("Desktop", "Firefox", "143.0", "GNU/Linux", "")),
    (5, ("Desktop", "Microsoft Edge", "141.0", "Windows", "10")), (3.5, ("Desktop", "Firefox", "143.0", "Windows", "10")),
    (17, ("Mobile", "Safari", "18.5", "iOS", "18.5")), (15, ("Mobile", "Chrome", "141.0", "Android", "10")),
    (2, ("Mobile", "Samsung Browser", "27.0", "Android", "14.0")), (1.5, ("Tablet", "Safari", "18.4", "iPadOS", "18.4")),
    (1.2, ("Mobile", "Firefox", "143.0", "Android", "15.0")), (0.8, ("Desktop", "Opera", "120.0", "Windows", "10")),
)  # fmt: skip

GOALS: tuple[dict[str, object], ...] = (
    {"event_name": "Signup"},
    {"event_name": "Purchase", "currency": "EUR"},
    {"page_path": "/pricing"},
    {"page_path": "/blog**", "display_name": "Read the blog"},
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One made-up person for a day: where from, with what."""

    name: str
    attributes: dict[str, object]


def events(*, domain: str, now: datetime) -> Iterator[Event]:
    """Backfill events (docs/events-api.md) of the `DAYS` before `now`, in time order within each day."""
    for days_ago in range(DAYS, -1, -1):
        day = (now - timedelta(days=days_ago)).replace(hour=0, minute=0, second=0, microsecond=0)
        made = list(_day(domain=domain, day=day, days_ago=days_ago))
        made.sort(key=lambda event: str(event["timestamp"]))
        yield from (event for event in made if str(event["timestamp"]) <= now.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _day(*, domain: str, day: datetime, days_ago: int) -> Iterator[Event]:
    rng = random.Random(f"{SEED}-{DAYS - days_ago}")
    growth = 0.8 + 0.4 * (DAYS - days_ago) / DAYS
    wanted = int(EVENTS_A_DAY * WEEKDAYS[day.weekday()] * growth * rng.uniform(0.93, 1.07))
    if days_ago in CAMPAIGN_DAYS_AGO:
        wanted = int(wanted * (2.1 - 0.14 * (max(CAMPAIGN_DAYS_AGO) - days_ago)))
    made = 0
    seen: list[Visitor] = []
    while made < wanted:
        visitor = rng.choice(seen) if seen and rng.random() < RETURNING else _visitor(rng, day)
        seen.append(visitor)
        start = day + timedelta(hours=rng.choices(range(24), HOURS)[0], seconds=rng.randrange(3600))
        for event in _visit(rng, domain=domain, visitor=visitor, start=start, source=_source(rng, days_ago)):
            made += 1
            yield event


def _visitor(rng: random.Random, day: datetime) -> Visitor:
    country, _, cities = rng.choices(PLACES, [weight for _, weight, _ in PLACES])[0]
    region, city = rng.choice(cities)
    screen, browser, version, system, system_version = rng.choices([d for _, d in DEVICES], [w for w, _ in DEVICES])[0]
    attributes: dict[str, object] = {
        "country_code": country,
        "subdivision1_code": region,
        "city_geoname_id": city,
        "screen_size": screen,
        "browser": browser,
        "browser_version": version,
        "operating_system": system,
        "operating_system_version": system_version,
    }
    return Visitor(f"{day:%Y%m%d}-{rng.getrandbits(40)}", attributes)


def _source(rng: random.Random, days_ago: int) -> dict[str, str]:
    if days_ago in CAMPAIGN_DAYS_AGO and rng.random() < 0.4:
        return CAMPAIGN
    return rng.choices([source for _, source in SOURCES], [weight for weight, _ in SOURCES])[0]


def _visit(
    rng: random.Random, *, domain: str, visitor: Visitor, start: datetime, source: dict[str, str]
) -> Iterator[Event]:
    """One visit: pageviews with their engagement, and now and then something the owner hopes for."""
    at = start
    pages = 1 if rng.random() < 0.46 else min(VISIT_PAGEVIEWS_MAX, 1 + int(rng.expovariate(0.42)))
    for number in range(pages):
        path = "/blog/launch-week" if source is CAMPAIGN and number == 0 and rng.random() < 0.6 else _page(rng)
        base: Event = {
            "visitor": visitor.name,
            "hostname": domain,
            "pathname": path,
            **visitor.attributes,
            **source,
        }
        seconds = max(2, int(rng.lognormvariate(3.6, 0.9)))
        props = {"author": rng.choice(("Ann", "Bob", "Cy"))} if path.startswith("/blog/") else {}
        yield {**base, "name": "pageview", "timestamp": _stamp(at), "props": props}
        yield from _moments(rng, base=base, at=at)
        at += timedelta(seconds=min(seconds, 1500))
        yield {
            **base,
            "name": "engagement",
            "timestamp": _stamp(at),
            "props": props,
            "scroll_depth": min(100, int(rng.betavariate(2.2, 1.6) * 110)),
            "engagement_time": int(min(seconds, 600) * 1000 * rng.uniform(0.4, 0.95)),
        }
        at += timedelta(seconds=rng.randrange(1, 20))


def _moments(rng: random.Random, *, base: Event, at: datetime) -> Iterator[Event]:
    """The custom events of one page."""
    chance = rng.random()
    path = str(base["pathname"])
    later = _stamp(at + timedelta(seconds=rng.randrange(1, 9)))
    if path == "/signup" and chance < 0.34:
        yield {
            **base,
            "name": "Signup",
            "timestamp": later,
            "props": {"plan": rng.choice(("free", "pro", "pro", "team"))},
        }
        if rng.random() < 0.3:
            amount = rng.choice(("9.00", "19.00", "49.00"))
            yield {
                **base,
                "name": "Purchase",
                "timestamp": later,
                "revenue": {"amount": amount, "currency": "EUR"},
            }
    elif path == "/download" and chance < 0.5:
        yield {
            **base,
            "name": "File Download",
            "timestamp": later,
            "props": {"url": f"https://{base['hostname']}/passerby.zip"},
        }
    elif path.startswith("/docs") and chance < 0.08:
        yield {
            **base,
            "name": "Outbound Link: Click",
            "timestamp": later,
            "props": {"url": "https://github.com/passerby"},
        }
    elif chance < 0.008:
        yield {**base, "name": "404", "timestamp": later, "props": {"path": f"/old/{rng.randrange(40)}"}}


def _page(rng: random.Random) -> str:
    if rng.random() < 0.86:
        return rng.choices([page for page, _ in PAGES], [weight for _, weight in PAGES])[0]
    number = int(TAIL_PAGES * rng.random() ** 2.2)
    return f"/blog/{TAIL_TOPICS[number % len(TAIL_TOPICS)]}-{number:03d}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
