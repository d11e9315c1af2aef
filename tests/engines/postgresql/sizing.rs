//! What `gonogo show --sizing` recommends: every line is one that a real server takes, and gonogo itself finds nothing
//! to object to.
//!
//! The servers are those of `GONOGO_POSTGRES`, as `13=/opt/13/bin/postgres,17=/usr/lib/postgresql/17/bin/postgres`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::helpers::servers::{run, servers};
use gonogo::audit::{self, Named, Request};
use gonogo::engines::frame::{Line, Sizing};
use gonogo::engines::postgresql::sizing::{FORMULAS, advise};
use gonogo::model::{HostFacts, Outcome, Storage, Version, Workload, parse_date};
use gonogo::report::Mode;
use gonogo::rules::RuleSet;
use gonogo::text::Files;
use gonogo::verdict::checklist::Checklist;
use proptest::prelude::*;

const MB: i64 = 1 << 20;

/// A server that has nothing but what it is given.
fn request(set: &Arc<RuleSet>, host: HostFacts, major: u32) -> Request {
    let mut request = Request::plain(Mode::Lint, parse_date("2026-11-20").unwrap(), Arc::clone(set));
    request.engine_versions = vec![Version(vec![major]).into()];
    request.host = host;
    request
}

fn sizing(conf: &str, request: &Request) -> Sizing {
    let files = Files::in_memory([("postgresql.conf".to_owned(), conf.to_owned())]);
    let survey = audit::survey(files, &Named::default(), request);
    advise(&survey.instances.first().unwrap().views.last().unwrap().subject).expect("the memory is known")
}

fn block(sizing: &Sizing) -> String {
    let advised = |line: &Line| Some((line.name, line.advice.as_ref().ok()?.value.clone()));
    sizing.lines.iter().filter_map(advised).map(|(name, value)| format!("{name} = {value}\n")).collect()
}

/// The rules that judge what is advised.
fn rules() -> Arc<RuleSet> {
    let ids: BTreeSet<&str> = FORMULAS.iter().flat_map(|formula| formula.rules).copied().collect();
    let shipped = RuleSet::shipped();
    Arc::new(ids.into_iter().map(|id| shipped.get(id).cloned().expect("a formula names rules that exist")).collect())
}

/// What gonogo objects to in a configuration.
fn objections(conf: &str, request: Request, checklist: &Checklist) -> Vec<String> {
    let files = Files::in_memory([("postgresql.conf".to_owned(), conf.to_owned())]);
    let report = audit::run(files, &Named::default(), request, checklist);
    let message = |outcome: &Outcome| outcome.findings().iter().map(|finding| finding.message.clone()).collect::<Vec<_>>();
    report.outcomes.iter().flat_map(|of| message(&of.outcome)).collect()
}

fn host(memory: i64, cpus: Option<f64>, storage: Option<Storage>, workload: Option<Workload>) -> HostFacts {
    HostFacts { memory: Some((memory, None)), cpus: cpus.map(|cpus| (cpus, None)), storage, workload }
}

fn some_host() -> impl Strategy<Value = HostFacts> {
    // From half a gibibyte to four tebibytes, small machines as often as large ones.
    #[expect(clippy::cast_possible_truncation, reason = "bounded")]
    let memory = (29.0..42.0_f64).prop_map(|exponent| exponent.exp2() as i64);
    let cpus = prop::option::of(prop::sample::select(vec![0.5, 1.0, 2.0, 3.0, 4.0, 8.0, 12.0, 16.0, 31.0, 32.0, 64.0, 192.0]));
    let storage = prop::option::of(prop::sample::select(vec![Storage::Ssd, Storage::Hdd]));
    let workload = prop::option::of(prop::sample::select(vec![Workload::Web, Workload::Oltp, Workload::Dw, Workload::Mixed]));
    (memory, cpus, storage, workload).prop_map(|(memory, cpus, storage, workload)| host(memory, cpus, storage, workload))
}

#[test]
fn what_is_advised_is_judged_clean() {
    let checklist = Checklist::embedded().unwrap();
    let set = rules();
    let written = prop::option::of(1_u32..2_000);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) };
    proptest!(config, |(host in some_host(), major in 13_u32..=18, connections in written)| {
        let conf = connections.map(|number| format!("max_connections = {number}\n")).unwrap_or_default();
        let block = block(&sizing(&conf, &request(&set, host.clone(), major)));
        let found = objections(&block, request(&set, host, major), &checklist);
        // Somebody who writes fewer sessions than are reserved gets them back.
        if connections.is_none_or(|number| number > 10) {
            prop_assert!(found.is_empty(), "{block}{found:#?}");
        }
    });
}

#[test]
fn nothing_is_advised_without_the_memory() {
    let files = Files::in_memory([("postgresql.conf".to_owned(), "port = 5432\n".to_owned())]);
    let survey = audit::survey(files, &Named::default(), &request(&rules(), HostFacts::default(), 17));
    let why = advise(&survey.instances.first().unwrap().views.last().unwrap().subject).unwrap_err();
    assert!(why.needs.unwrap().contains("--memory"));
}

#[test]
fn servers_take_what_is_advised() {
    let set = rules();
    let hosts = [
        host(512 * MB, None, None, None),
        host(1024 * MB, Some(1.0), Some(Storage::Ssd), Some(Workload::Web)),
        host(16_384 * MB, Some(4.0), Some(Storage::Ssd), Some(Workload::Oltp)),
        host(65_536 * MB, Some(32.0), Some(Storage::Hdd), Some(Workload::Dw)),
        host(1_048_576 * MB, Some(192.0), Some(Storage::Ssd), Some(Workload::Mixed)),
    ];
    for (major, program) in servers() {
        for host in &hosts {
            let sizing = sizing("", &request(&set, host.clone(), major));
            let directory = tempfile::tempdir().unwrap();
            let conf = directory.path().join("postgresql.conf");
            std::fs::write(&conf, block(&sizing)).unwrap();
            let file = format!("--config-file={}", conf.display());
            let (_, complaint, success) =
                run(&program, directory.path(), &["-D", directory.path().to_str().unwrap(), &file, "-C", "work_mem"]);
            // Every server without a data directory says that this file is missing.
            let complaints = complaint.lines().filter(|line| !line.is_empty() && !line.contains("postgresql.auto.conf")).count();
            assert!(success && complaints == 0, "{major}: {complaint}\n{}", block(&sizing));
        }
    }
}

#[test]
fn the_arithmetic_is_shown() {
    let host = host(16_384 * MB, Some(4.0), Some(Storage::Ssd), Some(Workload::Oltp));
    let sizing = sizing("", &request(&rules(), host, 17));
    let line = |line: &Line| match &line.advice {
        Ok(advice) => format!("{} = {}\n    {}", line.name, advice.value, advice.reason),
        Err(why) => format!("{}: {}", line.name, why.reason),
    };
    insta::assert_snapshot!(sizing.lines.iter().map(line).collect::<Vec<_>>().join("\n"));
}
