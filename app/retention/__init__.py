"""The citizen's copy of everything held about him, how long it is kept, and its erasure: for all stages, above them."""

ERASER_ROLE = (
    "dibao_eraser"  # may remove what is append-only for everybody else, and write nothing into it: the worker's alone
)
