"""Pages, feeds and the API: what readers see of the database, read only but for confirmations.

In the order a request flows: ``app`` (the factory that puts all together), ``headers`` (what every
answer carries), ``queries`` (parameters, checked), ``pages`` (HTML), ``feeds``, ``api`` (JSON, in the
shapes of ``resources``), ``confirmation`` (the link of the opt-in mail), ``health``. What a page shows
is decided without I/O in ``tier_table`` and ``figure_table``; ``country_sections`` keeps what takes long;
``changes_list`` is filtered as feeds are; ``openapi`` completes the API's description; the pages behind
the login are ``operator_pages`` and ``operator_lists``; ``rendering`` fills ``templates/web``;
``conditional`` answers 304 where the reader has it already; ``errors`` puts failures in words.
"""
