"""The words of the product as frozen values: no I/O, no clock, no library types.

In the order data flows: ``source`` (what is polled, and the snapshot it answered), ``document``
(a narrative or an article cut out of a snapshot), ``figure`` and ``tier`` (what is read in it),
``reading`` (all that one document gave), ``change`` (what the comparison found),
``subscription`` (who hears of it). ``country`` is the table they all refer to by ISO 3166-1
alpha-3 code.
"""
