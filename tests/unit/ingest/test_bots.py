import gzip
from pathlib import Path

import pytest

from passerby.ingest.bots import Bot, BotReason, bot_of, is_datacentre

CORPUS = Path(__file__).with_name("user_agents.tsv.gz")
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {}Chrome/120.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "family", "operator", "purpose"),
    [
        ("Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot", "OpenAI", "training"),
        ("Mozilla/5.0 (compatible; OAI-SearchBot/1.0)", "OAI-SearchBot", "OpenAI", "search"),
        ("Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)", "ChatGPT-User", "OpenAI", "user"),
        ("Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "ClaudeBot", "Anthropic", "training"),
        ("Mozilla/5.0 (compatible; PerplexityBot/1.0)", "PerplexityBot", "Perplexity", "search"),
        ("CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot", "Common Crawl", "dataset"),
    ],
)
def test_an_ai_crawler_is_known_by_operator_and_purpose(
    user_agent: str, family: str, operator: str, purpose: str
) -> None:
    assert bot_of(user_agent) == Bot(BotReason.AI, family, operator, purpose)


@pytest.mark.parametrize(
    ("user_agent", "reason", "family"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", BotReason.DECLARED, "Googlebot"),
        ("Googlebot-Image/1.0", BotReason.DECLARED, "Googlebot-Image"),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0)", BotReason.DECLARED, "AhrefsBot"),
        ("generic crawler", BotReason.DECLARED, "Generic bot"),
        ("MyOwnBot/1.0", BotReason.DECLARED, "Generic bot"),
        ("some spider (admin@example.org)", BotReason.DECLARED, "Generic bot"),
        ("curl/8.5.0", BotReason.LIBRARY, "curl"),
        ("Wget/1.21", BotReason.LIBRARY, "wget"),
        ("python-requests/2.31.0", BotReason.LIBRARY, "python-requests"),
        ("Go-http-client/1.1", BotReason.LIBRARY, "Go-http-client"),
        ("Java/17.0.1", BotReason.LIBRARY, "Java"),
        (CHROME.format("Headless"), BotReason.AUTOMATION, "HeadlessChrome"),
    ],
)
def test_a_program_that_says_so_is_a_bot(user_agent: str, reason: BotReason, family: str) -> None:
    bot = bot_of(user_agent)

    assert bot is not None
    assert (bot.reason, bot.family) == (reason, family)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "Mozilla",
        "unknown UA",
        CHROME.format(""),
        "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 7) AppleWebKit/537.36 Chrome/80.0 Mobile Safari/537.36",
        "KAYAK/240.1 (iPhone; iOS 17.4)",
        "Mozilla/5.0 (iPhone) Robotics School App",
        "\udfff",
    ],
)
def test_a_person_s_browser_is_not_a_bot(user_agent: str) -> None:
    assert bot_of(user_agent) is None


def test_none_of_two_thousand_real_browsers_is_taken_for_a_bot() -> None:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        user_agents = [line.rstrip("\n").split("\t")[5] for line in lines if not line.startswith("# ")]

    assert [user_agent for user_agent in user_agents if bot_of(user_agent)] == []


def test_a_data_centre_is_known_and_a_home_is_not() -> None:
    assert is_datacentre("52.95.110.1")
    assert is_datacentre("2600:1f18::1")
    assert not is_datacentre("216.160.83.56")
    assert not is_datacentre("127.0.0.1")
    assert not is_datacentre("not an address")
    assert not is_datacentre("")
