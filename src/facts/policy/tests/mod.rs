mod ceiling;
mod evaluating;
mod matching;
mod operators;
mod public;
