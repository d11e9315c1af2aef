//! Named values, by name.

use super::Field;

/// For how many fields room is made at once: doubling would leave half of it empty in most records.
const MORE: usize = 5;

/// Named values, in the order in which they were stated.
///
/// Records have a handful of fields, and a large tree has a hundred thousand records: a short list
/// takes a third of the memory of a map, and is searched faster.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(&'static str, Field)>);

impl Fields {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, fields: usize) {
        self.0.reserve_exact(fields);
    }

    /// The field of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// The field of a name, and its number. `near` is its number in another record of the kind: records of one kind
    /// mostly state the same, in the same order.
    #[must_use]
    pub fn get_near(&self, name: &str, near: usize) -> Option<(usize, &Field)> {
        match self.0.get(near) {
            Some((known, field)) if *known == name => Some((near, field)),
            _ => self.0.iter().enumerate().find(|(_, (known, _))| *known == name).map(|(at, (_, field))| (at, field)),
        }
    }

    /// Names and fields, in the order in which they were stated.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Field)> {
        self.0.iter().map(|(name, field)| (*name, field))
    }

    /// Those of some names.
    #[must_use]
    pub fn some(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(name)).cloned().collect())
    }

    /// Whether there is a field of a name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// States a field, and gives back what was stated before.
    pub fn insert(&mut self, name: &'static str, field: Field) -> Option<Field> {
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| *known == name) {
            return Some(std::mem::replace(known, field));
        }
        if self.0.len() == self.0.capacity() {
            self.0.reserve_exact(MORE);
        }
        self.0.push((name, field));
        None
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> Option<Field> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Every field.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        self.0.iter_mut().map(|(_, field)| field)
    }

    /// Names.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(name, _)| *name)
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|(name, field)| other.get(name) == Some(field))
    }
}
