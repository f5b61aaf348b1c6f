# A part of the loop of a worker: values, from Python to JSON and back.

# what is shorter goes inline: a file of its own costs more than the copy
INLINE = 65536
# Java's buffers know no larger ones
LARGEST = (1 << 31) - 1
# Python turns no longer text into a number (sys.set_int_max_str_digits)
LARGE = 1 << 13000
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
        self.lent = []

    def send(self, message):
        if self.lent:
            # Java gives them back, whatever becomes of the message
            message["lent"] = self.lent
        tell(message, self.parts)

    def give_up(self):
        slabs.give_back(self.lent)

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
            return self.block({"$": "bytes"}, value)
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
        # a matrix, for one, has its own ideas of shapes
        array = numpy.asarray(array)
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
        return self.block({"$": "array", "type": name, "shape": shape, "order": order}, data)

    def block(self, result, data):
        if len(data) <= INLINE:
            result["at"] = self.add(bytes(data))
            return result
        if len(data) > LARGEST:
            raise TypeError("%d bytes are too large for Java: send them in parts below 2 GiB" % len(data))
        with Disarmed():
            path = slabs.lend(data)
            self.lent.append(path)
        result["file"], result["size"] = path, len(data)
        return result


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
    if "file" in value:
        # it goes back when the call has ended
        with open(value["file"], "rb", 0) as file:
            return file.read(value["size"])
    at, size = value["at"]
    return blob[at : at + size]


def decode_pairs(value, blob):
    return {decode(k, blob): decode(v, blob) for k, v in value["v"]}


def decode_array(value, blob):
    if "file" in value:
        path = value["file"]
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            data = mapped(Shared, descriptor, value["size"])
            data.path = path
            unopened.discard(path)
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
