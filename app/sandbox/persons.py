"""What a person is to the registers: shapes only. `population.py` makes persons, and finds them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Vehicle:
    """A vehicle on the register; a scrapped one stays there, cancelled."""

    plate: str
    model: str
    first_registered: date
    scrapped: bool


@dataclass(frozen=True)
class Dwelling:
    """A dwelling with one right holder."""

    address: str
    area_cm2: int
    registered_on: date


@dataclass(frozen=True)
class ProvidentFund:
    """A housing provident fund account."""

    monthly_fen: int
    balance_fen: int


@dataclass(frozen=True)
class Account:
    """A bank account. State: open | closed | frozen."""

    number: str
    holder: str
    balance_fen: int
    state: str


@dataclass(frozen=True)
class Benefit:
    """A grant of assistance; `until` is its last day, None while it runs."""

    program: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Insurance:
    """One social insurance. Kind: employees | officials | residents (pensions) | unemployment; one of paid, drawn or
    neither (a pause)."""

    kind: str
    wage_fen: int | None = None  # what an employer pays contributions on; for residents what they pay themselves
    drawn_fen: int | None = None  # a month


@dataclass(frozen=True)
class Taxed:
    """What the tax authority knows of twelve months, in fen."""

    wages: int = 0
    invoiced: int = 0
    property: int = 0


@dataclass(frozen=True)
class Business:
    """A trade, firm or cooperative. State: active | revoked | cancelled; `owner` False: a mere post."""

    kind: str
    state: str = "active"
    owner: bool = True


@dataclass(frozen=True)
class Certificate:
    """A disability certificate; kind in our words, grade 1 is the most severe."""

    kind: str
    grade: int
    until: date


@dataclass(frozen=True)
class Machine:
    """A farm machine with a plate."""

    name: str
    scrapped_on: date | None = None


@dataclass(frozen=True)
class Relocation:
    """A resettlement out of poverty."""

    moved_on: date
    division: str


@dataclass(frozen=True)
class Care:
    """The medical insurance. Kind: employees | residents; `paid_fen`: what was left to pay in each of twelve months."""

    kind: str
    lapsed: bool
    paid_fen: tuple[int, ...]
    chronic: bool = False
    serious: bool = False


@dataclass(frozen=True)
class Schooling:
    """Somebody on the rolls of a school; the stage in our words, the aid of twelve months in fen."""

    school: str
    stage: str
    suspended: bool
    boarding: bool
    aid_fen: int


@dataclass(frozen=True)
class Elsewhere:
    """What the province holds where somebody is registered who lives in this one."""

    benefits: tuple[str, ...] = ()  # program codes
    dwellings: int = 0
    vehicles: int = 0
    businesses: int = 0


@dataclass(frozen=True)
class Person:
    """One synthetic person as all agencies together know them."""

    id_number: str
    name: str
    phone: str
    sex: str  # male | female
    birth_date: date
    relation: str  # to the head: self | spouse | child | parent
    household: str
    division: str
    marital_status: str  # single | married | widowed | divorced
    spouse_id: str | None
    deceased_on: date | None
    register_cancelled: bool  # by a death reported to the police
    vehicles: tuple[Vehicle, ...]
    dwellings: tuple[Dwelling, ...]
    provident_fund: ProvidentFund | None
    accounts: tuple[Account, ...]
    benefits: tuple[Benefit, ...]
    insurances: tuple[Insurance, ...] = ()
    taxed: Taxed | None = None
    businesses: tuple[Business, ...] = ()
    certificate: Certificate | None = None
    machines: tuple[Machine, ...] = ()
    farm_subsidy_fen: int = 0  # for the land, paid once a year
    relocation: Relocation | None = None
    securities: tuple[int, ...] = ()  # holdings at the last close, fen
    policies: tuple[int, ...] = ()  # cash values of insurance policies, fen
    wallets: tuple[int, ...] = ()  # balances with payment services, fen
    elsewhere: Elsewhere | None = None

    @property
    def address(self) -> str:
        """Where the register has the person."""
        return f"测试村民小组{self.household}"


@dataclass(frozen=True)
class Household:
    """A family on one page of the register."""

    number: str
    division: str
    village: str
    members: tuple[Person, ...]
    typical: bool
    story: str | None = None  # what there is to find, where somebody may want to try it

    @property
    def head(self) -> Person:
        """Return the head of the household."""
        return self.members[0]
