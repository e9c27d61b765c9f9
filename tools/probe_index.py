"""Exit with 0 where a package index can really serve a wheel of a pinned version, with 1 where not.

    python tools/probe_index.py INDEX_URL NAME VERSION

Prints the reason in one line when it cannot. The caller sets the time limit, from outside: a name
look-up that hangs cannot be interrupted from within. Run by the virtual environment's Python, so
that a missing set of system certificates can be made up for with pip's own.
"""

import re
import ssl
import sys
from html import unescape
from urllib.parse import urljoin
from urllib.request import Request, urlopen

TIMEOUT_S = 5  # for each connection and read; the whole run is limited by the caller


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts what the system trusts, and what pip brings along."""
    context = ssl.create_default_context()
    try:
        from pip._vendor import certifi

        context.load_verify_locations(certifi.where())
    except (ImportError, OSError):
        pass  # pip without certificates of its own (Debian's): the system's are all there is
    return context


def first_byte_arrives(index_url: str, name: str, version: str) -> str:
    """Return "" if the index lists a wheel of that version and its host sends it, else why not.

    The wheels may lie on another host than the list, and only the first byte of one is asked for.
    """
    page_url = index_url.rstrip("/") + "/" + name + "/"
    try:
        with urlopen(page_url, timeout=TIMEOUT_S, context=tls_context()) as page:
            listing = page.read().decode("utf-8", "replace")
            page_url = page.url
        # a local version (2.13.0+cpu, written %2Bcpu in a URL) is the same release
        release = rf"{name}-{re.escape(version)}(?:(?:\+|%2B)[^\"-]*)?-"
        wheel = re.search(rf'href="((?:[^"]*/)?{release}[^"]*\.whl)', listing)
        if wheel is None:
            return f"it lists no wheel of {name} {version}"
        wheel_url = urljoin(page_url, unescape(wheel[1]))
        request = Request(wheel_url, headers={"Range": "bytes=0-0"})
        with urlopen(request, timeout=TIMEOUT_S, context=tls_context()) as answer:
            answer.read(1)
    except (OSError, ValueError) as error:  # urllib's errors are OSErrors; a bad URL a ValueError
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    reason = first_byte_arrives(*sys.argv[1:4])
    print(reason)
    sys.exit(bool(reason))
