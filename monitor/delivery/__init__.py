"""How changes leave the product: mail, webhooks, chats, and feeds for readers.

In the order data flows: ``wording`` (what is said of a change, in mail, feed and page alike) on top
of ``plain_text`` (hostile text made harmless), ``ordering`` (what is told first), ``background``
(a country's past beside a change), ``mail_templates`` (``templates/email/``, read once) and
``presentation`` (what all messages of an installation share). ``digest_items`` words one change,
``digest_mail`` renders what all readers of a digest share and each reader's own end,
``confirmation_mail`` the answers to a sign-up; ``tokens`` signs their links.

``mime`` writes a ``Message`` as an internet message, ``dkim`` signs it. ``mailer`` is what sending is,
with its two mechanisms ``smtp`` and ``maildir``; ``refusals`` tells of whom a server's no speaks.
``webhook`` and ``chat`` are the other channels.
``return_box`` gives what came back, ``returned`` reads it. ``feeds`` writes RSS, Atom and JSON Feed.
"""
