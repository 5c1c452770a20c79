"""One stack to a folder, and the same ports as last time."""

import socket
from pathlib import Path

import pytest

from stack.errors import StackInUse
from stack.state_folder import locked, ports_for


def test_a_second_stack_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(StackInUse), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_ports_stay_the_same_while_they_are_free(tmp_path: Path) -> None:
    first = ports_for(["a", "b"], tmp_path / "ports.json")
    assert ports_for(["a", "b", "c"], tmp_path / "ports.json").items() >= first.items()


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    first = ports_for(["a", "b"], tmp_path / "ports.json")
    with socket.create_server(("127.0.0.1", first["a"])):
        second = ports_for(["a", "b"], tmp_path / "ports.json")
    assert second["a"] != first["a"]
    assert second["b"] == first["b"]
