//! What rules cost that no subject asks for, and what it takes to check, pack and read back those that are shipped.

use std::borrow::Cow;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo::audit::{self, Named, Request};
use gonogo::engines;
use gonogo::model::{Engine, parse_date};
use gonogo::report::Mode;
use gonogo::rules::{Head, Known, Loader, Rule, RuleSet, checks, packed, shipped};
use gonogo::text::Files;
use gonogo::verdict::checklist::Checklist;

use super::measure;

/// How many rules there may be one day.
const MANY: usize = 1_500;

/// What checking and packing so many may take in a build.
const LONGEST: Duration = Duration::from_secs(1);

/// Allocations that a rule of another engine may take in a run: its name among the rules.
const MOST_OF_A_STRANGER: u64 = 2;

/// Allocations that reading back a rule may take: every text and list that its condition owns.
const MOST_OF_A_RULE: u64 = 14;

fn all() -> Vec<Rule> {
    (0..shipped::count()).filter_map(shipped::rule).collect()
}

#[test]
fn many_rules_are_checked_and_packed_within_a_second() {
    let _alone = measure::alone();
    let checklist = Checklist::embedded().unwrap();
    let items = checklist.item_ids();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let ids: Vec<&str> = shipped::ids().collect();
    let loader = Loader::new(Known { catalogue: &engines::ALL, items: &items, natives: checks::NAMES, rules: &ids });
    let texts: Vec<(&str, &str)> = ids.iter().filter_map(|id| Some((*id, shipped::text(id)?))).cycle().take(MANY).collect();
    let pack_all = || {
        let start = Instant::now();
        for (id, text) in &texts {
            black_box(packed::pack(&loader.shipped_in_full(id, text).unwrap()));
        }
        start.elapsed()
    };
    let fastest = (0..3).map(|_| pack_all()).min().unwrap();
    assert!(fastest < LONGEST, "{MANY} rules take {fastest:.2?}");
}

#[test]
fn reading_back_a_rule_allocates_little() {
    let _alone = measure::alone();
    let count = shipped::count() as u64;
    let info = allocation_counter::measure(|| _ = black_box(all()));
    assert!(info.count_total <= count * MOST_OF_A_RULE, "{} allocations for {count} rules", info.count_total);
}

/// The figure for one engine does not depend on how many rules the others have.
#[test]
fn rules_of_another_engine_cost_their_names_alone() {
    let _alone = measure::alone();
    let (own, more) = (all(), MANY - shipped::count());
    let strangers: Vec<Rule> = own.iter().cycle().take(more).enumerate().map(|(number, rule)| stranger(rule, number)).collect();
    let (few, many): (RuleSet, RuleSet) = (own.iter().cloned().collect(), own.iter().chain(&strangers).cloned().collect());
    let (without, with) = measure::in_one_thread(|| (allocations(few), allocations(many)));
    let most = more as u64 * MOST_OF_A_STRANGER;
    assert!(with <= without + most, "{without} allocations, {with} beside {more} rules of another engine");
}

/// The same rule about an engine that nothing given is of.
fn stranger(rule: &Rule, number: usize) -> Rule {
    let id = Cow::Owned(format!("mysql-generated-{number}"));
    Rule { head: Cow::Owned(Head { id, engines: Cow::Borrowed(&[Engine::Mysql]), ..Head::clone(&rule.head) }), ..rule.clone() }
}

fn allocations(set: RuleSet) -> u64 {
    let rules = Arc::new(set);
    let checklist = Checklist::embedded().unwrap();
    let now = parse_date("2026-11-20").unwrap();
    let run = || {
        let files = Files::in_memory([("pg_hba.conf", "local all all peer\nhost all all ::1/128 md5\n")]);
        let request = Request::plain(Mode::Lint, now, Arc::clone(&rules));
        black_box(audit::run(files, &Named::default(), request, &checklist))
    };
    drop(run());
    allocation_counter::measure(|| drop(run())).count_total
}
