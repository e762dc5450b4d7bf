"""The changed numbers, read from a file; strictly: a misspelt line would change nothing, and nobody would notice.

A body of `PUT /v1/console/standards` or `…/parameters` is such a file, and a line of it may be one: what is drafted can
be tried first.
"""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.programs.declaration import Fen, Listed, Period, pointer
from app.programs.living_allowance.parameters import KNOWN_NAMES, KNOWN_PREFIXES
from scripts.local.narration import Refusal

Area = Annotated[str, Field(pattern=r"^[0-9]{12}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Drafted(_Strict):
    """What a draft says beside the number. The day that is judged is the command's to say."""

    program: Literal["living_allowance"] = "living_allowance"
    valid_from: date | str | None = None
    valid_to: date | str | None = None
    note: str = ""
    document: Mapping[str, Any] | None = None


class ChangedStandard(_Drafted):
    """A standard for one person, in place of that of the same area and class, or beside the others."""

    area: Area
    area_class: Literal["urban", "rural", "unified", "any"]
    amount_fen: Annotated[Fen, Field(ge=1)]
    period: Period
    source: str = "simulated"


class ChangedParameter(_Drafted):
    """A local value, in place of that of the same area and name; `value` null: nobody sets it any more."""

    area: Area
    name: Annotated[str, Field(min_length=1, max_length=100)]
    value: Any
    legal_basis: str = "simulated"


class Change(_Strict):
    """All that would be different."""

    standards: Listed[ChangedStandard] = ()
    parameters: Listed[ChangedParameter] = ()


def _as_lists(content: Any) -> Any:
    """Return the one line of a draft as a file that holds it."""
    if not isinstance(content, dict) or "area" not in content:
        return content
    return {"standards" if "amount_fen" in content else "parameters": [content]}


def read_change(path: Path) -> Change:
    """Read the file.

    Raises:
        Refusal: it is not there, no YAML, not of the form, or names a parameter that no rule reads.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change = Change.model_validate(_as_lists(content))
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from None
    except yaml.YAMLError:
        raise Refusal(f"{path} is no YAML.") from None
    except ValidationError as error:
        wrong = "; ".join(f"{pointer(each['loc']) or '/'}: {each['msg']}" for each in error.errors())
        raise Refusal(f"{path} is not of the form: {wrong}.") from None
    if not change.standards and not change.parameters:
        raise Refusal(f"{path} changes nothing.")
    unknown = [each.name for each in change.parameters if not _is_known(each.name)]
    if unknown:
        raise Refusal(f"{path}: {' '.join(map(_unknown, unknown))}")
    return change


def _is_known(name: str) -> bool:
    return name in KNOWN_NAMES or any(name.startswith(prefix) and name != prefix for prefix in KNOWN_PREFIXES)


def _unknown(name: str) -> str:
    """Name a parameter that the rules do not know, and those it may have been meant for."""
    group, dot, code = name.partition(".")
    meant = get_close_matches(group, sorted({each.partition(".")[0] for each in (*KNOWN_NAMES, *KNOWN_PREFIXES)}))
    near = [each for each in (f"{one}{dot}{code}" for one in meant) if _is_known(each)]
    near += [f"{one}.<code>" for one in meant if f"{one}." in KNOWN_PREFIXES and not code]
    whole = near or get_close_matches(name, sorted((*KNOWN_NAMES, *KNOWN_PREFIXES)))
    hint = f"did you mean {' or '.join(whole)}?" if whole else f"there are {', '.join(_all_names())}."
    return f"The rules know no parameter '{name}'; {hint}"


def _all_names() -> list[str]:
    return [*sorted(KNOWN_NAMES), *sorted(f"{prefix}<code>" for prefix in KNOWN_PREFIXES)]
