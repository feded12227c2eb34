mod debian;
mod expressions;
mod segments;
mod series;
mod ticks;
