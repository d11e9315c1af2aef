//! What an archive command can do beside archiving.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::fault::Fault;
use super::roles::{NAME, SEGMENT, of_call, of_call_without_segment};
use super::{calls, windows};
use crate::formats::shell::status::{Call, LapseKind, Outcomes, Role, outcomes};
use crate::formats::shell::{FaultKind, parse};

/// What is wrong with an archive command; `Err` says why that cannot be told.
pub(super) fn faults(command: &str) -> Result<Vec<Fault>, &'static str> {
    let names_segment = command.contains(SEGMENT);
    if windows::is_for_windows(command) {
        return Ok(of_windows(command, names_segment));
    }
    if parse(command).fault.is_some_and(|fault| fault.kind == FaultKind::Unclosed) {
        return Ok(vec![Fault::new("fails", "a quote, bracket or keyword is not closed, and sh refuses it")]);
    }
    let guarded = calls::is_guarded(command);
    let seen: RefCell<Vec<Fault>> = RefCell::default();
    let works: RefCell<BTreeSet<String>> = RefCell::default();
    let role_of = |call: &Call<'_>| -> Role {
        if let Some(fault) = calls::fault(call, guarded) {
            seen.borrow_mut().push(fault);
        }
        let role = if names_segment { of_call(call) } else { of_call_without_segment(call) };
        if role == Role::Work {
            works.borrow_mut().insert(call.program.to_owned());
        }
        role
    };
    let outcomes = outcomes(command, &role_of)?;
    let mut faults: Vec<Fault> = of_outcomes(&outcomes).into_iter().collect();
    if faults.iter().any(|fault| matches!(fault.code, "discards" | "fails")) {
        return Ok(faults);
    }
    let seen = seen.into_inner();
    let only = works.into_inner().len() == 1;
    if let Some(fault) = seen.iter().find(|fault| fault.code == "fails" && faults.is_empty() && only) {
        return Ok(vec![fault.clone()]);
    }
    if !names_segment {
        faults.push(Fault::new("names-no-segment", "it does not contain %p, the path of the segment to archive"));
    }
    for fault in seen {
        if fault.code != "fails" && !faults.iter().any(|known| known.code == fault.code) {
            faults.push(fault);
        }
    }
    Ok(faults)
}

/// What the exit status hides.
fn of_outcomes(outcomes: &Outcomes) -> Option<Fault> {
    let succeeds = outcomes.does || !outcomes.lapses.is_empty();
    if !succeeds {
        return Some(Fault::new("fails", "it ends with a failure whatever happens"));
    }
    let lapse = outcomes.lapses.first()?;
    let nothing = !outcomes.does && outcomes.lapses.iter().all(|lapse| lapse.kind == LapseKind::Skipped);
    if nothing {
        return Some(Fault::new("discards", "no program in it archives anything"));
    }
    let code = if lapse.kind == LapseKind::Skipped { "skips" } else { "hides-failure" };
    Some(Fault::new(code, lapse.explained()))
}

fn of_windows(command: &str, names_segment: bool) -> Vec<Fault> {
    if windows::does_nothing(command) {
        return vec![Fault::new("discards", "no program in it archives anything")];
    }
    let mut faults = Vec::new();
    if let Some(last) = windows::hides_failure(command) {
        faults.push(Fault::new("hides-failure", format!("`{last}` comes last and makes it succeed when the copy fails")));
    }
    if !names_segment {
        faults.push(Fault::new("names-no-segment", "it does not contain %p, the path of the segment to archive"));
    }
    faults
}

/// What is wrong with a restore command.
///
/// That it reports success is no harm: the server looks whether the file is there, and how long it is.
pub(super) fn faults_of_restore(command: &str) -> Vec<Fault> {
    let never = outcomes(command, &of_call_without_segment).is_ok_and(|outcomes| !outcomes.does);
    if never {
        return Vec::new();
    }
    let missing: Vec<&str> = [NAME, SEGMENT].into_iter().filter(|placeholder| !command.contains(placeholder)).collect();
    let meaning = |placeholder: &&str| match *placeholder {
        NAME => "%f, the name of the file to fetch",
        _ => "%p, the path to copy it to",
    };
    let said: Vec<&str> = missing.iter().map(meaning).collect();
    if said.is_empty() {
        return Vec::new();
    }
    vec![Fault::new("names-no-segment", format!("it does not contain {}", said.join(", or ")))]
}
