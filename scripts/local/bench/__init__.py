"""How fast the product is, measured against the least that could do the same on the same machine at the same time.

Absolute times say more about a machine than about a program. So a *floor*, a bare FastAPI route over bare asyncpg,
runs beside the product under the same server settings; both are asked in short alternating rounds, and the table shows
what part of the floor's requests per second the product reaches.
"""
