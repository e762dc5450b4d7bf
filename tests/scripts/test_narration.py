"""What the commands say."""

import os
import subprocess
import sys
from pathlib import Path

from scripts.local.children import ROOT
from scripts.local.narration import last_words


def test_a_reader_that_went_away_ends_nothing():
    code = "import time\nfrom scripts.local.narration import say\nfor _ in range(3): say('hello'); time.sleep(0.2)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as talker:
        assert talker.stdout is not None
        talker.stdout.readline()
        talker.stdout.close()

    assert talker.returncode == 0


def test_the_end_of_a_log_is_shown_indented_and_a_missing_log_is_nothing(tmp_path: Path):
    (tmp_path / "api.log").write_text("one\ntwo\nthree\n")

    assert last_words(tmp_path / "api.log", 2) == "\n    two\n    three"
    assert last_words(tmp_path / "none.log") == ""
