//! What kinds of problem there are: the words of the field `code` of a problem.
//!
//! What was not seen may have any problem of its kind, so that the list of a kind is also what an unread file is unknown for.

/// Lists of codes, and the one list of all.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = [$($code:literal),+ $(,)?];)+) => {
        $($(#[$meta])* pub const $name: &[&str] = &[$($code),+];)+

        /// Every code.
        pub const CODES: &[&str] = &[$($($code),+),+];
    };
}

codes! {
    /// Of a file of settings.
    CONFIGURATION = [
        "bad-custom-name",
        "bad-unit",
        "bom",
        "command-line-error",
        "custom-prefix-typo",
        "data-directory-unmounted",
        "duplicate-setting",
        "file-not-read",
        "first-start-fails",
        "fixed-at-initdb",
        "include-depth",
        "include-dir-name",
        "include-missing",
        "include-order",
        "include-recursion",
        "include-unquoted",
        "invalid-value",
        "library-typo",
        "line-break-in-string",
        "needs-newer-major",
        "octal-surprise",
        "out-of-range",
        "overridden-setting",
        "overridden-tuning",
        "readonly-setting",
        "removed-setting",
        "renamed-setting",
        "rounds-to-zero",
        "syntax-error",
        "too-few-standbys",
        "unknown-setting",
        "unquoted-value",
        "writable-by-group",
        "writable-by-others",
    ];

    /// Of an option file, beside those of every file of settings.
    OPTIONS = [
        "abbreviated-name",
        "ambiguous-name",
        "boolean-not-recognised",
        "boolean-read-otherwise",
        "include-unterminated",
        "other-flavour",
        "quote-not-closed",
        "suffix-tail",
        "switched-on-by-name",
        "unknown-directive",
        "value-cut-at-hash",
    ];

    /// Of a standby, beside its primary.
    STANDBYS = ["standby-smaller"];

    /// Of `pg_hba.conf`.
    ACCESS = [
        "hba-address-parsed-as-hostname",
        "hba-bad-address",
        "hba-bad-line",
        "hba-bad-regex",
        "hba-bom",
        "hba-broken-continuation",
        "hba-cert-not-hostssl",
        "hba-cert-with-verify-ca",
        "hba-clientcert-old-value",
        "hba-comment-continuation",
        "hba-feature-needs-newer-major",
        "hba-gss-on-local",
        "hba-gss-realm-stripped",
        "hba-host-bits-set",
        "hba-host-name-with-mask",
        "hba-hostname-address",
        "hba-include-directory",
        "hba-include-too-deep",
        "hba-ipv4-mapped-address",
        "hba-keyword-case",
        "hba-ldap-cleartext",
        "hba-ldap-mixed-modes",
        "hba-limit-exceeded",
        "hba-map-missing",
        "hba-missing-field",
        "hba-missing-include",
        "hba-multi-value-field",
        "hba-needs-build",
        "hba-no-entries",
        "hba-noncontiguous-mask",
        "hba-nul-byte",
        "hba-option-value",
        "hba-option-wrong-method",
        "hba-peer-not-local",
        "hba-quoted-keyword",
        "hba-radius",
        "hba-regex-unanchored",
        "hba-required-option-missing",
        "hba-secret-in-file",
        "hba-single-quotes",
        "hba-space-before-comma",
        "hba-token-too-long",
        "hba-unknown-method",
        "hba-unknown-option",
        "hba-unknown-type",
    ];

    /// Of `pg_ident.conf`.
    MAPS = [
        "ident-bad-line",
        "ident-bad-regex",
        "ident-bom",
        "ident-broken-continuation",
        "ident-comment-continuation",
        "ident-feature-needs-newer-major",
        "ident-include-directory",
        "ident-include-too-deep",
        "ident-limit-exceeded",
        "ident-map-to-superuser",
        "ident-missing-include",
        "ident-multi-value-field",
        "ident-no-capture",
        "ident-nul-byte",
        "ident-regex-unanchored",
        "ident-space-before-comma",
        "ident-token-too-long",
        "ident-unused-map",
    ];

    /// Of the configuration of Patroni.
    PATRONI = [
        "patroni-ignored",
        "patroni-left-out",
        "patroni-node-twice",
        "patroni-syntax-error",
        "patroni-timing",
    ];

    /// Of the configuration of a pooler, beside those of any file of settings.
    POOLERS = [
        "access-line-ignored",
        "broken-user-list",
        "line-outside-section",
        "needs-newer-release",
        "nul-byte",
        "reserved-name",
        "section-missing",
        "section-repeated",
        "unknown-section",
    ];

    /// Of certificates and keys.
    CERTIFICATES = [
        "tls-file-invalid",
        "tls-file-missing",
        "tls-key-access",
        "tls-key-mismatch",
        "tls-key-passphrase",
    ];

    /// Of files of variables.
    VARIABLES = [
        "dotenv-duplicate-key",
        "dotenv-interpolation",
        "dotenv-syntax-error",
    ];

    /// Of YAML, compose files and their services.
    WORKLOADS = [
        "admin-port-published",
        "compose-command-cut",
        "compose-interpolation",
        "compose-invalid-command",
        "compose-invalid-key",
        "compose-invalid-port",
        "compose-invalid-value",
        "compose-invalid-volume",
        "compose-unknown-key",
        "compose-v1-layout",
        "connects-elsewhere",
        "data-of-two-servers",
        "data-read-only",
        "data-written-by-others",
        "data-read-by-others",
        "database-not-started",
        "destroys-data",
        "first-start-without-password",
        "health-never-good",
        "image-password",
        "isolation-weakened",
        "profile-unconfined",
        "member-port-published",
        "never-starts",
        "no-password",
        "passed-on",
        "release-not-there",
        "replaced-by-itself",
        "root-read-only",
        "starved",
        "wal-on-memory",
        "weak-secret",
        "dollar-not-escaped",
        "duplicate-host-port",
        "few-open-files",
        "misplaced-data-mount",
        "missing-program",
        "obsolete-version",
        "profile-incomplete",
        "profile-not-selected",
        "seed-password",
        "undefined-config",
        "undefined-network",
        "undefined-secret",
        "undefined-volume",
        "yaml-alias-bound",
        "yaml-duplicate-key",
        "yaml-merge-value",
        "yaml-sexagesimal",
        "yaml-syntax-error",
        "yaml-tab",
        "yaml-unknown-alias",
    ];
}
