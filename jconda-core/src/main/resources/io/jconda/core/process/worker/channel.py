# The loop of a worker: its parts are sent to the environment's Python on its start as one program,
# so that nothing need be installed there. Keeps to Python 3.6. This part is the channel to Java.
#
# A frame is the length of its JSON (4 bytes), the length of its blobs (8 bytes), the JSON, the blobs.
# Values that JSON has not are objects with the key "$", which says what they are. One thread reads
# frames; calls run in the main thread, one at a time, because many a library insists on it.

import builtins
import collections
import collections.abc
import importlib
import json
import linecache
import mmap
import os
import queue
import signal
import struct
import sys
import threading
import traceback
import types

FILE = "<jconda worker>"
HEADER = struct.Struct(">IQ")


class JavaError(RuntimeError):
    """What a Java function threw."""

    java_id = 0


class Stop(Exception):
    """Says that the channel is closed."""


class Channel:
    """Owns the pipes that were standard input and output; prints go elsewhere from now on."""

    def __init__(self):
        sys.stdout.flush()
        self.reader = os.dup(0)
        self.writer = os.dup(1)
        if os.name == "nt":
            import msvcrt

            msvcrt.setmode(self.reader, os.O_BINARY)
            msvcrt.setmode(self.writer, os.O_BINARY)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        # one pipe for both, so that what is printed keeps its order
        os.dup2(2, 1)
        self.file = os.fdopen(self.reader, "rb", 1 << 16, closefd=False)
        self.lock = threading.Lock()
        self.sender = None
        self.later = collections.deque()
        self.closed = False
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.leave)

    def leave(self):
        """Keeps a forked child from talking on its parent's behalf, and from writing in its files."""
        self.closed = True
        slabs.idle.clear()
        for descriptor in (self.reader, self.writer):
            try:
                os.close(descriptor)
            except OSError:
                pass

    def receive(self):
        header = self.file.read(HEADER.size)
        if len(header) < HEADER.size:
            raise Stop()
        text, blobs = HEADER.unpack(header)
        body = self.file.read(text)
        blob = self.file.read(blobs) if blobs else b""
        if len(body) < text or len(blob) < blobs:
            raise Stop()
        return body, blob

    def require_parent(self):
        if self.closed:
            raise RuntimeError("this process is a child of the worker: it cannot talk to Java")

    def send(self, message, blobs=()):
        self.require_parent()
        body = json.dumps(message, separators=(",", ":")).encode("ascii")
        total = sum(len(blob) for blob in blobs)
        data = [HEADER.pack(len(body), total) + body]
        data.extend(blobs)
        me = threading.get_ident()
        if self.sender == me:
            # a destructor that logs, run while a frame is half written
            self.later.append(data)
            return
        with self.lock:
            self.sender = me
            try:
                self.write(data)
                while self.later:
                    self.write(self.later.popleft())
            finally:
                self.sender = None

    def write(self, parts):
        for part in parts:
            view = memoryview(part)
            while len(view):
                view = view[os.write(self.writer, view) :]


class Interrupts:
    """Lets a cancellation break into the call that it is meant for, and into nothing else."""

    def __init__(self):
        self.calls = []
        self.ahead = set()
        self.cancelled = set()
        self.armed = False
        self.main = threading.main_thread().ident
        signal.signal(signal.SIGINT, self.on_signal)

    def on_signal(self, number, frame):
        if self.armed and self.is_cancelled():
            self.armed = False
            raise KeyboardInterrupt()

    def is_cancelled(self):
        return bool(self.calls) and self.calls[-1] in self.cancelled

    def cancel(self, call):
        if call in self.ahead:
            # it has not begun: it looks at its beginning
            self.cancelled.add(call)
        if call not in self.calls:
            return
        self.cancelled.add(call)
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(self.main, signal.SIGINT)
        else:
            import _thread

            _thread.interrupt_main()

    def current(self):
        return self.calls[-1] if self.calls else 0


class Disarmed:
    """Keeps a cancellation from breaking into a frame that is being written."""

    def __enter__(self):
        self.mine = threading.get_ident() == interrupts.main
        if self.mine:
            self.before = interrupts.armed
            interrupts.armed = False

    def __exit__(self, *unused):
        if self.mine and self.before:
            interrupts.armed = True
            if interrupts.is_cancelled():
                interrupts.armed = False
                raise KeyboardInterrupt()


def tell(message, blobs=()):
    for name, news in (("dropped", forgotten), ("released", released), ("gone", gone)):
        items = []
        while news:
            items.append(news.popleft())
        if items:
            message[name] = items
    with Disarmed():
        channel.send(message, blobs)


class JavaFunction:
    """Is a function of Java's."""

    def __init__(self, number):
        self.number = number

    def __del__(self):
        forgotten.append(self.number)

    def __call__(self, *arguments):
        channel.require_parent()
        with numbers_lock:
            number = next_numbers["callback"] = next_numbers["callback"] + 1
        if threading.get_ident() == interrupts.main:
            answers = inbox
        else:
            answers = queue.SimpleQueue() if hasattr(queue, "SimpleQueue") else queue.Queue()
            waiting[number] = answers
        blobs = Blobs()
        try:
            message = {
                "op": "callback",
                "id": interrupts.current(),
                "number": number,
                "function": self.number,
                "arguments": blobs.encode(list(arguments)),
            }
        except BaseException:
            blobs.give_up()
            raise
        blobs.send(message)
        while True:
            message, blob = answers.get()
            if message["op"] == "answer" and message["number"] == number:
                waiting.pop(number, None)
                break
            # what Java asks for while it computes the answer
            serve(message, blob)
            if interrupts.armed and interrupts.is_cancelled():
                interrupts.armed = False
                raise KeyboardInterrupt()
        if "error" in message:
            settle(message)
            error = JavaError(message["error"])
            error.java_id = message.get("errorId", 0)
            raise error
        try:
            return decode(message["value"], blob)
        finally:
            settle(message)

    def __repr__(self):
        return "<function of Java's, number %d>" % self.number
