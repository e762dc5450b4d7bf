"""Under which user PostgreSQL runs, which refuses to be root and wants a user that the system knows.

First choice for root is a user namespace of one user: the files stay root's, no folder's rights change and no system
user is made. Where the kernel or a container refuses namespaces, an existing unprivileged user has to do.
"""

import os
import pwd
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.local.narration import Refusal, say


@dataclass(frozen=True)
class Identity:
    """How a child appears: as ourselves, as `namespace` (a uid) in a user namespace of its own, or as (uid, gid)."""

    namespace: int | None = None
    become: tuple[int, int] | None = None

    def options(self) -> list[str]:
        """Return the options that make `launch` take this identity."""
        if self.namespace is not None:
            return ["--namespace", str(self.namespace)]
        if self.become is not None:
            return ["--become", f"{self.become[0]}:{self.become[1]}"]
        return []


OURSELVES = Identity()


def candidates(
    user: int, known: bool, cluster_owner: int | None, neighbours: Sequence[tuple[int, int]]
) -> list[Identity]:
    """Return the identities to try, best first.

    `user` is our uid and `known` whether the system knows it (initdb asks); `cluster_owner` owns the existing database
    files; `neighbours` are the unprivileged owners of the folders we work in, who reach them whatever others may do.
    """
    if user != 0:
        return [OURSELVES] if known else [Identity(namespace=_stand_in().pw_uid), OURSELVES]
    if cluster_owner:  # made under the second choice once: stay with it
        return [Identity(become=(cluster_owner, _group_of(cluster_owner)))]
    nobody = _stand_in()
    others = dict.fromkeys([*neighbours, (nobody.pw_uid, nobody.pw_gid)])
    return [Identity(namespace=nobody.pw_uid), *(Identity(become=other) for other in others)]


def choose(cluster: Path, program: Path, works: Callable[[Identity], bool]) -> Identity:
    """Return the first identity that `works` for `program` over the database files in `cluster`.

    Where only another user is left, the way to both is opened as far as need be.

    Raises:
        Refusal: none works.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    user = os.geteuid()
    folders = (cluster.parent, program.parent)
    choices = candidates(user, _known(user), owner, [found for folder in folders if (found := _neighbour(folder))])
    for identity in choices:
        if works(identity):
            return identity
    for identity in choices:
        if identity.become is not None and _opens(folders, identity, works):
            return identity
    raise Refusal(
        f"PostgreSQL cannot run here as root: no user namespace, and no other user reaches {cluster.parent}. "
        "Run as an ordinary user, put the data elsewhere (--data), or name a server in DATABASE_URL."
        if user == 0
        else f"The programs of the embedded PostgreSQL do not run here, or {cluster.parent} cannot be written."
    )


def hand_over(folder: Path, identity: Identity) -> None:
    """Give `folder` and all in it to the user that will run PostgreSQL, where that is another one."""
    if identity.become is None:
        return
    for path in [folder, *folder.rglob("*")]:
        if path.lstat().st_uid != identity.become[0]:
            os.chown(path, *identity.become, follow_symlinks=False)


def _opens(folders: Sequence[Path], identity: Identity, works: Callable[[Identity], bool]) -> bool:
    """Let others pass through the folders on the way (not list them) that `identity` cannot pass; undo it in vain."""
    assert identity.become is not None
    way = dict.fromkeys(step for folder in folders for step in [*reversed(folder.parents), folder])
    closed = [(step, step.stat().st_mode) for step in way if not _may_pass(step.stat(), identity.become)]
    for step, mode in closed:
        step.chmod(mode | stat.S_IXOTH)
    if works(identity):
        for step, _ in closed:
            say(f"  other users may now pass through {step}: PostgreSQL has to, and does not run as root")
        return True
    for step, mode in closed:
        step.chmod(mode)
    return False


def _may_pass(status: os.stat_result, user: tuple[int, int]) -> bool:
    if status.st_uid == user[0]:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user[1]:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _neighbour(folder: Path) -> tuple[int, int] | None:
    for step in (folder, *folder.parents):
        owner = step.stat()
        if owner.st_uid != 0:
            return (owner.st_uid, owner.st_gid) if _known(owner.st_uid) else None
    return None


def _stand_in(names: Sequence[str] = ("daemon", "nobody")) -> pwd.struct_passwd:
    """Return an existing user that is not root; not a new one, and nothing of theirs is touched."""
    others = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    for name in names:
        for entry in others:
            if entry.pw_name == name:
                return entry
    if not others:
        raise Refusal("This system has no user but root, and PostgreSQL needs one. Name a server in DATABASE_URL.")
    return others[0]


def _group_of(uid: int) -> int:
    return pwd.getpwuid(uid).pw_gid if _known(uid) else uid


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
