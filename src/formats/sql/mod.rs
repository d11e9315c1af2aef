//! SQL scripts as psql reads them: text → statements of tokens, each with its place in the text.
//!
//! Nothing is understood here but where a token, a statement or a command of psql ends: quotes, dollar quotes, nested
//! comments, variables of psql and of a shell, the lines of `COPY … FROM stdin`.

mod lexer;

pub use lexer::{Kind, Statement, Token, statements};
