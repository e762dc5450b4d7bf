"""The recipe for a new agency holds: an eleventh department is one folder, one line and its mock, beside its words.

It is added to a copy of the tree, and asked there by its own tests' means: over the mock, and in memory.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import app
from app.partners.registry import AGENCIES

_HERE = Path(app.__path__[0])

_FOLDER = {
    "__init__.py": '"""退役军人: preferential pensions."""\n',
    "adapter.py": '''
        """Veterans' affairs over HTTP: preferential pensions, which are no income."""

        from app.facts import Answer, FactKey, Item
        from app.partners.agency import HttpAgency
        from app.partners.base import Authentication, Query
        from app.partners.exchange import read_json, require_status, unavailable
        from app.partners.facts_of import found
        from app.partners.veterans import wire


        class Veterans(HttpAgency):
            """Answers at once."""

            code = "veterans"
            title = "退役军人事务部门"
            authentication = Authentication.BEARER
            items = {Item.VETERANS: frozenset({FactKey.PREFERENTIAL_PENSION})}

            async def ask(self, query: Query) -> Answer:
                headers = {"Authorization": f"Bearer {self._connection.secret}", "Content-Type": "text/plain"}
                reply = await self.post(wire.PATH, headers, f"{query.reference} {query.id_number}".encode())
                require_status(self.code, reply, 200, 204)
                if reply.status == 204:
                    return Answer.none()
                body = read_json(self.code, wire.Reply, reply.body)
                if body.number != str(query.reference):
                    unavailable(self.code, "garbage")
                return found(self.code, body.day, {FactKey.PREFERENTIAL_PENSION: body.fen})
        ''',
    "wire.py": '''
        """The words of veterans' affairs."""

        from datetime import date

        from pydantic import BaseModel

        PATH = "/yfdx/v1/pension"


        class Reply(BaseModel):
            """An answer."""

            number: str
            day: date
            fen: int
        ''',
    "fake.py": '''
        """Veterans' affairs in memory."""

        from app.partners.memory import AnsweringAgency
        from app.partners.veterans.adapter import Veterans


        class FakeVeterans(AnsweringAgency):
            """Knows the register it was taught."""

            code = Veterans.code
            items = Veterans.items
        ''',
}
_MOCK = '''
    """退役军人: preferential pensions."""

    from fastapi import APIRouter, Request, Response
    from fastapi.responses import JSONResponse

    from app.sandbox.population import find
    from app.sandbox.world import World, read_body


    def router(world: World) -> APIRouter:
        """Return the agency's addresses."""
        routes = APIRouter(prefix="/agencies/veterans")

        @routes.post("/yfdx/v1/pension")
        async def ask(request: Request) -> Response:
            if not world.let_in_bearer("veterans", request):
                return Response(status_code=401)
            number, id_number = (await read_body(request)).decode().split(" ")
            world.store.count_question("veterans", number, "pension")
            person = find(id_number)
            if person is None or person.sex != "male":
                return Response(status_code=204)
            return JSONResponse({"number": number, "day": world.today().isoformat(), "fen": 61_200})

        return routes
    '''
_TRIAL = """
    import asyncio, json, sys
    from datetime import date
    from pathlib import Path

    import httpx

    from app.facts import Answer, FactKey, Item
    from app.partners.base import Query
    from app.partners.registry import AGENCIES, build_partners, partner_for
    from app.partners.veterans.fake import FakeVeterans
    from app.sandbox.listener import Certified
    from app.sandbox.main import build_app
    from app.sandbox.population import people
    from app.sandbox.world import SERVICES
    from app.settings import Settings
    from app.verification.values import keys_of
    from app.verification.words import SOURCES
    from uuid import uuid4

    folder = Path(sys.argv[1])
    named = {
        code: {"base_url": f"https://sandbox.test/agencies/{code}", "secret": "ours", "inbound_secret": "theirs",
               "inbound_key": "signs",
               "certificate": "us.pem", "key": "us.key", "authority": "authority.pem"}
        for code in SERVICES
    }
    (folder / "partners.json").write_text(json.dumps(named))
    unused = folder / "unused"
    settings = Settings(
        environment="sandbox", DATABASE_URL="postgresql://unused", vault_file=unused, token_key_file=unused,
        storage_dir=unused, partners_file=folder / "partners.json", sandbox_clock_file=folder / "clock",
    )


    def about(person):
        return Query(uuid4(), Item.VETERANS, person.id_number, person.name, "living_allowance", "case", "a", "system")


    async def main():
        man, woman, *_ = people()
        app = build_app(settings)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Certified(app))) as http:
            partner = build_partners(settings.partners(), http)[partner_for(Item.VETERANS)]
            found, none = await partner.ask(about(man)), await partner.ask(about(woman))
            order = {"agency": "veterans", "kind": "error", "rate": 1}
            assert (await http.post("https://sandbox.test/faults", json=order)).status_code == 200
        fake = FakeVeterans()
        fake.learn(Item.VETERANS, man.id_number, {FactKey.PREFERENTIAL_PENSION: 61_200}, date(2026, 7, 1))
        same = await fake.ask(about(man))
        assert [fact.value for fact in found.facts.values()] == [fact.value for fact in same.facts.values()] == [61_200]
        assert none == await fake.ask(about(woman)) == Answer.none()
        assert keys_of(Item.VETERANS) == (FactKey.PREFERENTIAL_PENSION,)
        assert SOURCES["veterans"] == "退役军人事务部门"
        print(len(AGENCIES))


    asyncio.run(main())
    """


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip("\n"), "utf-8")


def _add_line(path: Path, before: str, line: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, f"{line}{before}"), "utf-8")


def test_an_eleventh_department_is_one_folder_one_line_and_its_mock(tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(_HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in _FOLDER.items():
        _write(copy / "partners" / "veterans" / name, text)
    _write(copy / "sandbox" / "agencies" / "veterans.py", _MOCK)
    registry, facts = copy / "partners" / "registry.py", copy / "facts.py"
    # The one line, with its import; and what it answers, in everybody's words.
    _add_line(registry, "    Banking,\n)", "    Veterans,\n")
    _add_line(registry, "\nAdapterClass = ", "from app.partners.veterans.adapter import Veterans\n")
    _add_line(facts, '    DEPOSITS = "deposits"', '    VETERANS = "veterans"\n')
    _add_line(facts, '    DEPOSIT_BALANCE = "deposit_balance"', '    PREFERENTIAL_PENSION = "preferential_pension"\n')
    _add_line(facts, "        FactKey.DEPOSIT_BALANCE: Unit.FEN", "        FactKey.PREFERENTIAL_PENSION: Unit.FEN,\n")
    _write(tmp_path / "trial.py", _TRIAL)

    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("DIBAO_")}
    done = subprocess.run(
        [sys.executable, "-P", str(tmp_path / "trial.py"), str(tmp_path)],
        cwd=tmp_path,
        env={**surroundings, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(AGENCIES) + 1)]
