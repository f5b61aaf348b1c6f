# A part of the loop of a worker: what Java asks for, and what code can tell it.


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
        settle(message)
        return
    call = message["id"]
    interrupts.calls.append(call)
    interrupts.ahead.discard(call)
    armed_before = interrupts.armed
    blobs = Blobs()
    try:
        try:
            interrupts.armed = True
            if interrupts.is_cancelled():
                raise KeyboardInterrupt()
            value = OPERATIONS[operation](message, blob)
            result = {"op": "result", "id": call, "value": answer(value, message["want"], blobs)}
        finally:
            interrupts.armed = False
    except BaseException as e:
        blobs.give_up()
        blobs = Blobs()
        result = {"op": "result", "id": call, "error": failure(e)}
        result["error"]["cancelled"] = isinstance(e, KeyboardInterrupt) and call in interrupts.cancelled
    value = None
    settle(message)
    interrupts.calls.pop()
    interrupts.cancelled.discard(call)
    try:
        blobs.send(result)
    finally:
        interrupts.armed = armed_before


def settle(message):
    """Gives files back to Java that nobody has looked into."""
    for path in message.get("files", ()):
        if path in unopened:
            unopened.discard(path)
            released.append(path)


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
