"""Counting attempts and requests in fixed windows, in Django's cache. Nothing but the counts is kept."""

from datetime import datetime

from django.core.cache import cache


def is_over(bucket: str, *, limit: int, window_seconds: int, now: datetime) -> bool:
    """Count one more in `bucket`'s current window; True once there are more than `limit`."""
    window = int(now.timestamp()) // window_seconds
    key = f"throttle:{bucket}:{window_seconds}:{window}"
    cache.add(key, 0, timeout=window_seconds * 2)
    try:
        return cache.incr(key) > limit
    except ValueError:  # Evicted in between: the window starts anew.
        return False


def seconds_left(*, window_seconds: int, now: datetime) -> int:
    """How long until the current window ends, at least one second."""
    return window_seconds - int(now.timestamp()) % window_seconds
