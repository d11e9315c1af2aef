//! Single edits of a project that is ready, thousands of them, made by machine: each costs the GO, or a table says why it may stay.
//!
//! `GONOGO_FULL=1` makes all of them, and else one in five; `GONOGO_LIST=1` prints the verdict of each. `open.txt` lists edits that
//! hurt and leave the GO all the same: one that costs it now has to be taken off, and none may be added by a change of the program.
//! Kinds of the table that are told (`[told]`) must be findings, of whatever severity.

mod access;
mod compose;
mod edit;
mod files;
mod harmless;
mod scripts;
mod settings;
mod stated;

use std::collections::BTreeSet;
use std::sync::Mutex;

use edit::{Edit, some};
use harmless::Table;

use crate::common::Project;
use crate::verdict_projects::{TODAY, shop};

/// An edit with its verdict, and the rules with their severities that have findings which were not there before.
struct Judged {
    edit: Edit,
    decision: String,
    said: Vec<String>,
}

#[test]
fn access_rules_that_were_loosened_cost_the_go() {
    none_is_go(access::edits());
}

#[test]
fn keys_of_compose_that_were_set_to_something_hurtful_cost_the_go() {
    none_is_go(compose::edits());
}

#[test]
fn settings_at_their_worst_cost_the_go() {
    none_is_go(settings::edits());
}

#[test]
fn scripts_that_were_neutralised_cost_the_go() {
    none_is_go(scripts::edits());
}

#[test]
fn statements_that_do_not_hold_cost_the_go() {
    none_is_go(stated::edits());
}

#[test]
fn files_that_were_taken_away_or_added_cost_the_go() {
    none_is_go(files::edits());
}

#[track_caller]
fn none_is_go(edits: Vec<Edit>) {
    let table = Table::read();
    let open: BTreeSet<&str> = include_str!("open.txt").lines().collect();
    let judged = judged(some(edits, 5));
    let listed = std::env::var_os("GONOGO_LIST").is_some();
    let mut wrong = Vec::new();
    for Judged { edit, decision, said } in &judged {
        let reason = table.reason(&edit.id);
        if listed {
            println!("{decision}\t{}\t{}\t{}", edit.id, if reason.is_some() { "table" } else { "" }, said.join(" "));
        }
        match (decision.as_str(), reason) {
            ("go", None) if !open.contains(edit.id.as_str()) => wrong.push(format!("{}: still GO", edit.id)),
            (decision, _) if decision != "go" && open.contains(edit.id.as_str()) => {
                wrong.push(format!("{}: {decision}, and open.txt still lists it", edit.id));
            }
            ("go", Some(_)) if said.is_empty() && table.must_be_told(&edit.id) => wrong.push(format!("{}: nothing is said", edit.id)),
            (decision, Some(_)) if decision != "go" && table.must_stay(&edit.id) => wrong.push(format!("{}: {decision}", edit.id)),
            _ => {}
        }
    }
    println!("{} edits", judged.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), judged.len(), wrong.join("\n"));
}

/// The verdict of every edit, in the order of the edits.
fn judged(edits: Vec<Edit>) -> Vec<Judged> {
    let before = judge(&Edit::of("nothing"));
    assert_eq!(before.decision, "go", "the project is not ready");
    let waiting = Mutex::new(edits.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        loop {
            let next = waiting.lock().unwrap().next();
            let Some((number, edit)) = next else { break };
            let mut judged = judge(&edit);
            judged.said.retain(|rule| !before.said.contains(rule));
            done.lock().unwrap().push((number, judged));
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, judged)| judged).collect()
}

fn judge(edit: &Edit) -> Judged {
    let project: Project = shop();
    edit.make(&project);
    let ran = project.run(&["audit", ".", "--config", "gonogo.toml", "--now", TODAY, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
    // A gonogo.toml that is refused has no verdict at all.
    let decision = report["verdict"]["decision"].as_str().unwrap_or("refused").to_owned();
    let findings = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut said: Vec<String> =
        findings.iter().map(|finding| format!("{}:{}", text(&finding["rule"]), text(&finding["severity"]))).collect();
    said.sort();
    said.dedup();
    Judged { edit: edit.clone(), decision, said }
}
