"""Work done ahead of its turn: several queues at once, each in its order, in bounded memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

Page = TypeVar("Page")
Result = TypeVar("Result")

_FURTHEST: Final = 256  # pages ahead of the one that is waited for
_MOST_HELD: Final = 32 << 20  # bytes done ahead; beyond it only the page that is waited for is begun


@dataclass(slots=True)
class _Task(Generic[Page, Result]):
    page: Page
    number: int
    outcome: Future[Result] = field(default_factory=Future)
    size: int = 0


class Lookahead(Generic[Page, Result]):
    """Does `work` for pages, one at a time in each queue, and gives the results in the order asked."""

    def __init__(
        self, work: Callable[[Page], Result], queue: Callable[[Page], str], size: Callable[[Result], int]
    ) -> None:
        """`queue` names the queue of a page, `size` says how many bytes a result holds."""
        self._work = work
        self._queue = queue
        self._size = size
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[_Task[Page, Result]]] = {}
        self._busy: set[str] = set()
        self._held = 0
        self._head = 0  # the number of the page that is waited for
        self._ended = False

    def results(self, pages: Iterable[Page], workers: int) -> Iterator[tuple[Page, Result]]:
        """Each page and its result, lazily; what `work` raises is raised in the turn of its page."""
        for _ in range(workers):
            threading.Thread(target=self._labour, daemon=True).start()
        try:
            yield from self._in_order(pages)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _in_order(self, pages: Iterable[Page]) -> Iterator[tuple[Page, Result]]:
        asked: deque[_Task[Page, Result]] = deque()
        for number, page in enumerate(pages):
            asked.append(_Task(page, number))
            self._put(asked[-1])
            while asked and (asked[0].outcome.done() or len(asked) == _FURTHEST):
                yield self._taken(asked.popleft())
        while asked:
            yield self._taken(asked.popleft())

    def _put(self, task: _Task[Page, Result]) -> None:
        with self._changed:
            self._waiting.setdefault(self._queue(task.page), deque()).append(task)
            self._changed.notify()

    def _taken(self, task: _Task[Page, Result]) -> tuple[Page, Result]:
        result = task.outcome.result()
        with self._changed:
            self._held -= task.size
            self._head = task.number + 1
            self._changed.notify_all()
        return task.page, result

    def _labour(self) -> None:
        while self._do(self._next()):
            pass

    def _do(self, task: _Task[Page, Result] | None) -> bool:
        """Do a task, if there is one; a thread that waits for the next holds nothing of it any more."""
        if task is None:
            return False
        try:
            result = self._work(task.page)
        except BaseException as error:
            self._done(task, 0)
            task.outcome.set_exception(error)
        else:
            self._done(task, self._size(result))
            task.outcome.set_result(result)
        return True

    def _done(self, task: _Task[Page, Result], size: int) -> None:
        with self._changed:
            self._busy.remove(self._queue(task.page))
            task.size = size
            self._held += size
            self._changed.notify_all()

    def _next(self) -> _Task[Page, Result] | None:
        """The next task, once there is one; None in the end."""
        with self._changed:
            while not self._ended:
                task = self._startable()
                if task:
                    return task
                self._changed.wait()
        return None

    def _startable(self) -> _Task[Page, Result] | None:
        free = {tasks[0].number: name for name, tasks in self._waiting.items() if name not in self._busy}
        first = min(free, default=None)
        if first is None or (self._held >= _MOST_HELD and first != self._head):
            return None
        name = free[first]
        task = self._waiting[name].popleft()
        if not self._waiting[name]:
            del self._waiting[name]
        self._busy.add(name)
        return task
