from passerby.ingest.forgetful import Forgetful


def lengths_noting(asked: list[str], *, answers_max: int) -> Forgetful[int]:
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    return Forgetful(length, answers_max=answers_max)


def test_an_answer_is_found_once() -> None:
    asked: list[str] = []
    lengths = lengths_noting(asked, answers_max=8)

    assert [lengths("abc"), lengths("abc"), lengths("de")] == [3, 3, 2]
    assert asked == ["abc", "de"]


def test_the_oldest_answer_goes_when_it_is_full() -> None:
    asked: list[str] = []
    lengths = lengths_noting(asked, answers_max=2)
    for text in ("a", "b", "c", "c", "b", "a"):
        lengths(text)

    assert asked == ["a", "b", "c", "a"]


def test_a_question_is_not_kept() -> None:
    question = "Mozilla/5.0 (a person's own browser)"
    lengths = Forgetful(len, answers_max=8)
    lengths(question)

    assert question not in repr(vars(lengths))
