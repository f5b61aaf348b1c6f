# A part of the loop of a worker: arrays in shared memory.

# so much memory is kept for the next arrays, and no more than an eighth of what there is
MOST_IDLE = 256 << 20


class Slab:
    """Is a file in shared memory that holds one array on its way to Java, then another."""

    def __init__(self, path, capacity):
        self.path = path
        self.capacity = capacity
        self.mapping = None

    def fill(self, data):
        """Writes over what was there: the pages exist, so that nothing can be short of memory."""
        if os.name == "nt":
            # Windows lets nobody delete what is mapped
            descriptor = os.open(self.path, os.O_WRONLY | os.O_BINARY)
            try:
                write_all(descriptor, data)
            finally:
                os.close(descriptor)
            return
        if self.mapping is None:
            descriptor = os.open(self.path, os.O_RDWR)
            try:
                self.mapping = mapped(mmap.mmap, descriptor, self.capacity)
            finally:
                os.close(descriptor)
        self.mapping[: len(data)] = data

    def delete(self):
        if self.mapping is not None:
            self.mapping.close()
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
        gone.append(self.path)


class Slabs:
    """Keeps files for arrays: fresh memory costs several times what it costs to write it again."""

    def __init__(self, folders):
        self.folders = folders
        self.lock = threading.Lock()
        self.number = 0
        self.lent = {}
        # the one that was used last comes last
        self.idle = []

    def lend(self, data):
        slab = self.take(len(data))
        if slab is None:
            slab = self.create(data)
        else:
            try:
                slab.fill(data)
            except BaseException:
                slab.delete()
                raise
        with self.lock:
            self.lent[slab.path] = slab
        return slab.path

    def take(self, size):
        with self.lock:
            # not a much larger one: it would be missing where it is needed
            fit = [slab for slab in self.idle if slab.capacity // 4 <= size <= slab.capacity]
            if not fit:
                return None
            best = min(fit, key=lambda slab: slab.capacity)
            self.idle.remove(best)
            return best

    def create(self, data):
        failures = []
        for folder in self.folders:
            while True:
                try:
                    return self.write(folder, data)
                except OSError as e:
                    failures.append("%s: %s" % (folder, e.strerror or e))
                # what lies idle may have had the room
                if not self.trim(0):
                    break
        raise MemoryError(
            "there is no room for %d bytes to pass to Java (%s); make shared memory larger, such as"
            " with --shm-size for a container, or send less at once" % (len(data), "; ".join(failures))
        )

    def write(self, folder, data):
        # this user's alone
        for each in (os.path.dirname(folder), folder):
            try:
                os.mkdir(each, 0o700)
            except FileExistsError:
                pass
        with self.lock:
            self.number += 1
            path = os.path.join(folder, "p%d" % self.number)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o600)
        try:
            write_all(descriptor, data)
            return Slab(path, len(data))
        except OSError:
            os.unlink(path)
            raise
        finally:
            os.close(descriptor)

    def give_back(self, paths):
        """Takes files back that Java has read."""
        if not paths:
            return
        with self.lock:
            for path in paths:
                slab = self.lent.pop(path, None)
                if slab is not None:
                    self.idle.append(slab)
            folder = self.idle[-1].path if self.idle else None
        if folder is not None:
            self.trim(self.most_idle(os.path.dirname(folder)))

    @staticmethod
    def most_idle(folder):
        if not hasattr(os, "statvfs"):
            return MOST_IDLE
        room = os.statvfs(folder)
        return min(MOST_IDLE, room.f_blocks * room.f_frsize // 8)

    def trim(self, most):
        """Deletes what was used longest ago, down to so many bytes; tells whether anything was."""
        unwanted = []
        with self.lock:
            total = sum(slab.capacity for slab in self.idle)
            while total > most:
                oldest = self.idle.pop(0)
                total -= oldest.capacity
                unwanted.append(oldest)
        for slab in unwanted:
            slab.delete()
        return bool(unwanted)

    def forget(self, paths):
        """Leaves files to Java."""
        for path in paths:
            with self.lock:
                slab = self.lent.pop(path, None)
            if slab is not None and slab.mapping is not None:
                slab.mapping.close()


def write_all(descriptor, data):
    view = memoryview(data)
    while len(view):
        view = view[os.write(descriptor, view[: 1 << 30]) :]


def mapped(kind, descriptor, size):
    """Maps a file with all its pages at once, where that can be asked for."""
    if hasattr(mmap, "MAP_POPULATE"):
        return kind(descriptor, size, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
    return kind(descriptor, size)


class Shared(mmap.mmap):
    """Is a mapped file that Java may use again once no array lies in it any more."""

    path = None

    def __del__(self):
        if self.path is not None:
            released.append(self.path)
