//! The shapes of what consumes streams: event source mappings of Lambda and pipes of EventBridge.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `lambda:ListEventSourceMappings` → `EventSourceMappings[]`.
    EventSourceMapping from aws_sdk_lambda::types::EventSourceMappingConfiguration {
        UUID: String = uuid;
        EventSourceArn: String = event_source_arn;
        FunctionArn: String = function_arn;
        /// `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating` or `Deleting`.
        State: String = state;
    }

    /// `pipes:ListPipes` → `Pipes[]`.
    Pipe from aws_sdk_pipes::types::Pipe {
        Arn: String = arn;
        Source: String = source;
        /// `RUNNING`, `STOPPED`, `CREATING`, `START_FAILED` and others.
        CurrentState: String = current_state;
    }
}

kinds! {
    EVENT_SOURCE_MAPPING = "AWS::Lambda::EventSourceMapping" as EventSourceMapping {
        noun: "event source mapping" / "event source mappings", service: "lambda", name: "UUID", role: Supporting,
        operations: ["lambda:ListEventSourceMappings"],
    }
    PIPE = "AWS::Pipes::Pipe" as Pipe {
        noun: "pipe" / "pipes", service: "pipes", name: "Arn", role: Supporting,
        operations: ["pipes:ListPipes"],
    }
}
