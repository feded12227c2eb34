//! A query as a tree, so far as lint needs it; places are bytes of the text.

/// A name as it is compared: in small letters, without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Name {
    pub(in crate::lint) text: String,
    pub(in crate::lint) start: usize,
}

/// A whole query.
#[derive(Debug)]
pub(in crate::lint) struct Query {
    pub(in crate::lint) start: usize,
    pub(in crate::lint) ctes: Vec<Cte>,
    pub(in crate::lint) body: Body,
    pub(in crate::lint) order_by: Vec<Expr>,
    pub(in crate::lint) order_at: Option<usize>,
    pub(in crate::lint) limit_at: Option<usize>,
}

/// `name (columns) AS (query)`
#[derive(Debug)]
pub(in crate::lint) struct Cte {
    pub(in crate::lint) name: Name,
    pub(in crate::lint) columns: Vec<Name>,
    pub(in crate::lint) query: Query,
}

#[derive(Debug)]
pub(in crate::lint) enum Body {
    Select(Box<Select>),
    /// `UNION`, `INTERSECT`, `EXCEPT`; the flag says whether rows that are equal become one.
    Set {
        left: Box<Self>,
        right: Box<Self>,
        distinct: bool,
        start: usize,
    },
    /// Rows; none where a parameter stands for them.
    Values(Vec<Vec<Expr>>),
    Query(Box<Query>),
}

#[derive(Debug)]
pub(in crate::lint) struct Select {
    pub(in crate::lint) distinct: bool,
    pub(in crate::lint) items: Vec<Item>,
    pub(in crate::lint) from: Vec<Relation>,
    pub(in crate::lint) condition: Option<Expr>,
    pub(in crate::lint) group_by: Vec<Expr>,
    pub(in crate::lint) is_grouped: bool,
    pub(in crate::lint) having: Option<Expr>,
    pub(in crate::lint) qualify: Option<Expr>,
    pub(in crate::lint) windows: Vec<Expr>,
}

/// A column of the result.
#[derive(Debug)]
pub(in crate::lint) enum Item {
    /// `*`, or `a.*`.
    Star {
        qualifier: Option<Name>,
        start: usize,
    },
    Expr {
        expr: Expr,
        alias: Option<Name>,
    },
}

impl Item {
    pub(in crate::lint) fn start(&self) -> usize {
        match self {
            Self::Star { start, .. } => *start,
            Self::Expr { expr, .. } => expr.start,
        }
    }
}

/// One entry of FROM, with how it is joined to what stands before it.
#[derive(Debug)]
pub(in crate::lint) struct Relation {
    pub(in crate::lint) source: Source,
    pub(in crate::lint) alias: Option<Name>,
    pub(in crate::lint) columns: Vec<Name>,
    pub(in crate::lint) join: Join,
    pub(in crate::lint) on: Option<Expr>,
    pub(in crate::lint) using: Vec<Name>,
    pub(in crate::lint) start: usize,
}

#[derive(Debug)]
pub(in crate::lint) enum Source {
    Table(Vec<Name>),
    /// `TABLE(EXTEND_TIME_WINDOW('name', …))`; no name where it is no text.
    Extended {
        name: Option<String>,
        durations: Vec<String>,
        start: usize,
    },
    Query(Box<Query>),
    /// Anything whose columns are not known.
    Open(Vec<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Join {
    /// The first, or behind a comma, or CROSS.
    None,
    Conditional,
    Right,
}

#[derive(Debug)]
pub(in crate::lint) struct Expr {
    pub(in crate::lint) kind: Kind,
    pub(in crate::lint) start: usize,
    pub(in crate::lint) end: usize,
}

#[derive(Debug)]
pub(in crate::lint) enum Kind {
    Column(Vec<Name>),
    Text(String),
    Number,
    /// NULL, TRUE, FALSE, CURRENT_DATE, …
    Constant,
    /// `{{name}}`, `:name`
    Parameter,
    Call(Box<Call>),
    /// A test of a value against others: `=`, `IN`, `BETWEEN`, `LIKE`, `SIMILAR TO`.
    Test {
        word: Test,
        value: Box<Expr>,
        others: Vec<Expr>,
    },
    /// `IN (SELECT …)`
    Member(Box<Expr>, Box<Query>),
    /// `IS NULL`, `IS TRUE`, …
    Is(Box<Expr>),
    Case {
        operand: Option<Box<Expr>>,
        whens: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Exists(Box<Query>),
    Subquery(Box<Query>),
    /// What only combines its parts: arithmetic, logic, CAST, lists.
    Parts(Vec<Expr>),
    Cast(Box<Expr>, String),
    Array(Vec<Expr>),
    Interval,
    Concat(Vec<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Test {
    Compare,
    In,
    Between,
    Like,
    Similar,
}

/// A call of a function.
#[derive(Debug)]
pub(in crate::lint) struct Call {
    pub(in crate::lint) name: Name,
    pub(in crate::lint) arguments: Vec<Expr>,
    pub(in crate::lint) distinct: bool,
    pub(in crate::lint) star: bool,
    /// PARTITION BY and ORDER BY of an OVER.
    pub(in crate::lint) over: Option<Vec<Expr>>,
    pub(in crate::lint) filter: Option<Expr>,
    /// Whether a parameter stands for its name.
    pub(in crate::lint) open: bool,
}
