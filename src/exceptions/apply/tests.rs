//! Comments and `[[accept]]` at work.

use std::borrow::Cow;

use super::*;
use crate::exceptions::{AcceptKind, CommentedText};
use crate::formats::Comment;
use crate::model::{Label, OriginKind, Pillar, SubjectKind, SubjectRef, Why, parse_date};
use crate::rules::{CheckKind, Docs, Head, Logic, Rule, RuleSet};
use crate::text::{Files, Source};

const PATH: &str = "db/postgresql.conf";

fn rules() -> RuleSet {
    let head = |id: &'static str| Head {
        id: id.into(),
        title: "".into(),
        severities: vec![Severity::Medium].into(),
        pillar: Pillar::Security,
        items: Vec::new().into(),
        engines: Vec::new().into(),
        platforms: Vec::new().into(),
        subject: SubjectKind::Instance,
        kind: CheckKind::Table,
        fix: None,
    };
    let rule = |id: &'static str| Rule {
        head: Cow::Owned(head(id)),
        docs: Docs::default().into(),
        benchmarks: BTreeMap::new().into(),
        shipped: true,
        logic: Logic::default(),
        text: "".into(),
    };
    ["rule-a", "rule-b", "rule-live"].map(rule).into_iter().collect()
}

fn finding(rule: &str, severity: Severity, span: Span) -> Finding {
    Finding {
        rule: rule.to_owned().into(),
        severity,
        shipped_severity: severity,
        certainty: crate::model::Certainty::Certain,
        depends_on: Vec::new(),
        pillar: Pillar::Security,
        items: Cow::default(),
        subject: SubjectRef { kind: SubjectKind::Instance, id: "db".into() },
        engine: None,
        twin: None,
        instances: vec!["db".to_owned()].into(),
        message: String::new(),
        found: None,
        expected: None,
        primary: Some(Label { span, message: String::new() }),
        related: Vec::new(),
        origin: OriginKind::File,
        help: "".into(),
        fix: None,
        key: String::new(),
        fingerprint: format!("{rule}-{}", span.start),
        alike: Vec::new(),
        suppressed: None,
    }
}

/// Every comment of a text whose comments begin with `#` and whose values hold none.
fn comments(source: &Source) -> Vec<Comment> {
    let mut list = Vec::new();
    for line in 1..=source.line_count() {
        let range = source.line_range(line);
        let text = source.text().get(range.clone()).unwrap();
        if let Some((before, _)) = text.split_once('#') {
            let span = source.span(range.start + before.len(), range.end);
            list.push(Comment { span, trailing: !before.trim().is_empty() });
        }
    }
    list
}

struct Run {
    outcomes: Vec<OutcomeOf>,
    dead: Vec<(String, u32, String)>,
}

impl Run {
    /// What suppresses the finding of `rule` on `line`.
    fn suppressed(&self, number: usize) -> Option<SuppressionKind> {
        self.outcomes[0].outcome.findings()[number].suppressed.as_ref().map(|by| by.kind)
    }

    fn dead_rules(&self) -> Vec<&str> {
        self.dead.iter().map(|(rule, _, _)| rule.as_str()).collect()
    }
}

/// Judges `text` with one finding of `rule-a` on each of these lines.
fn run(text: &str, severity: Severity, lines: &[u32], change: impl FnOnce(&Source, &mut Exceptions)) -> Run {
    let files = Files::in_memory([(PATH, text)]);
    let source = files.read(PATH).unwrap();
    let comments = comments(&source);
    let at = |line: u32| source.span(source.line_range(line).start, source.line_range(line).end);
    let block = source.text().find("block:").map(|start| source.span(start, source.text().find("  last").unwrap() + 7));
    let blocks: Vec<Span> = block.into_iter().collect();
    let commented = CommentedText { source: &source, comments: &comments, blocks: &blocks, backslash_joins_lines: true };
    let mut exceptions = Exceptions { suppressions: Suppressions::collect([commented]), ..Exceptions::default() };
    change(&source, &mut exceptions);
    let of = |rule: &str, outcome| OutcomeOf {
        rule: rule.to_owned().into(),
        subject: SubjectRef { kind: SubjectKind::Instance, id: "db".into() }.into(),
        instances: vec!["db".to_owned()].into(),
        outcome,
        withdrawn: None,
    };
    let fail = Outcome::Fail(lines.iter().map(|line| finding("rule-a", severity, at(*line))).collect());
    let mut outcomes = vec![of("rule-a", fail), of("rule-b", Outcome::Pass), of("rule-live", Outcome::unknown(Why::new("not live")))];
    let rules = rules();
    let (paths, instances) = (BTreeSet::from([PATH.to_owned()]), BTreeSet::from(["db".to_owned()]));
    let (now, decided) = (parse_date("2026-11-20").unwrap(), BTreeSet::from(["rule-a", "rule-b"]));
    let context = Context { files: &files, rules: &rules, now, paths: &paths, instances: &instances, decided: &decided };
    let dead = apply(&mut outcomes, &exceptions, &context);
    let place = |finding: &Finding| source.location(finding.primary.as_ref().unwrap().span.start).line;
    let dead = dead.iter().map(|finding| (finding.rule.to_string(), place(finding), finding.message.clone())).collect();
    Run { outcomes, dead }
}

fn accept(source: &Source) -> Accept {
    Accept {
        rule: "rule-a".to_owned(),
        path: Some(PATH.to_owned()),
        instance: None,
        kind: AcceptKind::Accepted,
        reason: "moved in March".to_owned(),
        owner: Some("SRE".to_owned()),
        until: Some(parse_date("2026-11-20").unwrap()),
        span: source.span(0, 1),
    }
}

/// One finding on line 1, and one `[[accept]]` that `change` makes different.
fn accepted(severity: Severity, change: impl FnOnce(&mut Accept)) -> Run {
    run("a = 1\n", severity, &[1], |source, exceptions| {
        let mut accept = accept(source);
        change(&mut accept);
        exceptions.accepts.push(accept);
    })
}

#[test]
fn a_comment_holds_for_lines_behind_a_comment_sign_too() {
    let none = |_: &Source, _: &mut Exceptions| {};
    // A default is reported at `#a = 2`, a comment itself.
    let above = run("a = 1\n# gonogo: ignore[rule-a] ok\n#a = 2\na = 3\n#a = 4\n", Severity::Medium, &[3, 5], none);
    assert_eq!([above.suppressed(0).is_some(), above.suppressed(1).is_some()], [true, false]);
    let within = run("a = 1\n#a = 2 # gonogo: ignore[rule-a] ok\n", Severity::Medium, &[1, 2], none);
    assert_eq!([within.suppressed(0).is_some(), within.suppressed(1).is_some()], [false, true]);
    assert!(above.dead.is_empty() && within.dead.is_empty());
}

#[test]
fn a_comment_holds_for_its_line_the_line_below_a_block_or_the_file() {
    let none = |_: &Source, _: &mut Exceptions| {};
    let text = "a = 1  # gonogo: ignore[rule-a] ok\na = 2\n# gonogo: ignore[rule-a] ok\n# more words\n\na = 3\na = 4\n";
    let lines = run(text, Severity::Medium, &[1, 2, 6, 7], none);
    let hidden: Vec<bool> = (0..4).map(|number| lines.suppressed(number).is_some()).collect();
    assert_eq!(hidden, [true, false, true, false]);
    assert!(matches!(lines.outcomes[0].outcome, Outcome::Fail(_)), "a comment never changes the outcome");
    assert!(lines.dead.is_empty(), "{:?}", lines.dead);
    let block = run("# gonogo: ignore[rule-a] ok\nblock:\n  first\n  last\nafter\n", Severity::Medium, &[2, 4, 5], none);
    assert_eq!([block.suppressed(0), block.suppressed(1), block.suppressed(2)].map(|by| by.is_some()), [true, true, false]);
    let file = run("# gonogo: ignore-file[rule-a] ok\na\nb\n", Severity::Medium, &[2, 3], none);
    assert_eq!([file.suppressed(0), file.suppressed(1)], [Some(SuppressionKind::Comment); 2]);
}

#[test]
fn a_comment_that_does_nothing_is_a_finding() {
    let none = |_: &Source, _: &mut Exceptions| {};
    let text = "a = 1 # gonogo: ignore[rule-b, rule-live, rule-z] ok\nb # gonogo: ignore[rule-a]\nc # gonogo: ignor[rule-a] x\n\
                # gonogo: ignore[rule-a] nothing below\n";
    let dead = run(text, Severity::Medium, &[2, 3], none);
    assert_eq!(
        dead.dead.iter().map(|(rule, line, _)| (rule.as_str(), *line)).collect::<Vec<_>>(),
        [
            ("suppression-unused", 1),
            ("suppression-unknown-rule", 1),
            ("suppression-no-reason", 2),
            ("suppression-malformed", 3),
            ("suppression-unused", 4)
        ]
    );
    assert!(dead.dead[1].2.contains("Did you mean `rule-a`"), "{:?}", dead.dead[1]);
    assert_eq!(dead.suppressed(0), None, "without a reason it is not heard");
    let late = format!("{}# gonogo: ignore-file[rule-a] ok\na\n", "\n".repeat(10));
    assert_eq!(run(&late, Severity::Medium, &[12], none).dead_rules(), ["suppression-malformed"]);
    let backslash = run("# gonogo: ignore[rule-a] ok \\\na\n", Severity::Medium, &[2], none);
    assert_eq!(backslash.dead_rules(), ["suppression-malformed"]);
}

#[test]
fn an_accepted_failure_is_accepted_until_its_last_day() {
    let heard = accepted(Severity::High, |_| {});
    assert!(matches!(heard.outcomes[0].outcome, Outcome::Accepted(_)));
    assert!(heard.dead.is_empty());
    let expired = accepted(Severity::High, |accept| accept.until = Some(parse_date("2026-11-19").unwrap()));
    assert!(matches!(expired.outcomes[0].outcome, Outcome::Fail(_)));
    assert_eq!(expired.suppressed(0), None);
    assert_eq!(expired.dead_rules(), ["suppression-expired"]);
    let far = accepted(Severity::High, |accept| accept.until = Some(parse_date("2027-11-21").unwrap()));
    assert_eq!((far.suppressed(0), far.dead_rules()), (None, vec!["suppression-malformed"]));
    let partly = run("a = 1\nb = 2\n", Severity::High, &[1, 2], |source, exceptions| {
        exceptions.suppressions = Suppressions::default();
        exceptions.accepts.push(Accept { path: None, instance: Some("other".to_owned()), ..accept(source) });
    });
    assert_eq!(partly.suppressed(0), None);
    assert!(partly.dead.is_empty(), "that instance was not looked at");
}

#[test]
fn nobody_answering_for_it_or_a_critical_finding_hides_and_never_accepts() {
    for run in [
        accepted(Severity::Critical, |_| {}),
        accepted(Severity::High, |accept| accept.owner = None),
        accepted(Severity::High, |accept| accept.until = None),
    ] {
        assert!(matches!(run.outcomes[0].outcome, Outcome::Fail(_)));
        assert_eq!(run.suppressed(0), Some(SuppressionKind::Accepted));
    }
}

#[test]
fn an_instance_accepts_only_what_is_its_own() {
    let own = accepted(Severity::High, |accept| {
        accept.path = None;
        accept.instance = Some("db".to_owned());
    });
    assert!(matches!(own.outcomes[0].outcome, Outcome::Accepted(_)));
    let files = Files::in_memory([(PATH, "a")]);
    let source = files.read(PATH).unwrap();
    let mut shared = finding("rule-a", Severity::High, source.span(0, 1));
    std::sync::Arc::make_mut(&mut shared.instances).push("replica".to_owned());
    let by_instance = Accept { path: None, instance: Some("db".to_owned()), ..accept(&source) };
    assert!(!by_instance.matches(&shared, &files));
    assert!(accept(&source).matches(&shared, &files));
}
