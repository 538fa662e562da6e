"""Why a hit was not counted: a closed list, in the order in which the reasons are judged."""

from enum import StrEnum


class DropReason(StrEnum):
    """A drop is an answer, not an error: it is counted per site and reason, and the site's owner can see it."""

    SPAM_REFERRER = "spam_referrer"
    NOT_FOUND = "not_found"
    PAYMENT_REQUIRED = "payment_required"
    BLOCK = "block"
    THROTTLE = "throttle"
    VERIFICATION_AGENT = "verification_agent"
    DC_IP = "dc_ip"
    THREAT_IP = "threat_ip"
    SITE_HOSTNAME_ALLOWLIST = "site_hostname_allowlist"
    SITE_PAGE_BLOCKLIST = "site_page_blocklist"
    SITE_IP_BLOCKLIST = "site_ip_blocklist"
    SITE_COUNTRY_BLOCKLIST = "site_country_blocklist"
    BOT = "bot"
    PREFETCH = "prefetch"
    INVALID = "invalid"
    NO_SESSION_FOR_ENGAGEMENT = "no_session_for_engagement"
    PERSIST_ERROR = "persist_error"
