//! Records of any server: its settings, its problems, its certificates.

use super::FieldType::{Bool, Integer, List, Record, Text, Words};
use super::{RecordSpec, field};
use crate::model::codes::CODES;

pub(super) const COMMON: &[RecordSpec] = &[
    RecordSpec {
        name: "problem",
        help: "one diagnostic of a grammar, or of reading a file as its server would",
        fields: &[
            field("code", Words(CODES), "what kind of problem"),
            field("message", Text, "the problem in words"),
            field("name", Text, "the setting, key or token that it is about"),
            field("found", Text, "what is there"),
            field("expected", Text, "what was expected"),
            field("suggestion", Text, "a name that was probably meant"),
            field("fatal", Bool, "whether the server refuses to start, or ignores the whole file"),
        ],
    },
    RecordSpec {
        name: "assignment",
        help: "one place that sets a setting",
        fields: &[
            field("name", Text, "canonical name of the setting"),
            field("value", Text, "value as written"),
            field("origin", Words(&["file", "auto-file", "environment", "command-line", "image-default"]), "where it is set"),
            field("in_effect", Bool, "whether it is the one that counts"),
            field("overridden_by", Record("assignment"), "the place that counts instead"),
            field("same_file", Bool, "whether the place that counts instead is in the same file"),
            field(
                "bare_number",
                Words(&["far-below", "breaking"]),
                "of a number without a unit, in the place that counts: that it means far less than makes sense, or so little that hardly anything works; absent elsewhere",
            ),
            field("meaning", Text, "what such a number means: 64kB"),
            field("meant", Text, "what was probably meant: 64MB"),
            field("effect", Text, "what such a value does"),
        ],
    },
    RecordSpec {
        name: "upgrade",
        help: "one thing that breaks or changes its meaning with the upgrade to the stated target",
        fields: &[
            field(
                "code",
                Words(&[
                    "refused-setting",
                    "refused-access",
                    "renamed-setting",
                    "default-changed",
                    "meaning-changed",
                    "access-changed",
                    "old-path",
                    "md5",
                    "checksums",
                    "volume-path",
                ]),
                "what kind of change",
            ),
            field("name", Text, "the setting or line that it is about"),
            field("message", Text, "the change in words"),
            field("found", Text, "what holds today"),
            field("expected", Text, "what holds then, or is to be written before"),
        ],
    },
    RecordSpec {
        name: "advisory",
        help: "one known vulnerability that the release has, or may have, and that the configuration may be open to",
        fields: &[
            field("name", Text, "its number: CVE-2025-2291"),
            field("fixed", Text, "release that has the fix"),
            field("weight", Words(&["low", "medium", "high", "critical"]), "how grave it is where anyone can reach the port"),
            field("effect", Text, "what somebody can do with it"),
            field("applies", Bool, "whether the release has it and the configuration is open to it"),
        ],
    },
    RecordSpec {
        name: "certificate",
        help: "one certificate of a file that a setting names; none while TLS is off",
        fields: &[
            field("file", Text, "path of the file"),
            field("setting", Text, "setting that names the file: ssl_cert_file, ssl_ca_file"),
            field(
                "position",
                Words(&["server", "chain", "authority"]),
                "the server's own, one behind it in the same file, or of an authority",
            ),
            field("subject", Text, "common name of its subject"),
            field("not_before", Text, "first day of its validity"),
            field("not_after", Text, "last day of its validity"),
            field("days_left", Integer, "days until its last day; negative when it is past"),
            field("days_until_valid", Integer, "days until its first day; 0 when it has come"),
            field("lifetime_days", Integer, "days from its first day to its last"),
            field("validity", Text, "how far it is into its validity, in words"),
            field("names", List, "names that clients compare: alternative names, or the common name where there are none"),
            field("alternative_names", Bool, "whether it has alternative names"),
            field("hosts_not_covered", List, "hosts that gonogo.toml says the server is reached at, and that it does not name"),
            field("key_algorithm", Text, "rsa, ec, ed25519, ed448, dsa, or the number of another"),
            field("key_bits", Integer, "length of its key; absent where the algorithm has one length only"),
            field("signature_algorithm", Text, "algorithm of its signature, as OpenSSL names it"),
            field("self_signed", Bool, "whether its issuer is its own subject"),
            field("is_ca", Bool, "whether it may sign other certificates"),
            field("key_matches", Bool, "whether the key of ssl_key_file belongs to it (position server)"),
        ],
    },
    RecordSpec {
        name: "tls_file",
        help: "one file that a TLS setting names; none while TLS is off",
        fields: &[
            field("setting", Text, "setting that names the file"),
            field("file", Text, "the file as the setting says it"),
            field("state", Words(&["good", "missing", "invalid"]), "whether the server can load it"),
            field(
                "access",
                Words(&["private", "open", "foreign", "root-only"]),
                "of a key: whether the server accepts its mode and owner; open: group or world may use it; foreign: it belongs to another account; root-only: the server cannot read it",
            ),
            field("key_encrypted", Bool, "of a key: whether it needs a passphrase"),
            field("key_matches", Bool, "of a key: whether it belongs to the server's certificate"),
            field("due", Text, "of a revocation list: day by which the next one is due; absent where it does not say"),
            field("days_left", Integer, "of a revocation list: days until the next one is due; absent where it does not say"),
        ],
    },
];
