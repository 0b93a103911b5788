"""How changes leave the product: mail, and feeds for readers.

In the order data flows: ``wording`` (what is said of a change, in mail, feed and page alike) on top
of ``plain_text`` (hostile text made harmless), ``ordering`` (what is told first),
``mail_templates`` (``templates/email/``, read once), ``digest_mail`` and ``confirmation_mail``
(which render a ``Message``; ``tokens`` signs the link in the latter), ``mime`` (a ``Message`` as an
internet message), ``mailer`` (what sending is) with its two mechanisms ``smtp`` and ``maildir``,
and ``feeds`` (RSS, Atom and JSON Feed documents).
"""
