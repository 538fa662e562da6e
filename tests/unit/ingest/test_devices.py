import gzip
from pathlib import Path

import pytest

from passerby.ingest.devices import USER_AGENT_CHARS_MAX, Device, device_of

CORPUS = Path(__file__).with_name("user_agents.tsv.gz")
AGREEMENT_MIN = 0.99  # Measured 0.998; a new list of patterns may move it a little.

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
IPAD = "Mozilla/5.0 (iPad; CPU OS {os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
ANDROID = "Mozilla/5.0 (Linux; Android 13; {device}) AppleWebKit/537.36 (KHTML, like Gecko) "
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "


def read_corpus() -> list[tuple[Device, str]]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("# ")]
    return [
        (
            Device(
                browser=browser,
                browser_version=version,
                operating_system=system,
                operating_system_version=system_version,
                screen_size=screen,
            ),
            user_agent,
        )
        for browser, version, system, system_version, screen, user_agent in rows
    ]


def test_two_thousand_real_browsers_are_named_as_the_oracle_names_them() -> None:
    corpus = read_corpus()
    agreed = sum(device_of(user_agent) == expected for expected, user_agent in corpus)

    assert len(corpus) > 2000
    assert agreed / len(corpus) >= AGREEMENT_MIN


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_4) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/70.0.3538.110 Safari/537.36"
            ),
            Device("Desktop", "Chrome", "70.0", "Mac", "10.13"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            Device("Desktop", "Chrome", "120.0", "GNU/Linux", ""),
        ),
        (
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/120.0.0.0 Safari/537.36"
            ),
            Device("Desktop", "Chrome", "120.0", "Chrome OS", "14541.0"),
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
            Device("Desktop", "Firefox", "121.0", "Ubuntu", ""),
        ),
        (WINDOWS + "Safari/537.36 Edg/120.0.2210.91", Device("Desktop", "Microsoft Edge", "120.0", "Windows", "10")),
        (WINDOWS + "Safari/537.36 OPR/106.0.0.0", Device("Desktop", "Opera", "106.0", "Windows", "10")),
        (WINDOWS + "Electron/27.2.0 Slack/4.35", Device("Desktop", "Chrome", "120.0", "Windows", "10")),
        (
            IPHONE.format(os="17_4") + "Version/17.4 Mobile/15E148 Safari/604.1",
            Device("Mobile", "Safari", "17.4", "iOS", "17.4"),
        ),
        (
            IPHONE.format(os="18_7") + "Version/26.6.1 Mobile/15E148 Safari/604.1",
            Device("Mobile", "Safari", "26.6", "iOS", "26.6"),
        ),
        (
            IPHONE.format(os="17_4") + "CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1",
            Device("Mobile", "Chrome", "120.0", "iOS", "17.4"),
        ),
        (
            IPHONE.format(os="17_4") + "Mobile/15E148 Instagram 320.0.0.0 (iPhone14,5; iOS 17_4)",
            Device("Mobile", "Mobile App", "", "iOS", "17.4"),
        ),
        (
            IPHONE.format(os="17_4") + "Mobile/15E148 MicroMessenger/8.0.45",
            Device("Mobile", "Mobile App", "", "iOS", "17.4"),
        ),
        (
            IPAD.format(os="17_4") + "Version/17.4 Mobile/15E148 Safari/604.1",
            Device("Tablet", "Safari", "17.4", "iPadOS", "17.4"),
        ),
        (
            IPAD.format(os="12_5") + "Version/12.1 Mobile/15E148 Safari/604.1",
            Device("Tablet", "Safari", "12.1", "iOS", "12.5"),
        ),
        (MAC + "Version/17.4 Safari/605.1.15", Device("Desktop", "Safari", "17.4", "Mac", "10.15")),
        (MAC + "Version/26.1 Safari/605.1.15", Device("Desktop", "Safari", "26.1", "Mac", "26.1")),
        (
            ANDROID.format(device="SM-G991B") + "Chrome/120.0.0.0 Mobile Safari/537.36",
            Device("Mobile", "Chrome", "120.0", "Android", "13"),
        ),
        (
            ANDROID.format(device="SM-X900") + "Chrome/120.0.0.0 Safari/537.36",
            Device("Tablet", "Chrome", "120.0", "Android", "13"),
        ),
        (
            ANDROID.format(device="SM-G991B; wv") + "Version/4.0 Chrome/120.0.6099.43 Mobile Safari/537.36",
            Device("Mobile", "Mobile App", "", "Android", "13"),
        ),
        (
            ANDROID.format(device="SM-G991B") + "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
            Device("Mobile", "Samsung Browser", "23.0", "Android", "13"),
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 9; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Silk/120.4.1 like Chrome/120.0.6099.230 Safari/537.36"
            ),
            Device("Tablet", "Mobile Silk", "120.4", "Fire OS", "7"),
        ),
        (
            (
                "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) "
                "SamsungBrowser/5.2 Chrome/94.0.4606.31 TV Safari/537.36"
            ),
            Device("Desktop", "Samsung Browser", "5.2", "Tizen", "7.0"),
        ),
        (
            "Mozilla/5.0 (PlayStation 5 3.11) AppleWebKit/605.1.15 (KHTML, like Gecko)",
            Device("Desktop", "NetFront", "", "PlayStation", "5"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
            Device("Desktop", "Internet Explorer", "11.0", "Windows", "10"),
        ),
    ],
)
def test_a_device_is_named_in_the_words_of_the_reports(user_agent: str, device: Device) -> None:
    assert device_of(user_agent) == device


@pytest.mark.parametrize("user_agent", ["", "unknown UA", "Mozilla", "\x00\udfff", "🦊" * 3000])
def test_a_user_agent_that_says_nothing_leaves_every_field_empty(user_agent: str) -> None:
    assert device_of(user_agent) == Device()


def test_what_stands_beyond_the_bound_is_not_looked_at() -> None:
    padded = "x" * USER_AGENT_CHARS_MAX + " Firefox/121.0"

    assert device_of(padded) == Device()
