"""Old state + new state + time -> changes. Pure: no I/O, no clock.

``state`` says what is compared; ``headline`` chooses the figure that stands for a measure;
``editions`` compares a narrative with the one of the edition before, ``revision`` one page with
its own earlier text, ``claims`` a news article with the official figures; ``wording`` writes the
headlines.
"""
