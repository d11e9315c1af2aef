//! `gonogo`: parse the command line, run it, return the exit code.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use gonogo::cli::WithoutColours;
use mimalloc::MiMalloc;

/// A large tree is a million small pieces of memory, of which this allocator makes a third less work than the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    end_at_a_panic();
    // The thread that waits for the others may as well be one of them. Where the pool cannot be made so, it is made as usual.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    let stdout = std::io::stdout();
    let colour = AutoStream::choice(&stdout);
    let buffered: Box<dyn Write> = Box::new(BufWriter::new(stdout.lock()));
    let mut out: Box<dyn Write> = match colour {
        ColorChoice::Never => Box::new(WithoutColours::new(buffered)),
        _ => Box::new(AutoStream::new(buffered, colour)),
    };
    let mut err = anstream::stderr().lock();
    ExitCode::from(gonogo::cli::run(std::env::args_os(), &mut out, &mut err))
}

/// Ends the run at a panic, once it was told, with the code that a program without `panic = "abort"` ends with. Nothing is left to
/// the system, which would keep the memory of an aborted program in a file: there may be secrets in it.
fn end_at_a_panic() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tell(panic);
        std::process::exit(101);
    }));
}
