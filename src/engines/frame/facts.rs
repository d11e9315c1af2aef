//! The facts that every server has, whatever its engine: who runs it and on what, how far it reaches, what is stated of it.

use super::{Base, FACTS_OF_SERVICE};
use crate::config::Config;
use crate::model::{
    Date, Datum, Deployment, Engine, Field, Instance, Reach, ReachKnown, Subject, Value, Version, VersionBasis, Why, share_records,
};
use crate::workloads::end_of_life;

/// Fills the facts of every view.
///
/// `listens` is how far the addresses carry that it listens on, whoever is admitted.
pub fn fill(instance: &mut Instance, listens: &ReachKnown, base: &Base<'_>, config: &Config, now: Date) {
    let shared = shared(instance, listens, base, config);
    let versions = instance.versions.clone();
    for (view, version) in instance.views.iter_mut().zip(&versions.candidates) {
        let facts = &mut view.subject.facts;
        facts.insert("major", Field::known(Value::Integer(i64::from(version.major())), versions.span));
        facts.insert("release", Field::text(version.to_string(), versions.span));
        shared.iter().for_each(|(name, field)| _ = facts.insert(name, field.clone()));
        if !facts.contains_key("run_by") {
            facts.insert("run_by", Field::absent());
        }
        end_of_life_facts(&mut view.subject, instance.engine, version, &versions.basis, now);
    }
    for at in 1..instance.views.len() {
        if let Some([before, view]) = instance.views.get_mut(at - 1..=at) {
            share_records(&mut view.subject, &before.subject);
        }
    }
}

/// The facts that are the same whatever the version.
fn shared(instance: &Instance, listens: &ReachKnown, base: &Base<'_>, config: &Config) -> Vec<(&'static str, Field)> {
    let host = &instance.host;
    let memory = host.memory.map(|(bytes, span)| Field::known(Value::Bytes(bytes), span));
    let cpus = host.cpus.map(|(cpus, span)| Field::known(Value::Real(cpus), span));
    let storage = host.storage.map(|storage| Field::word(storage.word(), None));
    let workload = host.workload.map(|workload| Field::word(workload.word(), None));
    let hosts = base.client_hosts();
    let url = base.target.and_then(|target| target.url.as_ref()).map(|url| url.span);
    let objectives = config.objectives_of(&instance.id);
    let rpo = objectives.rpo.map(|at| Field::known(Value::Duration(microseconds(at.value)), Some(at.span)));
    let peak = objectives.peak_clients.map(|at| Field::known(Value::Integer(i64::from(at.value)), Some(at.span)));
    let or_unknown = |field: Option<Field>, reason: &str, needs: &str| field.unwrap_or_else(|| unknown(reason, needs));
    let mut facts = vec![
        ("engine", Field::word(instance.engine.word(), None)),
        ("deployment", Field::word(instance.deployment.word(), None)),
        ("managed", Field::bool(instance.deployment == Deployment::Managed, None)),
        ("purpose", Field::word(instance.purpose.word(), None)),
        ("environment", Field::word(instance.environment.word(), None)),
        ("reach", reach_field(&instance.reach)),
        ("listens", reach_field(listens)),
        ("memory", or_unknown(memory, "the memory of the machine is not known", "say --memory, or [host] memory in gonogo.toml")),
        ("cpus", or_unknown(cpus, "the number of processors is not known", "say --cpus, or [host] cpus in gonogo.toml")),
        ("storage", or_unknown(storage, "the kind of disk is not known", "say --storage ssd or --storage hdd")),
        ("workload", or_unknown(workload, "the kind of work is not known", "say --workload web, oltp, dw or mixed")),
        ("client_hosts", if hosts.is_empty() { Field::absent() } else { Field::known(Value::List(hosts), url) }),
        ("rpo", rpo.unwrap_or_else(Field::absent)),
        ("peak_clients", peak.unwrap_or_else(Field::absent)),
    ];
    let of_service = |name| base.workload.and_then(|workload| workload.facts.get(name)).cloned().unwrap_or_else(Field::absent);
    facts.extend(FACTS_OF_SERVICE.map(|name| (name, of_service(name))));
    facts
}

/// The reach as a fact: certain, or one of several.
fn reach_field(reach: &ReachKnown) -> Field {
    let span = reach.chain.iter().find_map(|step| step.span);
    if let Some(exact) = reach.exact() {
        return Field::word(exact.word(), span);
    }
    let possible = Reach::ALL.iter().filter(|word| (reach.least..=reach.most).contains(word));
    let words = possible.map(|word| Value::text(word.word())).collect();
    let chain: Vec<&str> = reach.chain.iter().map(|step| step.message.as_str()).collect();
    let mut why =
        Why::new(format!("from where it can be reached is not certain ({} to {}): {}", reach.least, reach.most, chain.join("; ")));
    why.presumed = (!reach.presumed.is_empty()).then(|| reach.presumed.as_slice().into());
    Field { datum: Datum::Among(words, Box::new(why)), span, origin: None, record: None }
}

fn end_of_life_facts(subject: &mut Subject, engine: Engine, version: &Version, basis: &VersionBasis, now: Date) {
    if *basis == VersionBasis::Unstated {
        // Which releases it may be is told by their being maintained.
        let why = || unknown("the version is not known", "say it with --engine-version");
        subject.facts.insert("days_to_end_of_life", why());
        subject.facts.insert("end_of_life", why());
        return;
    }
    let span = subject.facts.get("major").and_then(|field| field.span);
    let end = if *basis == VersionBasis::MovingTag { end_of_life::newest(engine) } else { end_of_life::end_of_life(engine, version) };
    let not_known = || unknown(&format!("when {} {version} ends is not known to this version of gonogo", engine.name()), "update gonogo");
    let days = end.and_then(|end| end.days_left(now)).map(|days| Field::known(Value::Integer(days), span));
    let date = end.and_then(|end| end.date).map(|date| Field::text(date.to_string(), span));
    subject.facts.insert("days_to_end_of_life", days.unwrap_or_else(not_known));
    subject.facts.insert("end_of_life", date.unwrap_or_else(not_known));
}

fn unknown(reason: &str, needs: &str) -> Field {
    Field::unknown(Why::needing(reason, needs))
}

fn microseconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
