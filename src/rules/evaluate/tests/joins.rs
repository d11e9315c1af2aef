//! What is done over several versions and several rules.

use super::*;
use crate::model::Comparisons;

fn view(version: &str, ssl: Option<bool>) -> View {
    let mut subject = written("ssl", Value::Bool(ssl.unwrap_or_default()));
    if ssl.is_none() {
        subject.settings.insert("ssl".to_owned(), SettingState::Unknown(Why::new("not given")));
    }
    subject.version = Some(version.parse::<Version>().unwrap());
    View { subject, presumed: None, who_can_connect: Vec::new() }
}

fn joined(rule: &Rule, views: &[View]) -> Outcome {
    judge_instance(rule, 0, &Views::of(views, &Readers::of([rule]), &Comparisons::default()), &today())
}

#[test]
fn answers_for_several_versions_are_joined() {
    let any_version = postgresql("require = { setting = \"ssl\", is = true }");
    let newer = postgresql("versions = \">=15\"\nrequire = { setting = \"ssl\", is = true }");
    let (off, on) = (Some(false), Some(true));
    assert_eq!(joined(&any_version, &[view("13", on), view("14", on)]), Outcome::Pass);
    assert_eq!(joined(&any_version, &[view("13", off), view("14", off)]).findings().len(), 1);
    assert_eq!(joined(&newer, &[view("13", off), view("15", on)]), Outcome::Pass);
    assert_eq!(joined(&newer, &[view("13", off), view("15", off)]).word(), "unknown", "it does not concern 13, and fails on 15");
    assert_eq!(joined(&newer, &[view("13", off)]).word(), "not-applicable");
    assert_eq!(why(&joined(&any_version, &[view("13", off), view("14", None)])), "not given");
    let depends = joined(&any_version, &[view("13", off), view("14", off), view("18", on)]);
    assert_eq!(why(&depends), "it depends on the version: 13–14 fail, 18 passes");
    assert_eq!(joined(&any_version, &[]).word(), "unknown");
}

fn with_severity(severity: &str, body: &str) -> Rule {
    let text = rule_text(&format!("engine = \"postgresql\"\n{body}"));
    load(&text.replace("severity = \"high\"", &format!("severity = {severity}"))).unwrap()
}

fn why(outcome: &Outcome) -> &str {
    let Outcome::Unknown(why, _) = outcome else { panic!("{outcome:?}") };
    &why.reason
}

#[test]
fn what_some_versions_fail_is_suspected_of_these() {
    let (off, on) = (Some(false), Some(true));
    let critical = with_severity("\"critical\"", "require = { setting = \"ssl\", is = true }");
    let said = |views: &[View]| {
        let outcome = joined(&critical, views);
        let [suspicion] = outcome.all_findings() else { panic!("{outcome:?}") };
        assert!(outcome.findings().is_empty() && suspicion.is_suspected() && suspicion.severity == Severity::High, "{outcome:?}");
        assert!(suspicion.message.ends_with(&format!("({})", suspicion.depends_on.join("; "))), "{}", suspicion.message);
        suspicion.depends_on.join("; ")
    };
    assert_eq!(said(&[view("13", off), view("14", off), view("18", on)]), "on PostgreSQL 14 and earlier");
    assert_eq!(said(&[view("13", on), view("14", off), view("18", off)]), "on PostgreSQL 14 and later");
    assert_eq!(said(&[view("13", on), view("14", off), view("18", on)]), "on PostgreSQL 14");
    assert_eq!(said(&[view("13", off), view("14", on), view("18", off)]), "on PostgreSQL 13, 18");
    assert_eq!(said(&[view("13", on), view("14", None), view("18", off)]), "on PostgreSQL 18 and later");
}

#[test]
fn what_fails_under_a_presumption_is_suspected_with_what_it_depends_on() {
    let severity = "[{ is = \"critical\", when = { fact = \"reach\", is = \"any\" } }, { is = \"medium\" }]";
    let guarded = "when = { fact = \"reach\", one_of = [\"private\", \"any\"] }\nrequire = { setting = \"ssl\", is = true }";
    let rule = with_severity(severity, guarded);
    let why = Why::new("pg_hba.conf was not given").presuming(Presumption::NetworkClients);
    let reach = |words: &[&str]| {
        let words = words.iter().map(|word| Value::text(*word)).collect();
        Field { datum: Datum::Among(words, Box::new(why.clone())), span: None, origin: None, record: None }
    };
    let mut seen = view("17", Some(false));
    seen.subject.facts.insert("reach", reach(&["none", "private", "any"]));
    let mut presumed = Subject { presumed: why.presumed().to_vec(), ..seen.subject.clone() };
    presumed.facts.insert("reach", reach(&["private", "any"]));
    seen.presumed = Some(Box::new(presumed));
    let outcome = joined(&rule, std::slice::from_ref(&seen));
    let [suspicion] = outcome.all_findings() else { panic!("{outcome:?}") };
    assert_eq!(suspicion.depends_on, ["if clients come over a network: pg_hba.conf was not given"]);
    assert_eq!((outcome.word(), suspicion.severity), ("unknown", Severity::Medium), "the lowest that is still possible");
    // What passes under the presumption is not suspected, and what was seen needs none.
    let with_tls = |view: &View| {
        let mut view = view.clone();
        let on = self::view("17", Some(true)).subject.settings;
        view.subject.settings = on.clone();
        if let Some(presumed) = &mut view.presumed {
            presumed.settings = on;
        }
        view
    };
    assert_eq!(joined(&rule, &[with_tls(&seen)]), Outcome::Pass, "the requirement holds whatever the guard");
}

#[test]
fn a_rule_gives_way_where_another_says_the_same() {
    let outcome_of = |id: &str, spans: &[(usize, usize)]| {
        let condition = "require = { setting = \"ssl\", is = true }";
        let outcome = judge(&postgresql(condition), &written("ssl", Value::Bool(false)), &today());
        let finding = outcome.findings()[0].clone();
        let findings = spans.iter().map(|(start, end)| {
            let mut finding = finding.clone();
            finding.rule = id.to_owned().into();
            finding.key = format!("{id}-{start}");
            finding.primary.as_mut().unwrap().span = at(*start, *end).unwrap();
            finding
        });
        let subject = SubjectRef { kind: SubjectKind::Instance, id: "db".into() };
        OutcomeOf {
            rule: id.into(),
            subject: subject.into(),
            instances: vec![].into(),
            outcome: Outcome::Fail(findings.collect()),
            withdrawn: None,
        }
    };
    let mut weaker = postgresql("require = { setting = \"ssl\", is = true }");
    weaker.logic.yields_to = vec!["better-rule".into()];
    weaker.head.to_mut().id = "weaker-rule".into();
    let rules: RuleSet = [weaker].into_iter().collect();
    let mut outcomes = [outcome_of("weaker-rule", &[(10, 20), (50, 60)]), outcome_of("better-rule", &[(15, 18)])];
    yield_to_better(&mut outcomes, &rules);
    assert_eq!(outcomes[0].withdrawn, Some(Severity::High));
    assert_eq!(outcomes[0].outcome.findings().iter().map(|finding| finding.key.as_str()).collect::<Vec<_>>(), ["weaker-rule-50"]);
    assert_eq!(outcomes[1].outcome.findings().len(), 1);
    // A second place of the weaker finding is enough: `also_at` names what both are about.
    let mut outcomes = [outcome_of("weaker-rule", &[(10, 20), (50, 60)]), outcome_of("better-rule", &[(80, 90)])];
    if let Outcome::Fail(findings) = &mut outcomes[0].outcome {
        findings[0].related.push(crate::model::Label { span: at(80, 90).unwrap(), message: String::new() });
    }
    yield_to_better(&mut outcomes, &rules);
    assert_eq!(outcomes[0].outcome.findings().iter().map(|finding| finding.key.as_str()).collect::<Vec<_>>(), ["weaker-rule-50"]);
}

#[test]
fn fingerprints_tell_equals_apart_and_nothing_else() {
    let subject = with_hba([hba("trust", "anywhere", 100), hba("trust", "anywhere", 200)]);
    let outcome = outcome(r#"{ none = "hba", where = { field = "method", is = "trust" } }"#, &subject);
    let mut findings = outcome.findings().to_vec();
    findings.iter_mut().for_each(|finding| finding.key = "hba".to_owned());
    fingerprints(&mut findings, |_| Some("pg_hba.conf"));
    let prints: Vec<_> = findings.iter().map(|finding| finding.fingerprint.clone()).collect();
    assert!(prints[0].len() == 16 && prints[0] != prints[1], "{prints:?}");
    findings.iter_mut().for_each(|finding| finding.message.clear());
    fingerprints(&mut findings, |_| Some("pg_hba.conf"));
    assert_eq!(prints, findings.iter().map(|finding| finding.fingerprint.clone()).collect::<Vec<_>>());
    fingerprints(&mut findings, |_| Some("other/pg_hba.conf"));
    assert_ne!(prints[0], findings[0].fingerprint);
}

#[test]
fn only_what_every_candidate_makes_critical_is_critical() {
    let text = rule_text("engine = \"postgresql\"\nversions = \">=15\"\nrequire = { setting = \"ssl\", is = true }");
    let critical = load(&text.replace("severity = \"high\"", "severity = \"critical\"")).unwrap();
    let severity = |views: &[View]| joined(&critical, views).findings().first().map(|finding| finding.severity);
    assert_eq!(severity(&[view("15", Some(false)), view("16", Some(false))]), Some(Severity::Critical));
    assert_eq!(severity(&[view("14", Some(false)), view("15", Some(false))]), None);
}
