//! Refuses an answer that is cut off.
//!
//! The SDK's XML parser takes the end of the text for the end of the elements, so half an answer
//! would read as a shorter list: databases that nobody judges. (JSON that is cut off does not parse.)

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Checks that an XML answer closes its root element.
#[derive(Debug, Clone, Copy)]
pub struct WholeAnswers;

impl Intercept for WholeAnswers {
    fn name(&self) -> &'static str {
        "whole answers"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.response().body().bytes() {
            Some(body) if is_cut_off(body) => Err("the answer is cut off".into()),
            _ => Ok(()),
        }
    }
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
    use super::is_cut_off;

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
