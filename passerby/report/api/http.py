"""The rim of the JSON APIs: parameters in, encoded answers out, refusals in one shape, nothing a 5xx by accident."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware

from passerby.errors import Refusal, pointer_to
from passerby.report.api.refusals import ApiRefusal, BadRequest, Forbidden, PayloadTooLarge
from passerby.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

BODY_BYTES_MAX = 1_000_000  # Of a request with parameters; uploads have limits of their own.
FIELD_CHARACTERS_MAX = 200
POINTER_CHARACTERS = "#/~:,()[]"  # A pointer is a fragment of an address; of callers' own names the rest is encoded.
NESTING_MAX = 32
ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Error-Code, Error-Field, Link, Location, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Max-Age": "1728000",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, Idempotency-Key",
}
WHOLE_BODY = "#"  # The pointer to all of it.

Parameters = Mapping[str, Any]
View = Callable[..., HttpResponseBase]


def json_answer(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """`content` as JSON."""
    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return HttpResponse(body, status=status, content_type="application/json", headers=dict(headers or {}))


def render_refusal(refusal: Refusal) -> HttpResponse:
    """`{"error": message}`: the body Plausible's clients compare. The stable code travels in `Error-Code`."""
    headers = {"Error-Code": refusal.code}
    if refusal.field:
        headers["Error-Field"] = quote(refusal.field[:FIELD_CHARACTERS_MAX], safe=POINTER_CHARACTERS, errors="replace")
    if isinstance(refusal, ApiRefusal):
        headers.update(refusal.headers)
    return json_answer({"error": refusal.message}, status=refusal.status, headers=headers)


def api_route(render: Callable[[Refusal], HttpResponse] = render_refusal, /, **methods: View) -> View:
    """One view for one path, answering the methods given: `api_route(GET=read, PUT=change)`.

    Every view behind it decides itself who may call it (a key, a session, a shared link): no log-in page is shown
    here, and CSRF is checked by `enforce_csrf` exactly where a session may write. Pages of any origin may ask with a
    key of their own; an answer to a question that carried cookies is kept from them, because `*` does not allow those.
    """

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = (
            HttpResponse(status=204, headers=PREFLIGHT) if _is_preflight(request) else answer(request, *args, **kwargs)
        )
        for name, value in ANY_ORIGIN.items():
            response.headers[name] = value
        return response

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handler = methods.get("GET" if request.method == "HEAD" else request.method or "")
        if handler is None:
            return json_answer(
                {"error": "Method not allowed"}, status=405, headers={"Allow": ", ".join(sorted(methods))}
            )
        try:
            return handler(request, *args, **kwargs)
        except Refusal as refusal:
            return render(refusal)
        except StoreUnavailable:
            log.warning("The store is away", exc_info=True)
            return json_answer(
                {"error": "The statistics are not available right now. Try again."},
                status=503,
                headers={"Retry-After": "5", "Error-Code": "store_unavailable"},
            )

    view.csrf_exempt = True  # type: ignore[attr-defined]  # As Django's decorator marks it.
    view.login_required = False  # type: ignore[attr-defined]  # As Django's decorator marks it.
    return view


def _is_preflight(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def parameters(request: HttpRequest) -> Parameters:
    """Query and body in one namespace, the body winning. JSON, urlencoded and multipart bodies are read.

    Raises: BadRequest for a body that is not what it says; PayloadTooLarge.
    """
    given: dict[str, Any] = dict(request.GET.items())
    given.update(_body(request))
    _check_text(given, ())
    return given


def required(given: Parameters, name: str, message: str) -> str:
    """A parameter that must be a text with something in it.

    Raises: BadRequest with `message`.
    """
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(message, field=name)
    return value


def enforce_csrf(request: HttpRequest) -> None:
    """Refuse a write that comes with a session but without the token our own pages carry.

    Raises: Forbidden.
    """
    checker = CsrfViewMiddleware(lambda _: HttpResponse())
    checker.process_request(request)
    request.csrf_processing_done = False  # type: ignore[attr-defined]  # The route is exempt; this is the check itself.
    if checker.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
        raise Forbidden("CSRF verification failed. Send the token in the X-CSRFToken header.")


def _body(request: HttpRequest) -> Mapping[str, Any]:
    kind = (request.content_type or "").lower()
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
            raise PayloadTooLarge(f"The body is larger than {BODY_BYTES_MAX} bytes.")
        if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            return _form(request, kind)
        if not request.body.strip():
            return {}
        document = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise BadRequest("The body is not valid JSON.", field=WHOLE_BODY) from problem
    except (RequestDataTooBig, TooManyFieldsSent) as problem:
        raise PayloadTooLarge("The body has too many fields or bytes.") from problem
    if not isinstance(document, dict):
        raise BadRequest("The body must be a JSON object.", field=WHOLE_BODY)
    return document


def _form(request: HttpRequest, kind: str) -> Mapping[str, Any]:
    """A form body of any method; Django itself reads forms of POST only."""
    from django.http import QueryDict
    from django.http.multipartparser import MultiPartParser

    if request.method == "POST":
        return dict(request.POST.items())
    if kind == "application/x-www-form-urlencoded":
        return dict(QueryDict(request.body, encoding="utf-8").items())
    try:
        fields, _ = MultiPartParser(request.META, request, request.upload_handlers, "utf-8").parse()
    except MultiPartParserError as problem:
        raise BadRequest("The body is not a valid form.", field=WHOLE_BODY) from problem
    return dict(fields.items())


def _check_text(value: Any, path: tuple[str | int, ...]) -> None:
    """No zero bytes (PostgreSQL stores none) and no bottomless nesting."""
    if len(path) > NESTING_MAX:
        raise BadRequest("The body is nested too deeply.", field=WHOLE_BODY)
    if isinstance(value, str):
        if "\x00" in value:
            raise BadRequest("A text contains a zero byte.", field=pointer_to(path))
    elif isinstance(value, dict):
        for key, child in value.items():
            _check_text(key, path)
            _check_text(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _check_text(child, (*path, index))
