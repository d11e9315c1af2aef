//! Footprints written as Rust, for `include!` in the program.

use std::fmt::Write as _;

use crate::model::Engine;
use crate::model::footprint::{
    Access, Account, BackupImage, BackupKind, BackupProgram, Client, Data, DataLayout, Footprint, GoneProgram, HealthCheck, Images,
    MisplacedEffect, MisplacedMount, PasswordPlace, Quiesce, ReleaseNumbers, Server, Variables,
};

/// The list of all as one expression. It names the types of the model without their path.
#[must_use]
pub fn as_rust(footprints: &'static [Footprint]) -> String {
    let mut out = String::new();
    footprints.write(&mut out);
    out
}

/// What can be written as an expression.
trait Write {
    fn write(&self, out: &mut String);
}

/// Numbers, truth and texts are written as they are shown for debugging.
macro_rules! plain {
    ($($type:ty),+) => {
        $(impl Write for $type {
            fn write(&self, out: &mut String) {
                _ = write!(out, "{self:?}");
            }
        })+
    };
}

plain!(bool, u16, u32, &'static str);

impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(inner) => {
                out.push_str("Some(");
                inner.write(out);
                out.push(')');
            }
            None => out.push_str("None"),
        }
    }
}

impl<T: Write> Write for &'static [T] {
    fn write(&self, out: &mut String) {
        out.push_str("&[");
        for item in *self {
            item.write(out);
            out.push_str(", ");
        }
        out.push(']');
    }
}

/// A word of an enumeration.
macro_rules! word {
    ($($type:ident),+) => {
        $(impl Write for $type {
            fn write(&self, out: &mut String) {
                _ = write!(out, "{}::{self:?}", stringify!($type));
            }
        })+
    };
}

word!(Engine, MisplacedEffect, PasswordPlace, BackupKind);

/// A structure is its fields. They are taken apart by name, so that a new one is an error until it is named here.
macro_rules! structure {
    ($type:ident { $($field:ident),+ $(,)? }) => {
        impl Write for $type {
            fn write(&self, out: &mut String) {
                let Self { $($field),+ } = self;
                out.push_str(concat!(stringify!($type), " { "));
                $(
                    out.push_str(concat!(stringify!($field), ": "));
                    $field.write(out);
                    out.push_str(", ");
                )+
                out.push('}');
            }
        }
    };
}

structure!(Footprint {
    engine,
    names,
    url_schemes,
    server,
    account,
    access,
    environment,
    image,
    data,
    clients,
    health_checks,
    backups,
    backup_images,
    quiesce,
});
structure!(Server { port, port_variable, runtime_folder, refuses_root, shares_memory, programs, starters, password_flags, login_flag });
structure!(Account { default, variable });
structure!(Access { open_by_default, open_variables, open_flags, asks_variables, asks_flags, first_start });
structure!(Variables { own, passwords, from_file, hosts, addresses, users, databases, encryption });
structure!(Images { tag_prefixes, release_numbers, init_folder, gone, own_check, lacks, of_busybox });
structure!(GoneProgram { program, since, now });
structure!(ReleaseNumbers { since, numbers });
structure!(Data { flag, variable, log_folder, log_variable, folders, layouts });
structure!(DataLayout { since, until, folder, volume, misplaced });
structure!(MisplacedMount { target, effect, message });
structure!(Client { programs, password_variable, password_flag, password_place });
structure!(HealthCheck {
    programs,
    commands,
    passes_on_error,
    unless,
    replies,
    passes_while_initialising,
    socket_hosts,
    writes,
    removes,
    logs_in
});
structure!(BackupProgram { programs, commands, option, makes });
structure!(BackupImage { name, schedule, default, hosts });
structure!(Quiesce { program, says });
