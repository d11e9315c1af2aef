//! The text of a gonogo.toml that asks for exactly what is missing.
//!
//! Explanations begin with `##`, the lines to fill in with `# `. A date stands as YYYY-MM-DD, which
//! is no TOML: nobody can claim anything by merely removing comment signs.
