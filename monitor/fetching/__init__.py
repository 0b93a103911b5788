"""Bytes from sources, and pages cut into documents. Everything that arrives here is hostile.

In the order data flows: ``client`` asks an address politely (``guard`` decides which addresses may be
connected to, ``robots`` and ``pacing`` whether and when, ``decoding`` bounds what comes back) and gives
a snapshot, which its caller stores before anything is read out of it. ``markup`` turns HTML into lines
and says whether a page is what was asked for. ``report`` cuts pages of the TIP Report, of all eras,
into narratives (``names`` matches countries, ``headings`` cuts pages of several); ``feed`` reads items, in
processes that it may cost (``feed_process``; ``xml_mending`` and ``dates`` know what feeds get wrong),
``article`` the page behind one, ``saved`` files that a person kept (``pdf`` in a process of its own).
``sites`` holds the addresses, selectors and phrases of ``config/sites.toml``; ``failures`` is what goes
wrong, in words.
"""
