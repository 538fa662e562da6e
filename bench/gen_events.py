"""A deterministic set of web traffic: one pageview a line, sorted by time, as NDJSON.

The same arguments and the same numpy major version give the same bytes. Visits are drawn first (weights per weekday
and hour, slight growth); each has 1 to 40 pageviews, about half have one; gaps between pageviews are lognormal and
never over 25 minutes, so a 30-minute rule finds the same visits except where two of one visitor lie close together.
Only the first pageview of a visit has a referrer, pages follow Zipf, and country, region, city, browser, operating
system and device belong to the visitor.

    bench/gen_events.py --events 1000000 --days 30 --out events.ndjson
    bench/gen_events.py --events 1000000 --summary          # facts only, no file
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Country, weight, "subdivision=City|City;…" with the subdivision's ISO 3166-2 code.
GEO = (
    (
        "US",
        28.0,
        "CA=San Francisco|Los Angeles|San Diego;NY=New York|Buffalo;TX=Austin|Houston|Dallas;WA=Seattle;IL=Chicago",
    ),
    ("DE", 9.0, "BE=Berlin;BY=Munich|Nuremberg;HH=Hamburg;NW=Cologne|Dortmund"),
    ("GB", 8.0, "ENG=London|Manchester|Leeds;SCT=Edinburgh|Glasgow;WLS=Cardiff"),
    ("IN", 7.5, "MH=Mumbai|Pune;KA=Bengaluru;DL=Delhi;TN=Chennai"),
    ("FR", 5.5, "IDF=Paris;ARA=Lyon|Grenoble;PAC=Marseille|Nice"),
    ("CA", 4.5, "ON=Toronto|Ottawa;QC=Montreal;BC=Vancouver"),
    ("BR", 4.0, "SP=Sao Paulo|Campinas;RJ=Rio de Janeiro;MG=Belo Horizonte"),
    ("NL", 3.5, "NH=Amsterdam;ZH=Rotterdam|The Hague;UT=Utrecht"),
    ("AU", 3.0, "NSW=Sydney;VIC=Melbourne;QLD=Brisbane"),
    ("ES", 2.8, "MD=Madrid;CT=Barcelona;AN=Seville|Malaga"),
    ("IT", 2.6, "25=Milan;62=Rome;52=Florence"),
    ("PL", 2.2, "14=Warsaw;12=Krakow;02=Wroclaw"),
    ("JP", 2.0, "13=Tokyo;27=Osaka;23=Nagoya"),
    ("SE", 1.7, "AB=Stockholm;O=Gothenburg;M=Malmo"),
    ("CH", 1.5, "ZH=Zurich;GE=Geneva;BE=Bern"),
    ("MX", 1.4, "CMX=Mexico City;JAL=Guadalajara;NLE=Monterrey"),
    ("BE", 1.2, "BRU=Brussels;VLG=Antwerp|Ghent"),
    ("ID", 1.2, "JK=Jakarta;JB=Bandung;JI=Surabaya"),
    ("TR", 1.1, "34=Istanbul;06=Ankara;35=Izmir"),
    ("AT", 1.0, "9=Vienna;6=Graz"),
    ("DK", 0.9, "84=Copenhagen;82=Aarhus"),
    ("NO", 0.8, "03=Oslo;46=Bergen"),
    ("FI", 0.8, "18=Helsinki;11=Tampere"),
    ("PT", 0.7, "11=Lisbon;13=Porto"),
    ("CZ", 0.7, "10=Prague;64=Brno"),
    ("ZA", 0.6, "GP=Johannesburg;WC=Cape Town"),
    ("AR", 0.6, "C=Buenos Aires;X=Cordoba"),
    ("KR", 0.6, "11=Seoul;26=Busan"),
    ("SG", 0.5, "01=Singapore"),
    ("NZ", 0.5, "AUK=Auckland;WGN=Wellington"),
)

# Browser, operating system, device, weight.
CLIENTS = (
    ("Chrome", "Windows", "desktop", 24.0),
    ("Chrome", "Android", "mobile", 21.0),
    ("Safari", "iOS", "mobile", 17.0),
    ("Chrome", "Mac", "desktop", 8.5),
    ("Safari", "Mac", "desktop", 5.5),
    ("Edge", "Windows", "desktop", 5.5),
    ("Firefox", "Windows", "desktop", 3.2),
    ("Samsung Browser", "Android", "mobile", 2.8),
    ("Firefox", "GNU/Linux", "desktop", 1.9),
    ("Chrome", "GNU/Linux", "desktop", 1.8),
    ("Chrome", "iOS", "mobile", 1.8),
    ("Safari", "iOS", "tablet", 1.6),
    ("Opera", "Windows", "desktop", 1.3),
    ("Chrome", "Chrome OS", "desktop", 1.0),
    ("Brave", "Mac", "desktop", 0.8),
    ("Firefox", "Mac", "desktop", 0.8),
    ("Chrome", "Android", "tablet", 0.7),
    ("Opera", "Android", "mobile", 0.5),
    ("DuckDuckGo Privacy Browser", "iOS", "mobile", 0.3),
)

REFERRERS = (  # By weight, the most frequent first; visits without one are a share on top.
    "https://www.google.com/",
    "https://news.ycombinator.com/",
    "https://www.bing.com/",
    "https://duckduckgo.com/",
    "https://github.com/",
    "https://www.reddit.com/",
    "https://t.co/",
    "https://www.linkedin.com/",
    "https://www.facebook.com/",
    "https://www.youtube.com/",
    "https://chatgpt.com/",
    "https://search.brave.com/",
    "https://lobste.rs/",
    "https://mastodon.social/",
    "https://medium.com/",
    "https://stackoverflow.com/",
    "https://dev.to/",
    "https://www.producthunt.com/",
    "https://search.yahoo.com/",
    "https://www.ecosia.org/",
)

# Weight of each hour of the day, and of each weekday from Monday.
HOURS = (
    1.1, 0.8, 0.7, 0.6, 0.6, 0.8, 1.3, 2.1, 3.3, 4.4, 5.0, 5.2,
    4.9, 5.1, 5.5, 5.6, 5.4, 5.0, 4.6, 4.4, 4.3, 3.9, 3.0, 1.9,
)  # fmt: skip
WEEKDAYS = (1.08, 1.12, 1.1, 1.06, 1.0, 0.74, 0.78)

FIRST_PAGES = ("/", "/pricing", "/login", "/docs", "/blog")
SECTIONS = (("/blog/", 35), ("/docs/", 30), ("/products/", 20), ("/guides/", 10), ("/about/", 5))
WORDS = (
    "alpha", "beacon", "cedar", "delta", "ember", "falcon", "garnet", "harbor",
    "indigo", "juniper", "kestrel", "lumen",
    "meadow", "nimbus", "orchid", "prairie", "quartz", "raven", "summit", "timber",
    "umber", "velvet", "willow", "zephyr",
)  # fmt: skip

VISIT_PAGEVIEWS_MAX = 40
GAP_SECONDS_MAX = 1500
DAY_SECONDS = 86_400
CHUNK_ROWS = 100_000

LINE = (
    '{{"timestamp":"{}","visitor":"{}","hostname":{},"pathname":{},"referrer":{},"country_code":"{}",'
    '"region":{},"city":{},"browser":{},"os":{},"device":{},"name":"{}"}}\n'
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the traffic looks like. Shares are 0..1."""

    events: int = 1_000_000
    days: int = 30
    end: str = "2026-11-01"  # The UTC day after the last one.
    seed: int = 20261101
    pages: int = 2000
    zipf: float = 1.05
    pages_per_visit: float = 2.3
    bounce: float = 0.5
    new_share: float = 0.7
    direct: float = 0.4
    domain: str = "example.com"

    @property
    def start_at(self) -> dt.datetime:
        """Midnight of the first day."""
        return dt.datetime.fromisoformat(self.end).replace(tzinfo=dt.UTC) - dt.timedelta(days=self.days)


@dataclass(frozen=True, kw_only=True)
class People:
    """What belongs to a visitor, by visitor number."""

    country: Ints
    city: Ints
    client: Ints
    ids: Ints


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Pageviews in the order of time, and the tables their codes point into."""

    timestamps: Ints  # Unix seconds.
    page: Ints
    referrer: Ints
    visitor: Ints
    people: People
    visits: int
    cities: list[tuple[str, str]]
    pages: list[str]
    domain: str
    start: int


def generate(shape: Shape) -> Traffic:
    """Draw everything. The order of the draws is part of the format: another order is another data set."""
    rng = np.random.Generator(np.random.PCG64(shape.seed))
    count = shape.events
    length = visit_lengths(shape, rng)
    visits = len(length)
    visit_start = visit_starts(shape, visits, rng)
    visitor = visitors_of_visits(shape, visits, rng)
    cities = city_table()
    people = draw_people(int(visitor.max()) + 1, cities, rng)

    visit = np.repeat(np.arange(visits), length)
    first = np.zeros(count, dtype=bool)
    first[np.cumsum(length) - length] = True
    gap = np.minimum(np.exp(rng.normal(3.4, 1.1, count)), GAP_SECONDS_MAX).astype(np.int64) + 1
    gap[first] = 0
    elapsed = np.cumsum(gap)
    start = int(shape.start_at.timestamp())
    timestamps = start + visit_start[visit] + elapsed - np.repeat(elapsed[first], length)
    timestamps = np.minimum(timestamps, start + shape.days * DAY_SECONDS - 1)
    page = rng.choice(shape.pages, count, p=normalised(1 / np.arange(1, shape.pages + 1) ** shape.zipf))
    referrer_weights = normalised(1 / np.arange(1, len(REFERRERS) + 1) ** 1.1)
    is_direct = rng.random(visits) < shape.direct
    referrer_of_visit = np.where(is_direct, 0, 1 + rng.choice(len(REFERRERS), visits, p=referrer_weights))

    order = np.argsort(timestamps, kind="stable")
    return Traffic(
        timestamps=timestamps[order],
        page=page[order],
        referrer=np.where(first, referrer_of_visit[visit], 0)[order],
        visitor=visitor[visit][order],
        people=people,
        visits=visits,
        cities=[city for table in cities for city in table],
        pages=page_table(shape.pages, rng),
        domain=shape.domain,
        start=start,
    )


def visit_lengths(shape: Shape, rng: np.random.Generator) -> Ints:
    """Pageviews of each visit; together exactly `shape.events`."""
    mean_extra = (shape.pages_per_visit - 1) / (1 - shape.bounce)  # Pages beyond the first, of visits that stay.
    estimate = int(shape.events / shape.pages_per_visit * 1.1) + 64
    length = np.ones(estimate, dtype=np.int64)
    stays = rng.random(estimate) >= shape.bounce
    extra = rng.geometric(min(1.0, 1 / mean_extra), int(stays.sum()))
    length[stays] += np.minimum(extra, VISIT_PAGEVIEWS_MAX - 1)
    visits = int(np.searchsorted(np.cumsum(length), shape.events)) + 1
    if visits > estimate:
        raise SystemExit("Not enough visits were drawn.")
    length = length[:visits]
    length[-1] -= int(length.sum()) - shape.events
    return length


def visit_starts(shape: Shape, visits: int, rng: np.random.Generator) -> Ints:
    """Seconds from the first midnight to the start of each visit, sorted."""
    days = range(shape.days)
    weights = np.array([
        WEEKDAYS[(shape.start_at + dt.timedelta(days=day)).weekday()] * (1 + 0.25 * day / max(1, shape.days))
        for day in days
    ])  # fmt: skip
    weights *= rng.uniform(0.92, 1.08, shape.days)
    day = rng.choice(shape.days, visits, p=normalised(weights))
    hour = rng.choice(24, visits, p=normalised(np.array(HOURS)))
    start = day * DAY_SECONDS + hour * 3600 + rng.integers(0, 3600, visits)
    return start[np.argsort(start, kind="stable")]


def visitors_of_visits(shape: Shape, visits: int, rng: np.random.Generator) -> Ints:
    """The visitor of each visit: somebody new, or somebody seen before, recent people more often."""
    is_new = rng.random(visits) < shape.new_share
    is_new[0] = True
    known = np.cumsum(is_new)  # People seen so far, this visit included.
    returning = (known * (1 - rng.random(visits) ** 1.7)).astype(np.int64)
    return np.where(is_new, known - 1, np.minimum(returning, known - 1))


def city_table() -> list[list[tuple[str, str]]]:
    """For each country, its (subdivision, city) pairs, bigger cities first."""
    return [
        [
            (f"{country}-{part.partition('=')[0]}", city)
            for part in cities.split(";")
            for city in part.partition("=")[2].split("|")
        ]
        for country, _, cities in GEO
    ]


def draw_people(count: int, cities: list[list[tuple[str, str]]], rng: np.random.Generator) -> People:
    """A country, a city in it, a client and an id for each visitor."""
    country = rng.choice(len(GEO), count, p=normalised(np.array([entry[1] for entry in GEO])))
    sizes = np.array([len(table) for table in cities])
    firsts = np.cumsum(sizes) - sizes
    rank = rng.random(count) ** 1.5  # The first cities of a country are bigger.
    return People(
        country=country,
        city=firsts[country] + (rank * sizes[country]).astype(np.int64),
        client=rng.choice(len(CLIENTS), count, p=normalised(np.array([entry[3] for entry in CLIENTS]))),
        ids=rng.integers(0, 1 << 63, count, dtype=np.int64),
    )


def page_table(count: int, rng: np.random.Generator) -> list[str]:
    """Paths by weight, the most frequent first."""
    pages = list(FIRST_PAGES[:count])
    weights = normalised(np.array([float(weight) for _, weight in SECTIONS]))
    while len(pages) < count:
        section = SECTIONS[int(rng.choice(len(SECTIONS), p=weights))][0]
        one, two = rng.integers(0, len(WORDS), 2)
        pages.append(f"{section}{WORDS[one]}-{WORDS[two]}-{len(pages)}")
    return pages


def normalised(weights: Floats) -> Floats:
    """Weights as probabilities."""
    shares: Floats = weights / weights.sum()
    return shares


def rows(traffic: Traffic) -> Iterator[tuple[str, ...]]:
    """Every pageview as strings in the order of the line."""
    people = traffic.people
    hosts = [f"docs.{traffic.domain}" if page.startswith("/docs") else traffic.domain for page in traffic.pages]
    referrers = ("", *REFERRERS)
    for first in range(0, len(traffic.timestamps), CHUNK_ROWS):
        chunk = slice(first, first + CHUNK_ROWS)
        columns = (traffic.timestamps, traffic.page, traffic.referrer, traffic.visitor)
        for moment, page, referrer, visitor in zip(*(column[chunk].tolist() for column in columns), strict=True):
            region, city = traffic.cities[people.city[visitor]]
            browser, system, device, _ = CLIENTS[people.client[visitor]]
            yield (
                timestamp_text(moment),
                f"{people.ids[visitor]:016x}",
                hosts[page],
                traffic.pages[page],
                referrers[referrer],
                GEO[people.country[visitor]][0],
                region,
                city,
                browser,
                system,
                device,
                "pageview",
            )


def timestamp_text(moment: int) -> str:
    """Unix seconds as `2026-10-02T00:00:00Z`."""
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def summary(traffic: Traffic) -> dict[str, Any]:
    """Facts a reader can check another program's answers against."""
    day = (traffic.timestamps - traffic.start) // DAY_SECONDS
    daily = [len(np.unique(traffic.visitor[day == number])) for number in range(int(day.max()) + 1)]
    return {
        "events": len(traffic.timestamps),
        "visits": traffic.visits,
        "visitors": len(traffic.people.ids),
        "visitors_per_day_mean": round(float(np.mean(daily))),
        "visitors_per_day_max": max(daily),
        "visitor_days": sum(daily),
        "pages_seen": len(np.unique(traffic.page)),
        "top_page_share": round(float(np.mean(traffic.page == 0)), 4),
        "first": int(traffic.timestamps[0]),
        "last": int(traffic.timestamps[-1]),
    }


def write_ndjson(file: TextIO, traffic: Traffic) -> None:
    """One JSON object a line."""
    quoted: dict[str, str] = {}

    def quote(text: str) -> str:
        if text not in quoted:
            quoted[text] = json.dumps(text, ensure_ascii=False)
        return quoted[text]

    for moment, visitor, host, page, referrer, country, region, city, browser, system, device, name in rows(traffic):
        texts = (quote(text) for text in (region, city, browser, system, device))
        file.write(LINE.format(moment, visitor, quote(host), quote(page), quote(referrer), country, *texts, name))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in vars(Shape()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    parser.add_argument("--out", default="-", help="file, - for standard output")
    parser.add_argument("--summary", action="store_true", help="print facts and write nothing")
    arguments = parser.parse_args()
    if arguments.bounce >= 1 or arguments.pages_per_visit <= 1:
        parser.error("need --bounce below 1 and --pages-per-visit above 1")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    traffic = generate(Shape(**{name: getattr(arguments, name) for name in vars(Shape())}))
    if not arguments.summary:
        with sys.stdout if arguments.out == "-" else Path(arguments.out).open("w", encoding="utf-8") as file:
            write_ndjson(file, traffic)
    print(json.dumps(summary(traffic)), file=sys.stdout if arguments.summary else sys.stderr)


if __name__ == "__main__":
    main()
