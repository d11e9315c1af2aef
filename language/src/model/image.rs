//! References to container images.

use super::words::words;
use crate::text::Span;

words! {
    /// How firmly a tag names one image.
    TagKind {
        /// No tag at all, which means `latest`.
        None = "none",
        /// A tag that is moved on purpose: `latest`, `stable`, `edge`…
        Moving = "moving",
        /// Only a release series: `16`.
        Major = "major",
        /// A full version: `16.4`.
        Exact = "exact",
        /// A digest.
        Digest = "digest",
        /// Some other word, or a value that is not known.
        Other = "other",
    }
}

/// `[registry[:port]/]path[:tag][@digest]`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageReference {
    /// The whole reference, after interpolation.
    pub text: String,
    /// Registry with its port, where one is written.
    pub registry: Option<String>,
    /// Repository without registry: `library/postgres`, `bitnami/postgresql`, `postgres`.
    pub repository: String,
    /// Tag.
    pub tag: Option<String>,
    /// Digest, as `sha256:…`.
    pub digest: Option<String>,
    /// Where the reference is written.
    pub span: Span,
}
