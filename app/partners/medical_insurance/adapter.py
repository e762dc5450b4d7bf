"""The medical insurance over HTTP: whether somebody is insured, and what treatment cost that nobody paid for."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from app.core.money import yuan_to_fen
from app.facts import Answer, FactKey, Item, Value
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.exchange import read_json, require_status, unavailable
from app.partners.facts_of import found
from app.partners.medical_insurance import wire

_KINDS: Mapping[str, str] = MappingProxyType({"310": "employees", "390": "residents"})
_MONTHS = 12
# Hospitals settle within weeks: the last months told may lie so far back, and no further.
_BEHIND = 2


class MedicalInsurance(HttpAgency):
    """Answers at once. Who was never insured is 'no record'; an insurance that has lapsed is a hit."""

    code: ClassVar[str] = "medical_insurance"
    title: ClassVar[str] = "医疗保障部门"
    authentication: ClassVar[Authentication] = Authentication.MUTUAL_TLS
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.MEDICAL_INSURANCE: frozenset(
                {
                    FactKey.MEDICAL_INSURANCE_STATUS,
                    FactKey.MEDICAL_OUT_OF_POCKET_YEAR,
                    FactKey.CHRONIC_DISEASE,
                    FactKey.SERIOUS_DISEASE,
                }
            )
        }
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.MEDICAL_INSURANCE:
            raise LookupError(query.item)
        content = _enquiry(query).model_dump_json().encode()
        reply = await self.post(wire.PATH, {"Content-Type": "application/json"}, content)
        require_status(self.code, reply, 200)
        answer = read_json(self.code, wire.Reply, reply.body)
        if answer.inf_refmsgid != query.reference or answer.infver != wire.VERSION:
            unavailable(self.code, "garbage")
        if answer.infcode not in (wire.DONE, wire.NOT_ON_FILE):
            unavailable(self.code, "error")
        if (answer.infcode == wire.DONE) != (answer.output is not None):
            unavailable(self.code, "garbage")
        if answer.output is None:
            return Answer.none()
        if not _is_whole(answer.output):
            unavailable(self.code, "garbage")
        return found(self.code, answer.output.data_date, _values(answer.output))


def _is_whole(output: wire.Output) -> bool:
    """Say whether twelve months in a row, up to now, are told, and add up to their sum."""
    months = sorted(_count(int(each.ym[:4]), int(each.ym[4:])) for each in output.setl)
    if len(months) != _MONTHS or months != list(range(months[0], months[0] + _MONTHS)):
        return False
    behind = _count(output.data_date.year, output.data_date.month) - months[-1]
    paid = sum(yuan_to_fen(each.selfpay) for each in output.setl)
    return 0 <= behind <= _BEHIND and paid == yuan_to_fen(output.selfpay_sum)


def _count(year: int, month: int) -> int:
    return year * 12 + month


def _values(output: wire.Output) -> dict[FactKey, Value]:
    in_force = {each.dise_type for each in output.opsp if _is_in_force(each, output.data_date)}
    lapsed = output.insu.psn_insu_stas == "2"
    return {
        FactKey.MEDICAL_INSURANCE_STATUS: "lapsed" if lapsed else _KINDS[output.insu.insutype],
        FactKey.MEDICAL_OUT_OF_POCKET_YEAR: yuan_to_fen(output.selfpay_sum),
        FactKey.CHRONIC_DISEASE: int("M" in in_force),
        FactKey.SERIOUS_DISEASE: int("B" in in_force),
    }


def _is_in_force(registration: wire.Registration, on: date) -> bool:
    return registration.begndate <= on and (registration.enddate is None or registration.enddate >= on)


def _enquiry(query: Query) -> wire.Enquiry:
    return wire.Enquiry(
        msgid=str(query.reference),
        input=wire.Input(
            certno=query.id_number,
            psn_name=query.name,
            purp=query.purpose,
            case_no=query.case,
            auth_no=query.authorisation,
            opter=query.operator,
        ),
    )
