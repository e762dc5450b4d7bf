"""The program that reads one file: `python -m app.files.reader MEDIA_TYPE`, the file on stdin, what is kept on stdout.

Decoders written in C and files made by an enemy meet here and nowhere else: in a process of its own for each file,
without our environment, bounded in time and memory by the kernel. It answers in bytes, never in pickled objects.
"""

import resource
import sys

CPU_SECONDS = 20  # a 40-megapixel photo takes about 3
MEMORY = 1536 * 1024 * 1024  # bytes of address space; a 40-megapixel photo turned upright takes about 400 MB
UNFIT = 3  # exit code; stderr says why


def main(media_type: str) -> int:
    """Read, clean, answer: the first line is the media type of what follows."""
    _bound()
    # Imported after the bounds are set, and only what this file needs.
    from app.files.unfit import Unfit

    content = sys.stdin.buffer.read()
    try:
        if media_type == "application/pdf":
            from app.files.pdf import look_through

            look_through(content)
            kept = media_type, content
        else:
            from app.files.pictures import draw_anew

            kept = draw_anew(content, media_type)
    except Unfit as unfit:
        sys.stderr.write(f"{unfit}\n")
        return UNFIT
    sys.stdout.buffer.write(kept[0].encode() + b"\n" + kept[1])
    return 0


def _bound() -> None:
    """Let the kernel end this process when the file takes too much."""
    for what, limit in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),  # what is being read must not end up in a core file
        (resource.RLIMIT_FSIZE, 0),  # nothing is to be written but the answer
    ):
        _, hard = resource.getrlimit(what)
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (lowest, lowest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
