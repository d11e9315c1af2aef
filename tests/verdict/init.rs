//! The gonogo.toml that `init` writes: inert as it stands, and valid once filled in.

use gonogo::verdict::init::gonogo_toml;
use gonogo::verdict::scorecard::Decision;

use crate::project::{Project, checklist, config, instance, outcome, rules, try_config};

fn template(project: &Project) -> String {
    let (config, rules, checklist) = (project.config(), rules(), checklist());
    gonogo_toml(&project.input(&config, &rules, &checklist), &project.judge())
}

/// What a person does: removes the comment signs and fills in the dates.
fn filled(template: &str) -> String {
    let lines = template.lines().filter_map(|line| line.strip_prefix("# "));
    lines.map(|line| line.replace("YYYY-MM-DD", "2026-11-19").replace("https://…", "https://monitors.example.com/1") + "\n").collect()
}

#[test]
fn as_written_it_states_nothing() {
    let mut project = Project::ready();
    project.stated.clear();
    let text = template(&project);
    let config = config(&text, project.now);
    assert!(config.evidence.is_empty() && config.alerts.is_empty() && config.team.is_none());
    assert!(
        try_config(
            &text.lines().filter_map(|line| line.strip_prefix("# ")).map(|line| format!("{line}\n")).collect::<String>(),
            project.now
        )
        .is_err()
    );
}

#[test]
fn filled_in_it_parses_and_the_verdict_is_go() {
    for two in [false, true] {
        let mut project = Project::ready();
        if two {
            project.instances.push(instance("other \"two\""));
            let more: Vec<_> = project.outcomes.iter().map(|known| outcome(&known.rule, "other \"two\"", known.outcome.clone())).collect();
            project.outcomes.extend(more);
        }
        project.stated.clear();
        // An interval is asked for with evidence that no rule replaces; the rule of the dump leaves it open.
        project.outcomes.retain(|known| *known.rule != *"backup-no-schedule");
        let text = filled(&template(&project));
        project.state("init", &text);
        assert_eq!(project.decision(), Decision::Go, "{text}\n{:#?}", project.verdict().reasons);
    }
}

#[test]
fn it_asks_for_nothing_that_is_there() {
    let project = Project::ready();
    assert_eq!(filled(&template(&project)), "[profile]\ncriticality = \"medium\"\nsize = \"company\"\n");
    let mut project = Project::ready();
    project.forget("alert xid-wraparound");
    let text = filled(&template(&project));
    assert!(text.contains("watches = \"xid-wraparound\"") && text.contains("[[plan]]\ncriterion = \"monitoring\""), "{text}");
    assert!(!text.contains("[[evidence]]"), "{text}");
}

#[test]
fn it_asks_for_somebody_who_reads_what_was_not_understood() {
    let mut project = Project::ready();
    project.unanswered = vec![("db/\ninit.sh".to_owned(), "ab".repeat(32))];
    let text = template(&project);
    assert!(text.contains("\n## db/ init.sh was not understood") || text.contains("\n## db/"), "{text}");
    let stated = filled(&text).replace("changes = [\"…\"]", "changes = [\"nothing\"]");
    let config = config(&stated, project.now);
    assert_eq!(config.reviewed.len(), 1);
    assert_eq!((config.reviewed[0].path.value.as_str(), config.reviewed[0].changes.len()), ("db/\ninit.sh", 0));
}
