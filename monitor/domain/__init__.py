"""The words of the product as frozen values: no I/O, no clock, no library types.

In the order data flows: ``source`` (what is polled, and the snapshot it answered), ``document``
(a narrative or an article cut out of a snapshot), ``figure`` and ``tier`` (what is read in it),
``reading`` (all that one document gave), ``change`` (what the comparison found),
``review`` (a person's last word on it), ``subscription`` (who hears of it, past which ``threshold``).
``watch_list`` is the statute's clock, ``country`` the table they all refer to by ISO 3166-1 alpha-3
code. ``masking`` says what may be shown of text that can hold secrets.
"""
