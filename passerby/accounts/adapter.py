"""How allauth behaves here: nobody signs up, and the bridge says who is asking."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types.
    """No open sign-up: accounts come from the set-up page, the command line or an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature.
        """Never; the set-up page creates the first account itself."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the login limits count by. The bridge has judged the proxies already."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a mail leads: the public address, whatever Host the request had that asked for the mail."""
        uidb36, _, rest = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": rest})
        return f"{settings.PASSERBY.base_url}{path}"
