"""Programs that ask what the description of the addresses does not forbid never meet an error of ours."""

import json
import re
import subprocess
import sys

from sync.server.pages.site import ENDPOINTS


def test_the_description_names_every_address(province):
    told = province.get("/openapi.json").json()

    assert len(told["paths"]) == len(ENDPOINTS)
    assert all(operation["get"]["summary"] for operation in told["paths"].values())


def test_no_question_that_a_machine_thinks_up_makes_an_error(province, tmp_path):
    description = tmp_path / "openapi.json"
    description.write_text(json.dumps(province.get("/openapi.json").json()), "utf-8")
    asked = [sys.executable, "-m", "schemathesis.cli", "run", str(description), "--url", province.url]
    limits = ["--checks", "not_a_server_error", "--max-examples", "25", "--phases", "examples,coverage,fuzzing"]

    ran = subprocess.run(
        [*asked, *limits, "--seed", "1", "--no-color"], capture_output=True, text=True, timeout=240, cwd=tmp_path
    )

    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert re.search(r"[1-9]\d\d generated", ran.stdout)
