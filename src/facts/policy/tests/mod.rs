mod evaluating;
mod matching;
mod operators;
mod public;
