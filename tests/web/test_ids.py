"""What an id tells the replicas that share a key, and nobody else."""

from __future__ import annotations

import pytest

from web import ids
from web.conversations import check_id
from web.ids import Ids


@pytest.mark.parametrize("kommune", [None, "0101", "0615", "0860"])
@pytest.mark.parametrize("waiting", [False, True])
def test_another_replica_reads_what_one_has_made(kommune: str | None, waiting: bool) -> None:
    id_ = Ids("key").new(kommune, waiting)
    check_id(id_)
    assert Ids("key").kommune(id_) == kommune
    assert Ids("key").is_waiting(id_, 60) is waiting


def test_no_two_are_alike() -> None:
    made = {Ids("key").new("0615")[:16] for _ in range(1000)}
    assert len(made) == 1000


def test_another_key_or_a_changed_id_tells_nothing() -> None:
    id_ = Ids("key").new("0615", waiting=True)
    assert Ids("other").kommune(id_) is None
    assert not Ids("other").is_waiting(id_, 60)
    for place in range(32):
        changed = id_[:place] + ("A" if id_[place] != "A" else "B") + id_[place + 1 :]
        assert Ids("key").kommune(changed) is None
        assert not Ids("key").is_waiting(changed, 60)


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = ids.time.time()
    id_ = Ids("key").new(None, waiting=True)
    monkeypatch.setattr(ids.time, "time", lambda: now + 1800)
    assert not Ids("key").is_waiting(id_, 1700)
    assert Ids("key").is_waiting(id_, 1900)
