"""Hit → events: admit, identify, find the visit, hand the rows to the journal. All look-ups are in memory."""

from functools import lru_cache, partial
from typing import NamedTuple

from passerby.ingest.admit import Step, admit, steps
from passerby.ingest.arrivals import Arrivals
from passerby.ingest.bots import bot_of
from passerby.ingest.client import Sender
from passerby.ingest.commit import Committer
from passerby.ingest.counters import UNKNOWN_SITE, Counters, RecentHit
from passerby.ingest.currency import Rates
from passerby.ingest.devices import device_of
from passerby.ingest.directory import Site, SiteDirectory, SiteId
from passerby.ingest.drops import DropReason
from passerby.ingest.geo import GeoDatabase, Place
from passerby.ingest.hit import ENGAGEMENT, Hit
from passerby.ingest.lines import Attributes, EventOwn, encode_attributes, encode_event, encode_visit
from passerby.ingest.repeats import Repeats
from passerby.ingest.salts import Salts
from passerby.ingest.sources import Acquisition, acquisition_of
from passerby.ingest.spam import SpamHosts
from passerby.ingest.steps.candidate import Candidate
from passerby.ingest.steps.limits import RateLimit
from passerby.ingest.steps.noise import DatacentreRule
from passerby.ingest.visitor import NOBODY, VisitorId, visitor_id
from passerby.ingest.visits import Key, LiveVisit, Moment, Visits, advance, open_visit

ANONYMOUS_VPN = Place(country_code="A1")  # A trusted edge says the address hides where its user is.
DECIMALS = 3
POLICIES_KEPT_MAX = 10_000  # Sites whose steps are kept ready.
ACQUISITIONS_CACHED_MAX = 4096  # Most visits come from few places; kept in memory only.


class Outcome(NamedTuple):
    """What became of one hit: events handed to the journal, and events dropped, over all its sites."""

    taken_count: int
    dropped_count: int


class Collector:
    """The hot path. Used by the event loop's thread only."""

    def __init__(
        self,
        *,
        directory: SiteDirectory,
        salts: Salts,
        visits: Visits,
        geo: GeoDatabase,
        rates: Rates,
        spam: SpamHosts,
        datacentres: DatacentreRule,
        counters: Counters,
        committer: Committer,
        arrivals: Arrivals,
        repeats: Repeats,
    ) -> None:
        self._directory = directory
        self._salts = salts
        self._visits = visits
        self._geo = geo
        self._rates = rates
        self._counters = counters
        self._committer = committer
        self._arrivals = arrivals
        self._spam = spam
        self._repeats = repeats
        self._rate_limit = RateLimit()
        self._datacentres = datacentres
        self._policies: dict[SiteId, tuple[Site, tuple[Step, ...]]] = {}

    def collect(self, hit: Hit, sender: Sender, *, now_us: int) -> Outcome:
        """Judge a hit for each of its sites and hand what counts to the journal."""
        now = now_us // 1_000_000
        if hit.referrer and self._spam.sent(hit.referrer):
            self._drop_for_all(hit, now)
            return Outcome(0, len(hit.domains))
        bot = bot_of(sender.user_agent)
        dropped = 0
        for domain in hit.domains:
            site = self._directory.site_of(domain)
            if site is None:
                dropped += 1
                self._counters.drop(UNKNOWN_SITE, _recent(hit, now, DropReason.NOT_FOUND), DropReason.NOT_FOUND)
                continue
            if self._repeats.has(site.id, hit.event_id):
                continue  # Taken before, but its answer never arrived: taken again is taken once.
            candidate = Candidate(hit=hit, sender=sender, site=site, locate=self._locate, bot=bot, now=now)
            reason = admit(candidate, self._policy(site)) or self._count(candidate, domain, now_us)
            if reason is not None:
                dropped += 1
                self._counters.drop(site.id, _recent(hit, now, reason), reason, bot)
            else:
                self._counters.accept(site.id, _recent(hit, now, None))
        return Outcome(len(hit.domains) - dropped, dropped)

    def _policy(self, site: Site) -> tuple[Step, ...]:
        """The steps of a site, made anew when its owner changed a rule: the directory then holds another `Site`."""
        known, policy = self._policies.get(site.id, (None, ()))
        if known is not site:
            policy = steps(site, self._rate_limit, self._datacentres)
            if len(self._policies) >= POLICIES_KEPT_MAX:
                self._policies.clear()
            self._policies[site.id] = (site, policy)
        return policy

    def _drop_for_all(self, hit: Hit, now: int) -> None:
        reason = DropReason.SPAM_REFERRER
        for domain in hit.domains:
            site = self._directory.site_of(domain)
            self._counters.drop(site.id if site else UNKNOWN_SITE, _recent(hit, now, reason), reason)

    def _count(self, candidate: Candidate, domain: str, now_us: int) -> DropReason | None:
        """Give an admitted hit its visitor and visit, and hand both rows to the journal."""
        hit, site = candidate.hit, candidate.site
        if not site.counts_visitors:
            self._count_without_visitor(candidate, now_us)
            return None
        key, before = self._visit_of(candidate, domain)
        if before is None and hit.name == ENGAGEMENT:
            return DropReason.NO_SESSION_FOR_ENGAGEMENT
        arrival = self._arrivals.take(1, now_us=now_us)
        moment = _moment(candidate, arrival)
        if before is None:
            attributes = encode_attributes(self._attributes(candidate))
            visit = open_visit(key, moment, visit_id=self._arrivals.visit_id(arrival), attributes=attributes)
        else:
            visit = advance(before, moment)
        replaced = self._visits.put(key, visit)
        undo = partial(self._take_back, site.id, hit.event_id, key, replaced)
        event = encode_event(self._event(candidate, arrival, visit), visit.attributes)
        stored_visit = b"" if hit.name == ENGAGEMENT else encode_visit(visit)
        self._repeats.remember(site.id, hit.event_id, arrival)
        self._committer.append(event, stored_visit, arrival=arrival, undo=undo)
        return None

    def _take_back(self, site_id: SiteId, event_id: str, key: Key, replaced: LiveVisit | None) -> None:
        """The journal refused: the visit is what it was, and the event may be sent again."""
        self._visits.restore(key, replaced)
        self._repeats.forget(site_id, event_id)

    def _visit_of(self, candidate: Candidate, domain: str) -> tuple[Key, LiveVisit | None]:
        """The visitor's key today, and the live visit: under today's salt, or else under yesterday's."""
        now, site_id = candidate.now, candidate.site.id
        secret, previous_secret = self._salts.at(now)
        key = (site_id, self._visitor(secret, candidate, domain))
        visit = self._visits.alive(key, now)
        if visit is None and previous_secret is not None:
            previous_key = (site_id, self._visitor(previous_secret, candidate, domain))
            visit = self._visits.alive(previous_key, now)
            if visit is not None:
                self._visits.rename(previous_key, key)
        return key, visit

    @staticmethod
    def _visitor(secret: bytearray, candidate: Candidate, domain: str) -> VisitorId:
        sender = candidate.sender
        return visitor_id(
            secret,
            domain=domain,
            root_domain=candidate.hit.page.root_domain,
            ip=sender.ip,
            user_agent=sender.user_agent,
        )

    def _count_without_visitor(self, candidate: Candidate, now_us: int) -> None:
        """No-identifier mode: the event is stored with its own attributes and belongs to no visit."""
        arrival = self._arrivals.take(1, now_us=now_us)
        attributes = encode_attributes(self._attributes(candidate))
        event = encode_event(self._event(candidate, arrival, None), attributes)
        self._repeats.remember(candidate.site.id, candidate.hit.event_id, arrival)
        undo = partial(self._repeats.forget, candidate.site.id, candidate.hit.event_id)
        self._committer.append(event, b"", arrival=arrival, undo=undo)

    def _locate(self, sender: Sender) -> Place:
        return ANONYMOUS_VPN if sender.ip_type == "anonymous_vpn_ip" else self._geo.place_of(sender.ip)

    def _attributes(self, candidate: Candidate) -> Attributes:
        hit, place = candidate.hit, candidate.place
        came = _acquisition(tuple(hit.page.query.items()), hit.referrer, hit.page.hostname)
        device = device_of(candidate.sender.user_agent)
        return Attributes(
            referrer=came.referrer,
            referrer_source=came.referrer_source,
            channel=came.channel,
            click_id_param=came.click_id_param,
            utm_medium=came.utm_medium,
            utm_source=came.utm_source,
            utm_campaign=came.utm_campaign,
            utm_content=came.utm_content,
            utm_term=came.utm_term,
            country_code=place.country_code,
            subdivision1_code=place.subdivision1_code,
            subdivision2_code=place.subdivision2_code,
            city_geoname_id=place.city_geoname_id,
            screen_size=device.screen_size,
            browser=device.browser,
            browser_version=device.browser_version,
            operating_system=device.operating_system,
            operating_system_version=device.operating_system_version,
        )

    def _event(self, candidate: Candidate, arrival: int, visit: LiveVisit | None) -> EventOwn:
        hit = candidate.hit
        source, source_currency, reporting, reporting_currency = self._money(hit, candidate.site)
        return EventOwn(
            site_id=candidate.site.id,
            timestamp=candidate.now,
            arrival=arrival,
            name=hit.name,
            hostname=hit.page.hostname,
            pathname=hit.pathname,
            visitor_id=visit.state.visitor_id if visit else NOBODY,
            visit_id=visit.state.visit_id if visit else 0,
            interactive=hit.interactive,
            props=hit.props,
            scroll_depth=hit.scroll_depth,
            engagement_time_ms=hit.engagement_time_ms,
            revenue_source_amount=source,
            revenue_source_currency=source_currency,
            revenue_reporting_amount=reporting,
            revenue_reporting_currency=reporting_currency,
        )

    def _money(self, hit: Hit, site: Site) -> tuple[float | None, str, float | None, str]:
        return money_of(hit, site, self._rates) if hit.revenue is not None else (None, "", None, "")


@lru_cache(ACQUISITIONS_CACHED_MAX)
def _acquisition(query: tuple[tuple[str, str], ...], referrer: str, hostname: str) -> Acquisition:
    return acquisition_of(dict(query), referrer, hostname)


def money_of(hit: Hit, site: Site, rates: Rates) -> tuple[float | None, str, float | None, str]:
    """Amount and currency as sent, and in the currency of the site's revenue goal; nothing without such a goal."""
    target = site.revenue_currencies.get(hit.name)
    if target is None or hit.revenue is None:
        return None, "", None, ""
    amount = round(hit.revenue.amount, DECIMALS)
    converted = rates.convert(amount, hit.revenue.currency, target)
    return amount, hit.revenue.currency, converted, target if converted is not None else ""


def _moment(candidate: Candidate, arrival: int) -> Moment:
    hit = candidate.hit
    return Moment(hit.name, candidate.now, arrival, hit.page.hostname, hit.pathname, hit.interactive, hit.props)


def _recent(hit: Hit, now: int, reason: DropReason | None) -> RecentHit:
    return RecentHit(now, hit.name, hit.page.hostname, hit.pathname, reason)
