//! What a script runs, as the asker sees it.

/// A program that is run.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    /// The program, without folders.
    pub program: &'c str,
    /// Its arguments, with the variables that are known.
    pub arguments: &'c [String],
    /// The file that its output goes to.
    pub output: Option<&'c str>,
    /// The files that its input comes from.
    pub inputs: &'c [String],
    /// Whether its output goes into a pipe.
    pub piped: bool,
    /// Whether what matters comes to it through a pipe.
    pub fed: bool,
}

/// What a call is to the step that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is the step: if it succeeds, the work is done.
    Work,
    /// It looks whether the work is done: if it succeeds, it is.
    Check,
    /// It hands what matters on to the next command of its pipe.
    Carries,
    /// It takes what matters and throws it away.
    Discards,
    /// It takes away what earlier runs have left, which it should not where the work has failed.
    Purges,
    /// None of it.
    Aside,
}
