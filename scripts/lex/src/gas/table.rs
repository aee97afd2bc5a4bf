//! What was measured, and what it was meant to be.

use serde::{Deserialize, Serialize};

/// Gas a contract may cost for being touched, and a transaction for everything else.
const HOP: u64 = 60_000;
const BASE: u64 = 90_000;

/// Growth from fewest to most rows that still counts as flat, in tenths of a percent.
pub const FLAT: i64 = 30;

/// Names a row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub contract: String,
    /// Variant of `ExecuteMsg`.
    pub handler: String,
    /// Tells measurements of one handler apart; empty for the only one.
    pub case: String,
    /// Most gas the whole transaction may use.
    pub target: Option<u64>,
}

impl Row {
    pub fn new(contract: &str, handler: &str, case: impl Into<String>) -> Self {
        Self {
            contract: contract.to_owned(),
            handler: handler.to_owned(),
            case: case.into(),
            target: None,
        }
    }

    /// 60,000 for each contract it touches and 90,000 for the rest.
    pub fn hops(self, contracts: u64) -> Self {
        self.at_most(HOP * contracts + BASE)
    }

    /// `gas` more for each of `count` things it handles.
    pub fn and(self, count: usize, gas: u64) -> Self {
        let more = gas * count as u64;
        let target = self.target.map(|target| target + more);
        Self { target, ..self }
    }

    pub fn at_most(self, gas: u64) -> Self {
        Self {
            target: Some(gas),
            ..self
        }
    }

    fn is(&self, other: &Self) -> bool {
        (&self.contract, &self.handler, &self.case) == (&other.contract, &other.handler, &other.case)
    }
}

/// One transaction.
#[derive(Clone, Debug)]
pub struct Figure {
    pub row: Row,
    pub gas: u64,
}

/// A row at every size.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    #[serde(flatten)]
    pub row: Row,
    /// Gas by size, in the order of [`Table::sizes`].
    pub gas: Vec<u64>,
    pub pinned: Option<u64>,
}

impl Line {
    /// From the smallest to the largest size, tenths of a percent, rounded up.
    pub fn growth(&self) -> Option<i64> {
        let (first, last) = (self.gas.first()?, self.gas.iter().max()?);
        if self.gas.len() < 2 || *first == 0 {
            return None;
        }
        let more = i64::try_from(last - first).ok()? * 1_000;
        let first = i64::try_from(*first).ok()?;
        Some((more + first - 1) / first)
    }

    /// The most it ever used.
    pub fn most(&self) -> u64 {
        self.gas.iter().copied().max().unwrap_or_default()
    }

    /// Whether it is within its target; none without one.
    pub fn holds(&self) -> Option<bool> {
        self.row.target.map(|target| self.most() <= target)
    }

    pub fn is_flat(&self) -> bool {
        self.growth().is_none_or(|growth| growth <= FLAT)
    }

    pub fn name(&self) -> String {
        let Row {
            contract,
            handler,
            case,
            ..
        } = &self.row;
        match case.is_empty() {
            true => format!("{contract} {handler}"),
            false => format!("{contract} {handler} ({case})"),
        }
    }
}

/// A figure that is not the gas of one transaction, e.g. a slope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding {
    pub what: String,
    pub measured: String,
    pub target: String,
    pub holds: Option<bool>,
}

/// Everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Table {
    pub chain: String,
    pub toolchain: String,
    /// Rows of each table, fewest first.
    pub sizes: Vec<u32>,
    pub lines: Vec<Line>,
    pub findings: Vec<Finding>,
}

impl Table {
    /// Adds the figures of one size.
    pub fn add(&mut self, rows: u32, figures: Vec<Figure>) {
        self.sizes.push(rows);
        for figure in figures {
            match self.lines.iter_mut().find(|line| line.row.is(&figure.row)) {
                Some(line) => line.gas.push(figure.gas),
                None => self.lines.push(Line {
                    row: figure.row,
                    gas: vec![figure.gas],
                    pinned: None,
                }),
            }
        }
    }

    /// Adds the figures with all code pinned.
    pub fn pin(&mut self, figures: Vec<Figure>) {
        for figure in figures {
            if let Some(line) = self.lines.iter_mut().find(|line| line.row.is(&figure.row)) {
                line.pinned = Some(figure.gas);
            }
        }
    }

    pub fn find(&self, contract: &str, handler: &str, case: &str) -> Option<&Line> {
        self.lines
            .iter()
            .find(|line| line.row.is(&Row::new(contract, handler, case)))
    }
}
