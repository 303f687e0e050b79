"""The operands of every cycle, the same in all languages: a linear congruential generator, whose upper half
is used, 64 bits at a time for `a`, then for `b`."""


def operands(size, cycles):
    state = 1
    words = (8 * size + 63) // 64

    def word():
        nonlocal state
        value = 0
        for _ in range(2):
            state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
            value = value << 32 | state >> 32
        return value

    def vector():
        return sum(word() << 64 * i for i in range(words))

    for cycle in range(cycles):
        a = vector()
        yield cycle, a, vector()
