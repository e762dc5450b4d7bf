"""PDFs are kept as they are, or not at all."""

import pytest

from app.files.pdf import look_through
from app.files.unfit import Unfit
from tests.support.files import (
    make_locked_pdf,
    make_pdf,
    make_pdf_that_starts_a_program,
    make_pdf_with_attachment,
    make_pdf_with_script,
)


@pytest.mark.parametrize("size", [0, 3_000_000])
def test_a_plain_pdf_is_taken(size):
    look_through(make_pdf(size))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (make_pdf_with_script(), "scripts"),
        (make_pdf_with_attachment(), "pdf_files"),
        (make_pdf_that_starts_a_program(), "programs"),
        (make_locked_pdf(), "locked"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (make_pdf()[:200], "damaged"),
        (b"%PDF-1.7\n" + bytes(1000), "damaged"),
    ],
)
def test_a_pdf_that_does_something_or_cannot_be_read_is_refused(content, why):
    with pytest.raises(Unfit, match=why):
        look_through(content)


def test_a_name_written_in_disguise_is_found():
    disguised = make_pdf_with_script().replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")

    with pytest.raises(Unfit):
        look_through(disguised)
