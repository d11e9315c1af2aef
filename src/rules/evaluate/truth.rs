//! Three-valued logic, as Kleene has it: what could not be seen is unknown, and stays unknown unless
//! the rest decides without it.

use crate::model::Why;

/// True, false, or unknown with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It could not be told.
    Unknown(Why),
}

impl Truth {
    /// Whether it is certain, and `value`.
    #[must_use]
    pub fn is(&self, value: bool) -> bool {
        *self == Self::from(value)
    }

    /// True when all are, false when one is; else unknown, with the first reason. True of none.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut unknown = None;
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::Unknown(why) => unknown = unknown.or(Some(why)),
            }
        }
        unknown.map_or(Self::True, Self::Unknown)
    }

    /// True when one is, false when none is; else unknown, with the first reason. False of none.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        !Self::all(parts.into_iter().map(|part| !part))
    }
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown() -> Truth {
        Truth::Unknown(Why::new("not seen"))
    }

    #[test]
    fn the_tables_of_kleene() {
        use Truth::{False, True};
        for (left, right, all, any) in [
            (True, True, True, True),
            (True, False, False, True),
            (True, unknown(), unknown(), True),
            (False, False, False, False),
            (False, unknown(), False, unknown()),
            (unknown(), unknown(), unknown(), unknown()),
        ] {
            assert_eq!(Truth::all([left.clone(), right.clone()]), all);
            assert_eq!(Truth::all([right.clone(), left.clone()]), all);
            assert_eq!(Truth::any([left.clone(), right.clone()]), any);
            assert_eq!(Truth::any([right, left]), any);
        }
        assert_eq!(!unknown(), unknown());
        assert_eq!(Truth::all([]), True);
        assert_eq!(Truth::any([]), False);
    }
}
