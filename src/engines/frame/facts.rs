//! The facts that every server has, whatever its engine: who runs it and on what, how far it reaches, what is stated of it.

use super::Base;
use crate::config::Config;
use crate::model::{Date, Datum, Deployment, Engine, Field, Instance, Reach, ReachKnown, Subject, Value, Version, VersionBasis, Why};
use crate::workloads::end_of_life;

/// Facts that an instance takes over from its service.
const OF_SERVICE: [&str; 4] = ["tag_kind", "distribution", "data_directory", "data_mount"];

/// Fills the facts of every view.
///
/// `listens` is how far the addresses carry that it listens on, whoever is admitted.
pub fn fill(instance: &mut Instance, listens: &ReachKnown, base: &Base<'_>, config: &Config, now: Date) {
    let reach = reach_field(&instance.reach);
    let listens = reach_field(listens);
    let versions = instance.versions.clone();
    for (view, version) in instance.views.iter_mut().zip(&versions.candidates) {
        let facts = &mut view.subject.facts;
        facts.insert("engine", Field::text(instance.engine.word(), None));
        facts.insert("major", Field::known(Value::Integer(i64::from(version.major())), versions.span));
        facts.insert("deployment", Field::text(instance.deployment.word(), None));
        facts.insert("managed", Field::bool(instance.deployment == Deployment::Managed, None));
        facts.insert("purpose", Field::text(instance.purpose.word(), None));
        facts.insert("environment", Field::text(instance.environment.word(), None));
        facts.insert("reach", reach.clone());
        facts.insert("listens", listens.clone());
        let memory = instance.host.memory.map(|(bytes, span)| Field::known(Value::Bytes(bytes), span));
        facts.insert(
            "memory",
            memory.unwrap_or_else(|| unknown("the memory of the machine is not known", "say --memory, or [host] memory in gonogo.toml")),
        );
        let cpus = instance.host.cpus.map(|(cpus, span)| Field::known(Value::Real(cpus), span));
        facts.insert(
            "cpus",
            cpus.unwrap_or_else(|| unknown("the number of processors is not known", "say --cpus, or [host] cpus in gonogo.toml")),
        );
        let storage = instance.host.storage.map(|storage| Field::text(storage.word(), None));
        facts.insert("storage", storage.unwrap_or_else(|| unknown("the kind of disk is not known", "say --storage ssd or --storage hdd")));
        let workload = instance.host.workload.map(|workload| Field::text(workload.word(), None));
        facts.insert(
            "workload",
            workload.unwrap_or_else(|| unknown("the kind of work is not known", "say --workload web, oltp, dw or mixed")),
        );
        if !facts.contains_key("run_by") {
            facts.insert("run_by", Field::absent());
        }
        let hosts = base.client_hosts();
        let place = base.target.and_then(|target| target.url.as_ref()).map(|url| url.span);
        let hosts = if hosts.is_empty() { Field::absent() } else { Field::known(Value::List(hosts), place) };
        facts.insert("client_hosts", hosts);
        let objective = config.objectives_of(&instance.id).rpo;
        let rpo = objective.map(|at| Field::known(Value::Duration(microseconds(at.value)), Some(at.span)));
        facts.insert("rpo", rpo.unwrap_or_else(Field::absent));
        let peak = config.objectives_of(&instance.id).peak_clients;
        let peak = peak.map(|at| Field::known(Value::Integer(i64::from(at.value)), Some(at.span)));
        facts.insert("peak_clients", peak.unwrap_or_else(Field::absent));
        end_of_life_facts(&mut view.subject, instance.engine, version, &versions.basis, now);
        for name in OF_SERVICE {
            let of_service = base.workload.and_then(|workload| workload.subject.facts.get(name));
            view.subject.facts.insert(name, of_service.cloned().unwrap_or_else(Field::absent));
        }
    }
}

/// The reach as a fact: certain, or one of several.
fn reach_field(reach: &ReachKnown) -> Field {
    let span = reach.chain.iter().find_map(|step| step.span);
    if let Some(exact) = reach.exact() {
        return Field::text(exact.word(), span);
    }
    let possible = Reach::ALL.iter().filter(|word| (reach.least..=reach.most).contains(word));
    let words = possible.map(|word| Value::text(word.word())).collect();
    let chain: Vec<&str> = reach.chain.iter().map(|step| step.message.as_str()).collect();
    let why = Why::new(format!("from where it can be reached is not certain ({} to {}): {}", reach.least, reach.most, chain.join("; ")));
    Field { datum: Datum::Among(words, Box::new(why)), span, origin: None, record: None }
}

fn end_of_life_facts(subject: &mut Subject, engine: Engine, version: &Version, basis: &VersionBasis, now: Date) {
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
