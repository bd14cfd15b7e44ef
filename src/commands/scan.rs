//! `dbmoat scan`: collect or read, judge, decide, report.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::Context;

use super::judgement::Review;
use super::output::{Sink, Written, say};
use super::{End, Failure, last_change, source};
use crate::cli::{Color, Global, Include, SarifIncomplete, SarifSplit, ScanArgs};
use crate::engine::{Depth, Detail, RuleSet, Selection, Severity};
use crate::gate::baseline::Comparison;
use crate::gate::waivers::{Use, Waivers};
use crate::history::History;
use crate::report::table::Options;
use crate::report::{Format, Report, sarif};

/// Judges what the arguments name and writes the reports.
pub fn run(args: &ScanArgs, global: &Global) -> Result<End, Failure> {
    let rules = RuleSet::load(args.source.rules.rules.as_deref(), &args.source.rules.selection())?;
    let mut review = review(args)?;
    if args.last_change {
        last_change::check(&args.source.origin)?;
    }
    let history = args.history.history.as_deref().map(History::open).transpose().map_err(Failure::usage)?;
    let outputs = open_outputs(&args.output).map_err(Failure::usage)?;
    let listed = outputs.iter().map(|(format, _)| format.least_listed(global.verbose)).min();
    // A history and the log look each failure up.
    review.detail.listed = if args.last_change || history.is_some() { Some(Severity::Low) } else { listed };
    let (judged, reached) = source::judge(&args.source, &rules, review, global)?;
    let reached = reached.filter(|_| args.last_change);
    let mut report = judged.report(args.gate.policy())?;
    if let Some(reached) = reached {
        report = last_change::add(report, &reached, global)?;
    }
    let strict = args.gate.sarif_incomplete == SarifIncomplete::Refuse;
    report.sarif = sarif::Content::of(&report, strict, args.sarif_waived).map_err(Failure::not_run)?;
    report.waivers.iter().filter_map(Use::complaint).for_each(|complaint| say(&format!("note: {complaint}")));
    // All are written before any appears: a report that cannot be written leaves none.
    let mut written = Vec::new();
    for (format, sink) in outputs {
        match args.sarif_split {
            _ if format == Format::Sarif && sarif::is_empty(&report) => {
                say("note: no SARIF was written, since every account is incomplete or was not reached: alerts stay as they are");
            }
            Some(SarifSplit::Account) if format == Format::Sarif => written.extend(write_split(&report, &sink).map_err(Failure::usage)?),
            _ => written.push(write(&report, format, sink, global).map_err(Failure::usage)?),
        }
    }
    written.into_iter().try_for_each(Written::appear).map_err(Failure::usage)?;
    if let Some(mut history) = history {
        history.record(&report).map_err(Failure::usage)?;
    }
    Ok(End { code: report.verdict.exit_code, reason: Some(report.verdict.reason) })
}

/// What the arguments say of single findings.
fn review(args: &ScanArgs) -> Result<Review, Failure> {
    let waivers = args.gate.waivers.as_deref().map(read_waivers).transpose().map_err(Failure::usage)?;
    let passes = args.include.contains(&Include::Pass).then_some(Depth::Finding);
    let mut review = Review { detail: Detail { passes, ..Detail::default() }, waivers, ..Review::default() };
    if let Some(file) = &args.gate.baseline {
        let comparison = Comparison::with(super::diff::read(file).map_err(Failure::usage)?);
        let all = RuleSet::load_all(args.source.rules.rules.as_deref(), &Selection::default())?;
        let failed = comparison.rules();
        review.earlier_rules = all.rules().filter(|rule| failed.contains(rule.id.as_str())).cloned().collect();
        review.comparison = Some(comparison);
    } else if args.gate.fail_on_new {
        return Err(Failure::usage(anyhow::anyhow!("--fail-on-new needs --baseline REPORT, to know what is new")));
    }
    Ok(review)
}

fn read_waivers(file: &Path) -> anyhow::Result<Waivers> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read the waivers {}", file.display()))?;
    Ok(Waivers::parse(file, &text)?)
}

/// The reports to write: a table on standard output unless something else is asked for.
fn open_outputs(outputs: &[String]) -> anyhow::Result<Vec<(Format, Sink)>> {
    if outputs.is_empty() {
        return Ok(vec![(Format::Table, Sink::open(Path::new("-"))?)]);
    }
    let mut opened = Vec::new();
    for output in outputs {
        let (format, file) = output.split_once('=').unwrap_or((output, "-"));
        let format: Format = format.parse().with_context(|| format!("--output {output}"))?;
        opened.push((format, Sink::open(Path::new(file)).with_context(|| format!("--output {output}"))?));
    }
    if opened.iter().filter(|(_, sink)| sink.is_stdout()).count() > 1 {
        anyhow::bail!("only one --output can go to standard output; give the others a file: FORMAT=FILE");
    }
    let files: Vec<_> = opened.iter().filter_map(|(_, sink)| sink.file()).collect();
    if let Some(twice) = files.iter().enumerate().find(|(position, path)| files[..*position].contains(path)) {
        anyhow::bail!("two reports would go to {}; give each a file of its own", twice.1.display());
    }
    Ok(opened)
}

fn write(report: &Report, format: Format, sink: Sink, global: &Global) -> anyhow::Result<Written> {
    let terminal = sink.is_stdout() && io::stdout().is_terminal();
    let colour = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let columns = terminal_size::terminal_size().filter(|_| terminal).map_or(80, |(width, _)| usize::from(width.0));
    let width = columns.clamp(40, 160);
    let options = Options { colour, width, verbose: global.verbose };
    let (notes, written) = sink.write(|mut out| format.write(report, &options, &mut out))?;
    remark(&notes);
    Ok(written)
}

/// Writes a SARIF file for each account, beside the one that is named.
fn write_split(report: &Report, sink: &Sink) -> anyhow::Result<Vec<Written>> {
    let path = sink.path().context("--sarif-split writes several files; name one: --output sarif=FILE")?;
    let mut all = Vec::new();
    let notes = sarif::split(report, |account, write| {
        let ((), written) = Sink::open(&sarif::path_of(path, account))?.write(write)?;
        all.push(written);
        anyhow::Ok(())
    })?;
    remark(&notes.sentences());
    Ok(all)
}

/// Says on standard error what a reader should know beside a report.
fn remark(notes: &[String]) {
    notes.iter().for_each(|note| say(&format!("note: {note}")));
}
