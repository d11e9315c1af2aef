//! Embeds the rule files: writes one table of `(id, text)` that `src/rules/embedded.rs` includes.
//!
//! A rule is `rules/<area>/<area>-….toml`. Everything else below `rules/` (the checklist, profiles,
//! data) belongs to other rooms and is not touched.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build.rs");
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut table = String::from("&[\n");
    for (area, id) in rule_files(&manifest.join("rules"))? {
        // The macros are resolved by the compiler, so that no path of the building machine becomes part of the program.
        writeln!(table, "    ({id:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{area}/{id}.toml\"))),")?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rules.rs"), table)?;
    Ok(())
}

/// Area and id of every rule file, sorted by id, as the look-up by binary search needs it.
fn rule_files(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut found = Vec::new();
    for area in fs::read_dir(folder)? {
        let area = area?;
        if !area.file_type()?.is_dir() {
            continue;
        }
        let area_name = area.file_name().to_string_lossy().into_owned();
        for file in fs::read_dir(area.path())? {
            let name = file?.file_name().to_string_lossy().into_owned();
            if let Some(id) = name.strip_suffix(".toml").filter(|id| id.starts_with(&format!("{area_name}-"))) {
                found.push((area_name.clone(), id.to_owned()));
            }
        }
    }
    found.sort_by(|left, right| left.1.cmp(&right.1));
    Ok(found)
}
