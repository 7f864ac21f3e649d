"""The simulator: a township, its county and its province in one process, every fault of the world drawn from a seed.

machine    one computer: a real home, its desk, its exchange
county     who there is, set up once and copied for each history
oracle     what was truly written and seen, in plain dicts; it knows nothing of how the product merges
checks     what must hold after every exchange
faults     what befalls sticks and packs
history    the steps of one history, drawn from its seed
"""
