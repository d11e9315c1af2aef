//! What nine runs cost, compared with `tests/costs/costs.txt`, so that a change shows what it costs.
//!
//! `COSTS=overwrite cargo test --test costs` writes the file again. Files and rules are exact; allocations and memory may
//! differ a little between builds. Instructions are those of the program that `GONOGO_OPTIMISED` names, and are compared
//! where valgrind is installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

#[path = "../common/callgrind.rs"]
mod callgrind;
mod measure;
mod rules;
mod scenarios;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use measure::Costs;
use scenarios::Scenario;

const FILE: &str = "tests/costs/costs.txt";

/// Names of what is counted, and by how many per cent it may differ.
const COUNTED: [(&str, f64); 5] = [("files", 0.0), ("rules", 0.0), ("allocations", 2.0), ("peak kB", 5.0), ("M instructions", 3.0)];

#[test]
fn runs_cost_what_they_did() {
    let _alone = measure::alone();
    let made = tempfile::tempdir().unwrap();
    let scenarios: Vec<Scenario> = scenarios::all(made.path());
    let costs: Vec<(&Scenario, Costs)> = measure::in_one_thread(|| scenarios.iter().map(|one| (one, measure::costs(one))).collect());
    audits_are_linear(&costs);
    memory_is_bounded_by_the_input(&costs);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let known = read(&std::fs::read_to_string(&path).unwrap_or_default());
    let overwrite = std::env::var("COSTS").is_ok_and(|wish| wish == "overwrite");
    if overwrite {
        std::fs::write(&path, written(&costs, &known)).unwrap();
        return;
    }
    let changes: Vec<String> = costs.iter().flat_map(|(one, costs)| changes(one, costs, known.get(one.name))).collect();
    assert!(changes.is_empty(), "{}\nif that is meant: COSTS=overwrite cargo test --test costs", changes.join("\n"));
}

/// Four times as many instances cost less than five times as much.
fn audits_are_linear(costs: &[(&Scenario, Costs)]) {
    let of = |name: &str| costs.iter().find(|(one, _)| one.name == name).map(|(_, costs)| costs).unwrap();
    let (few, many) = (of(scenarios::FEW_INSTANCES), of(scenarios::MANY_INSTANCES));
    for ((name, _), (few, many)) in COUNTED.iter().zip(few.counts().into_iter().zip(many.counts())) {
        if let (Some(few), Some(many)) = (few, many) {
            assert!(many < few * 5.0, "50 instances take {few} {name}, 200 take {many}");
        }
    }
    let (few, many) = (few.fastest.as_secs_f64(), many.fastest.as_secs_f64());
    assert!(many < few * 6.0, "50 instances take {few:.2} s, 200 take {many:.2} s");
}

/// So many bytes of memory for each byte of the input.
fn memory_is_bounded_by_the_input(costs: &[(&Scenario, Costs)]) {
    for (name, most) in scenarios::MOST_MEMORY {
        let (scenario, costs) = costs.iter().find(|(one, _)| one.name == name).unwrap();
        let each = costs.peak_bytes() / scenario.input_bytes();
        assert!(each <= most, "{name}: {each:.0} bytes of memory for each byte of input, at most {most} are admitted");
    }
}

fn changes(scenario: &Scenario, costs: &Costs, known: Option<&Vec<Option<f64>>>) -> Vec<String> {
    let mut changes = Vec::new();
    for (at, ((name, tolerance), count)) in COUNTED.iter().zip(costs.counts()).enumerate() {
        let before = known.and_then(|known| known.get(at).copied().flatten());
        match (before, count) {
            (Some(before), Some(now)) if (now - before).abs() > before * tolerance / 100.0 => {
                let share = (now / before - 1.0) * 100.0;
                changes.push(format!("{}: {before} {name} before, {now} now ({share:+.1} %)", scenario.name));
            }
            (None, Some(now)) if known.is_none() => changes.push(format!("{}: {now} {name}, and nothing is known", scenario.name)),
            _ => {}
        }
    }
    changes
}

/// Counts by scenario; what could not be counted is a dash.
fn read(text: &str) -> BTreeMap<String, Vec<Option<f64>>> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|'));
    lines.map(|(name, counts)| (name.trim().to_owned(), counts.split('|').map(|count| count.trim().parse().ok()).collect())).collect()
}

/// The file; what was not counted this time stays as it was.
fn written(costs: &[(&Scenario, Costs)], known: &BTreeMap<String, Vec<Option<f64>>>) -> String {
    let names: Vec<&str> = COUNTED.iter().map(|(name, _)| *name).collect();
    let mut text = format!("# {:<40} | {}\n", "what a run costs", names.join(" | "));
    for (scenario, costs) in costs {
        let kept = |at: usize| known.get(scenario.name).and_then(|known| known.get(at).copied().flatten());
        let counts = costs.counts().into_iter().enumerate().map(|(at, count)| count.or_else(|| kept(at)));
        let counts: Vec<String> = counts.map(|count| count.map_or_else(|| "-".to_owned(), |count| count.to_string())).collect();
        writeln!(text, "{:<42} | {}", scenario.name, counts.join(" | ")).unwrap();
    }
    text
}
