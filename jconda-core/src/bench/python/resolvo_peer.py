"""Solves the requests of the bench program with py-rattler: one line in, one line out.

Arguments: the channel's folder, then the virtual packages as name=version=build. Each request is
solved once untimed and then once timed: by then the gateway holds the parsed records of it in
memory, so that the time is that of the solve and of looking records up.
"""

import asyncio
import json
import sys
import time

from rattler import BuildString, Channel, Gateway, GenericVirtualPackage, MatchSpec, PackageName, Version, solve


async def main() -> None:
    channel = Channel("file://" + sys.argv[1])
    virtual = []
    for text in sys.argv[2:]:
        name, version, build = text.split("=")
        virtual.append(GenericVirtualPackage(PackageName(name), Version(version), BuildString(build)))
    gateway = Gateway()

    async def once(specs):
        start = time.perf_counter()
        try:
            records = await solve(
                [channel],
                specs,
                gateway=gateway,
                platforms=["linux-64", "noarch"],
                virtual_packages=virtual,
                channel_relations="disabled",
            )
            size = len(records)
        except Exception as failure:  # without a solution the time counts all the same
            if "solve" not in str(failure).lower() and "satisf" not in str(failure).lower():
                print(failure, file=sys.stderr)
            size = -1
        return (time.perf_counter() - start) * 1000, size

    print("ready", flush=True)
    for line in sys.stdin:
        specs = [MatchSpec(text) for text in line.split()]
        await once(specs)
        ms, size = await once(specs)
        print(f"{ms:.3f} {size}", flush=True)


asyncio.run(main())
