"""The vocabulary that programs ask in and partners answer in. Pure: neither knows the other, both know this file.

A `Fact` is one field about one person, from one source, as of one date. "No record" is an `Answer` whose outcome is
NONE: the source looked and has nothing. "No answer" is never a fact; it stays on the check as `unavailable`, and must
never count as zero (domain 3.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Item(StrEnum):
    """One thing an agency can be asked about one person; one query asks one item."""

    IDENTITY = "identity"  # do this name and number belong together
    HOUSEHOLD_REGISTER = "household_register"
    VEHICLES = "vehicles"
    MARRIAGE = "marriage"
    DEATHS = "deaths"
    BENEFITS = "benefits"  # social assistance already in force
    SOCIAL_INSURANCE = "social_insurance"
    REAL_ESTATE = "real_estate"
    INCOME = "income"  # what taxes were paid on
    BUSINESSES = "businesses"
    PROVIDENT_FUND = "provident_fund"
    DISABILITY = "disability"  # the certificate
    FARMING = "farming"  # machinery and subsidies
    RELOCATION = "relocation"  # moved out of poverty by the programme of development and reform
    DEPOSITS = "deposits"
    SECURITIES = "securities"
    INSURANCE = "insurance"  # policies that can be surrendered for money
    WALLETS = "wallets"  # balances with payment services that are no banks
    MEDICAL_INSURANCE = "medical_insurance"  # insured, and what was left to pay
    EDUCATION = "education"  # where somebody goes to school, and with what aid
    OTHER_PROVINCE = "other_province"  # what the province holds where somebody is registered who lives in this one


NOT_JUDGED = frozenset(
    {
        Item.SECURITIES,
        Item.INSURANCE,
        Item.WALLETS,
        Item.MEDICAL_INSURANCE,
        Item.EDUCATION,
        Item.OTHER_PROVINCE,
    }
)
"""Items that no rule looks into yet: a place has them asked (`also_asked`), and the report sets them beside the
declaration for the people who decide."""


class FactKey(StrEnum):
    """One field; its unit stands in `UNITS`. A field is here because a rule or a comparison uses it, or because who
    decides has to see it: nothing is fetched for the sake of having it (政务数据共享条例 art. 25, PIPL art. 6)."""

    REGISTERED_NAME = "registered_name"
    BIRTH_DATE = "birth_date"
    HUKOU_DIVISION = "hukou_division"  # 12-digit code
    HUKOU_HOUSEHOLD = "hukou_household"  # household number in the register
    HUKOU_ADDRESS = "hukou_address"  # fills in the form, so that nobody types it
    VEHICLE_COUNT = "vehicle_count"
    MARITAL_STATUS = "marital_status"  # single | married | widowed | divorced
    DECEASED_ON = "deceased_on"
    BENEFITS_IN_FORCE = "benefits_in_force"  # program codes
    PENSION_MONTHLY = "pension_monthly"  # what is drawn, of all pension schemes
    INSURED_WAGE_MONTHLY = "insured_wage_monthly"  # the contribution base an employer pays on at present; else 0
    UNEMPLOYMENT_MONTHLY = "unemployment_monthly"  # what is drawn
    DWELLING_COUNT = "dwelling_count"
    DWELLING_AREA = "dwelling_area"
    TAXED_WAGES_YEAR = "taxed_wages_year"  # of twelve months, before deductions
    INVOICED_YEAR = "invoiced_year"  # turnover of a trade in twelve months, before costs
    TAXED_PROPERTY_YEAR = "taxed_property_year"  # rents, interest, dividends, sales of twelve months
    BUSINESS_COUNT = "business_count"  # trades and firms that exist and are the person's, wholly or in part
    PROVIDENT_FUND_MONTHLY = "provident_fund_monthly"
    PROVIDENT_FUND_BALANCE = "provident_fund_balance"
    DISABILITY_KIND = "disability_kind"  # visual | hearing | speech | physical | intellectual | mental | multiple
    DISABILITY_GRADE = "disability_grade"  # 1 is the most severe
    MACHINERY_COUNT = "machinery_count"
    FARM_SUBSIDIES_YEAR = "farm_subsidies_year"  # paid in the last twelve months
    RELOCATED_TO = "relocated_to"  # 12-digit code
    RELOCATED_ON = "relocated_on"
    DEPOSIT_BALANCE = "deposit_balance"
    DEPOSIT_ACCOUNTS = "deposit_accounts"
    SECURITIES_VALUE = "securities_value"  # shares, bonds and funds at the last close
    INSURANCE_CASH_VALUE = "insurance_cash_value"  # what the insurers would pay back today
    WALLET_BALANCE = "wallet_balance"
    MEDICAL_INSURANCE_STATUS = "medical_insurance_status"  # employees | residents | lapsed
    MEDICAL_OUT_OF_POCKET_YEAR = "medical_out_of_pocket_year"  # of twelve months, after insurance
    CHRONIC_DISEASE = "chronic_disease"  # registered for outpatient care; not which
    SERIOUS_DISEASE = "serious_disease"  # registered as listed; not which
    ENROLLED = "enrolled"  # goes to school at present: not suspended, not gone
    SCHOOL_NAME = "school_name"
    SCHOOL_STAGE = "school_stage"  # kindergarten | primary | junior | senior | vocational | college | bachelor | …
    BOARDING = "boarding"
    SCHOOL_AID_YEAR = "school_aid_year"  # paid in the last twelve months
    ELSEWHERE_BENEFITS = "elsewhere_benefits"  # program codes, of another province
    ELSEWHERE_DWELLING_COUNT = "elsewhere_dwelling_count"
    ELSEWHERE_VEHICLE_COUNT = "elsewhere_vehicle_count"
    ELSEWHERE_BUSINESS_COUNT = "elsewhere_business_count"


class Unit(StrEnum):
    """How a value is to be read."""

    TEXT = "text"
    DATE = "date"
    DIVISION = "division"  # 12-digit code
    CODE = "code"
    CODES = "codes"
    COUNT = "count"
    FEN = "fen"  # integer fen
    SQUARE_CENTIMETRES = "cm2"
    GRADE = "grade"
    FLAG = "flag"  # 1: yes, 0: no


UNITS: Mapping[FactKey, Unit] = MappingProxyType(
    {
        FactKey.REGISTERED_NAME: Unit.TEXT,
        FactKey.BIRTH_DATE: Unit.DATE,
        FactKey.HUKOU_DIVISION: Unit.DIVISION,
        FactKey.HUKOU_HOUSEHOLD: Unit.TEXT,
        FactKey.HUKOU_ADDRESS: Unit.TEXT,
        FactKey.VEHICLE_COUNT: Unit.COUNT,
        FactKey.MARITAL_STATUS: Unit.CODE,
        FactKey.DECEASED_ON: Unit.DATE,
        FactKey.BENEFITS_IN_FORCE: Unit.CODES,
        FactKey.PENSION_MONTHLY: Unit.FEN,
        FactKey.INSURED_WAGE_MONTHLY: Unit.FEN,
        FactKey.UNEMPLOYMENT_MONTHLY: Unit.FEN,
        FactKey.DWELLING_COUNT: Unit.COUNT,
        FactKey.DWELLING_AREA: Unit.SQUARE_CENTIMETRES,
        FactKey.TAXED_WAGES_YEAR: Unit.FEN,
        FactKey.INVOICED_YEAR: Unit.FEN,
        FactKey.TAXED_PROPERTY_YEAR: Unit.FEN,
        FactKey.BUSINESS_COUNT: Unit.COUNT,
        FactKey.PROVIDENT_FUND_MONTHLY: Unit.FEN,
        FactKey.PROVIDENT_FUND_BALANCE: Unit.FEN,
        FactKey.DISABILITY_KIND: Unit.CODE,
        FactKey.DISABILITY_GRADE: Unit.GRADE,
        FactKey.MACHINERY_COUNT: Unit.COUNT,
        FactKey.FARM_SUBSIDIES_YEAR: Unit.FEN,
        FactKey.RELOCATED_TO: Unit.DIVISION,
        FactKey.RELOCATED_ON: Unit.DATE,
        FactKey.DEPOSIT_BALANCE: Unit.FEN,
        FactKey.DEPOSIT_ACCOUNTS: Unit.COUNT,
        FactKey.SECURITIES_VALUE: Unit.FEN,
        FactKey.INSURANCE_CASH_VALUE: Unit.FEN,
        FactKey.WALLET_BALANCE: Unit.FEN,
        FactKey.MEDICAL_INSURANCE_STATUS: Unit.CODE,
        FactKey.MEDICAL_OUT_OF_POCKET_YEAR: Unit.FEN,
        FactKey.CHRONIC_DISEASE: Unit.FLAG,
        FactKey.SERIOUS_DISEASE: Unit.FLAG,
        FactKey.ENROLLED: Unit.FLAG,
        FactKey.SCHOOL_NAME: Unit.TEXT,
        FactKey.SCHOOL_STAGE: Unit.CODE,
        FactKey.BOARDING: Unit.FLAG,
        FactKey.SCHOOL_AID_YEAR: Unit.FEN,
        FactKey.ELSEWHERE_BENEFITS: Unit.CODES,
        FactKey.ELSEWHERE_DWELLING_COUNT: Unit.COUNT,
        FactKey.ELSEWHERE_VEHICLE_COUNT: Unit.COUNT,
        FactKey.ELSEWHERE_BUSINESS_COUNT: Unit.COUNT,
    }
)
QUANTITIES = frozenset({Unit.COUNT, Unit.FEN, Unit.SQUARE_CENTIMETRES})  # of which there can be more or less
NUMBERS = QUANTITIES | {Unit.GRADE, Unit.FLAG}

NOT_EVERYWHERE = frozenset({FactKey.HUKOU_ADDRESS})
"""Fields that a whole answer may lack, because no rule reads them and no register has to have them."""

MAY_BE_EMPTY = frozenset({FactKey.ELSEWHERE_BENEFITS})
"""Lists of which none is an answer: a province that has a dwelling on record may grant nothing."""

CODES: Mapping[FactKey, frozenset[str]] = MappingProxyType(
    {
        FactKey.MARITAL_STATUS: frozenset({"single", "married", "widowed", "divorced"}),
        FactKey.DISABILITY_KIND: frozenset(
            {"visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"}
        ),
        FactKey.MEDICAL_INSURANCE_STATUS: frozenset({"employees", "residents", "lapsed"}),
        FactKey.SCHOOL_STAGE: frozenset(
            {"kindergarten", "primary", "junior", "senior", "vocational", "college", "bachelor", "postgraduate"}
        ),
    }
)
"""The words that a field of unit CODE may hold."""


Value = str | int | date | tuple[str, ...]


class Outcome(StrEnum):
    """What an agency that did answer said."""

    HIT = "hit"
    NONE = "none"


@dataclass(frozen=True)
class Fact:
    """One field as a source holds it."""

    key: FactKey
    value: Value
    source: str  # partner code
    as_of: date  # the date the source says it is true for


@dataclass(frozen=True)
class Answer:
    """What an agency said about one item of one person."""

    outcome: Outcome
    facts: Mapping[FactKey, Fact]

    @classmethod
    def none(cls) -> "Answer":
        """Return the answer of a source that looked and has no record."""
        return cls(Outcome.NONE, {})
