//! What an audit is asked to do, whoever asks: the command line, a test, an example of a rule.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::deployments::{self, Platforms};
use crate::engines::{self, Families};
use crate::exceptions::Baseline;
use crate::formats::FileKind;
use crate::model::{Date, Deployment, EngineVersion, HostFacts, Observed};
use crate::report::{Mode, NowSource};
use crate::rules::RuleSet;

/// What an audit is asked to do.
#[derive(Debug)]
pub struct Request {
    /// Findings only, or a verdict too.
    pub mode: Mode,
    /// Whether a report will list every outcome with its reason, as JSON and JUnit do.
    pub lists_outcomes: bool,
    /// Whether a report will show the edits that rules offer, as JSON and SARIF do, or they are to be made.
    pub offers_fixes: bool,
    /// Whether some report, or a baseline, holds the fingerprints of findings.
    pub says_fingerprints: bool,
    /// The date that ages are counted from.
    pub now: Date,
    /// Where that date comes from.
    pub now_source: NowSource,
    /// gonogo.toml, as meant.
    pub config: Config,
    /// Rules in force.
    pub rules: Arc<RuleSet>,
    /// Criticality of the command line.
    pub criticality: Option<String>,
    /// Size of the command line.
    pub size: Option<String>,
    /// Who runs the servers, where the files do not tell.
    pub deployment: Option<Deployment>,
    /// Machine facts of the command line, for where the files do not tell.
    pub host: HostFacts,
    /// Versions of the command line, for where neither path nor image tells.
    pub engine_versions: Vec<EngineVersion>,
    /// Versions that the servers are to be upgraded to.
    pub target_versions: Vec<EngineVersion>,
    /// Kind of the named files, where the content does not tell.
    pub kind: Option<&'static FileKind>,
    /// What running servers said.
    pub observed: Vec<Observed>,
    /// Platforms that are known.
    pub platforms: Platforms,
    /// Engines that are known.
    pub families: Families,
    /// Files whose variables interpolate, by display path.
    pub env_files: Vec<String>,
    /// Variables that `--use-env` passed on.
    pub environment: BTreeMap<String, String>,
    /// Known findings.
    pub baseline: Option<Baseline>,
}

impl Request {
    /// A request with nothing stated: every shipped rule, no gonogo.toml.
    #[must_use]
    pub fn plain(mode: Mode, now: Date, rules: Arc<RuleSet>) -> Self {
        Self {
            mode,
            lists_outcomes: true,
            offers_fixes: true,
            says_fingerprints: true,
            now,
            now_source: NowSource::Option,
            config: Config::default(),
            rules,
            criticality: None,
            size: None,
            deployment: None,
            host: HostFacts::default(),
            engine_versions: Vec::new(),
            target_versions: Vec::new(),
            kind: None,
            observed: Vec::new(),
            platforms: deployments::ALL,
            families: engines::ALL,
            env_files: Vec::new(),
            environment: BTreeMap::new(),
            baseline: None,
        }
    }
}

/// What the command line names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// PATHs.
    pub paths: Vec<PathBuf>,
    /// What standard input holds, with the path that it stands for.
    pub standard_input: Option<(String, Vec<u8>)>,
    /// Absolute paths of the compose files that make up one project, each laid over the one before it; empty where Docker
    /// Compose looks for them by itself.
    pub compose_files: Vec<PathBuf>,
}
