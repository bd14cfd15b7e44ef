//! Sets of addresses: unions, intersections and sizes of networks of both families.

use std::sync::LazyLock;

use ipnet::IpNet;

use super::ranges::Ranges;

/// A set of IPv4 and IPv6 addresses.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    v4: Ranges,
    v6: Ranges,
}

/// IPv4 networks that are not reached over the internet (RFC 1918, 6598, 1122, 3927, 5771, 6890).
const NOT_PUBLIC_V4: [&str; 9] =
    ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

/// The private networks and the carriers' shared one (RFC 1918, 6598), of which VPCs are made.
const PRIVATE_V4: [&str; 4] = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/// IPv6 global unicast (RFC 4291, section 2.4).
const PUBLIC_V6: &str = "2000::/3";

static ALL: LazyLock<Addresses> = LazyLock::new(|| constant(&["0.0.0.0/0", "::/0"]));
static PUBLIC: LazyLock<Addresses> = LazyLock::new(|| constant(&["0.0.0.0/0", PUBLIC_V6]).without(&constant(&NOT_PUBLIC_V4)));
static PRIVATE: LazyLock<Addresses> = LazyLock::new(|| constant(&PRIVATE_V4));

impl Addresses {
    /// Every address of both families.
    pub fn all() -> Self {
        ALL.clone()
    }

    /// The addresses that the internet routes.
    pub fn public() -> &'static Self {
        &PUBLIC
    }

    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The networks in CIDR notation; the error is the text that is none.
    pub fn of<'t>(cidrs: impl IntoIterator<Item = &'t str>) -> Result<Self, &'t str> {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for cidr in cidrs {
            match cidr.parse().map_err(|_| cidr)? {
                IpNet::V4(net) => v4.push((u32::from(net.network()).into(), u32::from(net.broadcast()).into())),
                IpNet::V6(net) => v6.push((net.network().into(), net.broadcast().into())),
            }
        }
        Ok(Self { v4: Ranges::of(v4), v6: Ranges::of(v6) })
    }

    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    pub fn without(&self, other: &Self) -> Self {
        Self { v4: self.v4.without(&other.v4), v6: self.v6.without(&other.v6) }
    }

    /// Only the IPv4 addresses.
    pub fn only_v4(&self) -> Self {
        Self { v4: self.v4.clone(), v6: Ranges::default() }
    }

    /// Only the IPv6 addresses.
    pub fn only_v6(&self) -> Self {
        Self { v4: Ranges::default(), v6: self.v6.clone() }
    }

    /// How many there are, an IPv6 /64 counting as one.
    pub fn count(&self) -> i64 {
        i64::try_from(self.v4.count() + self.count_v6_subnets()).unwrap_or(i64::MAX)
    }

    /// The share of the public IPv4 space, in percent.
    pub fn share_v4(&self) -> f64 {
        percent(self.v4.intersection(&PUBLIC.v4).count(), PUBLIC.v4.count())
    }

    /// The share of 2000::/3, in percent.
    pub fn share_v6(&self) -> f64 {
        percent(self.intersection(&PUBLIC).count_v6_subnets(), PUBLIC.count_v6_subnets())
    }

    /// The prefix length of the widest public IPv4 network after neighbours are joined; 33 if none.
    pub fn widest_prefix_v4(&self) -> i64 {
        prefix(&self.v4.intersection(&PUBLIC.v4), 32)
    }

    /// The prefix length of the widest private IPv4 network after neighbours are joined; 33 if none.
    pub fn widest_private_prefix_v4(&self) -> i64 {
        prefix(&self.v4.intersection(&PRIVATE.v4), 32)
    }

    /// The prefix length of the widest public IPv6 network after neighbours are joined; 129 if none.
    pub fn widest_prefix_v6(&self) -> i64 {
        prefix(&self.v6.intersection(&PUBLIC.v6), 128)
    }

    fn count_v6_subnets(&self) -> u128 {
        self.v6.shifted(64).count()
    }
}

/// The prefix length of the widest network of addresses of so many bits; one more than these if there is none.
fn prefix(addresses: &Ranges, bits: u32) -> i64 {
    addresses.widest_block().map_or(i64::from(bits) + 1, |varying| i64::from(bits - varying))
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
        assert_eq!(Addresses::of(["10.0.0.0/8", "sg-123"]).unwrap_err(), "sg-123");
    }
}
