//! Finds the cycles of a graph in one pass over its edges.

use std::collections::{BTreeMap, BTreeSet};

/// The targets of each node.
pub(crate) type Links = BTreeMap<String, BTreeSet<String>>;

/// The groups of nodes that can all be reached from each other.
pub(crate) struct Cycles(BTreeMap<String, usize>);

impl Cycles {
    /// Finds the groups with Tarjan's algorithm, without recursion, since a chain of references can be as long as
    /// the document.
    pub(crate) fn of(links: &Links) -> Self {
        let nodes: BTreeSet<&String> =
            links.iter().flat_map(|(node, next)| std::iter::once(node).chain(next)).collect();
        let mut search = Search::default();
        for node in nodes {
            if !search.indices.contains_key(node.as_str()) {
                search.run(node, links);
            }
        }
        let groups = search.groups.into_iter();
        Self(groups.map(|(node, group)| (node.to_owned(), group)).collect())
    }

    /// Returns the number of the group that a node is in.
    pub(crate) fn group(&self, node: &str) -> Option<usize> {
        self.0.get(node).copied()
    }

    /// Returns whether two nodes are the same, or can be reached from each other.
    pub(crate) fn join(&self, one: &str, other: &str) -> bool {
        one == other || self.0.get(one).is_some_and(|group| self.0.get(other) == Some(group))
    }
}

/// The state of the search. Indices count the visited nodes.
#[derive(Default)]
struct Search<'a> {
    indices: BTreeMap<&'a str, usize>,
    /// The lowest index that each node is known to lead back to.
    lowest: BTreeMap<&'a str, usize>,
    open: Vec<&'a str>,
    groups: BTreeMap<&'a str, usize>,
}

impl<'a> Search<'a> {
    fn run(&mut self, root: &'a str, links: &'a Links) {
        let next = |node: &str| links.get(node).into_iter().flatten();
        self.enter(root);
        let mut path = vec![(root, next(root))];
        while let Some((node, targets)) = path.last_mut() {
            let node = *node;
            if let Some(target) = targets.next() {
                match self.indices.get(target.as_str()) {
                    None => {
                        self.enter(target);
                        path.push((target, next(target)));
                    }
                    // A node that has its group leads to none of the open ones.
                    Some(index) if !self.groups.contains_key(target.as_str()) => {
                        let index = *index;
                        self.lower(node, index);
                    }
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let lowest = self.lowest.get(node).copied().unwrap_or_default();
            if let Some((owner, _)) = path.last() {
                self.lower(owner, lowest);
            }
            if self.indices.get(node) == Some(&lowest) {
                while let Some(member) = self.open.pop() {
                    self.groups.insert(member, lowest);
                    if member == node {
                        break;
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: &'a str) {
        let index = self.indices.len();
        self.indices.insert(node, index);
        self.lowest.insert(node, index);
        self.open.push(node);
    }

    fn lower(&mut self, node: &'a str, index: usize) {
        self.lowest.entry(node).and_modify(|lowest| *lowest = index.min(*lowest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(edges: &[(&str, &[&str])]) -> Links {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(node, next)| ((*node).to_owned(), owned(next))).collect()
    }

    #[test]
    fn what_can_be_reached_both_ways_is_joined() {
        let links = links(&[
            ("a", &["b"]),
            ("b", &["c", "d"]),
            ("c", &["a"]),
            ("d", &["e"]),
            ("e", &["d", "f"]),
            ("f", &[]),
            ("g", &["a", "g"]),
        ]);
        let cycles = Cycles::of(&links);
        for (one, other, joined) in [
            ("a", "c", true),
            ("c", "b", true),
            ("b", "d", false),
            ("d", "e", true),
            ("e", "f", false),
            ("g", "a", false),
            ("f", "f", true),
        ] {
            assert_eq!(cycles.join(one, other), joined, "{one} {other}");
            assert_eq!(cycles.join(other, one), joined, "{other} {one}");
        }
    }

    #[test]
    fn a_long_chain_takes_no_stack() {
        let name = |index: usize| format!("n{index}");
        let chain = |last: usize| -> Links {
            (0..last).map(|at| (name(at), BTreeSet::from([name((at + 1) % 100_000)]))).collect()
        };
        assert!(!Cycles::of(&chain(99_999)).join("n0", "n50000"));
        assert!(Cycles::of(&chain(100_000)).join("n0", "n50000"));
    }
}
