"""How long `import amc_fleet` takes: the best of many fresh interpreters, less an interpreter that imports nothing."""

import subprocess
import sys
import time

ROUNDS = 20


def best(program: str) -> float:
    """Give the fastest run of a program, in milliseconds."""

    def once() -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        return 1000 * (time.perf_counter() - begin)

    return min(once() for _ in range(ROUNDS))


print(f"import amc_fleet: {best('import amc_fleet') - best('pass'):.1f} ms")
