//! Every small thing that can be wrong with a certificate.

use admissible_box::der::{length, tlv, tlv_ber_length};

/// An element of one byte of tag, with the elements inside it, if it has any: also inside an OCTET STRING.
struct Node {
    tag: u8,
    content: Vec<u8>,
    children: Vec<Node>,
}

impl Node {
    /// The elements that `bytes` are, or none.
    fn all(mut bytes: &[u8]) -> Option<Vec<Self>> {
        let mut nodes = Vec::new();
        while !bytes.is_empty() {
            let [tag, first, ..] = *bytes else { return None };
            let count = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
            if tag & 0x1f == 0x1f || count > 3 {
                return None;
            }
            let long = bytes.get(2..2 + count)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            let head = 2 + count;
            let end = head + if count == 0 { usize::from(first) } else { long };
            let content = bytes.get(head..end)?;
            let is_nested = tag & 0x20 != 0 || tag == 4;
            let children = if is_nested { Self::all(content).unwrap_or_default() } else { Vec::new() };
            nodes.push(Self { tag, content: content.into(), children });
            bytes = &bytes[end..];
        }
        Some(nodes)
    }

    fn count(&self) -> usize {
        1 + self.children.iter().map(Self::count).sum::<usize>()
    }

    /// This element with the one that `left` counts down to replaced, all lengths above it written anew.
    fn replaced(&self, left: &mut usize, with: &[u8], out: &mut Vec<u8>) {
        if *left == 0 {
            *left = usize::MAX;
            out.extend_from_slice(with);
            return;
        }
        *left = left.wrapping_sub(1);
        if self.children.is_empty() || *left >= self.count() - 1 {
            *left = left.wrapping_sub(self.count() - 1);
            out.extend(tlv(self.tag, &self.content));
            return;
        }
        let mut content = Vec::new();
        for child in &self.children {
            child.replaced(left, with, &mut content);
        }
        out.push(self.tag);
        out.extend(length(content.len()));
        out.extend(content);
    }

    fn visit<'n>(&'n self, found: &mut Vec<&'n Self>) {
        found.push(self);
        self.children.iter().for_each(|child| child.visit(found));
    }

    fn encoded(&self) -> Vec<u8> {
        tlv(self.tag, &self.content)
    }
}

/// What may be added before, between or after the elements inside another one.
const ADDED: &[&[u8]] = &[
    &[0],
    &[0, 0],
    &[5, 0],
    &[1, 1, 0],
    &[1, 1, 0xff],
    &[1, 1, 1],
    &[2, 0],
    &[2, 1, 0],
    &[2, 1, 0x7f],
    &[2, 1, 0xff],
    &[2, 2, 0, 0x80],
    &[2, 2, 0, 1],
    &[3, 1, 0],
    &[3, 2, 7, 0x80],
    &[4, 0],
    &[6, 1, 0x2a],
    &[6, 3, 0x55, 4, 3],
    &[0x0c, 1, b'a'],
    &[0x13, 1, b'a'],
    &[0x30, 0],
    &[0x31, 0],
    &[0x80, 1, 0],
    &[0x80, 1, 1],
    &[0x81, 1, 0],
    &[0x81, 2, 0, 1],
    &[0x81, 2, 1, 1],
    &[0x82, 1, b'a'],
    &[0x82, 2, 4, 0xf0],
    &[0x86, 1, b'a'],
    &[0x87, 4, 1, 2, 3, 4],
    &[0x87, 8, 1, 2, 3, 4, 5, 6, 7, 8],
    &[0x88, 1, 0x2a],
    &[0x88, 3, 0x2a, 0x80, 1],
    &[0xa0, 3, 2, 1, 2],
    &[0xa0, 6, 0x30, 4, 0x86, 2, b'a', b'b'],
    &[0xa0, 8, 6, 1, 0x2a, 0xa0, 3, 0x0c, 1, b'a'],
    &[0xa1, 3, 0x86, 1, b'a'],
    &[0xa3, 2, 0x30, 0],
    &[0xa4, 2, 0x30, 0],
    &[0xa4, 4, 0x30, 2, 0x31, 0],
    &[0xa5, 5, 0xa1, 3, 0x0c, 1, b'a'],
    &[0xa5, 8, 0xa1, 6, 0x1e, 4, 0, b'a', 0xd8, 0],
];

/// What may stand in place of a value.
const VALUES: &[&[u8]] = &[
    &[],
    &[0],
    &[1],
    &[0x7f],
    &[0x80],
    &[0xfe],
    &[0xff],
    &[0, 0],
    &[0, 1],
    &[0, 0x80],
    &[1, 2],
    &[1, 1],
    &[4, 0xf0],
    &[7, 0x80],
    &[7, 0],
    &[8, 0],
    &[0xff, 0x7f],
    &[0xff, 0x80],
    &[0x2a, 0x80, 1],
    &[0x88, 0x37],
    &[0, 6, 0x80],
    &[7, 6, 0x80],
    &[6, 6, 0x40],
    &[0, 0, 0, 0, 0],
    &[0, 0xff, 0xff, 0xff, 0xff],
    &[1, 0, 0, 0, 0],
    b"500101000000Z",
    b"691231235959Z",
    b"700101000000Z",
    b"491231235959Z",
    b"250229000000Z",
    b"240229000000Z",
    b"2401010000Z",
    b"240101000060Z",
    b"240101000000+0000",
    b"20240101000000Z",
    b"20491231235959Z",
    b"20500101000000Z",
    b"99991231235959Z",
    b"20500101000000.5Z",
    b"205001010000Z",
    b"a@b\x80",
];

/// Calls `take` with each mutant of a certificate: each byte changed, and with each element what may be done to it.
pub fn each(der: &[u8], take: &mut dyn FnMut(&[u8])) {
    let mut changed = der.to_vec();
    for at in 0..der.len() {
        let byte = der[at];
        let values = [byte ^ 1, byte ^ 0x20, byte ^ 0x80, byte.wrapping_add(1), byte.wrapping_sub(1), 0, 0x80, 0xff];
        for value in values.into_iter().filter(|value| *value != byte) {
            changed[at] = value;
            take(&changed);
        }
        changed[at] = byte;
    }
    for end in 0..der.len() {
        take(&der[..end]);
    }
    let roots = Node::all(der).unwrap_or_default();
    let [root] = roots.as_slice() else { return };
    let mut nodes = Vec::new();
    root.visit(&mut nodes);
    for (at, node) in nodes.into_iter().enumerate() {
        replacements(node, &mut |with| {
            let mut mutant = Vec::with_capacity(der.len() + with.len());
            root.replaced(&mut at.clone(), with, &mut mutant);
            take(&mutant);
        });
    }
}

fn replacements(node: &Node, take: &mut dyn FnMut(&[u8])) {
    let whole = node.encoded();
    take(&[]);
    take(&[&whole[..], &whole].concat());
    for tag in (1..=0x1e).chain(0x20..=0x3e).chain(0x80..=0x8a).chain(0xa0..=0xaa).chain([0x41, 0x61, 0xc1, 0xe1]) {
        if tag != node.tag {
            take(&tlv(tag, &node.content));
        }
    }
    // The same tag, or one of another number, in the form for high numbers.
    for number in [&[node.tag & 0x1f][..], &[0x1f], &[0x80, 0x1f], &[0x81, 0]] {
        take(&[&[node.tag | 0x1f], number, &length(node.content.len()), &node.content].concat());
    }
    for padding in [0, 1, 2, 4] {
        let respelt = tlv_ber_length(node.tag, &node.content, padding);
        if respelt != whole {
            take(&respelt);
        }
    }
    take(&[&[node.tag, 0x80], &node.content[..], &[0, 0]].concat());
    take(&[&[node.tag | 0x20, 0x80], &tlv(node.tag, &node.content)[..], &[0, 0]].concat());
    take(&tlv(node.tag | 0x20, &whole));
    for value in VALUES {
        take(&tlv(node.tag, value));
        take(&tlv(node.tag, &[value, &node.content[..]].concat()));
        take(&tlv(node.tag, &[&node.content[..], value].concat()));
    }
    if let ([_, rest @ ..], [start @ .., _]) = (&node.content[..], &node.content[..]) {
        take(&tlv(node.tag, rest));
        take(&tlv(node.tag, start));
    }
    let parts: Vec<_> = node.children.iter().map(Node::encoded).collect();
    for at in 0..=parts.len() {
        let (before, after) = (parts[..at].concat(), parts[at..].concat());
        for added in ADDED {
            take(&tlv(node.tag, &[&before[..], added, &after].concat()));
        }
        let mut swapped = parts.clone();
        if at + 1 < swapped.len() {
            swapped.swap(at, at + 1);
            take(&tlv(node.tag, &swapped.concat()));
        }
    }
    let mut reversed = parts;
    reversed.reverse();
    take(&tlv(node.tag, &reversed.concat()));
}
