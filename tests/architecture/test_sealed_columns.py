"""Every sealed column says how it is bound, so that none is forgotten when a division moves to another key."""

import re

from sqlalchemy import LargeBinary

from app.core.crypto import SealedColumn
from app.core.crypto.columns import INFO
from app.core.db import Base
from app.keys.targets import targets
from tests.architecture.test_house_rules import SOURCES
from tests.support.cleaning import load_models

load_models()
COLUMNS = [column for table in Base.metadata.tables.values() for column in table.columns]


def test_every_sealed_column_is_declared():
    undeclared = {str(column) for column in COLUMNS if column.name.endswith("_sealed") and INFO not in column.info}
    misnamed = {str(column) for column in COLUMNS if INFO in column.info and not column.name.endswith("_sealed")}

    assert not undeclared
    assert not misnamed


def test_a_declaration_names_columns_that_are_there():
    for column in COLUMNS:
        declared = column.info.get(INFO)
        if declared is not None:
            assert isinstance(column.type, LargeBinary), column
            assert isinstance(declared, SealedColumn), column
            index = (declared.index.column, declared.index.owner) if declared.index else ()
            for name in filter(None, (declared.row, declared.division, declared.clear, *index)):
                assert name in column.table.c, f"{column}: {name}"
            assert declared.division is None or not column.table.c[declared.division].nullable, column


def test_what_is_sealed_has_a_primary_key_of_one_column():
    assert all(target.key is not None for target in targets(Base.metadata))


def test_the_code_seals_and_opens_under_names_that_are_declared():
    """A misspelt name would open nowhere else, and never be sealed anew."""
    bound = {column.info[INFO].bound_as(column) for column in COLUMNS if INFO in column.info}
    call = re.compile(r"vault\.(?:seal|open)\(\s*\"([a-z_.]+)\"")
    used = {name for path in SOURCES for name in call.findall(path.read_text())} | {"kept_answers.answer"}

    assert used <= bound
    assert len(used) > 25


def test_each_binding_is_used_by_one_column_or_by_copies_of_it():
    copies = {"pay_lines.account_sealed", "pay_lines.payee_name_sealed"}
    names = [
        column.info[INFO].bound_as(column) for column in COLUMNS if INFO in column.info and str(column) not in copies
    ]

    assert len(names) == len(set(names))
