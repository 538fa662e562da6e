"""Which acquisition channel a visit belongs to: one table of rules, the first that matches wins.

Pure: it looks at the stored source, campaign tags and click id only, so stored rows can be classified again.
Source: spec of Plausible's channels with its AI assistants; the categories are passerby/data/source_categories.tsv.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from passerby.data import read_pairs

CACHED_CHANNELS_MAX = 4096

Category = Literal["search", "social", "shopping", "video", "email", "ai"]

SHOPPING_CAMPAIGN = re.compile(r"([^a-df-z]|^)shop|shopping")  # "shop" and "eshop", but not "workshop".
PAID_MEDIUM = re.compile(r".*cp.*|ppc|retargeting|paid.*", re.DOTALL)
EMAIL_WORDS = ("email", "e-mail", "e_mail", "e mail", "newsletter")
DISPLAY_MEDIUMS = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
SOCIAL_MEDIUMS = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
REFERRAL_MEDIUMS = frozenset({"referral", "app", "link"})
SOURCES_BY_CLICK_ID = {"gclid": "google", "msclkid": "bing"}


@dataclass(frozen=True, slots=True)
class Trail:
    """What the rules look at, lower-cased."""

    source: str
    medium: str
    campaign: str
    utm_source: str
    click_id: str

    def is_from(self, category: Category) -> bool:
        """Whether the source is of this category."""
        return _CATEGORIES.get(self.source) == category

    @property
    def is_paid_medium(self) -> bool:
        """Whether the medium alone says that somebody paid."""
        return PAID_MEDIUM.fullmatch(self.medium) is not None

    @property
    def is_paid(self) -> bool:
        """Whether the medium or the tagged source says that somebody paid."""
        return self.utm_source in PAID_SOURCES or self.is_paid_medium

    @property
    def is_shopping(self) -> bool:
        """Whether a shop sent the visitor or the campaign is about shopping."""
        return self.is_from("shopping") or SHOPPING_CAMPAIGN.search(self.campaign) is not None

    @property
    def is_email(self) -> bool:
        """Whether a mail program sent the visitor or a tag speaks of e-mail."""
        return self.is_from("email") or any(word in self.utm_source or word in self.medium for word in EMAIL_WORDS)

    @property
    def is_push(self) -> bool:
        """Whether a notification on a phone sent the visitor."""
        return (
            self.medium.endswith("push")
            or "mobile" in self.medium
            or "notification" in self.medium
            or self.source == "firebase"
        )


def channel_of(
    *, referrer_source: str, utm_medium: str, utm_campaign: str, utm_source: str, click_id_param: str
) -> str:
    """The channel of a visit; `Direct` when nothing says where it came from."""
    if not (referrer_source or utm_medium or utm_campaign or utm_source or click_id_param):
        return "Direct"  # Most hits: worth a line.
    return _classify(referrer_source, utm_medium, utm_campaign, utm_source, click_id_param)


@lru_cache(maxsize=CACHED_CHANNELS_MAX)
def _classify(source: str, medium: str, campaign: str, utm_source: str, click_id: str) -> str:
    trail = Trail(source.lower(), medium.lower(), campaign.lower(), utm_source.lower(), click_id)
    return next(channel for channel, matches in RULES if matches(trail))


def _is_paid_search(trail: Trail) -> bool:
    # A display campaign that tags its clicks is still a display campaign.
    by_click_id = SOURCES_BY_CLICK_ID.get(trail.click_id) == trail.source and trail.medium not in DISPLAY_MEDIUMS
    return by_click_id or (trail.is_from("search") and trail.is_paid)


# Order is meaning: `cpm` on a source of no category is Display because Display stands before Paid Other.
RULES: tuple[tuple[str, Callable[[Trail], bool]], ...] = (
    ("Cross-network", lambda t: "cross-network" in t.campaign),
    ("Paid Shopping", lambda t: t.is_shopping and t.is_paid_medium),
    ("Paid Search", _is_paid_search),
    ("Paid Social", lambda t: t.is_from("social") and t.is_paid),
    ("Paid Video", lambda t: t.is_from("video") and t.is_paid),
    ("Display", lambda t: t.medium in DISPLAY_MEDIUMS),
    ("Paid Other", lambda t: t.is_paid_medium),
    ("Organic Shopping", lambda t: t.is_shopping),
    ("Organic Social", lambda t: t.is_from("social") or t.medium in SOCIAL_MEDIUMS),
    ("Organic Video", lambda t: t.is_from("video") or "video" in t.medium),
    ("AI Assistants", lambda t: t.is_from("ai")),
    ("Organic Search", lambda t: t.is_from("search")),
    ("Email", lambda t: t.is_email),
    ("Affiliates", lambda t: t.medium == "affiliate"),
    ("Audio", lambda t: t.medium == "audio"),
    ("SMS", lambda t: "sms" in (t.utm_source, t.medium)),
    ("Mobile Push Notifications", lambda t: t.is_push),
    ("Referral", lambda t: t.source != "" or t.medium in REFERRAL_MEDIUMS),
    ("Direct", lambda _: True),
)

_CATEGORIES = read_pairs("source_categories.tsv")
# An alias such as `fb-ads` or `gads` is how an advertiser tags; adwords is Google's old name for the same.
PAID_SOURCES = frozenset(
    alias for alias in read_pairs("source_aliases.tsv") if alias.endswith(("ad", "ads")) or alias == "adwords"
)
