//! Counting what a run takes.

use std::ffi::OsString;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::callgrind;
use super::scenarios::Scenario;

/// What a run took.
pub struct Costs {
    files: f64,
    rules: f64,
    allocations: f64,
    /// Most memory at one time, in kilobytes.
    peak: f64,
    /// Millions, where they could be counted.
    instructions: Option<f64>,
    /// Of several runs.
    pub fastest: Duration,
}

impl Costs {
    /// Most memory at one time, in bytes.
    pub fn peak_bytes(&self) -> f64 {
        self.peak * 1024.0
    }

    /// In the order of the file.
    pub fn counts(&self) -> [Option<f64>; 5] {
        [Some(self.files), Some(self.rules), Some(self.allocations), Some(self.peak), self.instructions]
    }
}

/// Keeps the other tests waiting: what takes time is measured one after the other.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs something with one thread, of which every allocation is seen.
pub fn in_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().unwrap().install(work)
}

/// What a run takes once what is read only once is there.
pub fn costs(scenario: &Scenario) -> Costs {
    let (first, _) = run(scenario);
    let mut counted = None;
    let info = allocation_counter::measure(|| counted = Some(run(scenario)));
    let (err, second) = counted.unwrap();
    let number = |what: &str| {
        let before = err.split(what).next().unwrap();
        before.trim().rsplit(' ').next().unwrap().parse::<f64>().unwrap_or_else(|_| panic!("no number of {what} in {err}"))
    };
    let fastest = (0..3).map(|_| run(scenario).1).chain([second]).min().unwrap();
    drop(first);
    Costs {
        files: number("files opened"),
        rules: number("rules asked"),
        allocations: as_number(info.count_total),
        peak: as_number(info.bytes_max / 1024),
        instructions: instructions(scenario),
        fastest,
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub fn as_number(count: u64) -> f64 {
    count as f64
}

fn words(scenario: &Scenario) -> Vec<OsString> {
    let words = ["gonogo", scenario.command, "--no-local-config", "--now", "2026-11-20", "--timing"].map(OsString::from);
    words.into_iter().chain([scenario.folder.clone().into_os_string()]).collect()
}

/// What was said of the timing, and how long it took.
fn run(scenario: &Scenario) -> (String, Duration) {
    let mut err = Vec::new();
    let start = Instant::now();
    gonogo::cli::run(words(scenario), &mut std::io::sink(), &mut err);
    (String::from_utf8(err).unwrap(), start.elapsed())
}

/// Millions of instructions of the optimised program.
fn instructions(scenario: &Scenario) -> Option<f64> {
    let program = callgrind::optimised()?;
    let count = as_number(callgrind::instructions(&program, words(scenario).iter().skip(1)));
    Some((count / 100_000.0).round() / 10.0)
}
