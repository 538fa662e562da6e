"""Parts of addresses with a shape of their own. Importing this registers them."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class RowId(IntConverter):
    """An id that a column of 63 bits can hold; a longer number is no address of ours."""

    regex = "[0-9]{1,18}"


class AcceptOrReject(StringConverter):
    """The two answers to an invitation."""

    regex = "accept|reject"


register_converter(RowId, "id")
register_converter(AcceptOrReject, "accept-or-reject")
