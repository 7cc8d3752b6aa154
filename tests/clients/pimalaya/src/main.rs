//! Reads documents as io-pim-discovery does: JSON lines of format, address and document come in, lists of services go out.

use io_pim_discovery::compose::config::{DiscoveryConfigSource, DiscoveryServiceConfig};
use serde_json::{json, Value};

fn services(request: &Value) -> Option<Vec<DiscoveryServiceConfig>> {
    let [format, address, document] =
        ["format", "address", "document"].map(|key| request[key].as_str().unwrap_or(""));
    if format == "pacc" {
        return Some(DiscoveryServiceConfig::from_pacc(&serde_json::from_str(document).ok()?));
    }
    let config = serde_xml_rs::from_str(document).ok()?;
    Some(DiscoveryServiceConfig::from_autoconfig(&config, address, DiscoveryConfigSource::IspMain))
}

fn main() {
    for line in std::io::stdin().lines() {
        let request: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        println!("{}", json!(services(&request)));
    }
}
