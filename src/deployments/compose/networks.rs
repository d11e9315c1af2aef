//! Networks that are more than a bridge of one host: what is on them is reached without a published port.
//!
//! <https://docs.docker.com/engine/network/drivers/>

use super::top_level::{Resource, Resources};
use crate::model::{Opening, Placement, Reach};

/// The bridge options by which packets from outside come through without a published port.
const UNPROTECTED: &str = "nat-unprotected";

/// The ways that its networks open to a service.
pub(super) fn openings(placement: &Placement, resources: &Resources) -> Vec<Opening> {
    if placement.network_mode.is_some() {
        return Vec::new();
    }
    let default = [("default".to_owned(), placement.name_span)];
    let joined = if placement.networks.is_empty() { default.as_slice() } else { placement.networks.as_slice() };
    joined.iter().filter_map(|(name, _)| opening(resources.network(name)?)).collect()
}

/// The networks of a service with the ranges that its addresses are out of. For a bridge without any, Docker takes one out of its
/// pools, and maybe another one when it makes the network again.
pub(super) fn subnets(placement: &Placement, resources: &Resources) -> Vec<(String, Option<Vec<String>>)> {
    if placement.network_mode.is_some() {
        return Vec::new();
    }
    let ranges = |name: &str| match resources.network(name) {
        None => (name == "default").then(Vec::new),
        Some(network) if network.external || !matches!(network.driver.as_deref(), None | Some("bridge")) => None,
        Some(network) => network.subnets.clone(),
    };
    if placement.networks.is_empty() {
        return vec![("default".to_owned(), ranges("default"))];
    }
    placement.networks.iter().map(|(name, _)| (name.clone(), ranges(name))).collect()
}

fn opening(network: &Resource) -> Option<Opening> {
    let name = &network.name;
    let (certain, message) = match network.driver.as_deref() {
        _ if network.external => {
            (false, format!("the network {name} is made elsewhere: what is on it, and how far it reaches, was not seen"))
        }
        None | Some("bridge") if is_unprotected(network) => {
            (true, format!("the bridge of the network {name} lets packets from outside through to every port ({UNPROTECTED})"))
        }
        None | Some("bridge" | "none" | "null") => return None,
        Some(driver @ ("macvlan" | "ipvlan")) => {
            (true, format!("the network {name} is of driver {driver}: its containers are in the network of the host"))
        }
        Some("overlay") => (true, format!("the network {name} is of driver overlay: it spans several hosts")),
        Some("host") => (true, format!("the network {name} is that of the host")),
        Some(driver) => (false, format!("the network {name} is of driver {driver}: how far it reaches is not known")),
    };
    Some(Opening { certain, named: false, most: Reach::Any, message, span: network.name_span })
}

fn is_unprotected(network: &Resource) -> bool {
    let modes = network.driver_opts.iter().filter(|(name, _)| name.starts_with("com.docker.network.bridge.gateway_mode_"));
    modes.into_iter().any(|(_, mode)| mode == UNPROTECTED)
}
