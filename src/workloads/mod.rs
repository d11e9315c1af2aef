//! What a container is: its image and tag, role, accounts, storage, health check, links, until when its release is
//! maintained, and from where it can be reached. Subjects of kind `service` and, for dotenv files, `file`.
//!
//! A [`ProjectContext`] holds what one service needs to know of the others; [`service_subject`]
//! fills facts and records for one of them. Backup jobs are added by `operations`.

mod accounts;
mod arguments;
mod clients;
pub mod commands;
mod context;
mod directory;
mod doors;
pub mod dotenv;
mod elsewhere;
pub mod end_of_life;
mod environment;
mod exposure;
mod facts;
mod field;
mod first_password;
mod fleeting;
pub mod footprints;
mod forwarders;
pub mod gitignore;
mod hazards;
mod healthchecks;
pub mod image_tags;
pub mod images;
mod isolation;
mod links;
mod logins;
mod problem_record;
mod problems;
pub mod reach;
mod relays;
mod reviewed;
mod roles;
mod secrets;
mod side_doors;
mod start;
mod starved;
mod stopped;
mod storage;
mod strangers;
mod unseen;
mod urls;
mod values;

#[cfg(test)]
pub(crate) mod tests;

pub use accounts::Superuser;
pub use clients::{Client, Whence, clients};
pub use context::ProjectContext;
pub use exposure::exposure;
pub use relays::{are_stated as are_relays_stated, may_have as may_have_relays, openings};
pub use reviewed::{how_to_answer, is_answered};
pub use roles::{Identity, called_backup as is_called_backup};
pub use secrets::{is_placeholder, is_secret_name, is_weak};
pub use start::{Start, start};
pub use storage::{DataPlace, Layout, is_fleeting};
pub use unseen::{Doubt, doubt};
pub use urls::{UrlPlace, place as place_of_url};

use std::sync::Arc;

use crate::model::{Aspect, Field, Placement, Presumed, Presumption, Record, RecordSet, Subject, SubjectKind, Why};
use crate::text::Files;
use crate::workloads::reach::Place;

/// Where a database service stands in the network: which of its ports are published.
#[must_use]
pub fn network_place(placement: &Placement, identity: &Identity, files: &Files) -> Place {
    facts::place_of(placement, identity, &arguments::arguments(placement, files))
}

/// Where a service stands in the network whose server listens on this port; any published port may lead to one that is not known.
#[must_use]
pub fn network_place_at(placement: &Placement, port: Option<u16>) -> Place {
    facts::place_with(placement, || links::published(placement, |published| port.is_none() || links::is_engine_port(published, port)))
}

/// The subject of one service of a project.
#[must_use]
pub fn service_subject(placement: &Placement, context: &ProjectContext<'_>) -> Subject {
    let identity = context.identity(placement);
    let mut subject = subject_as(placement, &identity, context);
    subject.presuming = presumed_subject(placement, &identity, context).map(Box::new);
    subject
}

/// The same if its image, which nobody could look into, is a copy of the official one that it is called after.
fn presumed_subject(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Subject> {
    let reference = placement.image.as_ref().filter(|_| placement.build.is_none() && placement.image_unresolved.is_none())?;
    let image = images::as_named(reference).filter(|_| identity.role == "database")?;
    let presumed = Identity { image: Some(image), ..identity.clone() };
    // Data that is mounted where the official image has none tells that this one is laid out in its own way.
    let place = storage::data_place(placement, &storage::layouts(placement, &presumed, context.files));
    if !matches!(place, DataPlace::Mount(_)) && roles::mounts_data(placement) {
        return None;
    }
    let mut subject = subject_as(placement, &presumed, context);
    let because = format!("what is in {} was not seen", reference.text);
    subject.presumed = vec![Presumed { what: Presumption::MirroredImage, because: because.into() }];
    Some(subject)
}

fn subject_as(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Subject {
    let arguments = arguments::arguments(placement, context.files);
    let mut subject = Subject::new(SubjectKind::Service, placement.name.as_str());
    subject.platform = Some(placement.platform);
    subject.anchor = Some(placement.name_span);
    if identity.role == "database" {
        subject.engine = identity.engine;
        subject.version = identity.image.as_ref().and_then(|image| image.version.clone());
    }
    facts::fill(&mut subject, placement, identity, &arguments, context);
    let incomplete = |aspects: &[Aspect]| field::incomplete(placement, aspects);
    let mut put = |kind: &'static str, records: Vec<Record>, incomplete| {
        let rows = records.into_iter().map(Arc::new).collect();
        subject.records.insert(kind, RecordSet { rows, incomplete });
    };
    let unread_file = placement.environment_incomplete.clone().map(Why::new);
    put("environment", environment::records(placement, identity, context), unread_file.or_else(|| incomplete(&[Aspect::Environment])));
    put("port", links::ports(placement, identity, &arguments), incomplete(&[Aspect::Ports]));
    put("dependency", links::dependencies(placement, context), incomplete(&[Aspect::Dependencies]));
    put("mount", facts::mounts(placement, identity, context), incomplete(&[Aspect::Mounts]));
    let further = hazards::hazards(placement, identity, context).into_iter().chain(elsewhere::problem_of(placement, identity, context));
    put("problem", problems::problems(placement, identity, context).into_iter().chain(further).collect(), None);
    put("argument", argument_records(placement, &arguments, context), incomplete(&[Aspect::Start, Aspect::Health]));
    subject
}

/// Arguments as records. Literal credentials are kept out of every excerpt from here on.
fn argument_records(placement: &Placement, arguments: &[arguments::Argument], context: &ProjectContext<'_>) -> Vec<Record> {
    let names = environment::known_names(placement);
    let record = |argument: &arguments::Argument| {
        let span = Some(argument.span);
        let credential = match argument.credential {
            Some(commands::WordOrigin::Literal) => "literal",
            Some(commands::WordOrigin::Variable) => "variable",
            Some(commands::WordOrigin::Default) => "default",
            // What the shell of the container expands shows neither in the file nor in `docker inspect`.
            Some(commands::WordOrigin::Shell) | None => "none",
        };
        if credential != "none"
            && let Some(source) = context.files.source(argument.span.source)
        {
            source.redact(argument.span);
        }
        // What a health check carries opens nothing that the server does not open by itself.
        let weak = (credential == "literal" || credential == "default" && argument.place != "healthcheck")
            && argument.value.as_deref().is_some_and(|value| secrets::is_weak(value, names.iter().map(String::as_str)));
        let secret = argument.credential.is_some() || secrets::is_secret_name(&argument.name);
        let shown = argument.value.as_ref().filter(|_| !secret).map_or_else(Field::absent, |value| Field::text(value, span));
        let mut record = Record::new("argument", format!("{}.{}", placement.key, argument.place), span)
            .with("where", Field::text(argument.place, span))
            .with("name", Field::text(&argument.name, span))
            .with("value", shown)
            .with("credential", Field::text(credential, span))
            .with("weak", Field::bool(weak, span));
        if credential != "none" {
            record.twin = argument.value.as_deref().map(urls::twin);
        }
        record
    };
    arguments.iter().map(record).collect()
}
