//! Named values, by name.

use super::Field;

/// For how many fields room is made at once: doubling would leave half of it empty in most records.
const MORE: usize = 5;

/// Named values, sorted by name.
///
/// Records have a handful of fields, and a large tree has a hundred thousand records: a short list
/// takes a third of the memory of a map, and is searched faster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Vec<(&'static str, Field)>);

impl Fields {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The field of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// Whether there is a field of a name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// States a field, and gives back what was stated before.
    pub fn insert(&mut self, name: &'static str, field: Field) -> Option<Field> {
        match self.0.binary_search_by(|(known, _)| (*known).cmp(name)) {
            Ok(at) => self.0.get_mut(at).map(|(_, known)| std::mem::replace(known, field)),
            Err(at) => {
                if self.0.len() == self.0.capacity() {
                    self.0.reserve_exact(MORE);
                }
                self.0.insert(at, (name, field));
                None
            }
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> Option<Field> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Every field, in the order of the names.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        self.0.iter_mut().map(|(_, field)| field)
    }

    /// Names, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(name, _)| *name)
    }
}
