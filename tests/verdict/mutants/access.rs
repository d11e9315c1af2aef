//! Every line of pg_hba.conf with one field loosened, gone, and lines before and after it.

use super::edit::{Edit, instead, says_something, text};

const FILE: &str = "db/pg_hba.conf";

/// Values that let in more, field by field; the last is the method with its options.
const LOOSER: [&[&str]; 5] = [
    &["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"],
    &["all", "sameuser", "samerole", "replication", "all,replication", "postgres", "/.*"],
    &["all", "+pg_read_all_data", "postgres", "shop_owner", "/.*", "@users", "shop_app,shop_owner"],
    &[
        "all",
        "0.0.0.0/0",
        "::/0",
        "samenet",
        "samehost",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "0.0.0.0 0.0.0.0",
        ".example.com",
        "db.example.com",
    ],
    &[
        "trust",
        "password",
        "md5",
        "ident",
        "peer",
        "pam",
        "gss",
        "sspi",
        "radius",
        "ldap",
        "bsd",
        "cert",
        "reject",
        "nonsense",
        "ident map=all",
        "cert map=all",
        "gss include_realm=0",
        "ldap ldapserver=ldap.example.com ldapprefix=\"\"",
        "pam pamservice=other",
        "radius radiusservers=10.0.0.1 radiussecrets=radius",
        "scram-sha-256 clientcert=verify-full",
    ],
];

/// Lines that let more people in, or nobody.
const LINES: &[&str] = &[
    "local all all trust",
    "local all all peer",
    "local all postgres peer",
    "local all all peer map=all",
    "local all all md5",
    "local all all scram-sha-256",
    "local replication all trust",
    "host all all all trust",
    "host all all 0.0.0.0/0 trust",
    "host all all ::/0 trust",
    "host all all samenet trust",
    "host all all samehost trust",
    "host all all 127.0.0.1/32 trust",
    "host all all ::1/128 trust",
    "host all all 10.0.0.0/8 trust",
    "host all all 172.16.0.0/12 trust",
    "hostssl all all all trust",
    "hostnossl all all all trust",
    "host shop shop_app 172.18.0.9/32 trust",
    "host all shop_owner samenet trust",
    "host all postgres all trust",
    "host postgres postgres samenet trust",
    "host all /^shop_.*$ samenet trust",
    "host \"all\" \"all\" samenet trust",
    "host all +shop_owner all trust",
    "host sameuser all samenet trust",
    "host replication all samenet trust",
    "host all all .example.com trust",
    "host all all app.example.com trust",
    "host all all 0.0.0.0 0.0.0.0 trust",
    "host all all all password",
    "host all all all md5",
    "host all all all ident",
    "host all all all scram-sha-256",
    "host all all samenet password",
    "host all all samenet md5",
    "host all all samenet ident",
    "host all all samenet scram-sha-256",
    "host replication all all scram-sha-256",
    "host replication shop_backup samenet scram-sha-256",
    "host all all all cert",
    "host all all samenet ldap ldapserver=ldap.example.com ldapprefix=uid= ldapsuffix=,dc=x",
    "host all all samenet radius radiusservers=10.0.0.1 radiussecrets=secret",
    "host all all samenet pam",
    "host all all all reject",
    "host shop shop_app all reject",
    "host all shop_backup all reject",
    "local all all reject",
    "include more.conf",
    "include_if_exists more.conf",
    "include_dir more.d",
    "host all all samenet",
    "host all all samenet scram",
    "host all all samenet trust extra=1",
];

pub(super) fn edits() -> Vec<Edit> {
    let hba = text(FILE);
    let records: Vec<(usize, &str)> = hba.lines().enumerate().filter(|(_, line)| says_something(line)).collect();
    let mut edits = Vec::new();
    for (place, (number, line)) in records.iter().enumerate() {
        edits.push(Edit::of(format!("hba/{place}/gone")).with(FILE, instead(&hba, *number, "")));
        edits.push(Edit::of(format!("hba/{place}/commented")).with(FILE, instead(&hba, *number, &format!("# {line}\n"))));
        let mut fields: Vec<&str> = line.split_whitespace().collect();
        if fields[0] == "local" {
            fields.insert(3, "");
        }
        for (at, values) in LOOSER.iter().enumerate() {
            for value in values.iter().filter(|value| **value != fields[at] && !(at == 3 && fields[at].is_empty())) {
                let mut changed = fields.clone();
                changed[at] = value;
                let changed = changed.join(" ");
                edits.push(Edit::of(format!("hba/{place}/{changed}")).with(FILE, instead(&hba, *number, &format!("{changed}\n"))));
            }
        }
    }
    for line in LINES {
        edits.push(Edit::of(format!("hba/first/{line}")).with(FILE, format!("{line}\n{hba}")));
        edits.push(Edit::of(format!("hba/last/{line}")).with(FILE, format!("{hba}{line}\n")));
    }
    edits.push(Edit::of("hba/empty").with(FILE, ""));
    edits.push(Edit::of("hba/trust only").with(FILE, "host all all all trust\n"));
    edits
}
