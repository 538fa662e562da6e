"""The one refusal of the query door. Its message is Plausible's wherever Plausible has one."""

from typing import ClassVar

from passerby.errors import Refusal


class QueryRefused(Refusal):
    """The question breaks a rule of the language; the message says which, with a pointer to the part."""

    code: ClassVar[str] = "query_invalid"
