//! The arithmetic of address sets and the evaluation of network ACLs, held against slow models that
//! look at one address after another, over seeded random samples.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::facts::network::acl;
use crate::facts::network::addresses::Addresses;
use crate::inventory::ec2::{NetworkAclEntry, PortRange};

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }

    /// A network around one of few addresses, so that networks nest and touch.
    fn network(&mut self) -> String {
        if self.roll(3) == 0 {
            let low = self.roll(16) as u128;
            let address = Ipv6Addr::from((0x2001_0db8_u128 << 96) | (low << 62) | low);
            format!("{address}/{}", self.one_of(&[0_u8, 3, 32, 60, 62, 63, 64, 65, 126, 128]))
        } else {
            let address = Ipv4Addr::from(0xcb00_7100 + u32::try_from(self.roll(16)).unwrap());
            format!("{address}/{}", self.one_of(&[0_u8, 1, 8, 24, 28, 29, 30, 31, 32]))
        }
    }

    fn networks(&mut self) -> Vec<String> {
        (0..self.roll(7)).map(|_| self.network()).collect()
    }
}

fn sample() -> Vec<IpAddr> {
    let four = (0..16).map(|low| IpAddr::from(Ipv4Addr::from(0xcb00_7100_u32 + low)));
    let six = (0..16_u128).map(|low| IpAddr::from(Ipv6Addr::from((0x2001_0db8_u128 << 96) | (low << 62) | low)));
    let far =
        ["8.8.8.8", "10.0.0.1", "203.0.114.1", "0.0.0.0", "255.255.255.255", "2a00::1", "fd00::1", "::1"].map(|address| address.parse().unwrap());
    four.chain(six).chain(far).collect()
}

fn set(cidrs: &[String]) -> Addresses {
    Addresses::of(cidrs.iter().map(String::as_str)).unwrap()
}

fn holds(addresses: &Addresses, address: IpAddr) -> bool {
    let alone = Addresses::of([IpNet::from(address).to_string().as_str()]).unwrap();
    !addresses.intersection(&alone).is_empty()
}

fn in_any(cidrs: &[String], address: IpAddr) -> bool {
    cidrs.iter().any(|cidr| cidr.parse::<IpNet>().unwrap().contains(&address))
}

#[test]
fn sets_agree_with_a_look_at_each_address() {
    let (mut dice, sample) = (Dice(7), sample());
    for _ in 0..400 {
        let (left, right) = (dice.networks(), dice.networks());
        let (a, b) = (set(&left), set(&right));
        let (union, intersection, difference) = (a.union(&b), a.intersection(&b), a.without(&b));
        for address in &sample {
            let (in_a, in_b) = (in_any(&left, *address), in_any(&right, *address));
            assert_eq!(holds(&a, *address), in_a, "{address} in {left:?}");
            assert_eq!(holds(&union, *address), in_a || in_b, "{address} in {left:?} or {right:?}");
            assert_eq!(holds(&intersection, *address), in_a && in_b, "{address} in {left:?} and {right:?}");
            assert_eq!(holds(&difference, *address), in_a && !in_b, "{address} in {left:?} without {right:?}");
        }
        // What is in a is in b or not; nothing is lost and nothing counted twice.
        assert_eq!(intersection.clone().only_v4().count() + difference.clone().only_v4().count(), a.clone().only_v4().count(), "{left:?} {right:?}");
        assert_eq!(difference.union(&intersection).only_v4().count(), a.only_v4().count());
        assert!(a_is_empty_as_its_parts(&left, &right));
    }
}

/// A set without itself is empty, however it is written.
fn a_is_empty_as_its_parts(left: &[String], right: &[String]) -> bool {
    let both = set(left).union(&set(right));
    let reversed: Vec<_> = right.iter().chain(left).rev().cloned().collect();
    both.without(&set(&reversed)).is_empty() && set(&reversed).without(&both).is_empty()
}

#[test]
fn counts_agree_with_a_look_at_each_address() {
    let mut dice = Dice(11);
    for _ in 0..200 {
        // Small networks only, so that all their addresses can be looked at.
        let nets: Vec<_> = dice.networks().into_iter().filter(|net| net.contains('.') && net.parse::<IpNet>().unwrap().prefix_len() >= 24).collect();
        let all = 0xcb00_7100_u32..0xcb00_7200;
        let expected = all.filter(|address| in_any(&nets, Ipv4Addr::from(*address).into())).count();
        assert_eq!(set(&nets).count(), i64::try_from(expected).unwrap(), "{nets:?}");
    }
}

fn random_entries(dice: &mut Dice) -> Vec<NetworkAclEntry> {
    let mut entries: Vec<NetworkAclEntry> = Vec::new();
    for number in 0..dice.roll(9) {
        let network = dice.network();
        let (four, six) = if network.contains('.') { (Some(network), None) } else { (None, Some(network)) };
        let (from, width) = (dice.one_of(&[0, 443, 1000, 1024, 5000, 5432, 32768, 65000, 65535]), dice.one_of(&[0, 1, 24, 432, 60000]));
        entries.push(NetworkAclEntry {
            RuleNumber: Some(i64::try_from((number * 7) % 10).unwrap()),
            Egress: Some(dice.roll(2) == 0),
            RuleAction: Some(dice.one_of(&["allow", "allow", "deny"]).to_owned()),
            Protocol: Some(dice.one_of(&["-1", "6", "6", "17"]).to_owned()),
            CidrBlock: four,
            Ipv6CidrBlock: six,
            PortRange: (dice.roll(4) > 0).then(|| PortRange { From: Some(from), To: Some((from + width).min(65535)) }),
        });
    }
    entries
}

/// The entries of one direction that speak of an address, in the order of their numbers.
fn matching(entries: &[NetworkAclEntry], egress: bool, address: IpAddr) -> Vec<&NetworkAclEntry> {
    let network = |entry: &NetworkAclEntry| entry.CidrBlock.as_ref().or(entry.Ipv6CidrBlock.as_ref()).unwrap().parse::<IpNet>().unwrap();
    let mut entries: Vec<_> = entries.iter().filter(|entry| entry.Egress == Some(egress) && network(entry).contains(&address)).collect();
    entries.sort_by_key(|entry| entry.RuleNumber);
    entries
}

/// What AWS documents, for one packet of TCP: the first entry that matches decides.
fn packet_passes(entries: &[&NetworkAclEntry], port: i64) -> bool {
    let first = entries.iter().find(|entry| {
        let protocol = entry.Protocol.as_deref().unwrap();
        let ports = entry.PortRange.as_ref().is_none_or(|range| range.From.unwrap() <= port && port <= range.To.unwrap());
        protocol == "-1" || (protocol == "6" && ports)
    });
    first.is_some_and(|entry| entry.RuleAction.as_deref() == Some("allow"))
}

#[test]
fn acls_agree_with_a_look_at_each_packet() {
    let (mut dice, sample) = (Dice(13), sample());
    for round in 0..60 {
        let entries = random_entries(&mut dice);
        let admitted = acl::admitted(&entries, 5432).unwrap();
        for address in &sample {
            let (inbound, outbound) = (matching(&entries, false, *address), matching(&entries, true, *address));
            let expected = packet_passes(&inbound, 5432) && (1024..=65535).any(|port| packet_passes(&outbound, port));
            assert_eq!(holds(&admitted, *address), expected, "round {round}: {address} through {entries:#?}");
        }
    }
}
