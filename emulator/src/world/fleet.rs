//! The accounts and instances that exist from the start.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::advertiser::{Advertiser, AdvertiserType};
use super::instance::{Account, Instance, Kind};
use super::runs::Runs;
use super::similar::BySources;
use crate::ids;
use crate::options::Options;

/// Country and marketplace of the accounts, in turn.
const MARKETPLACES: [(&str, &str); 8] = [
    ("US", "ATVPDKIKX0DER"),
    ("UK", "A1F83G8C2ARO7P"),
    ("DE", "A1PA6795UKMFR9"),
    ("JP", "A1VC38T7YXB528"),
    ("FR", "A13V1IB3VIYZZH"),
    ("CA", "A2EUQ1WTGCTBG2"),
    ("IT", "APJ6JRA9NG5V4"),
    ("AU", "A39IBJ37TRP1C6"),
];

/// The clients of the agency whose fleet this is.
#[rustfmt::skip]
const BRANDS: [&str; 40] = [
    "Northwind Coffee", "Alder Outdoor", "Brightwell Vitamins", "Cobalt Audio", "Dune Skincare", "Ember Grills",
    "Fable Toys", "Granite Cookware", "Harbor Seafood", "Indigo Denim", "Juniper Tea", "Kite Luggage",
    "Lumen Lighting", "Maple Pet Foods", "Nimbus Mattresses", "Orchard Juices", "Pebble Watches", "Quill Stationery",
    "Ridge Cycles", "Saffron Spices", "Tundra Apparel", "Umber Leather", "Violet Cosmetics", "Willow Baby",
    "Xenon Fitness", "Yarrow Herbs", "Zephyr Fans", "Anchor Tools", "Beacon Cameras", "Cedar Furniture",
    "Drift Surf", "Echo Headphones", "Fern Gardening", "Glacier Water", "Hearth Bakery", "Ivory Linens",
    "Jade Jewelry", "Kelp Snacks", "Lark Books", "Mosaic Tiles",
];

/// What sets a group of instances apart.
struct Group {
    label: &'static str,
    count: usize,
    /// The accounts they belong to.
    accounts: Range<usize>,
    kind: Kind,
    creation_status: &'static str,
    denied: bool,
}

/// Gives the accounts, behind them one for each self-service instance.
pub(super) fn accounts(options: &Options) -> Vec<Account> {
    let count = own_accounts(options);
    let unlisted = |index| index + options.unlisted_accounts >= count;
    let self_service = |index| index >= count;
    (0..count + options.self_service)
        .map(|index| Account {
            unlisted: unlisted(index),
            self_service: self_service(index),
            ..account(options.seed, index)
        })
        .collect()
}

fn own_accounts(options: &Options) -> usize {
    options.accounts.max(1)
}

fn account(seed: u64, index: usize) -> Account {
    let (country, marketplace) = MARKETPLACES[index % MARKETPLACES.len()];
    let round = index / MARKETPLACES.len();
    let suffix = if round == 0 { String::new() } else { format!(" {}", round + 1) };
    Account {
        id: ids::entity_id(seed, index as u64),
        name: format!("Meridian Media {country}{suffix}"),
        marketplace_id: marketplace.to_owned(),
        running: 0,
        unlisted: false,
        self_service: false,
        revoked: false,
    }
}

/// Gives the instances, those of each group spread evenly over its accounts.
pub(super) fn instances(options: &Options, accounts: &[Account], now: DateTime<Utc>) -> Vec<Instance> {
    groups(options)
        .iter()
        .flat_map(|group| (0..group.count).map(move |index| (group, index)))
        .map(|(group, index)| instance(options.seed, group, index, accounts, now))
        .collect()
}

fn groups(options: &Options) -> [Group; 5] {
    let own = own_accounts(options);
    let group = |label, count| Group {
        label,
        count,
        accounts: 0..own,
        kind: Kind::Standard,
        creation_status: "COMPLETED",
        denied: false,
    };
    [
        group("standard", options.instances),
        Group { kind: Kind::Sandbox, ..group("sandbox", options.sandbox) },
        Group { creation_status: "IN_PROGRESS", ..group("unfinished", options.unfinished) },
        Group { denied: true, ..group("denied", options.denied) },
        Group { accounts: own..own + options.self_service, ..group("self service", options.self_service) },
    ]
}

fn instance(seed: u64, group: &Group, index: usize, accounts: &[Account], now: DateTime<Utc>) -> Instance {
    let account = group.accounts.start + index % group.accounts.len();
    let advertiser_name = brand(index);
    let name = match group.label {
        "standard" => advertiser_name.clone(),
        label => format!("{advertiser_name} {label}"),
    };
    let id = ids::instance_id(seed, group.label, index as u64);
    Instance {
        advertisers: advertisers(seed, index, &advertiser_name, &accounts[account]),
        kind: group.kind,
        creation_status: group.creation_status,
        denied: group.denied,
        ..empty(id, name, advertiser_name, account, now - TimeDelta::days(400))
    }
}

/// Gives an instance that holds nothing yet.
pub(super) fn empty(
    id: String,
    name: String,
    advertiser_name: String,
    account: usize,
    created: DateTime<Utc>,
) -> Instance {
    Instance {
        id,
        name,
        advertiser_name,
        kind: Kind::Standard,
        account,
        creation_status: "REQUESTED",
        created,
        s3_bucket: String::new(),
        aws_account: String::new(),
        denied: false,
        advertisers: Vec::new(),
        updates: Vec::new(),
        workflows: BTreeMap::new(),
        schedules: BTreeMap::new(),
        runs: Runs::default(),
        by_sources: BySources::new(),
        queue: BTreeSet::new(),
        running: 0,
    }
}

fn brand(index: usize) -> String {
    let round = index / BRANDS.len();
    let name = BRANDS[index % BRANDS.len()];
    if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) }
}

fn advertisers(seed: u64, index: usize, name: &str, account: &Account) -> Vec<Advertiser> {
    [(AdvertiserType::Display, None), (AdvertiserType::SponsoredAds, Some(account.marketplace_id.clone()))]
        .into_iter()
        .map(|(kind, marketplace_id)| Advertiser {
            id: ids::number(seed, &format!("{kind:?}"), index as u64).to_string(),
            name: name.to_owned(),
            marketplace_id,
            kind,
            configured_advertiser_types: kind.configured(),
        })
        .collect()
}
