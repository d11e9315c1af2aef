//! Whether a synchronous commit could still end while one of the named standbys is away.

use crate::engines::postgresql::standby_names::awaited;
use crate::model::{Outcome, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, setting_text};
use crate::rules::evaluate::{Observation, finding};

/// The setting that names them.
const NAMES: &str = "synchronous_standby_names";

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let Some(text) = setting_text(subject, NAMES) else {
        return Outcome::unknown(Why::new("the names of the standbys are not known"));
    };
    let Some(standbys) = awaited(text).filter(|standbys| standbys.named == standbys.required) else {
        return Outcome::Pass;
    };
    let named = standbys.named;
    let (who, away) = if named == 1 {
        ("the one standby that is named".to_owned(), "it is")
    } else {
        (format!("all {named} standbys that are named"), "one of them is")
    };
    let message = format!(
        "{who} must answer before a commit ends: when {away} away, every session that writes hangs; \
         expected one more standby than must answer"
    );
    let mut observation = Observation::of_setting(subject, NAMES, message);
    observation.expected = Some(format!("{} standbys, {} of which must answer", named + 1, named));
    Outcome::Fail(vec![finding(rule, subject, observation)])
}
