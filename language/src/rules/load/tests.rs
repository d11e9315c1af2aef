//! Every error of a rule file, with the text that its author sees.

use super::*;
use crate::rules::error::RuleError;
use crate::rules::toy::{load, load_file, loader, rule, rule_text};
use crate::rules::{Check, CheckKind};

/// Message, help, and what the caret stands under, of each error.
fn errors_of(text: &str) -> Vec<(String, String, String)> {
    let errors = load(text).expect_err("the rule is wrong");
    let under = |error: &RuleError| error.excerpt.text.get(error.excerpt.highlight.clone()).unwrap_or("").to_owned();
    errors.iter().map(|error| (error.message.clone(), error.help.clone().unwrap_or_default(), under(error))).collect()
}

/// The one error of a rule whose `[require]` and head are given.
fn error_of(body: &str) -> (String, String, String) {
    let mut errors = errors_of(&rule_text(body));
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors.remove(0)
}

fn assert_error(body: &str, message: &str, help: &str, under: &str) {
    let (found, found_help, found_under) = error_of(body);
    assert!(found.contains(message), "{body}: {found}");
    assert!(found_help.contains(help), "{body}: {found_help}");
    assert_eq!(found_under, under, "{body}: {found}");
}

/// A condition of an instance of PostgreSQL.
fn condition_error(condition: &str, message: &str, help: &str, under: &str) {
    assert_error(&format!("engine = \"postgresql\"\nrequire = {condition}"), message, help, under);
}

#[test]
fn an_error_is_shown_with_its_line_and_a_caret() {
    let errors = load(&rule_text("engine = \"postgresql\"\nrequire = { setting = \"shard_buffers\", at_least = \"1GB\" }")).unwrap_err();
    let shown = errors[0].render();
    let expected = "\
error: unknown setting `shard_buffers`
 --> rules/test-rule.toml:7:23
  |
7 | require = { setting = \"shard_buffers\", at_least = \"1GB\" }
  |                       ^^^^^^^^^^^^^^^
  |
  = help: did you mean `shared_buffers`?";
    assert_eq!(shown, expected);
    assert_eq!(errors[0].to_string(), "rules/test-rule.toml:7:23: unknown setting `shard_buffers`; did you mean `shared_buffers`?");
}

#[test]
fn names_must_exist() {
    condition_error(r#"{ setting = "ssll", is = true }"#, "unknown setting `ssll`", "did you mean `ssl`?", "\"ssll\"");
    condition_error(r#"{ fact = "rech", is = "any" }"#, "unknown fact `rech`", "did you mean `reach`?", "\"rech\"");
    condition_error(r#"{ none = "hbaa" }"#, "unknown record `hbaa`", "did you mean `hba`?", "\"hbaa\"");
    condition_error(
        r#"{ none = "hba", where = { field = "methd", is = "trust" } }"#,
        "unknown field of hba `methd`",
        "`method`",
        "\"methd\"",
    );
    condition_error(r#"{ setting = "ssl", iss = true, is = true }"#, "unknown key of [require] `iss`", "did you mean `is`?", "iss");
    condition_error(r#"{ field = "method", is = "trust" }"#, "no record is at hand", "`where`", "\"method\"");
    condition_error(r#"{ none = "hba", where = { field = "method.x", is = "a" } }"#, "names no record", "", "\"method.x\"");
    assert_error(
        "engine = \"postgresq\"\nrequire = { fact = \"reach\", is = \"any\" }",
        "is not a valid engine",
        "`postgresql`",
        "\"postgresq\"",
    );
    let (message, help, _) = error_of("subject = \"project\"\nnative = \"worst_case\"\nreads = [\"hba\"]");
    assert!(message.contains("unknown native check") && help.is_empty(), "{message} {help}");
}

#[test]
fn types_units_and_words_must_fit() {
    condition_error(r#"{ setting = "ssl", is = "on" }"#, "`ssl` is a boolean, and cannot be compared with text", "true or false", "\"on\"");
    condition_error(r#"{ setting = "synchronous_commit", is = true }"#, "cannot be compared", "write \"on\"", "true");
    condition_error(r#"{ setting = "wal_level", is = "replicaa" }"#, "is never `replicaa`", "`replica`", "\"replicaa\"");
    condition_error(r#"{ setting = "work_mem", at_least = "4Mb" }"#, "`Mb` is not a unit of size", "", "\"4Mb\"");
    condition_error(r#"{ setting = "work_mem", at_least = 4 }"#, "is a size", "\"128MB\"", "4");
    condition_error(r#"{ setting = "ssl", at_least = 1 }"#, "has no order", "", "1");
    condition_error(r#"{ setting = "ssl", has = "a" }"#, "has no elements", "", "\"a\"");
    condition_error(r#"{ setting = "ssl", matches = "a" }"#, "is not text", "", "\"a\"");
    condition_error(r#"{ setting = "log_directory", matches = "(" }"#, "no regular expression: error: unclosed group", "", "\"(\"");
    condition_error(r#"{ setting = "work_mem", at_least = "15% of cpus" }"#, "a share of a number", "", "\"15% of cpus\"");
    condition_error(r#"{ setting = "work_mem", same_as = { setting = "ssl" } }"#, "never the same", "", "{ setting = \"ssl\" }");
    condition_error(r#"{ setting = "work_mem", between = ["1MB"] }"#, "two bounds", "", "[\"1MB\"]");
    condition_error(r#"{ fact = "reach", is = "everywhere" }"#, "is never `everywhere`", "", "\"everywhere\"");
    condition_error(r#"{ fact = "restart", is = "no" }"#, "is a fact of service", "", "\"restart\"");
}

#[test]
fn special_values_must_be_spoken_of() {
    let help = "special = { off = \"fails\" }";
    let whole = "{ setting = \"statement_timeout\", at_most = \"1h\" }";
    condition_error(whole, "can be `off`, which is not an amount", help, whole);
    let other = r#"{ setting = "statement_timeout", at_most = "1h", special = { of = "fails" } }"#;
    condition_error(other, "unknown special value `of`", "`off`", "of");
    rule("engine = \"postgresql\"\nrequire = { setting = \"statement_timeout\", at_most = \"1h\", special = { off = \"fails\" } }");
    rule("engine = \"postgresql\"\nrequire = { setting = \"statement_timeout\", is_not = \"off\" }");
}

#[test]
fn conditions_must_be_well_formed() {
    condition_error(r#"{ is = true }"#, "does not say what it is about", "setting, fact, field", "{ is = true }");
    condition_error(r#"{ fact = "reach", setting = "ssl", is = true }"#, "found `setting` and `fact`", "`all` or `any`", "fact");
    condition_error(r#"{ each = "hba" }"#, "has no `require`", "use `none`", "");
    condition_error(r#"{ all = [] }"#, "needs at least one", "", "all");
    condition_error(r#"{ setting = "ssl" }"#, "nothing is asked of `ssl`", "is_not", "{ setting = \"ssl\" }");
    condition_error(r#"{ none = "hba", require = { field = "method", is = "x" } }"#, "unknown key", "", "require");
    let deep = format!("{}{{ setting = \"ssl\", is = true }}{}", "{ not = ".repeat(40), " }".repeat(40));
    assert!(error_of(&format!("engine = \"postgresql\"\nrequire = {deep}")).0.contains("nested too deeply"));
}

#[test]
fn settings_must_exist_in_every_version_that_the_rule_admits() {
    let condition = "require = { setting = \"io_method\", is = \"worker\" }";
    let (message, help, _) = error_of(&format!("engine = \"postgresql\"\n{condition}"));
    assert!(message.contains("does not exist in PostgreSQL 13, 14, 15, 16, 17"), "{message}");
    assert!(help.contains("the setting exists in 18"), "{help}");
    rule(&format!("engine = \"postgresql\"\nversions = \">=18\"\n{condition}"));
    assert_error(&format!("engine = \"redis\"\n{condition}"), "not catalogued", "", "\"io_method\"");
    assert_error(
        "engine = \"postgresql\"\nversions = \"18+\"\nrequire = { setting = \"ssl\", is = true }",
        "is not a valid range",
        "",
        "\"18+\"",
    );
    assert_error(
        "subject = \"service\"\nrequire = { setting = \"ssl\", is = true }",
        "only rules about the instances",
        "engine",
        "\"ssl\"",
    );
}

#[test]
fn messages_name_what_can_be_shown() {
    let with = |message: &str| {
        let condition = "require = { none = \"environment\", where = { field = \"weak\", is = true } }";
        format!("subject = \"service\"\nmessage = \"{message}\"\n{condition}")
    };
    assert_error(&with("{nam} is weak"), "unknown name `nam`", "`name`", "nam");
    assert_error(&with("{value} is weak"), "is a secret", "", "value");
    assert_error(&with("{name is weak"), "not closed; write `{{` for a brace", "", "\"{name is weak\"");
    rule(&with("{name} is weak, its role is {role}; expected {expected}"));
}

#[test]
fn severities_end_with_a_certain_case() {
    let text = |severity: &str| {
        let text = rule_text("engine = \"postgresql\"\nrequire = { setting = \"ssl\", is = true }");
        text.replace("severity = \"high\"", &format!("severity = {severity}"))
    };
    let only_if = errors_of(&text(r#"[{ is = "high", when = { fact = "reach", is = "any" } }]"#));
    assert!(only_if[0].1.contains("without `when`"), "{only_if:?}");
    assert!(errors_of(&text("\"hihg\""))[0].1.contains("did you mean `high`?"));
}

#[test]
fn what_a_rule_must_have() {
    let whole = rule_text("engine = \"postgresql\"\nrequire = { setting = \"ssl\", is = true }");
    let without = |line: &str| {
        assert!(whole.contains(line), "{line}");
        errors_of(&whole.replacen(line, "", 1)).remove(0).0
    };
    assert_eq!(without("title = \"Something is off\"\n"), "a rule has no `title`");
    assert_eq!(without("severity = \"high\"\n"), "a rule has no `severity`");
    assert_eq!(without("pillar = \"security\"\n"), "a rule has no `pillar`");
    assert_eq!(without("why = \"It matters.\"\n"), "[docs] has no `why`");
    assert_eq!(without("references = [\"https://example.org/\"]\n"), "[docs] has no `references`");
    assert_eq!(without("require = { setting = \"ssl\", is = true }\n"), "a rule has no `require`");
    assert_eq!(without("[[good]]\n\"postgresql.conf\" = \"ssl = on\\n\"\n"), "a rule has no `good`");
    assert_eq!(without("#     ^^^\n"), "a bad example does not say what is found in it");
    assert_eq!(without("engine = \"postgresql\"\n"), "a rule has no `subject`");
    assert!(errors_of(&whole.replace("security/tls", "security/tsl"))[0].1.contains("`security/tls`"));
    assert!(errors_of(&whole.replace("https://", "http://"))[0].0.contains("not a valid address"));
}

#[test]
fn ids_are_names_of_files() {
    let text = rule_text("engine = \"postgresql\"\nrequire = { setting = \"ssl\", is = true }");
    let message = |path: &str, text: &str| load_file(path, text).unwrap_err().remove(0).message;
    assert!(message("rules/other.toml", &text).contains("not the name of its file, `other`"));
    assert!(message("rules/Test.toml", &text.replace("\"test-rule\"", "\"Test\"")).contains("not a valid rule id"));
    assert!(message("rules/test-rule.toml", "id = ").contains("no TOML"));
    let source = Source::detached("rules/test-rule.toml", &text);
    let twice = loader().brought(&[&source, &source]).unwrap_err();
    assert_eq!((twice.len(), twice[0].message.as_str()), (1, "there is already a rule `test-rule`"));
    let yields = text.replace("severity =", "yields_to = [\"test-rul\"]\nseverity =");
    assert!(message("rules/test-rule.toml", &yields).contains("unknown rule `test-rul`"));
}

#[test]
fn thresholds_can_be_changed_without_changing_their_kind() {
    let text = "engine = \"postgresql\"\nrequire = { setting = \"work_mem\", at_most = { param = \"most\" } }\n[params]\nmost = \"64MB\"";
    let shipped = rule(text);
    let Check::Table(condition) = &shipped.logic.check else { panic!() };
    assert!(format!("{condition:?}").contains("67108864"));
    let given = |value| BTreeMap::from([("most".to_owned(), value)]);
    let source = Source::detached("rules/test-rule.toml", &rule_text(text));
    let smaller = given(Literal::Text("1MB".to_owned()));
    let overrides = Overrides::from([("test-rule".to_owned(), smaller.clone())]);
    let changed = loader().with_overrides(&overrides).brought(&[&source]).unwrap().remove(0);
    assert!(format!("{:?}", changed.logic.check).contains("1048576"));
    let params = &changed.logic.params;
    assert!(wrong_overrides("test-rule", Some(params), &smaller).is_empty());
    let wrong = wrong_overrides("test-rule", Some(params), &given(Literal::Bool(true)));
    assert!(wrong[0].1.contains("must be of the kind"), "{wrong:?}");
    assert_eq!(wrong_overrides("test-rul", None, &smaller)[0].1, "there is no rule `test-rul`");
    assert_error(&format!("{text}\nleast = 1"), "nothing uses the parameter `least`", "", "params");
    assert_error(&text.replace("\"most\" }", "\"mots\" }"), "unknown parameter `mots`", "`most`", "{ param = \"mots\" }");
}

#[test]
fn queries_are_read_and_checked() {
    let query = "engine = \"postgresql\"\n[[query]]\nsql = \"select 1\"\ncolumns = { n = \"integer\" }\nrows = \"findings\"";
    assert_eq!(rule(query).kind, CheckKind::Query);
    assert_error(&query.replace("\"integer\"", "\"int\""), "`int` is not a valid type of a column", "integer", "\"int\"");
}

#[test]
fn every_word_of_the_vocabulary_is_read() {
    let condition = r#"{ all = [
        { any = [{ not = { setting = "ssl", is = true, is_not = false } }] },
        { setting = "wal_level", one_of = ["replica"], none_of = ["minimal"], same_as = { setting = "log_directory" } },
        { setting = "statement_timeout", at_least = "1s", at_most = "1h", between = [0, "1d"], special = { off = "unknown" } },
        { setting = "shared_preload_libraries", has = "a", lacks = "b" },
        { setting = "log_directory", starts_with = "a", ends_with = "b", includes = "c", matches = "d", written = true, present = true },
        { setting = "primary_conninfo", key = "sslmode", is = "require" },
        { setting = "max_connections", at_most = "50 per cpu" },
        { each = "hba", require = { field = "shadowed_by.method", is = "reject" } },
        { some = "ident", where = { fact = "major", at_least = 13 } },
        { none = "problem" },
    ] }"#;
    let condition = condition.replace('\n', " ");
    rule(&format!("engine = \"postgresql\"\nrequire = {condition}"));
    for (word, _) in crate::rules::vocabulary::WORDS {
        assert!(condition.contains(&format!("{word} = ")), "{word}");
    }
}

#[test]
fn no_half_of_a_rule_ends_the_program() {
    let whole = rule_text("engine = \"postgresql\"\nmessage = \"é {reach}\"\nrequire = { setting = \"wal_level\", is = \"replica\" }");
    let ends = (0..whole.len()).filter_map(|end| whole.get(..end));
    assert!(ends.map(load).filter(Result::is_err).count() > 300);
}

#[test]
fn a_fix_does_one_thing_that_makes_sense_for_its_findings() {
    let with = |fix: &str, require: &str| format!("engine = \"postgresql\"\nrequire = {require}\nfix = {fix}");
    let ssl = r#"{ setting = "ssl", is = true }"#;
    let hba = r#"{ none = "hba", where = { field = "method", is = "md5" } }"#;
    let error = |fix: &str, require: &str, message: &str, help: &str, under: &str| {
        assert_error(&with(fix, require), message, help, under);
    };
    error(r#"{ set = { sll = "on" }, applicability = "safe" }"#, ssl, "unknown setting `sll`", "did you mean `ssl`?", "sll");
    error(
        r#"{ remove = true, correct = true, applicability = "safe" }"#,
        hba,
        "a fix does one thing; found `remove` and `correct`",
        "",
        "correct",
    );
    error(r#"{ remove = true, applicability = "safe" }"#, ssl, "`remove` is about a record, one of hba, ident, assignment", "", "remove");
    error(r#"{ correct = true, applicability = "safe" }"#, hba, "`correct` is about a record, one of problem", "", "correct");
    error(r#"{ remove = false, applicability = "safe" }"#, hba, "`remove` is true, or left out", "", "remove");
    error(
        r#"{ replace = { at = "methd", with = "x" }, applicability = "safe" }"#,
        hba,
        "unknown name `methd`",
        "did you mean `method`?",
        "\"methd\"",
    );
    error(
        r#"{ replace = { at = "method", with = "x" }, applicability = "sure" }"#,
        hba,
        "`sure` is not a valid applicability",
        "safe",
        "\"sure\"",
    );
    error(
        r#"{ replce = { at = "method" }, set = { ssl = "on" }, applicability = "safe" }"#,
        ssl,
        "unknown key",
        "did you mean `replace`?",
        "replce",
    );
    let missing = errors_of(&rule_text(&with("{ replace = { at = \"method\" } }", hba)));
    let messages: Vec<&str> = missing.iter().map(|(message, ..)| message.as_str()).collect();
    assert_eq!(messages, ["[fix] has no `applicability`", "`replace` has no `with`"]);
    rule(&with(r#"{ replace = { at = "method", with = "{type}-x" }, applicability = "display" }"#, hba));
}
