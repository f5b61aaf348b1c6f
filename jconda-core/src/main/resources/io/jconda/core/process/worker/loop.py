# A part of the loop of a worker: its beginning, its threads and its end.


def read_frames():
    try:
        while True:
            body, blob = channel.receive()
            message = json.loads(body.decode("utf-8"))
            operation = message["op"]
            slabs.give_back(message.get("done", ()))
            slabs.forget(message.get("kept", ()))
            unopened.update(message.get("files", ()))
            if operation == "cancel":
                interrupts.cancel(message["id"])
            elif operation == "answer" and message["number"] in waiting:
                waiting[message["number"]].put((message, blob))
            else:
                if "id" in message:
                    interrupts.ahead.add(message["id"])
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


slabs = Slabs(START["folders"])
channel = Channel()
forgotten = collections.deque()
released = collections.deque()
gone = collections.deque()
unopened = set()
waiting = {}
kept = {}
numbers_lock = threading.Lock()
next_numbers = {"callback": 0, "code": 0, "object": 0}
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
module._folders = slabs.folders
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
