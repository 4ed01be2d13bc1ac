"""Where Slack's own files are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "slack"
