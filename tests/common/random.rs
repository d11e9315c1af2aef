//! Numbers that are the same in every run, from a seed that is printed.

/// A generator (xorshift).
pub struct Random(u64);

impl Random {
    /// The generator of one kind of input: the seed is that of `GONOGO_SEED`, or always the same.
    pub fn of(what: &str) -> Self {
        let seed = std::env::var("GONOGO_SEED").map_or(1, |seed| seed.parse().unwrap());
        println!("{what}: GONOGO_SEED={seed}");
        let mixed = what.bytes().fold(seed ^ 0x9E37_79B9_7F4A_7C15, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        Self(mixed | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of some things.
    pub fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// How many inputs a test takes: many where `GONOGO_FULL` is set, as `tests/run --full` does.
pub fn inputs(usual: usize, full: usize) -> usize {
    if std::env::var_os("GONOGO_FULL").is_some() { full } else { usual }
}
