"""Old state + new state + time -> changes. Pure: no I/O, no clock.

``state`` says what is compared; ``headline`` chooses the figure that stands for a measure, ``derived``
works out what no text prints; ``editions`` compares a narrative with the one of the edition before,
``tiers`` its placement (``watch_list`` runs the statute's clock), ``revision`` one page with its own
earlier text, ``claims`` a news article with the official figures, ``claim_answers`` these with it
once they come; ``corrections`` settles what was told wrongly; ``wording`` writes the headlines.
``doubt`` holds back what a person should see first, ``significance`` weighs what is told,
``correcting`` lays a person's corrections over a reading, ``reversal`` folds what was done and undone.
"""
