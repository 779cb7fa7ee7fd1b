"""The papers to read next: which are nearest to each one, and in words why.

Papers are near that share telling words: a paper is known by its weightiest terms (a word, or two
words in a row; in the title they weigh more), those with whom it shares most weight are compared,
and the cosine between the two is the text's part of the score. Shared topics, authors and mentions
add to it.

Three things keep one edit from changing every page: how many papers have a term counts only as a
power of two, and not at all below eight; scores are rounded before they are compared; and ties go
by id. Only + - * / and square roots decide, which every machine computes alike.

Time is near linear: candidates come from an inverted index of the terms that few papers are known
by. So two papers that share nothing but common words never meet; that loses next to nothing. And
what was found once is told to the next run, which looks again only at the papers that a change can
reach, with the same result (`generator.related.state` says which these are).

Known weaknesses: stop words are English, in other languages rarity has to do their work. A text of
thousands of words is known by those alone that it says again and again.
"""

from generator.related.near import Neighbour, Text
from generator.related.state import State, related

__all__ = ["Neighbour", "State", "Text", "related"]
