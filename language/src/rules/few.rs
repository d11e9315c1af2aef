//! Lists that mostly have one element: literals, predicates, cases.

use std::ops::Deref;

/// A list of which most have one element, which then takes no memory of its own: every rule in use has some.
#[derive(Clone, Debug, PartialEq)]
pub enum Few<T> {
    /// One.
    One(T),
    /// None, or several.
    More(Vec<T>),
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(only) => std::slice::from_ref(only),
            Self::More(list) => list,
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(mut list: Vec<T>) -> Self {
        match (list.pop(), list.is_empty()) {
            (Some(only), true) => Self::One(only),
            (last, _) => {
                list.extend(last);
                Self::More(list)
            }
        }
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl<'l, T> IntoIterator for &'l Few<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_one_is_that_one() {
        for list in [vec![], vec![1], vec![1, 2, 3]] {
            let few = Few::from(list.clone());
            assert_eq!((&*few, matches!(few, Few::One(_))), (list.as_slice(), list.len() == 1));
        }
    }
}
