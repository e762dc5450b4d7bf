"""Cookies: nobody we speak with outside is given any."""

from http.cookiejar import CookieJar, DefaultCookiePolicy


def no_cookies() -> CookieJar:
    """Return a jar that takes none. httpx keeps what it is sent and shows it to whoever matches next: with one client
    for many, what one of them sets would go to others, and enough of it would have their every request refused."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
