//! Sets of addresses: unions, intersections and sizes of networks of both families.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use iprange::IpRange;

/// A set of IPv4 and IPv6 addresses.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    v4: IpRange<Ipv4Net>,
    v6: IpRange<Ipv6Net>,
}

/// IPv4 networks that are not reached over the internet (RFC 1918, 6598, 1122, 3927, 5771, 6890).
const NOT_PUBLIC_V4: [&str; 9] =
    ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

/// The private networks and the carriers' shared one (RFC 1918, 6598), of which VPCs are made.
const PRIVATE_V4: [&str; 4] = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/// IPv6 global unicast (RFC 4291, section 2.4).
const PUBLIC_V6: &str = "2000::/3";

impl Addresses {
    /// Every address of both families.
    pub fn all() -> Self {
        constant(&["0.0.0.0/0", "::/0"])
    }

    /// The addresses that the internet routes.
    pub fn public() -> Self {
        constant(&["0.0.0.0/0", PUBLIC_V6]).without(&constant(&NOT_PUBLIC_V4))
    }

    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Adds a network in CIDR notation; returns false when it is none.
    pub fn insert(&mut self, cidr: &str) -> bool {
        match cidr.parse() {
            Ok(IpNet::V4(net)) => {
                self.v4.add(net.trunc());
            }
            Ok(IpNet::V6(net)) => {
                self.v6.add(net.trunc());
            }
            Err(_) => return false,
        }
        true
    }

    /// The networks in CIDR notation; the error is the text that is none.
    pub fn of<'t>(cidrs: impl IntoIterator<Item = &'t str>) -> Result<Self, &'t str> {
        let mut addresses = Self::default();
        for cidr in cidrs {
            if !addresses.insert(cidr) {
                return Err(cidr);
            }
        }
        addresses.v4.simplify();
        addresses.v6.simplify();
        Ok(addresses)
    }

    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.merge(&other.v4), v6: self.v6.merge(&other.v6) }
    }

    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersect(&other.v4), v6: self.v6.intersect(&other.v6) }
    }

    pub fn without(&self, other: &Self) -> Self {
        Self { v4: self.v4.exclude(&other.v4), v6: self.v6.exclude(&other.v6) }
    }

    /// Only the IPv4 addresses.
    pub fn only_v4(mut self) -> Self {
        self.v6 = IpRange::new();
        self
    }

    /// Only the IPv6 addresses.
    pub fn only_v6(mut self) -> Self {
        self.v4 = IpRange::new();
        self
    }

    /// How many there are, an IPv6 /64 counting as one.
    pub fn count(&self) -> i64 {
        i64::try_from(self.count_v4() + self.count_v6_subnets()).unwrap_or(i64::MAX)
    }

    /// The share of the public IPv4 space, in percent.
    pub fn share_v4(&self) -> f64 {
        let public = Self::public();
        percent(self.intersection(&public).count_v4(), public.count_v4())
    }

    /// The share of 2000::/3, in percent.
    pub fn share_v6(&self) -> f64 {
        let public = Self::public();
        percent(self.intersection(&public).count_v6_subnets(), public.count_v6_subnets())
    }

    /// The prefix length of the widest public IPv4 network after neighbours are joined; 33 if none.
    pub fn widest_prefix_v4(&self) -> i64 {
        widest_v4(self.v4.intersect(&Self::public().v4))
    }

    /// The prefix length of the widest private IPv4 network after neighbours are joined; 33 if none.
    pub fn widest_private_prefix_v4(&self) -> i64 {
        widest_v4(self.v4.intersect(&constant(&PRIVATE_V4).v4))
    }

    /// The prefix length of the widest public IPv6 network after neighbours are joined; 129 if none.
    pub fn widest_prefix_v6(&self) -> i64 {
        let mut public = self.v6.intersect(&Self::public().v6);
        public.simplify();
        public.iter().map(|net| i64::from(net.prefix_len())).min().unwrap_or(129)
    }

    fn count_v4(&self) -> u128 {
        let mut simple = self.v4.clone();
        simple.simplify();
        simple.iter().map(|net| 1_u128 << (32 - net.prefix_len())).sum()
    }

    fn count_v6_subnets(&self) -> u128 {
        let subnet = |net: Ipv6Net| net.prefix_len().checked_sub(65).and_then(|_| Ipv6Net::new(net.addr(), 64).ok()).map_or(net, |net| net.trunc());
        let mut simple: IpRange<Ipv6Net> = self.v6.iter().map(subnet).collect();
        simple.simplify();
        simple.iter().map(|net| 1_u128 << 64_u8.saturating_sub(net.prefix_len())).sum()
    }
}

fn widest_v4(mut networks: IpRange<Ipv4Net>) -> i64 {
    networks.simplify();
    networks.iter().map(|net| i64::from(net.prefix_len())).min().unwrap_or(33)
}

fn constant(cidrs: &[&str]) -> Addresses {
    Addresses::of(cidrs.iter().copied()).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than a float's precision")]
fn percent(part: u128, whole: u128) -> f64 {
    part as f64 * 100.0 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::Addresses;

    fn of(cidrs: &[&str]) -> Addresses {
        Addresses::of(cidrs.iter().copied()).unwrap()
    }

    #[test]
    fn two_halves_are_the_whole() {
        let halves = of(&["0.0.0.0/1", "128.0.0.0/1"]);
        assert!((halves.share_v4() - 100.0).abs() < 1e-9);
        assert!(halves.widest_prefix_v4() <= 8);
        assert!(of(&["2000::/4", "3000::/4"]).share_v6() > 99.9);
    }

    #[test]
    fn private_space_has_no_share_and_no_prefix() {
        let private = of(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8"]);
        assert!(private.share_v4() == 0.0 && private.share_v6() == 0.0);
        assert_eq!((private.widest_prefix_v4(), private.widest_prefix_v6()), (33, 129));
    }

    #[test]
    fn neighbours_join_before_the_prefix_is_read() {
        assert_eq!(of(&["11.0.0.0/9", "11.128.0.0/9"]).widest_prefix_v4(), 8);
        assert_eq!(of(&["11.0.0.0/9"]).widest_prefix_v4(), 9);
        assert_eq!(of(&["10.0.0.0/9", "10.128.0.0/9", "11.0.0.0/8"]).widest_private_prefix_v4(), 8);
        assert_eq!(of(&["0.0.0.0/0"]).widest_private_prefix_v4(), 8);
        assert_eq!(of(&["10.20.0.0/16", "172.16.0.0/12"]).widest_private_prefix_v4(), 12);
        assert_eq!(of(&["203.0.113.0/24"]).widest_private_prefix_v4(), 33);
    }

    #[test]
    fn counts_and_differences() {
        assert_eq!(of(&["203.0.113.0/24", "203.0.113.128/25"]).count(), 256);
        assert_eq!(of(&["2001:db8::/63"]).count(), 2);
        assert_eq!(of(&["203.0.113.0/24"]).without(&of(&["203.0.113.0/25"])).count(), 128);
        assert!(of(&["203.0.113.0/24"]).intersection(&of(&["198.51.100.0/24"])).is_empty());
    }

    #[test]
    fn what_is_no_network_is_refused() {
        assert!(!Addresses::default().insert("sg-123"));
    }
}
