"""Something that takes its time: what is being done, how far, how long yet, and 停下, which never harms."""

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label
from ui.widgets.painted import announce
from ui.words import tr

LEAST_SHOWN_MS = 500
ROUNDED_TO_S = 5


def remaining_words(seconds: float) -> str:
    """Return how long it will take yet, rounded up to five seconds."""
    rounded = max(ROUNDED_TO_S, -(-int(seconds) // ROUNDED_TO_S) * ROUNDED_TO_S)
    if rounded < 60:
        return tr("还要约 {seconds} 秒", seconds=rounded)
    return tr("还要约 {minutes} 分钟", minutes=-(-rounded // 60))


class Progress(Card):
    """A named step, a bar that never goes back, and 停下 with what stopping means."""

    stopped = Signal()

    def __init__(self, stopping_means: str, parent: QWidget | None = None) -> None:
        super().__init__("plain", parent=parent)
        self._step, self._count = Label("", Role.NAME), Label("", Role.CAPTION, "ink2")
        self._meaning, self._remaining = Label(stopping_means, Role.CAPTION, "ink2"), Label("", Role.CAPTION, "ink2")
        self.bar, self.stop = QProgressBar(), Button(tr("停下"), "plain", "x", "Esc")
        self.stop.clicked.connect(self._stop)
        self._shown_for = QElapsedTimer()
        self._done = 0
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("进度"))
        self.stop.setAccessibleDescription(self._meaning.text())
        self.set_margins(18, 14, 18, 14)
        for left, right in (((self._step,), self._count), ((self.stop, self._meaning), self._remaining)):
            row = QHBoxLayout()
            row.setSpacing(10)
            for part in left:
                row.addWidget(part)
            row.addStretch(1)
            row.addWidget(right)
            self.column.addLayout(row)
        self.column.insertWidget(1, self.bar)

    def begin(self) -> None:
        """Start anew, at nothing."""
        self._done = 0
        self.stop.setEnabled(True)
        self.stop.show()
        self._meaning.show()
        self._shown_for.start()
        self.show()

    def show_step(self, step: str, done: int, total: int, remaining_s: float | None = None) -> None:
        """Show what is being done and how far; a count smaller than one shown before is not shown."""
        if self.isHidden():
            self.begin()
        self._done = max(self._done, done)
        self._step.say(step)
        self._count.say(f"{self._done} / {total}")
        self._remaining.say(remaining_words(remaining_s) if remaining_s is not None else "")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(self._done)
        self.setAccessibleName(step)
        self.bar.setAccessibleDescription(tr("{done}，共 {total}", done=self._done, total=total))

    def finish(self, sentence: str) -> None:
        """Turn into the sentence that says what came of it; a bar once shown stays half a second."""
        wait = max(0, LEAST_SHOWN_MS - (self._shown_for.elapsed() if self._shown_for.isValid() else LEAST_SHOWN_MS))
        QTimer.singleShot(wait, self, lambda: self._become(sentence))

    def _become(self, sentence: str) -> None:
        self.bar.setValue(self.bar.maximum())
        self._step.say(sentence)
        self._remaining.say("")
        self.stop.hide()
        self._meaning.hide()
        announce(self, sentence)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stopped.emit()
