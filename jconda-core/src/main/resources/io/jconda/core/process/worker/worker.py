# The loop of a worker: sent to the environment's Python on its start, so that nothing need be
# installed there. Keeps to Python 3.6.
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
# what is shorter goes inline: a file of its own costs more than the copy
INLINE = 65536
# Python turns no longer text into a number (sys.set_int_max_str_digits)
LARGE = 1 << 13000


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
        """Keeps a forked child from talking on its parent's behalf."""
        self.closed = True
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

    def send(self, message, blobs=()):
        if self.closed:
            raise RuntimeError("this process is a child of the worker: it cannot talk to Java")
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
    for name, gone in (("dropped", forgotten), ("released", released)):
        items = []
        while gone:
            items.append(gone.popleft())
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
        with numbers_lock:
            number = next_numbers["callback"] = next_numbers["callback"] + 1
        if threading.get_ident() == interrupts.main:
            answers = inbox
        else:
            answers = queue.SimpleQueue() if hasattr(queue, "SimpleQueue") else queue.Queue()
            waiting[number] = answers
        blobs = Blobs()
        encoded = blobs.encode(list(arguments))
        tell(
            {
                "op": "callback",
                "id": interrupts.current(),
                "number": number,
                "function": self.number,
                "arguments": encoded,
            },
            blobs.parts,
        )
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
            error = JavaError(message["error"])
            error.java_id = message.get("errorId", 0)
            raise error
        return decode(message["value"], blob)

    def __repr__(self):
        return "<function of Java's, number %d>" % self.number


SCALARS = frozenset((type(None), bool, int, float, str))
ONLY_INT = frozenset((int,))
WITHOUT_INT = SCALARS - ONLY_INT
TYPES = {
    "bool": "?", "int8": "b", "int16": "h", "int32": "i", "int64": "q",
    "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q",
    "float16": "e", "float32": "f", "float64": "d",
}
FORMATS = {}
for _name, _format in TYPES.items():
    FORMATS[_format] = _name
FORMATS["l"] = "int%d" % (8 * struct.calcsize("l"))
FORMATS["L"] = "u" + FORMATS["l"]
NUMPY_TYPES = frozenset(TYPES) | {"complex64", "complex128"}


class Blobs:
    """Turns values into JSON and gathers what JSON cannot hold."""

    def __init__(self):
        self.parts = []
        self.size = 0

    def add(self, data):
        at = self.size
        self.parts.append(data)
        self.size += len(data)
        return [at, len(data)]

    def encode(self, value):
        kind = type(value)
        if kind is int:
            return self.integer(value)
        if kind in SCALARS:
            return value
        if kind is list or kind is tuple:
            kinds = frozenset(map(type, value))
            if kinds <= WITHOUT_INT or (kinds == ONLY_INT and -LARGE < min(value) <= max(value) < LARGE):
                return value
            return [self.encode(item) for item in value]
        if kind is dict:
            return self.mapping(value)
        return self.special(value)

    @staticmethod
    def integer(value):
        if -LARGE < value < LARGE:
            return value
        return {"$": "int", "v": "%x" % value}

    def mapping(self, value):
        if frozenset(map(type, value)) <= {str} and "$" not in value:
            return {key: self.encode(item) for key, item in value.items()}
        return {"$": "dict", "v": [[self.encode(k), self.encode(v)] for k, v in value.items()]}

    def special(self, value):
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            if isinstance(value, numpy.ndarray):
                return self.numpy_array(numpy, value)
            if isinstance(value, numpy.generic):
                item = value.item()
                if type(item) is not type(value):
                    return self.encode(item)
        if isinstance(value, int):
            return self.integer(int(value))
        if isinstance(value, float):
            return float(value)
        if isinstance(value, str):
            return str(value)
        if isinstance(value, (bytes, bytearray)):
            return {"$": "bytes", "at": self.add(value)}
        if isinstance(value, JavaFunction):
            return {"$": "java", "id": value.number}
        if isinstance(value, (set, frozenset)):
            return {"$": "set", "v": [self.encode(item) for item in value]}
        if isinstance(value, collections.abc.Mapping):
            return self.mapping(dict(value))
        if isinstance(value, (list, tuple, range, collections.deque, collections.abc.MappingView)):
            return [self.encode(item) for item in value]
        if isinstance(value, memoryview):
            return self.view(value)
        if type(value).__module__ == "array":
            return self.view(memoryview(value))
        return self.rare(value)

    def rare(self, value):
        module = type(value).__module__
        if hasattr(value, "__fspath__"):
            return self.encode(os.fspath(value))
        for kind in type(value).__mro__:
            full = kind.__module__ + "." + kind.__name__
            if full == "datetime.datetime":
                return {"$": "datetime", "v": value.isoformat()}
            if full == "datetime.date":
                return {"$": "date", "v": value.isoformat()}
            if full == "datetime.time":
                return {"$": "time", "v": value.isoformat()}
            if full == "datetime.timedelta":
                seconds = value.days * 86400 + value.seconds
                return {"$": "timedelta", "v": [seconds, value.microseconds]}
            if full == "decimal.Decimal" and value.is_finite():
                return {"$": "decimal", "v": str(value)}
            if full == "enum.Enum":
                return self.encode(value.value)
        raise TypeError(
            "a %s.%s is no value that Java can take; keep it in Python with PythonObject.class"
            % (module, type(value).__qualname__)
        )

    def numpy_array(self, numpy, array):
        if "numpy.ma" in sys.modules and isinstance(array, numpy.ma.MaskedArray):
            raise TypeError("a masked array is no value that Java can take; fill it first")
        if array.dtype.name not in NUMPY_TYPES:
            raise TypeError("an array of %s is no value that Java can take" % array.dtype)
        if not array.dtype.isnative:
            array = array.astype(array.dtype.newbyteorder("="))
        shape = list(array.shape)
        order = "C"
        if not array.flags.c_contiguous:
            if array.flags.f_contiguous:
                order = "F"
                array = array.T
            else:
                array = numpy.ascontiguousarray(array)
        data = memoryview(array.reshape(-1).view(numpy.uint8)) if array.size else b""
        return self.numbers(array.dtype.name, shape, order, data)

    def view(self, view):
        name = FORMATS.get(view.format)
        if name is None:
            raise TypeError("a buffer of format %r is no value that Java can take" % view.format)
        shape = list(view.shape)
        data = view.tobytes() if not view.c_contiguous or view.nbytes <= INLINE else view.cast("B")
        return self.numbers(name, shape, "C", data)

    def numbers(self, name, shape, order, data):
        result = {"$": "array", "type": name, "shape": shape, "order": order}
        if len(data) <= INLINE:
            result["at"] = self.add(bytes(data))
        else:
            result["file"], result["size"] = export(data), len(data)
        return result


def export(data):
    """Writes an array to a file of its own in shared memory, or on disk where that is full."""
    with numbers_lock:
        number = next_numbers["file"] = next_numbers["file"] + 1
    failure = None
    for folder in folders:
        path = os.path.join(folder, "p%d" % number)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            descriptor = os.open(path, flags, 0o600)
        except OSError as e:
            failure = e
            continue
        try:
            view = memoryview(data)
            while len(view):
                view = view[os.write(descriptor, view[: 1 << 30]) :]
            return path
        except OSError as e:
            failure = e
            os.unlink(path)
        finally:
            os.close(descriptor)
    raise failure


def decode(value, blob):
    kind = type(value)
    if kind is list:
        if frozenset(map(type, value)) <= SCALARS:
            return value
        return [decode(item, blob) for item in value]
    if kind is dict:
        tag = value.get("$")
        if tag is None:
            return {key: decode(item, blob) for key, item in value.items()}
        return DECODERS[tag](value, blob)
    return value


def decode_bytes(value, blob):
    at, size = value["at"]
    return blob[at : at + size]


def decode_pairs(value, blob):
    return {decode(k, blob): decode(v, blob) for k, v in value["v"]}


class Shared(mmap.mmap):
    """Is a mapped file that Java may use again once no array lies in it any more."""

    path = None

    def __del__(self):
        if self.path is not None:
            released.append(self.path)


def decode_array(value, blob):
    if "file" in value:
        size = value["size"]
        descriptor = os.open(value["file"], os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            if hasattr(mmap, "MAP_POPULATE"):
                data = Shared(descriptor, size, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
            else:
                data = Shared(descriptor, size)
            data.path = value["file"]
        finally:
            os.close(descriptor)
    else:
        at, size = value["at"]
        # a copy of its own: an array in Python may be written to
        data = bytearray(blob[at : at + size])
    shape = value["shape"]
    try:
        import numpy
    except ImportError:
        return plain_array(value, data, shape)
    return numpy.frombuffer(data, dtype=value["type"]).reshape(shape, order=value["order"])


def plain_array(value, data, shape):
    """Is the best that Python itself has: a view with a shape."""
    form = TYPES.get(value["type"])
    if form is None or (value["order"] == "F" and len(shape) > 1):
        raise TypeError(
            "an array of %s in %s order needs numpy in the environment" % (value["type"], value["order"])
        )
    view = memoryview(data)
    if 0 in shape:
        return view.cast(form)
    return view.cast(form, shape) if shape else view.cast(form, [1])


def decode_datetime(value, blob):
    import datetime

    moment = datetime.datetime(*value["v"])
    zone = value.get("zone")
    if zone is not None:
        return moment.replace(tzinfo=zone_of(zone))
    offset = value.get("offset")
    if offset is not None:
        return moment.replace(tzinfo=fixed(offset))
    return moment


def fixed(seconds):
    import datetime

    if seconds == 0:
        return datetime.timezone.utc
    return datetime.timezone(datetime.timedelta(seconds=seconds))


def zone_of(zone):
    try:
        import zoneinfo

        return zoneinfo.ZoneInfo(zone["name"])
    except Exception:
        # a Python before 3.9, or one without the database: the offset is right all the same
        return fixed(zone["offset"])


def decode_date(value, blob):
    import datetime

    return datetime.date(*value["v"])


def decode_time(value, blob):
    import datetime

    hour, minute, second, micro = value["v"]
    offset = value.get("offset")
    zone = None if offset is None else fixed(offset)
    return datetime.time(hour, minute, second, micro, zone)


def decode_timedelta(value, blob):
    import datetime

    seconds, micros = value["v"]
    return datetime.timedelta(seconds=seconds, microseconds=micros)


def decode_decimal(value, blob):
    import decimal

    return decimal.Decimal(value["v"])


DECODERS = {
    "bytes": decode_bytes,
    "dict": decode_pairs,
    "int": lambda value, blob: int(value["v"], 16),
    "set": lambda value, blob: {decode(item, blob) for item in value["v"]},
    "array": decode_array,
    "datetime": decode_datetime,
    "date": decode_date,
    "time": decode_time,
    "timedelta": decode_timedelta,
    "decimal": decode_decimal,
    "ref": lambda value, blob: kept[value["id"]],
    "java": lambda value, blob: JavaFunction(value["id"]),
}


def resolve(name):
    """Finds what a dotted name means: what code has defined, else a builtin, else of a module."""
    parts = name.split(".")
    first = parts[0]
    if first in main.__dict__:
        found = main.__dict__[first]
    elif len(parts) == 1 and hasattr(builtins, first):
        return getattr(builtins, first)
    else:
        try:
            found = importlib.import_module(first)
        except ModuleNotFoundError as e:
            if e.name != first:
                raise
            raise NameError(
                "there is no %r: no code has defined it, and there is no module of that name" % first
            ) from None
    for i in range(1, len(parts)):
        try:
            found = getattr(found, parts[i])
        except AttributeError:
            if not isinstance(found, types.ModuleType):
                raise
            try:
                found = importlib.import_module(".".join(parts[: i + 1]))
            except ModuleNotFoundError as e:
                if e.name != ".".join(parts[: i + 1]):
                    raise
                raise AttributeError("module %r has no attribute %r" % (".".join(parts[:i]), parts[i])) from None
    return found


compiled = collections.OrderedDict()


def compile_text(text, mode):
    code = compiled.get((text, mode))
    if code is None:
        next_numbers["code"] += 1
        name = "<%s %d>" % (mode, next_numbers["code"])
        code = compile(text, name, mode)
        # so that a traceback shows the line
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        compiled[(text, mode)] = code
        if len(compiled) > 256:
            old = compiled.popitem(False)[1]
            linecache.cache.pop(old.co_filename, None)
    return code


def do_call(message, blob):
    target = message["function"]
    function = resolve(target) if isinstance(target, str) else decode(target, blob)
    method = message.get("method")
    if method is not None:
        function = getattr(function, method)
    arguments = decode(message["arguments"], blob)
    keywords = {key: decode(value, blob) for key, value in message.get("keywords", {}).items()}
    return function(*arguments, **keywords)


def do_eval(message, blob):
    code = compile_text(message["code"], "eval")
    inputs = message.get("inputs")
    if not inputs:
        return eval(code, main.__dict__)
    # one dictionary: a lambda or a comprehension would not see locals
    scope = dict(main.__dict__)
    scope.update((key, decode(value, blob)) for key, value in inputs.items())
    return eval(code, scope)


def do_exec(message, blob):
    for key, value in message.get("inputs", {}).items():
        main.__dict__[key] = decode(value, blob)
    exec(compile_text(message["code"], "exec"), main.__dict__)


def do_load(message, blob):
    path, name = message["path"], message["name"]
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    module = types.ModuleType(name)
    module.__file__ = path
    # as for a script that is run: what lies beside it can be imported
    folder = os.path.dirname(path)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(code, module.__dict__)
    except BaseException:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
        raise
    return module


def do_get(message, blob):
    value = decode(message["object"], blob)
    name = message.get("attribute")
    return value if name is None else getattr(value, name)


def do_free(message, blob):
    for number in message["ids"]:
        kept.pop(number, None)


OPERATIONS = {
    "call": do_call,
    "eval": do_eval,
    "exec": do_exec,
    "load": do_load,
    "get": do_get,
}


def answer(value, want, blobs):
    if want == "nothing":
        return None
    if want == "object" and not (value is None):
        next_numbers["object"] += 1
        number = next_numbers["object"]
        kept[number] = value
        return {"$": "ref", "id": number, "type": type_name(value)}
    return blobs.encode(value)


def type_name(value):
    kind = type(value)
    if kind.__module__ in ("builtins", None):
        return kind.__qualname__
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def serve(message, blob):
    operation = message["op"]
    if operation == "free":
        do_free(message, blob)
        return
    if operation == "answer":
        # to a callback whose call was cancelled meanwhile
        return
    call = message["id"]
    interrupts.calls.append(call)
    armed_before = interrupts.armed
    blobs = Blobs()
    try:
        try:
            interrupts.armed = True
            if message.get("cancelled"):
                raise KeyboardInterrupt()
            value = OPERATIONS[operation](message, blob)
            result = {"op": "result", "id": call, "value": answer(value, message["want"], blobs)}
        finally:
            interrupts.armed = False
    except BaseException as e:
        blobs = Blobs()
        result = {"op": "result", "id": call, "error": failure(e)}
        result["error"]["cancelled"] = isinstance(e, KeyboardInterrupt) and call in interrupts.cancelled
    value = None
    interrupts.calls.pop()
    interrupts.cancelled.discard(call)
    try:
        tell(result, blobs.parts)
    finally:
        interrupts.armed = armed_before


def failure(error):
    kind = type(error)
    try:
        message = str(error)
    except Exception as e:
        message = "<its text cannot be made: %r>" % (e,)
    try:
        strip(error, set())
        lines = traceback.format_exception(kind, error, error.__traceback__)
        trace = "".join(lines)
    except Exception as e:
        trace = "<no traceback: %r>" % (e,)
    result = {"type": type_name(error), "message": message, "traceback": trace}
    seen = error
    for _ in range(100):
        if seen is None or isinstance(seen, JavaError):
            break
        seen = seen.__cause__ or seen.__context__
    if isinstance(seen, JavaError):
        result["javaError"] = seen.java_id
    # what the frames hold must not live on with the exception
    error.__traceback__ = None
    return result


def strip(error, seen):
    """Takes the loop's own frames from the head of a traceback."""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == FILE:
            trace = trace.tb_next
        error.__traceback__ = trace
        error = error.__cause__ or error.__context__


def progress(fraction=None, message=""):
    """Tells Java how far the work is: a number from 0 to 1, and words."""
    tell(
        {
            "op": "progress",
            "id": interrupts.current(),
            "fraction": -1.0 if fraction is None else float(fraction),
            "text": str(message),
        }
    )


def cancelled():
    """Tells whether Java has cancelled the call that runs."""
    return interrupts.is_cancelled()


def stream_logs():
    import logging

    class ToJava(logging.Handler):
        def emit(self, record):
            try:
                text = self.format(record)
                tell({"op": "log", "level": record.levelno, "logger": record.name, "text": text})
            except Exception:
                self.handleError(record)

    root = logging.getLogger()
    root.addHandler(ToJava())
    root.setLevel(logging.INFO)


def read_frames():
    try:
        while True:
            body, blob = channel.receive()
            message = json.loads(body.decode("utf-8"))
            operation = message["op"]
            if operation == "cancel":
                interrupts.cancel(message["id"])
            elif operation == "answer" and message["number"] in waiting:
                waiting[message["number"]].put((message, blob))
            else:
                inbox.put((message, blob))
    except (Stop, OSError, ValueError):
        pass
    inbox.put(({"op": "end"}, b""))
    # Java is gone or wants no more: what runs shall not hold up the end for long
    for call in list(interrupts.calls):
        interrupts.cancel(call)
    if not ended.wait(2.0):
        os._exit(1)


def loop():
    while True:
        message, blob = inbox.get()
        if message["op"] == "end":
            return
        serve(message, blob)
        # an array of the last call must not wait for the next one
        message = blob = None


channel = Channel()
folders = START["folders"]
forgotten = collections.deque()
released = collections.deque()
waiting = {}
kept = {}
numbers_lock = threading.Lock()
next_numbers = {"callback": 0, "file": 0, "code": 0, "object": 0}
inbox = queue.SimpleQueue() if hasattr(queue, "SimpleQueue") else queue.Queue()
ended = threading.Event()
interrupts = Interrupts()
main = types.ModuleType("__main__")
main.__builtins__ = builtins
sys.modules["__main__"] = main
sys.argv = [""]
module = types.ModuleType("jconda", "What code in a worker can tell Java.")
module.progress = progress
module.cancelled = cancelled
module.JavaError = JavaError
module._folders = folders
JavaError.__module__ = "jconda"
sys.modules["jconda"] = module
if START["logs"]:
    stream_logs()
threading.Thread(target=read_frames, name="jconda-reader", daemon=True).start()
os.write(channel.writer, START["hello"].encode("ascii"))
channel.send({"op": "hello", "version": "%d.%d.%d" % sys.version_info[:3], "pid": os.getpid()})
try:
    loop()
finally:
    ended.set()
    sys.stdout.flush()
    channel.leave()
