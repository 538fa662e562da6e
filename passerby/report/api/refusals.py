"""What the HTTP APIs refuse with: the status, the stable code and the text clients match on."""

from collections.abc import Mapping

from passerby.errors import Refusal


class ApiRefusal(Refusal):
    """A refusal with headers of its own."""

    headers: Mapping[str, str] = {}


class BadRequest(ApiRefusal):
    """The request cannot be understood or breaks a rule."""

    code = "bad_request"


class Unauthorized(ApiRefusal):
    """No key, an unknown one, or one that may not do this."""

    status = 401
    code = "unauthorized"


class Forbidden(ApiRefusal):
    """Known, and not allowed."""

    status = 403
    code = "forbidden"


class NotFound(ApiRefusal):
    """Not there, or not for this caller; the two look the same."""

    status = 404
    code = "not_found"


class PayloadTooLarge(ApiRefusal):
    """More bytes than this route takes."""

    status = 413
    code = "payload_too_large"


class TooManyRequests(ApiRefusal):
    """Over a limit; `Retry-After` says for how long."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(retry_after_seconds)}


SITE_NOT_FOUND = "Site could not be found"
SITE_HIDDEN = "Site does not exist or user does not have sufficient access."
MISSING_SITE_ID = "Missing site ID. Please provide the required site_id parameter with your request."
MISSING_KEY = "Missing API key. Please use a valid Plausible API key as a Bearer Token."
INVALID_KEY = (
    "Invalid API key. Please make sure you're using a valid API key with access to the resource you've requested."
)
INVALID_KEY_OR_SITE = (
    "Invalid API key or site ID. "
    "Please make sure you're using a valid API key with access to the site you've requested."
)
