//! Refuses an answer that is cut off, and one that would end a listing too early.
//!
//! The SDK's paginators take a page that names its own token again for the last, without an error;
//! there may be more. The SDK's XML parser takes the end of the text for the end of the elements, so half an answer
//! would read as a shorter list: databases that nobody judges. (JSON that is cut off does not parse.)

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

/// Checks that an XML answer closes its root element and does not name the page that was asked for
/// as the next.
#[derive(Debug, Clone, Copy)]
pub struct WholeAnswers;

impl Intercept for WholeAnswers {
    fn name(&self) -> &'static str {
        "whole answers"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let asked = context.request().body().bytes().and_then(asked_token);
        config.interceptor_state().store_put(AskedToken(asked));
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let asked = config.load::<AskedToken>().and_then(|asked| asked.0.as_deref());
        // What fails says so by its status, whatever page a proxy or a load balancer adds.
        match context.response().body().bytes().filter(|_| context.response().status().is_success()) {
            Some(body) if is_cut_off(body) => Err("the answer is cut off".into()),
            Some(body) if asked.is_some_and(|asked| repeats_token(asked, body)) => Err("the answer names its own page as the next".into()),
            _ => Ok(()),
        }
    }
}

/// The page that a request asked for.
#[derive(Debug)]
struct AskedToken(Option<String>);

impl Storable for AskedToken {
    type Storer = StoreReplace<Self>;
}

/// The token in the form that a request is.
fn asked_token(request: &[u8]) -> Option<String> {
    let request = String::from_utf8_lossy(request);
    let token = request.split('&').find_map(|field| field.strip_prefix("Marker=").or_else(|| field.strip_prefix("NextToken=")))?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// Whether the next page of an answer is the page that was asked for.
fn repeats_token(asked: &str, body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body);
    let next = ["Marker", "nextToken"].iter().find_map(|name| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0)
    });
    next.is_some_and(|next| letters(asked) == letters(next))
}

/// The letters and digits of a token, whose other characters a form and XML escape differently.
fn letters(token: &str) -> String {
    let mut letters = String::new();
    let mut rest = token.chars();
    while let Some(character) = rest.next() {
        match character {
            '%' => drop((rest.next(), rest.next())),
            '&' => drop(rest.by_ref().find(|character| *character == ';')),
            _ if character.is_ascii_alphanumeric() => letters.push(character),
            _ => {}
        }
    }
    letters
}

/// Whether a text that begins as XML ends without the end of its root element.
fn is_cut_off(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let Some(root) = root(text) else { return text.starts_with('<') };
    let name = root.split([' ', '\t', '\r', '\n', '>', '/']).next().unwrap_or_default();
    let closed = text.strip_suffix('>').is_some_and(|text| text.trim_end().ends_with(&format!("</{name}")));
    let empty = root.ends_with("/>") && !root.contains('<');
    name.is_empty() || (!closed && !empty)
}

/// The text from the name of the root element: the first that is no declaration or comment.
fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        if let Some(declaration) = rest.strip_prefix('?') {
            rest = declaration.split_once("?>")?.1;
        } else if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else {
            return Some(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{asked_token, is_cut_off, repeats_token};

    #[test]
    fn an_answer_that_names_its_own_page_again_is_refused() {
        let asked = asked_token(b"Action=DescribeDBInstances&Version=2014-10-31&Marker=abc%2Fd%3D").unwrap();
        assert!(repeats_token(&asked, b"<R><Marker>abc/d=</Marker></R>"));
        assert!(!repeats_token(&asked, b"<R><Marker>next/d=</Marker></R>"));
        assert!(!repeats_token(&asked, b"<R></R>"));
        assert_eq!(asked_token(b"Action=DescribeDBInstances"), None);
        assert!(repeats_token(&asked_token(b"Action=DescribeVpcs&NextToken=x").unwrap(), b"<R><nextToken>x</nextToken></R>"));
    }

    #[test]
    fn an_answer_is_whole_when_its_root_closes() {
        for whole in ["<A><B/></A>", "<?xml version=\"1.0\"?>\n<A xmlns=\"x\">\n</A>\n", "<A/>", "<!-- c --><A></A >", "", "{\"a\":1}"] {
            assert!(!is_cut_off(whole.as_bytes()), "{whole}");
        }
        for half in ["<A><B>", "<A><B></B>", "<?xml version=\"1.0\"?>", "<A", "<A><A2/>", "<A><B/></A"] {
            assert!(is_cut_off(half.as_bytes()), "{half}");
        }
    }
}
