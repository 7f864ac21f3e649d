"""The pages of a province, prefecture or county: written on the server, read without a script.

One file per noun, as on every floor. `site.py` puts them together; each page asks a query of `app` and fills a template
of `resources/web`.
"""
