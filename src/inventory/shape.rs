//! How the shape of an AWS resource is written down once: its fields under the names the AWS API
//! gives them, their types, and which field of the SDK's answer fills each.
//!
//! From one `shape!` come the Rust type that facts read, its JSON form, the schema that the
//! linter checks rules against and, with the feature `live`, the conversion from the SDK. Every
//! field is optional: AWS leaves out what does not apply, and absent is not false.

/// A point in time, written as RFC 3339 in the inventory.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// Declares shapes. `Name: Type = sdk_field;` is filled from the SDK's answer; `Name: Type;` is
/// filled by the collector from another operation.
macro_rules! shape {
    ($( $(#[$meta:meta])* $name:ident $(from $sdk:path $(, $other:path)*)? { $($fields:tt)* } )*) => {$(
        $crate::inventory::shape::shape!(@type [$(#[$meta])*] $name { $($fields)* });
        $crate::inventory::shape::shape!(@froms [$($sdk $(, $other)*)?] $name { $($fields)* });
    )*};

    (@type [$(#[$meta:meta])*] $name:ident { $( $(#[$field_meta:meta])* $field:ident : $ty:ty $(= $source:ident)? ; )* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[allow(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$ty>,
            )*
        }
    };

    (@froms [$($sdk:path),*] $name:ident $fields:tt) => {
        $( $crate::inventory::shape::shape!(@from [$sdk] $name $fields); )*
    };

    (@from [$sdk:path] $name:ident { $( $(#[$field_meta:meta])* $field:ident : $ty:ty $(= $source:ident)? ; )* }) => {
        #[cfg(feature = "live")]
        impl $crate::inventory::shape::FromSdk<$sdk> for $name {
            fn from_sdk(sdk: $sdk) -> Self {
                #[allow(clippy::needless_update, reason = "a shape with only SDK fields needs no default")]
                Self {
                    $( $( $field: $crate::inventory::shape::FromSdk::from_sdk(sdk.$source), )? )*
                    ..Self::default()
                }
            }
        }
    };
}
pub(crate) use shape;

/// Texts of members that the service model calls required; enumerations have a type each.
#[cfg(feature = "live")]
macro_rules! required_text {
    ($($sdk:ty),* $(,)?) => {$(
        impl $crate::inventory::shape::FromSdk<$sdk> for Option<String> {
            fn from_sdk(sdk: $sdk) -> Self {
                Some(<String as $crate::inventory::shape::FromSdk<$sdk>>::from_sdk(sdk))
            }
        }
    )*};
}
#[cfg(feature = "live")]
pub(crate) use required_text;

/// The conversion of the SDK's values into the inventory's.
#[cfg(feature = "live")]
pub trait FromSdk<T> {
    /// Converts one value; a value that the inventory cannot hold becomes absent.
    fn from_sdk(sdk: T) -> Self;
}

#[cfg(feature = "live")]
mod conversions {
    use super::{FromSdk, Timestamp};
    use aws_smithy_types::DateTime;

    /// The SDK's enumerations and strings.
    impl<T: AsRef<str>> FromSdk<T> for String {
        fn from_sdk(sdk: T) -> Self {
            sdk.as_ref().to_owned()
        }
    }

    impl<T, U: FromSdk<T>> FromSdk<Option<T>> for Option<U> {
        fn from_sdk(sdk: Option<T>) -> Self {
            sdk.map(U::from_sdk)
        }
    }

    impl<T, U: FromSdk<T>> FromSdk<Vec<T>> for Vec<U> {
        fn from_sdk(sdk: Vec<T>) -> Self {
            sdk.into_iter().map(U::from_sdk).collect()
        }
    }

    impl FromSdk<Option<DateTime>> for Option<Timestamp> {
        fn from_sdk(sdk: Option<DateTime>) -> Self {
            let time = sdk?;
            Timestamp::from_timestamp(time.secs(), time.subsec_nanos())
        }
    }

    /// Members that the service model calls required are not optional in the SDK.
    macro_rules! required {
        ($($sdk:ty => $ours:ty),*) => {$(
            impl FromSdk<$sdk> for Option<$ours> {
                fn from_sdk(sdk: $sdk) -> Self {
                    Some(sdk.into())
                }
            }
            impl FromSdk<$sdk> for $ours {
                fn from_sdk(sdk: $sdk) -> Self {
                    sdk.into()
                }
            }
        )*};
    }
    required!(bool => bool, i32 => i64, i64 => i64, f64 => f64);

    super::required_text!(
        String,
        aws_sdk_keyspaces::types::EncryptionType,
        aws_sdk_keyspaces::types::PointInTimeRecoveryStatus,
        aws_sdk_keyspaces::types::Rs,
    );

    impl<T, U: FromSdk<T>> FromSdk<Vec<T>> for Option<Vec<U>> {
        fn from_sdk(sdk: Vec<T>) -> Self {
            Some(Vec::from_sdk(sdk))
        }
    }

    impl FromSdk<DateTime> for Option<Timestamp> {
        fn from_sdk(sdk: DateTime) -> Self {
            Self::from_sdk(Some(sdk))
        }
    }
}
