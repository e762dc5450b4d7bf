"""A mini-program team can generate a typed client: it compiles strictly, refuses mistakes, and gets an answer."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.local.node import NODE, node_environment, packages, program
from tests.contract.live import Live

_CLIENT = """
import createClient from "openapi-fetch";
import type { components, paths } from "./contract";

const [, , baseUrl, token, id] = process.argv;
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

const { data, error, response } = await client.GET("/v1/applications/{application_id}", {
  params: { path: { application_id: id } },
});
if (error) {
  const code: string = error.code; // a problem document, typed
  throw new Error(code);
}
const status: components["schemas"]["ApplicationsStatus"] = data.status;
const names: string[] = data.members.map((member) => member.name);
const alone: string | undefined = data.answers.alone?.ground; // the form is typed, too
const lines: number | undefined = data.answers.income?.length;

const edited = await client.PATCH("/v1/applications/{application_id}", {
  params: { path: { application_id: id }, header: { "If-Match": '"0"', "Accept-Language": "en" } },
  body: { answers: { supporters: [], alone: null } },
  bodySerializer: JSON.stringify,
  headers: { "Content-Type": "application/merge-patch+json" },
});
if (edited.error && "conflicts" in edited.error) {
  const pointers: string[] = edited.error.conflicts.map((conflict) => conflict.pointer);
  console.error(pointers, alone, lines);
}

const refused = await client.POST("/v1/applications/{application_id}/submit", {
  params: {
    path: { application_id: "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" },
    header: { "Idempotency-Key": "4f8c2f0e9b7d4a63a1c5" },
  },
  body: { truth_promised: true },
});
console.log(JSON.stringify({ status, names, etag: response.headers.get("ETag"), refused: refused.error?.code }));
"""
_MISTAKES = """
import createClient from "openapi-fetch";
import type { paths } from "./contract";

const client = createClient<paths>({ baseUrl: "" });
// @ts-expect-error: no such address
await client.GET("/v1/application");
// @ts-expect-error: the id is missing
await client.GET("/v1/applications/{application_id}", {});
// @ts-expect-error: the key is missing
await client.POST("/v1/applications", { body: { program: "living_allowance", division: "532529103204" } });
await client.POST("/v1/applications", {
  params: { header: { "Idempotency-Key": "4f8c2f0e9b7d4a63a1c5" } },
  // @ts-expect-error: the division is a text
  body: { program: "living_allowance", division: 532529103204 },
});
await client.PATCH("/v1/applications/{application_id}", {
  params: { path: { application_id: "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" } },
  // @ts-expect-error: there is no such kind of income
  body: { answers: { income: [{ member: "m1", kind: "wages", amount_fen: 1, period: "month" }] } },
});
const { data } = await client.GET("/v1/me");
// @ts-expect-error: no such member
console.log(data?.nickname);
"""
_SETTINGS = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "lib": ["es2022", "dom", "dom.iterable"],
        "types": [],
    },
    "include": ["*.ts"],
}


@pytest.fixture(scope="module")
def project(written: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a generated client and programs that use it."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "node_modules").symlink_to(packages())
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(_SETTINGS))
    (folder / "openapi.json").write_text(json.dumps(written))
    (folder / "client.ts").write_text("declare const process: { argv: string[] };\n" + _CLIENT)
    (folder / "mistakes.ts").write_text(_MISTAKES)
    _run(folder, *program("openapi-typescript"), "openapi.json", "--output", "contract.d.ts")
    return folder


def test_the_client_compiles_and_mistakes_do_not(project: Path):
    _run(project, *program("tsc"), "--project", "tsconfig.json")


def test_the_client_gets_a_typed_answer(project: Path, live: Live):
    application = live.ids["application_id"][0]

    said = json.loads(_run(project, str(NODE), "client.ts", live.url, live.tokens["applicant"], application))

    assert said["status"] == "draft"
    assert said["names"] == ["测试甲", "测试乙", "测试丙"]
    assert said["etag"]
    assert said["refused"] == "application_not_found"


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, env=node_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
