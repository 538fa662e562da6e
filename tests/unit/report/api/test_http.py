"""What is read of a request before anybody knows who sent it."""

import json
import time
from typing import Any

import pytest
from django.test import RequestFactory

from passerby.report.api.http import BODY_BYTES_MAX, parameters
from passerby.report.api.refusals import BadRequest

SECONDS_MAX = 1.0  # Of a core: far more than a megabyte takes, far less than copying half of it for every value.


def read(body: Any) -> Any:
    return parameters(RequestFactory().post("/", json.dumps(body), content_type="application/json"))


def test_a_zero_byte_is_pointed_at() -> None:
    with pytest.raises(BadRequest) as refused:
        read({"a/b": [{"c~d": "fine"}, {"c~d": "\x00"}]})

    assert refused.value.field == "#/a~1b/1/c~0d"


def test_a_name_as_long_as_a_body_costs_no_more_than_reading_it() -> None:
    body = {"n" * (BODY_BYTES_MAX // 2): [0] * (BODY_BYTES_MAX // 8)}

    began = time.process_time()
    read(body)

    assert time.process_time() - began < SECONDS_MAX
