//! Who is in the account and what policies they have: users, groups, roles and managed policies in
//! one sweep.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::Client;
use aws_sdk_iam::types::Tag;

use super::ask::Ask;
use crate::inventory::iam::{Group, ManagedPolicy, PolicyDetail, Role, ServiceSpecificCredential, User};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// How many users, groups, roles and policies an answer may hold. The most is 1,000, but the
/// documents make an answer large and slow.
const PAGE: i32 = 300;

const LIST_CREDENTIALS: &str = "iam:ListServiceSpecificCredentials";

/// Collects all of them; of the managed policies those that somebody has.
pub async fn collect(ask: &Ask<'_>, client: &Client) {
    let sweep = || client.get_account_authorization_details().into_paginator().page_size(PAGE).send();
    let mut attached = BTreeSet::new();
    let mut policies = Vec::new();
    let (pages, mut credentials) = tokio::join!(ask.list("iam:GetAccountAuthorizationDetails", sweep), credentials(ask, client));
    let all_credentials = ask.gap_of(LIST_CREDENTIALS).is_none();
    for page in pages {
        for sdk in page.user_detail_list.unwrap_or_default() {
            let tags = tags(sdk.tags.as_deref());
            let mut user = User::from_sdk(sdk);
            decode(&mut user.UserPolicyList);
            let of_user = user.UserName.as_ref().and_then(|name| credentials.remove(name));
            user.ServiceSpecificCredentials = of_user.or_else(|| all_credentials.then(Vec::new));
            attached.extend(user.AttachedManagedPolicies.iter().flatten().filter_map(|policy| policy.PolicyArn.clone()));
            attached.extend(user.PermissionsBoundary.iter().filter_map(|boundary| boundary.PermissionsBoundaryArn.clone()));
            ask.add(kinds::IAM_USER, user.Arn.as_deref(), tags, &user, Vec::new());
        }
        for sdk in page.group_detail_list.unwrap_or_default() {
            let mut group = Group::from_sdk(sdk);
            decode(&mut group.GroupPolicyList);
            attached.extend(group.AttachedManagedPolicies.iter().flatten().filter_map(|policy| policy.PolicyArn.clone()));
            ask.add(kinds::IAM_GROUP, group.Arn.as_deref(), BTreeMap::new(), &group, Vec::new());
        }
        for sdk in page.role_detail_list.unwrap_or_default() {
            let tags = tags(sdk.tags.as_deref());
            let mut role = Role::from_sdk(sdk);
            decode(&mut role.RolePolicyList);
            role.AssumeRolePolicyDocument = role.AssumeRolePolicyDocument.as_deref().map(decoded);
            attached.extend(role.AttachedManagedPolicies.iter().flatten().filter_map(|policy| policy.PolicyArn.clone()));
            attached.extend(role.PermissionsBoundary.iter().filter_map(|boundary| boundary.PermissionsBoundaryArn.clone()));
            ask.add(kinds::IAM_ROLE, role.Arn.as_deref(), tags, &role, Vec::new());
        }
        policies.extend(page.policies.unwrap_or_default());
    }
    for mut policy in policies.into_iter().map(ManagedPolicy::from_sdk).filter(|policy| policy.Arn.as_ref().is_some_and(|arn| attached.contains(arn)))
    {
        let versions = policy.PolicyVersionList.iter_mut().flatten();
        versions.for_each(|version| version.Document = version.Document.as_deref().map(decoded));
        policy.PolicyVersionList.iter_mut().for_each(|versions| versions.retain(|version| version.IsDefaultVersion == Some(true)));
        ask.add(kinds::IAM_MANAGED_POLICY, policy.Arn.as_deref(), BTreeMap::new(), &policy, Vec::new());
    }
}

/// The credentials for Amazon Keyspaces of all users, by user, if some rule needs them.
async fn credentials(ask: &Ask<'_>, client: &Client) -> BTreeMap<String, Vec<ServiceSpecificCredential>> {
    let page = async |marker| {
        let listing = client.list_service_specific_credentials().all_users(true).service_name("cassandra.amazonaws.com");
        let answer = listing.set_marker(marker).send().await?;
        Ok((answer.service_specific_credentials, answer.marker))
    };
    let mut of_users: BTreeMap<String, Vec<ServiceSpecificCredential>> = BTreeMap::new();
    for credential in ask.pages(LIST_CREDENTIALS, page).await {
        of_users.entry(credential.user_name.clone()).or_default().push(ServiceSpecificCredential::from_sdk(credential));
    }
    of_users
}

fn tags(tags: Option<&[Tag]>) -> BTreeMap<String, String> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
}

fn decode(policies: &mut Option<Vec<PolicyDetail>>) {
    for policy in policies.iter_mut().flatten() {
        policy.PolicyDocument = policy.PolicyDocument.as_deref().map(decoded);
    }
}

/// A document as IAM sends it, percent-encoded (RFC 3986). What is no escape stays as it is.
fn decoded(document: &str) -> String {
    let bytes = document.as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        let escaped = (byte == b'%').then(|| document.get(position + 1..position + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                text.push(value);
                position += 3;
            }
            None => {
                text.push(byte);
                position += 1;
            }
        }
    }
    String::from_utf8(text).unwrap_or_else(|_| document.to_owned())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn documents_are_percent_encoded() {
        assert_eq!(decoded("%7B%22Version%22%3A%222012-10-17%22%7D"), r#"{"Version":"2012-10-17"}"#);
        assert_eq!(decoded(r#"{"Action":"s3:*","Resource":"a+b%c3%a4"}"#), r#"{"Action":"s3:*","Resource":"a+bä"}"#);
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%ff"), "%ff");
    }
}
