"""How like texts are by their words (BM25). What it needs is imported at the first search: a service that nobody asks stays small."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.rulings.rules import Likeness, shown


def cut(text: str) -> list[str]:
    """The words of a text that may weigh: two characters or more."""
    import rjieba

    return [word for word in rjieba.cut(text) if len(word.strip()) > 1]


def likenesses(words: Sequence[str], of: Sequence[Sequence[str]]) -> list[Likeness]:
    """The texts that share a word, with their score and the words that they share."""
    import bm25s

    if not any(of):
        return []
    index = bm25s.BM25(method="lucene")
    index.index([list(one) for one in of], show_progress=False)
    known = set().union(*of)
    adds = {word: index.get_scores([word]) for word in dict.fromkeys(words) if word in known}
    found = []
    for place in range(len(of)):
        own = [(word, float(scores[place])) for word, scores in adds.items() if scores[place] > 0]
        if own:
            found.append(Likeness(place, sum(score for _, score in own), shown(own)))
    return found
