"""The time in the account: DBMOAT_NOW, so that a scan can be repeated to the byte, else now."""

import os
from datetime import datetime, timezone


def now():
    fixed = os.environ.get("DBMOAT_NOW")
    return datetime.fromtimestamp(int(fixed), timezone.utc) if fixed else datetime.now(timezone.utc)
