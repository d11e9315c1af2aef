//! Where named volumes lie whose driver or options put them elsewhere than on a disk of the host.

use crate::model::{StorageKind, VolumeStorage};

/// Words in the names of drivers that show an object store as a file system.
const OBJECT_STORES: [&str; 8] = ["s3fs", "s3", "rclone", "gcsfuse", "blobfuse", "goofys", "minio", "swift"];

/// Types of `driver_opts` that mount a network file system.
const NETWORK_TYPES: [&str; 9] = ["nfs", "nfs3", "nfs4", "cifs", "smb", "smb3", "glusterfs", "ceph", "fuse.sshfs"];

/// Options of NFS under which a server loses what it was told is on disk.
/// <https://www.postgresql.org/docs/current/creating-cluster.html#CREATING-CLUSTER-NFS>
const LOSSY: [(&str, &str); 3] = [
    ("soft", "with `soft`, a write fails after a timeout and is lost"),
    ("nolock", "with `nolock`, nothing keeps a second server off the same files"),
    ("async", "with `async`, the server says that data is on disk which is not"),
];

/// File systems that a database cannot rely on, each with the reason.
const UNFIT: [(&str, &str); 7] = [
    ("vfat", "it has no owners and no journal, and a server refuses it or loses its files"),
    ("exfat", "it has no owners and no journal, and a server refuses it or loses its files"),
    ("ntfs", "it has no owners that a server could rely on"),
    ("overlay", "a file that changes is copied whole, and fsync does not reach every layer"),
    ("9p", "it does not promise that what was written is on disk"),
    ("ecryptfs", "it does not keep the order of writes"),
    ("squashfs", "it cannot be written"),
];

/// Options of file systems that give up what a crash leaves intact.
const WITHOUT_BARRIERS: [&str; 3] = ["nobarrier", "barrier=0", "eatmydata"];

/// A volume of a driver that is not `local`.
pub(super) fn of_driver(driver: &str) -> VolumeStorage {
    let name = driver.to_ascii_lowercase();
    let is_word = |word: &&&str| name.split(['/', '-', '_', ':', '.']).any(|part| part == **word);
    let shown = format!("driver {driver}");
    if OBJECT_STORES.iter().any(|word| is_word(&word)) {
        let risk = "an object store has no locks and no fsync: a database on it is corrupted by the first crash";
        return VolumeStorage { kind: StorageKind::ObjectStore, shown, risk: Some(risk.to_owned()) };
    }
    let network = ["nfs", "cifs", "smb", "sshfs", "glusterfs"].iter().any(|word| is_word(&word));
    VolumeStorage { kind: if network { StorageKind::Network } else { StorageKind::Driver }, shown, risk: None }
}

/// A volume of the driver `local`, by its `driver_opts`: `type` and `o`.
pub(super) fn of_options(kind: &str, options: &str) -> Option<VolumeStorage> {
    let kind = kind.to_ascii_lowercase();
    let has = |option: &str| options.split(',').any(|written| written.trim() == option);
    if !NETWORK_TYPES.contains(&kind.as_str()) {
        let risky = |storage, risk: &str| Some(VolumeStorage { kind: storage, shown: format!("type {kind}"), risk: Some(risk.to_owned()) });
        if kind.strip_prefix("fuse.").is_some_and(|name| OBJECT_STORES.contains(&name)) {
            return risky(
                StorageKind::ObjectStore,
                "an object store has no locks and no fsync: a database on it is corrupted by the first crash",
            );
        }
        if let Some((_, why)) = UNFIT.iter().find(|(name, _)| *name == kind) {
            return risky(StorageKind::Network, why);
        }
        let option = WITHOUT_BARRIERS.iter().find(|option| has(option))?;
        return risky(StorageKind::Network, &format!("with `{option}`, a power failure leaves what the server wrote in another order"));
    }
    let lossy = LOSSY.iter().filter(|(option, _)| has(option)).map(|(_, why)| *why).collect::<Vec<_>>().join("; ");
    let windows = matches!(kind.as_str(), "cifs" | "smb" | "smb3" | "fuse.sshfs");
    let risk = match windows {
        true => Some(format!("{kind} does not keep the order and the locks that a database relies on")),
        false => (!lossy.is_empty()).then_some(lossy),
    };
    Some(VolumeStorage { kind: StorageKind::Network, shown: format!("type {kind}"), risk })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drivers_and_options_tell_where_a_volume_lies() {
        for (driver, kind, risky) in [
            ("rexray/s3fs", StorageKind::ObjectStore, true),
            ("rclone", StorageKind::ObjectStore, true),
            ("rexray/ebs", StorageKind::Driver, false),
            ("vieux/sshfs", StorageKind::Network, false),
        ] {
            let storage = of_driver(driver);
            assert_eq!((storage.kind, storage.risk.is_some()), (kind, risky), "{driver}");
        }
        assert_eq!(of_options("", ""), None);
        assert_eq!(of_options("none", "bind"), None);
        assert_eq!(of_options("ext4", "noatime"), None);
        for (kind, options) in [("ext4", "nobarrier"), ("vfat", ""), ("fuse.s3fs", "")] {
            assert!(of_options(kind, options).is_some_and(|storage| storage.risk.is_some()), "{kind} {options}");
        }
        for (kind, options, risky) in
            [("nfs", "addr=10.0.0.1,hard,sync", false), ("nfs4", "addr=x,soft", true), ("nfs", "nolock", true), ("cifs", "", true)]
        {
            assert_eq!(of_options(kind, options).map(|storage| storage.risk.is_some()), Some(risky), "{kind} {options}");
        }
    }
}
