"""The other end of the wire, over any home: a county's office computer can serve its own network with it.

relay.py   what is answered to what, without HTTP
store.py   packs half arrived and answers kept, on disk
web.py     HTTP, with limits for everything that strangers could do
"""
